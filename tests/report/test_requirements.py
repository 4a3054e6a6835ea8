"""Requirements on the terminal, in CSV and as values: bounded, escaped, and with their limits."""

import csv
import io
import json
from dataclasses import replace

import msgspec
import pytest
from rich.console import Console

from thingwarden.checks.requirements import FRAMEWORKS, Basis, read_clauses
from thingwarden.report.requirements import (
    COLUMNS,
    MOST_DEVICES,
    list_requirement_entries,
    render_requirements,
    write_requirements_csv,
)

from tests.report.reports import HOSTILE, big_report, empty_report, home_report, hostile_report

BEARS_ON = {
    "plaintext-login": ("5.1-3", "5.5-6"),
    "retry-storm": ("5.9-1", "5.9-3"),
    "telnet-served": ("5.5-1", "5.6-1"),
    "update-without-tls": ("5.3-7", "5.3-10"),
}


def bearing(report):
    """The report, with checks that bear on provisions as the real ones do."""
    checks = tuple(replace(one, bears_on=BEARS_ON.get(one.id, ())) for one in home_report().checks)
    return replace(report, checks=checks)


def printed(report, framework="en303645", width=100, *, everything=False):
    out = io.StringIO()
    render_requirements(report, framework, Console(file=out, width=width), everything=everything)
    return out.getvalue()


def words(text):
    return " ".join(text.split())


def rows_of(report, framework="en303645"):
    return list(csv.DictReader(io.StringIO(write_requirements_csv(report, framework))))


@pytest.fixture
def camera():
    report = bearing(home_report())
    return replace(report, assessments=report.assessments[:1])


def test_a_refuted_provision_names_its_editions_and_its_frames(camera):
    text = words(printed(camera, width=110))

    assert "Refuted 5.1-3 Authentication" in text
    assert "M F(c)" in text
    assert "V2.1.1: 5.1-3 M" in text
    assert "It asks for its password over unencrypted HTTP." in text
    assert "(home.pcap frame 1200, 1237, 1274 and 9 more)" in text


def test_what_was_not_examined_is_one_line_with_its_count(camera):
    text = printed(camera)

    assert "3 refuted, 1 signs against it, 2 met so far, 72 not examined, of 78." in words(text)
    assert "Not examined is not a pass. What would settle those 72: documents" in words(text)
    assert "5.0-1" not in text


def test_everything_lists_every_clause(camera):
    text = printed(camera, everything=True)

    assert text.count("Not examined") == 72
    assert "5.0-1" in text


def test_what_traffic_lacks_is_told(camera):
    rows = {row["clause"]: row for row in rows_of(camera)}

    assert rows["5.3-7"]["reason"] == (
        "What would settle it: firmware. "
        "What traffic lacks: A capture that contains an update of the device."
    )


@pytest.mark.parametrize("framework", FRAMEWORKS)
def test_the_footer_tells_the_limits_and_the_state_of_research(camera, framework):
    text = words(printed(camera, framework))

    assert FRAMEWORKS[framework] in text
    assert "Never proof of conformity" in text
    assert "State of research: 2026-11." in text


@pytest.mark.parametrize(
    ("framework", "bases"),
    [
        ("cra", {"read"}),
        ("unr155", {"read"}),
        ("nist8259a", {"read", "secondary"}),
        ("psti", {"secondary"}),
        ("en303645", {"secondary"}),
    ],
)
def test_a_statement_that_was_learnt_from_a_text_is_not_marked(camera, framework, bases):
    text = words(printed(camera, framework, everything=True))

    assert "not checked against the standard's text" not in text
    assert " * " not in text
    assert {row["basis"] for row in rows_of(camera, framework)} == bases


def test_a_statement_that_was_not_checked_is_marked(camera, monkeypatch):
    first, *others = read_clauses("cra")
    clauses = (replace(first, basis=Basis.UNVERIFIED), *others)
    for module in ("checks", "report"):
        monkeypatch.setattr(f"thingwarden.{module}.requirements.read_clauses", lambda _: clauses)
    text = words(printed(camera, "cra", everything=True))

    assert "* not checked against the standard's text." in text
    assert "I(1) * " in text
    assert text.count(" * ") == 2
    assert [row["basis"] for row in rows_of(camera, "cra")][:2] == ["unverified", "read"]


def test_a_clause_names_the_provisions_that_decide_it(camera):
    text = words(printed(camera, "cra", width=110))

    assert "By EN 303 645 5.1-3: It asks for its password" in text
    assert "not that a law is broken" in text


def test_a_framework_that_traffic_never_reaches_has_no_table(camera):
    text = words(printed(camera, "unr156"))

    assert "0 refuted, 0 signs against it, 0 met so far, 5 not examined, of 5." in text
    assert "What it asks" not in text


@pytest.mark.parametrize("width", [20, 40, 76, 77, 200])
@pytest.mark.parametrize("everything", [True, False])
def test_no_line_is_wider_than_the_terminal(width, everything):
    text = printed(bearing(home_report()), "cra", width, everything=everything)

    assert max(map(len, text.splitlines())) <= width


def test_nothing_is_green():
    out = io.StringIO()
    console = Console(file=out, width=100, force_terminal=True)

    render_requirements(bearing(home_report()), "en303645", console)

    assert "\x1b[1;31mRefuted" in out.getvalue()
    assert "\x1b[32m" not in out.getvalue()
    assert "\x1b[1;32m" not in out.getvalue()


@pytest.mark.parametrize("framework", ["en303645", "cra"])
@pytest.mark.parametrize("width", [60, 100])
def test_hostile_words_are_printed_as_they_are_and_steer_nothing(framework, width):
    text = printed(bearing(hostile_report()), framework, width, everything=True)

    assert "alert(1)" in text
    assert "\x1b" not in text
    assert "\u202e" not in text


def test_a_cell_is_neither_run_nor_steers():
    report = bearing(hostile_report())
    device = replace(report.assessments[0].device, names=("=cmd|' /C calc'!A0",))
    report = replace(report, assessments=(replace(report.assessments[0], device=device),))

    text = write_requirements_csv(report, "en303645")
    rows = list(csv.DictReader(io.StringIO(text)))

    assert not set(text) & set("\x1b\u202e\r\udc80")
    assert {row["name"] for row in rows} == {"'=cmd|' /C calc'!A0"}
    assert any("[bold red]" in row["reason"] for row in rows)
    assert not any(cell.startswith(("=", "+", "-", "@")) for row in rows for cell in row.values())


@pytest.mark.parametrize("framework", FRAMEWORKS)
def test_csv_has_every_clause_of_every_device(framework):
    report = bearing(home_report())
    rows = rows_of(report, framework)

    assert tuple(rows[0]) == COLUMNS
    assert len(rows) == len(list_requirement_entries(report, framework))
    assert len({(row["device"], row["clause"]) for row in rows}) == len(rows)
    assert all(None not in row and None not in row.values() for row in rows)


def test_csv_names_both_editions_and_the_evidence(camera):
    rows = {row["clause"]: row for row in rows_of(camera)}

    assert rows["5.3-4A"]["provisions_v211"] == "5.3-4"
    assert rows["5.3-4A"]["obligation"] == "R F(g)"
    assert rows["5.3-4A"]["condition"] == "software can be updated"
    assert rows["5.1-3"]["status"] == "refuted"
    assert rows["5.1-3"]["evidence"].startswith("home.pcap frame 1200, 1237")
    assert rows["5.1-3"]["findings"] == camera.assessments[0].findings[1].id


def test_entries_become_json_and_name_findings_of_the_report(camera):
    entries = list_requirement_entries(camera, "en303645")
    findings = {finding.id for finding in camera.assessments[0].findings}

    values = json.loads(msgspec.json.encode(entries))

    assert len(values) == 78
    assert {one["status"] for one in values} == {
        "refuted", "signs-against", "met-so-far", "not-examined"
    }  # fmt: skip
    assert {id_ for one in values for id_ in one["findings"]} <= findings
    assert all(one["needs"] and one["basis"] == "secondary" for one in values)


def test_entries_of_hostile_text_can_be_encoded():
    entries = list_requirement_entries(bearing(hostile_report()), "en303645")

    assert HOSTILE in {one.reason for one in entries}
    assert msgspec.json.encode(entries)


def test_an_empty_report_is_said_to_be_empty():
    assert "No devices were seen." in printed(empty_report())
    assert rows_of(empty_report()) == []
    assert list_requirement_entries(empty_report(), "psti") == ()


def test_a_thousand_devices_are_cut_on_the_terminal_and_not_in_csv():
    text = printed(bearing(big_report()), "psti")

    assert f"{1000 - MOST_DEVICES} more devices not shown here" in text
    assert len(rows_of(bearing(big_report()), "psti")) == 3000
