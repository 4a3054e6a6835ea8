"""Two reports compared: what is worse comes first, and only what is worse counts as worse."""

import io
from dataclasses import replace

import pytest
from rich.console import Console

from thingwarden.model import Confidence, Severity, Verdict
from thingwarden.report.changes import compare_reports, render_changes
from thingwarden.report.document import make_document

from tests.report.reports import HOSTILE, contact, home_report


@pytest.fixture
def report():
    return home_report()


def first(report, **changes):
    return replace(
        report, assessments=(replace(report.assessments[0], **changes), *report.assessments[1:])
    )


def kinds(changes):
    return [(change.kind, change.worse) for change in changes]


def test_nothing_changed_in_the_same_report(report):
    assert compare_reports(make_document(report), report) == ()


def test_a_finding_that_went_away_is_no_worse_and_one_that_came_is(report):
    less = first(report, findings=report.assessments[0].findings[1:])

    came = compare_reports(make_document(less), report)
    went = compare_reports(make_document(report), less)

    gone = report.assessments[0].findings[0]
    assert [(one.kind, one.worse, one.finding) for one in came] == [("finding", True, gone.id)]
    assert [(one.kind, one.worse, one.finding) for one in went] == [("finding", False, gone.id)]
    assert "no longer found" in went[0].says


def test_a_finding_that_is_surer_or_more_severe_is_worse(report):
    finding = report.assessments[0].findings[0]
    milder = replace(finding, severity=Severity.LOW, confidence=Confidence.GUESS)
    mild = first(report, findings=(milder, *report.assessments[0].findings[1:]))

    assert kinds(compare_reports(make_document(mild), report)) == [("finding", True)]
    assert kinds(compare_reports(make_document(report), mild)) == [("finding", False)]


def test_verdicts_and_grades_tell_their_direction(report):
    good = first(
        report,
        verdict=Verdict.DEPEND,
        grades=tuple(replace(grade, grade="A") for grade in report.assessments[0].grades),
    )

    changes = compare_reports(make_document(good), report)

    assert ("verdict", True) in kinds(changes)
    assert [change.worse for change in changes] == sorted(
        (change.worse for change in changes), reverse=True
    )
    assert "Depend on it -> Do not depend on it" in changes[0].says or any(
        "Depend on it ->" in change.says for change in changes
    )


def test_new_and_missing_devices_are_told(report):
    fewer = replace(report, assessments=report.assessments[1:])

    came = [one for one in compare_reports(make_document(fewer), report) if one.kind == "device"]
    went = [one for one in compare_reports(make_document(report), fewer) if one.kind == "device"]

    assert [one.device for one in came] == [report.assessments[0].device.id]
    assert came[0].worse
    assert [one.worse for one in went] == [False]


def test_new_parties_of_a_known_device_are_told_and_are_no_guilt(report):
    device = report.assessments[0].device
    more = replace(
        report, contacts=(*report.contacts, contact(device, "new.example", country="IS"))
    )

    changes = compare_reports(make_document(report), more)

    assert {one.says for one in changes} >= {
        "new parties: new.example",
        "new countries: IS",
    }
    assert not any(one.worse for one in changes)


def test_what_comes_from_the_network_cannot_steer_the_terminal(report):
    device = report.assessments[0].device
    more = replace(report, contacts=(*report.contacts, contact(device, HOSTILE)))
    out = io.StringIO()

    changes = compare_reports(make_document(report), more)
    render_changes(changes, {device.id: HOSTILE}, Console(file=out, width=200))

    assert "\x1b[31m" not in out.getvalue()
    assert "for the worse." in out.getvalue()
