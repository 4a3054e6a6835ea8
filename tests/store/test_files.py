"""Files are there whole or not at all."""

import os
import secrets
import stat

import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from thingwarden.errors import SiteError
from thingwarden.store.files import ROW_GROUP, read_parquet, write_parquet, write_text
from thingwarden.tables import FLOWS, PROBLEMS

from tests.store.disks import run_python, tiny_disk
from tests.store.rows import batch, flow_batch

WRITE_LARGE = """
import secrets, sys
from pathlib import Path
from tests.store.rows import batch
from thingwarden.errors import SiteError
from thingwarden.store.files import write_parquet
from thingwarden.tables import PROBLEMS
rows = batch(PROBLEMS, [{"problem": secrets.token_hex(64)} for _ in range(10_000)])
small = batch(PROBLEMS, [{"problem": "new"}])
folder = Path(sys.argv[1])
try:
    write_parquet({folder / "a": (PROBLEMS, [small]), folder / "b": (PROBLEMS, [rows])})
except SiteError as error:
    print(error)
"""


def random_rows(count):
    return batch(PROBLEMS, [{"problem": secrets.token_hex(64)} for _ in range(count)])


def names(folder):
    return sorted(path.name for path in folder.iterdir())


def test_rows_come_back_as_they_were(tmp_path):
    path = tmp_path / "flows.parquet"
    rows = [flow_batch(4), flow_batch(3, start=4)]

    write_parquet({path: (FLOWS, rows)})

    found = [row for each in read_parquet(path, FLOWS) for row in each.to_pylist()]
    assert found == [row for each in rows for row in each.to_pylist()]
    assert pq.read_schema(path).equals(FLOWS.schema)
    assert names(tmp_path) == ["flows.parquet"]


def test_no_rows_are_a_file_with_columns(tmp_path):
    path = tmp_path / "flows.parquet"

    write_parquet({path: (FLOWS, [])})

    assert pq.read_table(path).num_rows == 0
    assert pq.read_schema(path).names == FLOWS.schema.names


@pytest.mark.parametrize("size", [1_000, 61_440, 300_000])
def test_batches_of_any_size_become_whole_groups(tmp_path, size):
    path = tmp_path / "problems.parquet"
    rows = batch(PROBLEMS, [{"frame": number} for number in range(size)])

    write_parquet({path: (PROBLEMS, [rows] * (300_000 // size))})

    found = pq.read_metadata(path)
    groups = [found.row_group(number).num_rows for number in range(found.num_row_groups)]
    frames = pq.read_table(path)["frame"].to_pylist()
    assert groups[:-1] == [ROW_GROUP] * (len(groups) - 1)
    assert frames == list(range(size)) * (300_000 // size)


def test_a_column_that_an_older_file_lacks_is_null(tmp_path):
    path = tmp_path / "flows.parquet"
    table = flow_batch(2)
    pq.write_table(pa.Table.from_batches([table]).drop_columns(["tunnel"]), path)

    (found,) = read_parquet(path, FLOWS)

    assert found.schema.names == FLOWS.schema.names
    assert found.to_pylist() == table.to_pylist()


@pytest.mark.parametrize("content", [b"", b"PAR1", b"PAR1" + bytes(200) + b"PAR1"])
def test_a_damaged_file_is_told_by_name(tmp_path, content):
    path = tmp_path / "flows.parquet"
    path.write_bytes(content)

    with pytest.raises(SiteError, match=r"flows\.parquet: cannot be read \("):
        list(read_parquet(path, FLOWS))


def test_an_error_on_the_way_changes_nothing(tmp_path):
    first, second = tmp_path / "a", tmp_path / "b"
    first.write_text("old")

    def broken():
        yield flow_batch(1)
        raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        write_parquet({first: (FLOWS, [flow_batch(1)]), second: (FLOWS, broken())})

    assert first.read_text() == "old"
    assert names(tmp_path) == ["a"]


def test_a_folder_that_is_not_there_is_told(tmp_path):
    with pytest.raises(SiteError, match=r"nowhere/x: cannot be written \(No such file"):
        write_parquet({tmp_path / "nowhere" / "x": (FLOWS, [])})


def test_a_folder_of_that_name_stays(tmp_path):
    (tmp_path / "flows.parquet").mkdir()

    with pytest.raises(SiteError, match="cannot be written"):
        write_parquet({tmp_path / "flows.parquet": (FLOWS, [])})

    assert names(tmp_path) == ["flows.parquet"]


def test_a_file_that_may_not_grow_is_told_and_the_others_stay(tmp_path):
    (tmp_path / "a").write_text("old")

    said = run_python(WRITE_LARGE, str(tmp_path), most_bytes=100_000)

    assert said == f"{tmp_path / 'b'}: cannot be written (File too large)"
    assert (tmp_path / "a").read_text() == "old"
    assert names(tmp_path) == ["a"]


def test_a_full_disk_is_told_and_what_was_there_stays(tmp_path):
    with tiny_disk(tmp_path / "disk", "256k") as disk:
        path = disk / "problems.parquet"
        write_parquet({path: (PROBLEMS, [random_rows(10)])})
        before = path.read_bytes()

        with pytest.raises(SiteError, match="No space left on device"):
            write_parquet({path: (PROBLEMS, [random_rows(10_000)])})

        assert path.read_bytes() == before
        assert names(disk) == ["problems.parquet"]


def test_text_is_written_whole_and_keeps_who_may_read_it(tmp_path):
    path = tmp_path / "report.json"
    path.write_text("old")
    path.chmod(0o600)

    write_text(path, "ä\n")

    assert path.read_bytes() == "ä\n".encode()
    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    assert names(tmp_path) == ["report.json"]


def test_text_on_a_full_disk_leaves_the_old_text(tmp_path):
    with tiny_disk(tmp_path / "disk", "64k") as disk:
        write_text(disk / "report.html", "old")

        with pytest.raises(SiteError, match="No space left on device"):
            write_text(disk / "report.html", "x" * 200_000)

        assert (disk / "report.html").read_text() == "old"
        assert names(disk) == ["report.html"]


def test_a_link_stays_and_its_target_is_replaced(tmp_path):
    target, link = tmp_path / "target", tmp_path / "link"
    target.write_text("old")
    link.symlink_to(target)

    write_text(link, "new")

    assert link.is_symlink()
    assert target.read_text() == "new"


def test_a_pipe_is_written_to_and_not_replaced(tmp_path):
    pipe = tmp_path / "pipe"
    os.mkfifo(pipe)
    reader = os.open(pipe, os.O_RDONLY | os.O_NONBLOCK)

    write_text(pipe, "report")

    assert os.read(reader, 100) == b"report"
    assert stat.S_ISFIFO(pipe.stat().st_mode)
    os.close(reader)
