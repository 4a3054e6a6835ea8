"""Facts in memory and in parts, taken over, counted in, written."""

import secrets

import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from thingwarden.errors import SiteError
from thingwarden.store import Facts
from thingwarden.tables import CAPTURES, FLOWS, PROBLEMS

from tests.store.disks import run_python, tiny_disk
from tests.store.rows import TABLES, batch, flow_batch

WRITE_FACTS = """
import secrets, sys
from pathlib import Path
from tests.store.rows import TABLES, batch
from thingwarden.errors import SiteError
from thingwarden.store import Facts
from thingwarden.tables import PROBLEMS
with Facts() as facts:
    rows = [{"problem": secrets.token_hex(64)} for _ in range(10_000)]
    facts.add(PROBLEMS, batch(PROBLEMS, rows))
    try:
        facts.write_to(Path(sys.argv[1]), TABLES)
    except SiteError as error:
        print(error)
"""


def flow_ids(facts):
    return [row["flow_id"] for each in facts.batches(FLOWS) for row in each.to_pylist()]


def test_few_rows_stay_in_memory(tmp_path):
    with Facts(tmp_path) as facts:
        facts.add(FLOWS, flow_batch(3))

        assert facts.rows(FLOWS) == 3
        assert facts.parts(FLOWS) == ()
        assert flow_ids(facts) == [0, 1, 2]
        assert list(tmp_path.iterdir()) == []


def test_more_rows_than_memory_go_to_files_and_come_back(tmp_path):
    with Facts(tmp_path, memory_bytes=20_000) as facts:
        for start in range(0, 1_000, 50):
            facts.add(FLOWS, flow_batch(50, start=start))

        held = sum(each.nbytes for each in facts.held(FLOWS))
        assert facts.parts(FLOWS)
        assert held <= 20_000
        assert facts.rows(FLOWS) == 1_000
        assert flow_ids(facts) == list(range(1_000))

    assert list(tmp_path.iterdir()) == []


def test_what_does_not_fit_memory_grows_one_file_until_it_is_read(tmp_path):
    with Facts(tmp_path, memory_bytes=20_000) as facts:
        for start in range(0, 1_000, 50):
            facts.add(FLOWS, flow_batch(50, start=start))
        assert len(facts.parts(FLOWS)) == 1

        facts.add(FLOWS, flow_batch(500, start=1_000))

        assert len(facts.parts(FLOWS)) == 2
        assert sorted(flow_ids(facts)) == list(range(1_500))


def test_facts_that_were_written_can_still_be_read_and_written(tmp_path):
    with Facts(memory_bytes=20_000) as facts:
        for start in range(0, 210, 30):
            facts.add(FLOWS, flow_batch(30, start=start))

        facts.write_to(tmp_path / "first", [FLOWS])
        facts.add(FLOWS, flow_batch(5, start=210))
        facts.write_to(tmp_path / "second", [FLOWS])

        assert sorted(flow_ids(facts)) == list(range(215))

    first, second = (
        pq.read_table(tmp_path / name / "flows.parquet") for name in ("first", "second")
    )
    assert (first.num_rows, second.num_rows) == (210, 215)


def test_the_largest_table_goes_first(tmp_path):
    with Facts(tmp_path, memory_bytes=20_000) as facts:
        facts.add(PROBLEMS, batch(PROBLEMS, [{"problem": "snapped"}]))
        facts.add(FLOWS, flow_batch(500))

        assert facts.parts(FLOWS)
        assert not facts.parts(PROBLEMS)


def test_rows_of_other_columns_are_our_mistake():
    with Facts() as facts, pytest.raises(ValueError, match="flows: columns"):
        facts.add(FLOWS, batch(PROBLEMS, [{"problem": "x"}]))


def test_a_table_of_rows_is_taken_as_well_and_no_rows_are_nothing():
    with Facts() as facts:
        facts.add(FLOWS, pa.Table.from_batches([flow_batch(2), flow_batch(1)]))
        facts.add(PROBLEMS, batch(PROBLEMS, []))

        assert facts.rows(FLOWS) == 3
        assert facts.rows(PROBLEMS) == 0


@pytest.mark.parametrize("memory_bytes", [0, 20_000, 1 << 20])
def test_what_is_taken_over_is_all_there_and_leaves_the_other(tmp_path, memory_bytes):
    with Facts(tmp_path) as facts:
        facts.add(FLOWS, flow_batch(5))
        other = Facts(tmp_path, memory_bytes=memory_bytes)
        for start in range(5, 405, 100):
            other.add(FLOWS, flow_batch(100, start=start))

        facts.take(other)

        assert facts.rows(FLOWS) == 405
        assert sorted(flow_ids(facts)) == list(range(405))
        assert other.rows(FLOWS) == 0

    assert list(tmp_path.iterdir()) == []


def test_files_that_are_counted_in_stay_where_they_are(tmp_path):
    kept = tmp_path / "site"
    with Facts() as first:
        first.add(FLOWS, flow_batch(4))
        first.write_to(kept, [FLOWS])

    with Facts() as facts, Facts() as other:
        other.include({"flows": [kept / "flows.parquet"]}, TABLES)
        other.add(FLOWS, flow_batch(1, start=4))
        facts.take(other)

        assert facts.rows(FLOWS) == 5
        assert flow_ids(facts) == [0, 1, 2, 3, 4]

    assert (kept / "flows.parquet").exists()


def test_a_damaged_file_is_not_counted_in(tmp_path):
    path = tmp_path / "flows.parquet"
    path.write_bytes(b"PAR1")

    with Facts() as facts, pytest.raises(SiteError, match=r"flows\.parquet: cannot be read"):
        facts.include({"flows": [path]}, TABLES)


def test_every_table_is_written_also_if_it_is_empty(tmp_path):
    with Facts(memory_bytes=10_000) as facts:
        facts.add(FLOWS, flow_batch(300))
        facts.add(FLOWS, flow_batch(5, start=300))

        facts.write_to(tmp_path / "new" / "facts", TABLES)

    found = {path.stem: pq.read_table(path) for path in (tmp_path / "new" / "facts").iterdir()}
    assert {name: table.num_rows for name, table in found.items()} == {
        "captures": 0,
        "flows": 305,
        "problems": 0,
    }
    assert found["captures"].schema.equals(CAPTURES.schema)


def test_a_file_in_the_way_of_the_folder_is_told(tmp_path):
    (tmp_path / "facts").write_text("mine")

    with Facts() as facts, pytest.raises(SiteError, match=r"facts: cannot be written \("):
        facts.write_to(tmp_path / "facts", TABLES)

    assert (tmp_path / "facts").read_text() == "mine"


def test_a_file_that_may_not_grow_leaves_all_of_an_older_set(tmp_path):
    with Facts() as facts:
        facts.add(FLOWS, flow_batch(3))
        facts.write_to(tmp_path, TABLES)
    before = {path.name: path.read_bytes() for path in tmp_path.iterdir()}

    said = run_python(WRITE_FACTS, str(tmp_path), most_bytes=100_000)

    assert said == f"{tmp_path / 'problems.parquet'}: cannot be written (File too large)"
    assert {path.name: path.read_bytes() for path in tmp_path.iterdir()} == before


def test_a_full_disk_for_parts_is_told_and_nothing_is_left(tmp_path):
    rows = [{"problem": secrets.token_hex(64)} for _ in range(5_000)]
    with tiny_disk(tmp_path / "disk", "64k") as disk:
        with (
            Facts(disk, memory_bytes=10_000) as facts,
            pytest.raises(SiteError, match="No space left on device"),
        ):
            facts.add(PROBLEMS, batch(PROBLEMS, rows))

        assert list(disk.iterdir()) == []


def test_no_temporary_folder_is_told(tmp_path):
    with (
        Facts(tmp_path / "nowhere", memory_bytes=0) as facts,
        pytest.raises(SiteError, match=r"no room for temporary files in .*nowhere"),
    ):
        facts.add(FLOWS, flow_batch(1))
