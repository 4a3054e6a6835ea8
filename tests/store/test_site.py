"""A site's folder: nothing twice, nothing half, nothing lost."""

import os
import random
import shutil
import subprocess
import sys
from pathlib import Path

import duckdb
import pyarrow.parquet as pq
import pytest

from thingwarden.errors import LabelError, SiteError
from thingwarden.model import DeviceId, Statement
from thingwarden.store import Facts, Label, Site, Store
from thingwarden.tables import PROBLEMS

from tests.store.disks import ROOT, run_python, tiny_disk
from tests.store.rows import TABLES, batch, capture, fill

CAMERA, PLUG = DeviceId("d-0017882b9a25"), DeviceId("d-5ccf7f93046e")

OPEN_SITE = """
import sys
from pathlib import Path
from thingwarden.errors import SiteError
from thingwarden.store import Site
try:
    with Site.open(Path(sys.argv[1])):
        print("open")
except SiteError as error:
    print(error)
"""

HOLD = """
import duckdb, sys
database = duckdb.connect(sys.argv[1])
print("open", flush=True)
sys.stdin.read()
"""

ADD_ONE = """
import secrets, sys
from pathlib import Path
from tests.store.rows import TABLES, batch, capture, fill
from thingwarden.errors import SiteError
from thingwarden.store import Facts, Site
from thingwarden.tables import PROBLEMS
with Site.open(Path(sys.argv[1])) as site, Facts() as facts:
    read = capture(site.next_number())
    fill(facts, read)
    facts.add(PROBLEMS, batch(PROBLEMS, [{"problem": secrets.token_hex(64)} for _ in range(9000)]))
    try:
        print(site.add(read, facts, TABLES))
    except SiteError as error:
        print(error)
"""

ADD_FOREVER = """
import sys
from pathlib import Path
from tests.store.rows import TABLES, capture, fill
from thingwarden.store import Facts, Site
print("ready", flush=True)
while True:
    with Site.open(Path(sys.argv[1])) as site:
        for _ in range(3):
            with Facts() as facts:
                read = capture(site.next_number())
                fill(facts, read, flows=read.number + 1)
                site.add(read, facts, TABLES)
                print(read.number, flush=True)
"""


def add(site, number, *, sha256="", flows=3):
    """Add a made-up capture."""
    read = capture(number, sha256=sha256)
    with Facts() as facts:
        fill(facts, read, flows=flows)
        return site.add(read, facts, TABLES)


def everything(folder):
    """The files of a folder and what they hold, but for the lock."""
    paths = sorted(path for path in folder.rglob("*") if path.is_file() and path.name != "lock")
    return {str(path.relative_to(folder)): path.read_bytes() for path in paths}


def numbers(site):
    return [read.number for read in site.captures()]


@pytest.fixture
def folder(tmp_path):
    return tmp_path / "home"


def test_a_new_site_is_made_and_empty(folder):
    with Site.open(folder / "deeper") as site:
        assert site.captures() == []
        assert site.next_number() == 0
        assert site.files() == {}
        assert site.said.labels() == {}


def test_captures_and_their_facts_are_there_the_next_time(folder):
    with Site.open(folder) as site:
        assert add(site, 0, flows=2)
        assert add(site, 1, flows=5)

    with Site.open(folder) as site:
        assert site.captures() == [capture(0), capture(1)]
        assert site.next_number() == 2
        assert site.knows(capture(1).sha256)
        assert not site.knows(capture(2).sha256)
        with Store(TABLES, files=site.files()) as store:
            found = store.arrow("select capture, count(*) as n from flows group by 1 order by 1")
            assert found.to_pydict() == {"capture": [0, 1], "n": [2, 5]}


def test_a_table_has_a_file_only_where_it_has_rows(folder):
    with Site.open(folder) as site:
        add(site, 0)

        assert {name: len(paths) for name, paths in site.files().items()} == {
            "captures": 1,
            "flows": 1,
        }
        assert site.files()["flows"] == [
            folder / "facts" / "flows" / f"000000-{capture(0).sha256[:16]}.parquet"
        ]


def test_the_same_capture_again_adds_nothing(folder):
    with Site.open(folder) as site:
        add(site, 0)
    before = everything(folder)

    with Site.open(folder) as site:
        assert not add(site, 1, sha256=capture(0).sha256)
        assert site.next_number() == 1

    assert everything(folder) == before


def test_facts_that_went_to_disk_are_kept_too(folder):
    read = capture(0)
    with Site.open(folder) as site, Facts(folder, memory_bytes=1_000) as facts:
        fill(facts, read, flows=500)
        site.add(read, facts, TABLES)

        assert facts.parts(TABLES[1])
        assert pq.read_table(site.files()["flows"][0]).num_rows == 500


def test_a_number_that_is_taken_is_our_mistake(folder):
    with Site.open(folder) as site:
        add(site, 4)

        with pytest.raises(AssertionError, match="number 4 is taken"):
            add(site, 4, sha256="f" * 64)
        assert numbers(site) == [4]


def test_files_of_no_capture_go_and_other_files_stay(folder):
    with Site.open(folder) as site:
        add(site, 0)
    flows = folder / "facts" / "flows"
    whole = next(flows.iterdir())
    for left in (
        "000001-0123456789abcdef.parquet",
        f"{whole.name}.0a1b2c3d.unfinished",
        "000001-0123456789abcdef.parquet.0a1b2c3d.unfinished",
    ):
        (flows / left).write_bytes(b"PAR1")
    (flows / "notes.txt").write_text("mine")
    (folder / ".facts-abc").mkdir()

    with Site.open(folder) as site:
        assert numbers(site) == [0]

    assert sorted(path.name for path in flows.iterdir()) == [whole.name, "notes.txt"]
    assert not (folder / ".facts-abc").exists()


def test_a_lost_file_is_told(folder):
    with Site.open(folder) as site:
        add(site, 0)
        lost = site.files()["flows"][0]
    lost.unlink()

    with pytest.raises(SiteError, match=r"000000-.*\.parquet: is missing"):
        Site.open(folder)


def test_facts_are_not_deleted_where_the_state_is_lost(folder):
    with Site.open(folder) as site:
        add(site, 0)
    (folder / "site.duckdb").unlink()
    before = everything(folder)

    with pytest.raises(SiteError, match=r"is not a site, it has facts but no site\.duckdb"):
        Site.open(folder)

    assert everything(folder) == before


def test_a_state_that_was_never_finished_is_made_anew(folder):
    folder.mkdir()
    (folder / "site.duckdb.unfinished").write_bytes(b"half")
    (folder / "site.duckdb.unfinished.wal").write_bytes(b"half")

    with Site.open(folder) as site:
        assert add(site, 0)

    assert sorted(path.name for path in folder.iterdir()) == ["facts", "lock", "site.duckdb"]


@pytest.mark.parametrize("content", [b"", b"mine", b"mine" * 10_000])
def test_another_file_of_that_name_is_refused_and_stays(folder, content):
    folder.mkdir()
    (folder / "site.duckdb").write_bytes(content)

    with pytest.raises(SiteError, match=r"site\.duckdb: cannot be opened"):
        Site.open(folder)

    assert everything(folder) == {"site.duckdb": content}


def test_a_folder_in_the_place_of_the_state_is_refused(folder):
    (folder / "site.duckdb").mkdir(parents=True)

    with pytest.raises(SiteError, match=r"site\.duckdb: cannot be opened"):
        Site.open(folder)


def test_somebody_elses_database_is_refused_and_stays(folder):
    folder.mkdir()
    with duckdb.connect(folder / "site.duckdb") as database:
        database.execute("create table accounts as select 1 as id")

    with pytest.raises(SiteError, match="is not the state of a site"):
        Site.open(folder)

    with duckdb.connect(folder / "site.duckdb") as database:
        assert database.execute("select id from accounts").fetchall() == [(1,)]


def test_a_state_cannot_reach_other_files(folder):
    with Site.open(folder):
        pass
    with duckdb.connect(folder / "site.duckdb") as database:
        database.execute("drop table labels")
        database.execute(
            "create view labels as select content as device_id, content as name, '' as category"
            " from read_text('/etc/hostname')"
        )

    with Site.open(folder) as site, pytest.raises(SiteError, match="cannot be read"):
        site.said.labels()


@pytest.mark.parametrize(
    ("sql", "said"),
    [
        ("update about set version = 2", "a site of version 2, expected 1"),
        ("delete from about", "a site of version none, expected 1"),
    ],
)
def test_another_version_is_refused(folder, sql, said):
    with Site.open(folder):
        pass
    with duckdb.connect(folder / "site.duckdb") as database:
        database.execute(sql)

    with pytest.raises(SiteError, match=said):
        Site.open(folder)


def test_a_damaged_state_is_told(folder):
    with Site.open(folder) as site:
        add(site, 0)
    path = folder / "site.duckdb"
    path.write_bytes(path.read_bytes()[:9_000])

    with pytest.raises(SiteError, match=r"site\.duckdb: cannot be"):
        Site.open(folder)


def test_a_file_is_no_site(folder):
    folder.write_text("mine")

    with pytest.raises(SiteError, match="home: is not a folder"):
        Site.open(folder)


def test_a_place_that_cannot_be_written_is_told():
    with pytest.raises(SiteError, match="/proc/home: cannot be written"):
        Site.open(Path("/proc/home"))


@pytest.mark.skipif(os.geteuid() == 0, reason="nothing is forbidden to root")
def test_a_folder_that_may_not_be_written_is_told(folder):
    folder.mkdir(mode=0o500)

    with pytest.raises(SiteError, match=r"cannot be written \(Permission denied\)"):
        Site.open(folder)


def test_a_second_process_is_refused_until_the_first_has_finished(folder):
    with Site.open(folder):
        meanwhile = run_python(OPEN_SITE, str(folder))
    afterwards = run_python(OPEN_SITE, str(folder))

    assert meanwhile == f"{folder}: this site is in use by another process"
    assert afterwards == "open"


def test_the_same_process_is_refused_too(folder):
    with Site.open(folder), pytest.raises(SiteError, match="in use"):
        Site.open(folder)


def test_a_site_that_another_program_has_open_is_refused(folder):
    with Site.open(folder):
        pass
    with subprocess.Popen(
        [sys.executable, "-c", HOLD, str(folder / "site.duckdb")],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
    ) as other:
        other.stdout.readline()
        with pytest.raises(SiteError, match=r"site\.duckdb: is in use by another process"):
            Site.open(folder)


def test_a_file_that_may_not_grow_is_told_and_nothing_is_lost(folder):
    with Site.open(folder) as site:
        add(site, 0)
    before = everything(folder)

    said = run_python(ADD_ONE, str(folder), most_bytes=300_000)

    assert said.endswith("cannot be written (File too large)")
    assert {name: held for name, held in everything(folder).items() if name in before} == before
    assert not list(folder.rglob("*.unfinished"))
    with Site.open(folder) as site:
        assert numbers(site) == [0]


@pytest.mark.parametrize("size", ["700k", "1m", "1500k", "2m", "3m"])
def test_a_full_disk_is_told_and_nothing_is_lost(tmp_path, size):
    with tiny_disk(tmp_path / "disk", size) as disk:
        folder, added = disk / "home", []
        with pytest.raises(SiteError, match="No space left on device"):
            add_until_full(folder, added)

        assert not list(disk.rglob("*.parquet.*"))
        with Site.open(folder) as site:  # reading needs no room
            assert numbers(site)[: len(added)] == added
        shutil.copytree(folder, tmp_path / "saved")

    with Site.open(tmp_path / "saved") as site:
        assert len(numbers(site)) - len(added) in (0, 1)  # on disk, though not confirmed
        assert numbers(site)[: len(added)] == added
        assert_whole(site)


def add_until_full(folder, added):
    rows = batch(PROBLEMS, [{"problem": f"{n:x}" * 9, "frame": n} for n in range(900)])
    with Site.open(folder) as site:
        for number in range(1_000):
            with Facts() as facts:
                fill(facts, capture(number))
                facts.add(PROBLEMS, rows)
                site.add(capture(number), facts, TABLES)
            added.append(number)


def assert_whole(site):
    """Each capture that counts has all its rows, and there is no file beside."""
    known, paths = site.captures(), [path for found in site.files().values() for path in found]
    assert sorted(paths) == sorted((site.folder / "facts").glob("*/*"))
    with Store(TABLES, files=site.files()) as store:
        found = store.arrow("select capture, sha256 from captures order by capture").to_pydict()
        flows = store.arrow("select count(*) as n from flows group by capture order by capture")
    assert found["capture"] == [read.number for read in known]
    assert found["sha256"] == [read.sha256 for read in known]
    assert len(flows) == len(known)


@pytest.mark.parametrize("seed", range(6))
def test_a_kill_at_any_moment_loses_nothing_and_adds_nothing_half(folder, seed):
    with Site.open(folder) as site:
        add(site, 0, flows=1)
        site.said.set_label(CAMERA, name="hall")
    moment = random.Random(seed).uniform(0.0, 0.6)

    with subprocess.Popen(
        [sys.executable, "-c", ADD_FOREVER, str(folder)],
        stdout=subprocess.PIPE,
        cwd=ROOT,
        text=True,
    ) as adding:
        assert adding.stdout.readline() == "ready\n"
        with pytest.raises(subprocess.TimeoutExpired):
            adding.wait(moment)
        adding.kill()
        told = [int(line) for line in adding.stdout.read().split("\n")[:-1]]

    with Site.open(folder) as site:
        found = numbers(site)
        assert found == list(range(len(found)))
        assert len(found) - 1 - max(told, default=0) in (0, 1)  # added, but not yet told
        assert_whole(site)
        with Store(TABLES, files=site.files()) as store:
            flows = store.arrow("select count(*) as n from flows group by capture order by capture")
        assert flows["n"].to_pylist() == [number + 1 for number in found]
        assert site.said.labels() == {CAMERA: Label(name="hall")}
        assert add(site, site.next_number())


def test_labels_survive_and_are_merged(folder):
    with Site.open(folder) as site:
        site.said.set_label(CAMERA, name=" camera in the hall ")
        site.said.set_label(PLUG, name="plug", category="plug")
    with Site.open(folder) as site:
        site.said.set_label(CAMERA, category="camera")
        site.said.set_label(PLUG, name="heater")

    with Site.open(folder) as site:
        assert site.said.labels() == {
            CAMERA: Label(name="camera in the hall", category="camera"),
            PLUG: Label(name="heater", category="plug"),
        }


def test_a_label_of_nothing_is_removed(folder):
    with Site.open(folder) as site:
        site.said.set_label(CAMERA, name="camera")
        site.said.set_label(CAMERA)
        site.said.set_label(PLUG)

        assert site.said.labels() == {}


@pytest.mark.parametrize(
    "name", ["x" * 80, "Küche 'O''Brien'; drop table labels", "👨\u200d👩\u200d👧", "مطبخ"]
)
def test_what_people_write_is_kept(folder, name):
    with Site.open(folder) as site:
        site.said.set_label(CAMERA, name=name)

        assert site.said.labels() == {CAMERA: Label(name=name)}


@pytest.mark.parametrize(
    ("name", "said"),
    [
        ("", "empty"),
        ("  ", "empty"),
        ("x" * 81, "81 characters, expected at most 80"),
        ("two\nlines", r"U\+000A"),
        ("\x1b[31mred", r"U\+001B"),
        ("turn\u202eback", r"U\+202E"),
        ("half\ud800", r"U\+D800"),
        ("two\u2028lines", r"U\+2028"),
    ],
)
def test_a_label_that_would_not_show_as_it_is_is_refused(folder, name, said):
    with Site.open(folder) as site:
        site.said.set_label(CAMERA, name="before", category="camera")

        with pytest.raises(LabelError, match=said):
            site.said.set_label(CAMERA, name=name)
        with pytest.raises(LabelError, match=said):
            site.said.set_label(CAMERA, category=name)

        assert site.said.labels() == {CAMERA: Label(name="before", category="camera")}


SAME = Statement(kind="same", first=CAMERA, second=PLUG)
APART = Statement(kind="apart", first=CAMERA)


def test_statements_survive_in_their_order_and_are_taken_back_from_the_end(folder):
    with Site.open(folder) as site:
        site.said.state(SAME)
        site.said.state(APART)
    with Site.open(folder) as site:
        assert site.said.statements() == (SAME, APART)
        assert site.said.undo() == APART
    with Site.open(folder) as site:
        assert site.said.statements() == (SAME,)
        site.said.state(APART)
        assert site.said.statements() == (SAME, APART)
        assert [site.said.undo(), site.said.undo(), site.said.undo()] == [APART, SAME, None]
        assert site.said.statements() == ()


def test_what_was_taken_back_stays_readable(folder):
    with Site.open(folder) as site:
        site.said.state(SAME)
        site.said.undo()
    with duckdb.connect(folder / "site.duckdb", read_only=True) as state:
        rows = state.execute("select number, kind from statements order by number").fetchall()

    assert rows == [(1, "same"), (2, "undo")]


def test_a_site_from_before_statements_has_none_and_takes_them(folder):
    with Site.open(folder) as site:
        site.said.set_label(CAMERA, name="hall")
    with duckdb.connect(folder / "site.duckdb") as state:
        state.execute("drop table statements")

    with Site.open(folder) as site:
        assert site.said.statements() == ()
        site.said.state(SAME)
        assert site.said.labels()[CAMERA].name == "hall"
        assert site.said.statements() == (SAME,)


def test_statements_that_are_not_ours_are_not_heard(folder):
    with Site.open(folder) as site:
        site.said.state(SAME)
    with duckdb.connect(folder / "site.duckdb") as state:
        state.execute("insert into statements values (2, 'burn', 'd-001122334455', '')")
        state.execute("insert into statements values (3, 'same', chr(27) || '[31m', 'd-00')")

    with Site.open(folder) as site:
        assert site.said.statements() == (SAME,)
