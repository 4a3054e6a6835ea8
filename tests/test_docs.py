"""Documents say what the code says: those that are written from it, and those that are not."""

import importlib.util
import re
from pathlib import Path

import pytest

from thingwarden import settings
from thingwarden.checks import CHECKS
from thingwarden.cli import COULD_NOT, NOTHING_FOUND, SOMETHING_FOUND, STOPPED, cli
from thingwarden.flows import exchanges, observe, records, repeated, track

ROOT = Path(__file__).parents[1]
PAGES = sorted([ROOT / "README.md", ROOT / "samples/README.md", *(ROOT / "docs").rglob("*.md")])
MOST_README_LINES = 120
TOOL = Path(__file__).parent.parent / "tools" / "make_docs.py"


@pytest.fixture(scope="module")
def make_docs():
    spec = importlib.util.spec_from_file_location("make_docs", TOOL)
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


@pytest.mark.parametrize("name", ["tables.md", "checks.md"])
def test_the_document_is_what_the_code_says(make_docs, name):
    path = make_docs.DOCS / name

    assert path.read_text(encoding="utf-8") == make_docs.documents()[path], (
        f"{name} is out of date: run tools/make_docs.py"
    )


def test_every_table_has_a_name_of_its_own_and_tells_each_column(make_docs):
    tables = make_docs.every_table()

    assert len({table.name for table in tables}) == len(tables)
    assert all(column.meaning for table in tables for column in table.columns)


def test_every_check_and_its_limits_are_described(make_docs):
    text = make_docs.describe_checks(CHECKS)

    assert all(f"### {check.id}\n" in text for check in CHECKS)
    assert all(limit in text for check in CHECKS for limit in check.limits)


def test_a_changed_document_is_told(make_docs, tmp_path, monkeypatch, capsys):
    monkeypatch.setattr(make_docs, "DOCS", tmp_path)

    assert make_docs.main(["--check"]) == 1
    assert "checks.md is not what the code says" in capsys.readouterr().err
    assert make_docs.main([]) == 0
    assert make_docs.main(["--check"]) == 0


def read(name):
    return (ROOT / name).read_text(encoding="utf-8")


@pytest.fixture(scope="module")
def commands():
    """The line of each command in the table of the README."""
    lines = re.findall(r"^\| `thingwarden (\w+) (.*)$", read("README.md"), re.M)
    return dict(lines)


def test_the_readme_has_every_command_and_no_other(commands):
    assert commands.keys() == cli.commands.keys()


@pytest.mark.parametrize("name", sorted(cli.commands))
def test_the_readme_has_every_option_of_a_command_and_no_other(commands, name):
    options = {
        option
        for parameter in cli.commands[name].params
        for option in parameter.opts
        if option.startswith("--")
    }

    assert set(re.findall(r"--[\w-]+", commands[name].partition("`")[0])) == options


@pytest.mark.parametrize("name", sorted(cli.commands))
def test_every_command_is_told_of_in_docs(name):
    texts = [path.read_text(encoding="utf-8") for path in PAGES if path.parent != ROOT]

    assert any(f"thingwarden {name}" in text for text in texts)


def test_the_readme_tells_the_exit_status(commands):
    found = (
        f"{NOTHING_FOUND} nothing found, {SOMETHING_FOUND} something found, {COULD_NOT} could not"
    )

    assert found in commands["inspect"]
    assert all(f"{COULD_NOT} could not" in line for line in commands.values())
    assert f"Ctrl-C ends any of them with {STOPPED}" in read("README.md")
    assert f"{found}." in cli.commands["inspect"].help


def test_the_readme_is_short_and_shows_the_report():
    text = read("README.md")

    assert text.count("\n") <= MOST_README_LINES
    assert "](docs/report.png)" in text


def test_the_readme_has_the_map_of_the_house():
    for page in ("README.md", "docs/house.md"):
        text = read(page)
        for floor in (ROOT / "src/thingwarden").iterdir():
            name = floor.stem
            known = name.startswith("_") or name == "data"
            assert known or re.search(rf"^( {{4}}|\S+ \| )?{name}\b|\| {name}\b", text, re.M), name


def test_the_page_about_flows_has_the_numbers_of_the_code():
    text = read("docs/flows.md")

    for number in (
        f"more than {settings.IDLE_US // 1_000_000} s ",
        f"more than {settings.ACTIVE_US // 1_000_000} s,",
        f"| {settings.WINDOW_BYTES >> 10} KiB |",
        f"| {settings.TALK_BYTES >> 10} KiB |",
        f"| {records.LATE_TLS_BYTES >> 10} KiB |",
        f"| {settings.WINDOWS};",
        f"| {exchanges.MOST_OPEN} |",
        f"| {observe.MOST_PROBLEMS} |",
        f"| {track.MOST_ROOM // 1000} {track.MOST_ROOM % 1000} flows ",
    ):
        assert number in text, number


def test_the_decision_about_messages_has_the_numbers_of_the_code():
    text = read("docs/decisions/0003-messages-once.md")

    assert f"{repeated.REMEMBERED // 1000} {repeated.REMEMBERED % 1000:03} messages" in text
    assert f"up to {repeated.TOO_LONG >> 10} KiB" in text


def test_every_way_in_which_a_flow_ends_or_begins_has_its_line():
    text = read("docs/flows.md")

    for word in {*records.ENDINGS, *records.BEGINNINGS} - {""}:
        assert f"`{word}`" in text, word


@pytest.mark.parametrize("path", PAGES, ids=lambda path: path.name)
def test_every_link_leads_to_a_file(path):
    for target in re.findall(r"\]\(([^)#]+)[^)]*\)", path.read_text(encoding="utf-8")):
        if not target.startswith("http"):
            assert (path.parent / target).exists(), target


def test_decisions_are_numbered_and_have_their_four_parts():
    pages = sorted((ROOT / "docs/decisions").glob("*.md"))

    assert [path.name[:4] for path in pages] == [f"{n:04}" for n in range(1, len(pages) + 1)]
    for path in pages:
        text = path.read_text(encoding="utf-8")
        assert text.startswith(f"# {int(path.name[:4])}. ")
        assert all(f"**{part}" in text for part in ("Question.", "Choice", "Choice.", "Price."))
