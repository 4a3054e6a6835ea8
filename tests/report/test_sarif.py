"""SARIF: what the standard requires of a log, held by every report."""

import json
from dataclasses import replace

import pytest

from thingwarden.model import Suppression
from thingwarden.report.changes import compare_reports
from thingwarden.report.document import make_document
from thingwarden.report.sarif import render_sarif

from tests.report.reports import HOSTILE, empty_report, home_report, hostile_report

LEVELS = {"none", "note", "warning", "error"}


def run_of(report, changes=None):
    log = json.loads(render_sarif(report, changes))
    assert (log["version"], len(log["runs"])) == ("2.1.0", 1)
    assert log["$schema"].endswith("sarif-schema-2.1.0.json")
    return log["runs"][0]


@pytest.mark.parametrize("make", [home_report, empty_report, hostile_report])
def test_every_result_has_what_the_standard_requires(make):
    report = make()

    run = run_of(report)

    rules = run["tool"]["driver"]["rules"]
    assert len(run["results"]) == sum(len(each.findings) for each in report.assessments)
    for result in run["results"]:
        assert result["message"]["text"]
        assert result["level"] in LEVELS
        assert 0 <= result["rank"] <= 100
        if result["ruleIndex"] >= 0:
            assert rules[result["ruleIndex"]]["id"] == result["ruleId"]
        for location in result["locations"]:
            artifact = location.get("physicalLocation", {}).get("artifactLocation")
            assert artifact is None or 0 <= artifact["index"] < len(run["artifacts"])
    assert len({rule["id"] for rule in rules}) == len(rules)
    assert run["invocations"] == [{"executionSuccessful": True, "toolExecutionNotifications": []}]


def test_evidence_names_the_frames_of_the_finding():
    report = home_report()
    finding = report.assessments[0].findings[0]

    result = run_of(report)["results"][0]

    assert [row["frame"] for row in result["properties"]["evidence"]] == [
        row.frame for row in finding.evidence
    ]
    assert result["partialFingerprints"] == {"finding/v1": finding.id}


def test_what_was_there_before_is_unchanged_and_the_rest_is_new():
    report = home_report()
    first = report.assessments[0]
    less = replace(
        report, assessments=(replace(first, findings=first.findings[1:]), *report.assessments[1:])
    )

    run = run_of(report, compare_reports(make_document(less), report))

    states = {
        each["partialFingerprints"]["finding/v1"]: each["baselineState"] for each in run["results"]
    }
    assert states.pop(first.findings[0].id) == "new"
    assert set(states.values()) == {"unchanged"}


def test_what_is_accepted_is_suppressed_with_its_reason():
    report = home_report()
    first = report.assessments[0]
    accepted = Suppression(
        device_id=first.device.id, check="x", reason="replaced in spring", until="2027-04-30"
    )
    marked = tuple(replace(each, suppressed=accepted) for each in first.findings)

    run = run_of(
        replace(report, assessments=(replace(first, findings=marked), *report.assessments[1:]))
    )

    assert run["results"][0]["suppressions"] == [
        {"kind": "external", "justification": "replaced in spring (until 2027-04-30)"}
    ]


def test_a_check_that_failed_makes_the_run_incomplete():
    report = home_report()
    failed = replace(report.checks[0], failed="ZeroDivisionError")

    run = run_of(replace(report, checks=(failed, *report.checks[1:])))

    (invocation,) = run["invocations"]
    assert not invocation["executionSuccessful"]
    assert "ZeroDivisionError" in invocation["toolExecutionNotifications"][0]["message"]["text"]


def test_hostile_names_are_escaped():
    text = render_sarif(hostile_report())

    assert HOSTILE not in text
    assert "\x1b" not in text
    assert "\u202e" not in text
