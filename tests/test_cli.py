"""The command line: what it prints, writes and leaves, and its exit status; in real processes where they matter."""

import json
import os
import re
import signal
import sys
from pathlib import Path

import pyarrow.parquet as pq
import pytest
from jsonschema import Draft202012Validator

from thingwarden.flows.observe import TABLES

from tests.command import (
    LISTENING,
    ROOT,
    SMALL_FILES,
    call,
    calm_home,
    careless_home,
    run,
    start,
)
from tests.home import Home

SCHEMA = json.loads(
    (ROOT / "src/thingwarden/data/thingwarden-report-1.schema.json").read_text(encoding="utf-8")
)
COMMANDS = (
    "inspect", "facts", "verify", "label", "device", "suppress", "knowledge", "mud", "wrap", "enforce",
)  # fmt: skip
HEAVY = {"numba", "numpy", "duckdb", "pyarrow", "rich", "jinja2", "cryptography", "msgspec"}
WHAT_HELP_IMPORTS = """
import contextlib, io, runpy, sys
sys.argv = ["thingwarden", "--help"]
with contextlib.suppress(SystemExit), contextlib.redirect_stdout(io.StringIO()):
    runpy.run_module("thingwarden", run_name="__main__", alter_sys=True)
print(*sorted({name.partition(".")[0] for name in sys.modules}))
"""


@pytest.fixture(scope="module")
def home(tmp_path_factory) -> Path:
    return careless_home().write(tmp_path_factory.mktemp("home") / "home.pcap")


@pytest.fixture(scope="module")
def written(home, tmp_path_factory):
    """A folder with everything that one inspection writes, and the run itself."""
    folder = tmp_path_factory.mktemp("written")
    done = run(
        "inspect", home, "--json", folder / "report.json", "--html", folder / "report.html",
        "--facts", folder / "facts",
    )  # fmt: skip
    return folder, done


@pytest.fixture
def report(written) -> dict:
    return json.loads((written[0] / "report.json").read_text(encoding="utf-8"))


def finding(report: dict, check: str) -> dict:
    return next(one for one in report["findings"] if one["check"] == check)


def left_in(folder: Path) -> list[str]:
    return sorted(str(path.relative_to(folder)) for path in folder.rglob("*"))


def test_help_imports_nothing_that_takes_long():
    done = run(python=("-c", WHAT_HELP_IMPORTS))

    assert done.status == 0
    assert not HEAVY & set(done.out.split())


@pytest.mark.parametrize("command", COMMANDS)
def test_every_command_tells_what_it_does(command):
    done = run(command, "--help")

    assert done.status == 0
    assert done.out.startswith(f"Usage: python -m thingwarden {command} ")
    assert "\\b" not in done.out
    assert not done.err


def test_the_first_help_shows_every_command_and_an_example():
    done = run("--help")

    assert "    thingwarden inspect home.pcap --html report.html\n" in done.out
    assert "\\b" not in done.out
    assert re.findall(r"^  (\w+)  ", done.out.partition("Commands:")[2], re.M) == sorted(COMMANDS)


def test_something_found_is_status_1(written):
    folder, done = written

    assert done.status == 1
    assert "Telnet" in done.out
    assert done.err.splitlines() == [
        f"Written: {folder / 'report.html'}",
        f"Written: {folder / 'report.json'}",
    ]


def test_nothing_found_is_status_0(tmp_path):
    done = call("inspect", calm_home().write(tmp_path / "calm.pcap"))

    assert done.status == 0
    assert "lamp" in done.out
    assert not done.err


def test_the_json_report_fits_its_schema(report):
    Draft202012Validator(SCHEMA).validate(report)

    assert report["schema"] == "thingwarden-report/1"
    assert {one["check"] for one in report["findings"]} >= {"telnet", "mqtt-without-tls"}


def test_the_page_is_one_file_that_asks_nothing_of_the_network(written):
    page = (written[0] / "report.html").read_text(encoding="utf-8")

    assert page.lower().startswith("<!doctype html>")
    assert "recorder" in page
    assert not re.search(r"<(script|link|img|iframe)[^>]+(src|href)=[\"']?(https?:)?//", page)


def test_no_secret_is_in_anything_that_is_written(written):
    for path in filter(Path.is_file, written[0].rglob("*")):
        assert b"not-kept" not in path.read_bytes(), path.name


def test_facts_are_one_file_per_table_with_the_documented_columns(written):
    files = {path.stem: path for path in (written[0] / "facts").iterdir()}

    assert files.keys() == {table.name for table in TABLES}
    for table in TABLES:
        assert pq.read_schema(files[table.name]).equals(table.schema), table.name
    assert pq.read_table(files["captures"]).num_rows == 1


def test_facts_alone_are_the_same_facts(home, written, tmp_path):
    done = call("facts", home, "--to", tmp_path / "facts", "--sha256")

    assert done.status == 0
    assert not done.out
    for table in TABLES:
        name = f"{table.name}.parquet"
        assert pq.read_table(tmp_path / "facts" / name).equals(
            pq.read_table(written[0] / "facts" / name)
        ), table.name


def test_json_on_standard_output_is_all_that_is_printed(home, written):
    done = call("inspect", home, "--json", "-")

    assert done.status == 1
    assert done.out.strip() == (written[0] / "report.json").read_text(encoding="utf-8").strip()
    assert not done.err


def test_a_capture_may_come_from_standard_input(home, written):
    done = run("inspect", "-", "--json", "-", given=home.read_bytes())

    said, known = json.loads(done.out), json.loads((written[0] / "report.json").read_text())
    assert said["captures"][0] == {**known["captures"][0], "file": "standard input"}
    assert said["findings"] == known["findings"]
    assert not done.err


def test_a_site_counts_a_capture_once_and_a_label_survives_and_wins(home, written, tmp_path):
    site = tmp_path / "site"
    plug = "00:17:88:00:00:0a"

    first = call("inspect", home, "--site", site, "--json", tmp_path / "1.json")
    facts = left_in(site)
    told = call("label", plug, "--site", site, "--name", "kitchen plug", "--category", "plug")
    again = call("inspect", home, "--site", site, "--json", tmp_path / "2.json")

    assert (first.status, told.status, again.status) == (1, 0, 1)
    assert told.out == "d-00178800000a: kitchen plug, plug\n"
    assert left_in(site) == facts
    assert (tmp_path / "1.json").read_text() == (written[0] / "report.json").read_text()
    before, after = (json.loads((tmp_path / name).read_text()) for name in ("1.json", "2.json"))
    assert after["captures"] == before["captures"]
    device = next(one for one in after["devices"] if one["id"] == "d-00178800000a")
    assert device["names"][0] == "kitchen plug"
    assert device["identity"]["category"]["value"] == "plug"
    assert device["identity"]["category"]["confidence"] == 1


def test_a_label_needs_a_site_that_is_there(tmp_path):
    done = call("label", "d-00178800000a", "--site", tmp_path / "tpyo", "--name", "plug")

    assert done.status == 2
    assert "tpyo" in done.err
    assert not left_in(tmp_path)


def test_verify_says_that_an_honest_report_holds(home, written):
    done = run("verify", written[0] / "report.json", home)

    assert done.status == 0
    assert "DOES NOT HOLD" not in done.out
    assert "The report is what the captures say." in done.out


def test_verify_catches_each_change_in_a_report(home, report, tmp_path):
    finding(report, "telnet")["statement"] = "All is well."
    finding(report, "plaintext-login")["evidence"][0]["frame"] += 1
    finding(report, "mqtt-without-tls")["severity"] = "info"
    (tmp_path / "report.json").write_text(json.dumps(report))

    done = call("verify", tmp_path / "report.json", home)

    assert done.status == 1
    assert done.out.count("DOES NOT HOLD") == 3
    assert "statement is 'All is well.' in the report" in done.out
    assert "is not among the evidence" in done.out
    assert "severity is 'info' in the report" in done.out


def test_verify_catches_a_changed_capture(home, written, tmp_path):
    packets = bytearray(home.read_bytes())
    packets[-1] ^= 1  # in the last packet, which no finding names
    (tmp_path / "home.pcap").write_bytes(packets)

    done = call("verify", written[0] / "report.json", tmp_path / "home.pcap")

    assert done.status == 1
    assert "was not given, or was changed" in done.out
    assert "0 of " in done.out


@pytest.mark.parametrize("content", ["no JSON", "{}", '{"schema": "thingwarden-report/9"}'])
def test_verify_refuses_what_is_no_report_in_one_sentence(home, tmp_path, content):
    (tmp_path / "report.json").write_text(content)

    done = call("verify", tmp_path / "report.json", home)

    assert done.status == 2
    assert done.err.startswith("thingwarden: ")
    assert "Traceback" not in done.err


def test_what_is_no_capture_is_told_in_one_sentence(tmp_path):
    (tmp_path / "photo.png").write_bytes(b"\x89PNG\r\n\x1a\n" + bytes(100))

    done = run("inspect", tmp_path / "photo.png", "--json", tmp_path / "report.json")

    assert done.status == 2
    assert (
        done.err.splitlines()[0]
        == "thingwarden: photo.png: not a capture (starts with 89 50 4e 47)"
    )
    assert len(done.err.splitlines()) <= 2
    assert left_in(tmp_path) == ["photo.png"]
    assert not done.out


def test_a_folder_without_a_capture_is_told(tmp_path):
    (tmp_path / "letter.txt").write_text("Dear all")

    done = call("inspect", tmp_path)

    assert done.status == 2
    assert done.err.startswith(f"thingwarden: {tmp_path}: a folder without a capture\n")


@pytest.mark.parametrize("words", [["inspect"], ["inspect", "missing.pcap"], ["unknown"]])
def test_what_cannot_be_done_is_status_2(words):
    done = call(*words)

    assert done.status == 2
    assert done.err
    assert "Traceback" not in done.err


@pytest.mark.skipif(os.geteuid() == 0, reason="root may read every file")
def test_a_file_that_may_not_be_read_is_told(home, tmp_path):
    copy = tmp_path / "home.pcap"
    copy.write_bytes(home.read_bytes())
    copy.chmod(0)

    assert_cannot_be_read(copy)


def test_a_file_that_cannot_be_read_is_told():
    assert_cannot_be_read(Path("/proc/self/mem"))  # opens, and fails at its first byte


def assert_cannot_be_read(path: Path) -> None:
    done = call("inspect", path)

    assert done.status == 2
    assert done.err.startswith("thingwarden: ")
    assert "cannot be read (" in done.err
    assert "Traceback" not in done.err


@pytest.mark.parametrize("option", ["--json", "--html", "--facts", "--site"])
def test_a_full_disk_is_told_and_what_was_there_stays(home, tmp_path, option):
    kept = tmp_path / "kept"
    if option == "--facts":
        kept.mkdir()
        (kept / "flows.parquet").write_text("of yesterday")
    elif option != "--site":
        kept.write_text("of yesterday")
    before = left_in(tmp_path)

    done = run(1000, "inspect", home, option, kept, python=("-c", SMALL_FILES))

    assert done.status == 2
    assert re.search(r"cannot be (written|made) \(", done.err)
    assert "Traceback" not in done.err
    if option == "--site":
        assert call("inspect", home, option, kept).status == 1
        return
    assert left_in(tmp_path) == before
    assert (kept / "flows.parquet" if kept.is_dir() else kept).read_text() == "of yesterday"


@pytest.mark.parametrize("option", ["", "--site"])
def test_ctrl_c_leaves_nothing_half_written(home, tmp_path, option):
    (tmp_path / "temporary").mkdir()
    (tmp_path / "report.json").write_text("of yesterday")
    pipe = tmp_path / "pipe"
    os.mkfifo(pipe)
    words = ["inspect", pipe, "--json", tmp_path / "report.json", "--facts", tmp_path / "facts"]
    words += [option, tmp_path / "site"] if option else []

    with (
        start(
            *words, python=("-c", LISTENING), environment={"TMPDIR": tmp_path / "temporary"}
        ) as command,
        pipe.open("wb", buffering=0) as feed,
    ):  # waits until the command reads
        feed.write(home.read_bytes()[:-7])
        command.send_signal(signal.SIGINT)
        said = command.communicate(timeout=60)[1].decode()

    assert command.returncode == 130
    assert said.splitlines()[-1] == "thingwarden: stopped; nothing half-written is left"
    assert "Traceback" not in said
    assert (tmp_path / "report.json").read_text() == "of yesterday"
    assert not left_in(tmp_path / "temporary")
    assert not (tmp_path / "facts").exists()
    if option:
        assert set(left_in(tmp_path / "site")) <= {"lock", "site.duckdb", "facts"}


def test_a_reader_that_goes_away_is_no_accident(home):
    with start("inspect", home, "--json", "-") as command:
        command.stdout.close()
        said = command.stderr.read().decode()

    assert "Traceback" not in said
    assert command.returncode in (1, 2)


def test_damage_is_a_problem_in_the_report_and_no_end(home, tmp_path):
    cut = tmp_path / "cut.pcap"
    cut.write_bytes(home.read_bytes()[:-7])

    done = call("inspect", cut, "--json", "-")

    report = json.loads(done.out)
    assert done.status == 1
    assert any("ends inside a record" in problem["problem"] for problem in report["problems"])


def test_an_empty_capture_has_nothing_in_it(tmp_path):
    done = call("inspect", Home().write(tmp_path / "empty.pcap"), "--json", "-")

    assert done.status == 0
    assert json.loads(done.out)["devices"] == []


def test_the_command_is_the_same_by_its_own_name(home, written):
    name = Path(sys.executable).parent / "thingwarden"
    if not name.exists():
        pytest.skip("the command thingwarden is not installed beside this Python")

    done = run("inspect", home, python=(str(name),))

    assert (done.status, done.out) == (1, written[1].out)
