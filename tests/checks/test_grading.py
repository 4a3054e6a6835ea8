"""Grades, coverage and verdicts, and that worse evidence never makes them better."""

from dataclasses import replace

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from thingwarden.checks import CHECKS
from thingwarden.checks.grading import ORDER, assess, assess_device
from thingwarden.model import (
    Concern,
    Confidence,
    Device,
    DeviceId,
    Evidence,
    Finding,
    NotJudged,
    Severity,
    Verdict,
)

HOUR_US = 3_600_000_000
DEVICE = Device(id=DeviceId("d"), macs=(), addresses=(), names=(), last_us=HOUR_US)
TRUST = (Verdict.DO_NOT_DEPEND, Verdict.DEPEND_WRAPPED, Verdict.NOT_ENOUGH_SEEN, Verdict.DEPEND)


def find(check, severity, confidence=Confidence.CERTAIN):
    row = Evidence(device_id=DEVICE.id, capture=0, frame=1, time_us=0, says="seen")
    return Finding(
        id=f"{check.id}:{DEVICE.id}",
        check=check.id,
        device_id=DEVICE.id,
        concern=check.concern,
        severity=severity,
        confidence=confidence,
        statement=f"{check.id} found",
        remedy="",
        evidence=(row,),
        evidence_total=1,
    )


def miss(check):
    return NotJudged(check=check.id, device_id=DEVICE.id, concern=check.concern, needs="")


def check_of(concern):
    return next(check for check in CHECKS if check.concern is concern)


def grade_of(assessment, concern):
    return next(grade for grade in assessment.grades if grade.concern is concern)


def test_a_clean_device_that_was_seen_for_an_hour_can_be_depended_on():
    assessment = assess_device(DEVICE, [], [])

    assert assessment.verdict is Verdict.DEPEND
    assert assessment.reason == "12 checks could be applied, and none found anything serious."
    assert [grade.concern for grade in assessment.grades] == list(Concern)
    assert grade_of(assessment, Concern.PROTECTED_COMMUNICATION).grade == "A"


def test_what_traffic_never_shows_has_no_grade():
    assessment = assess_device(DEVICE, [], [])

    for concern in (Concern.OPERATING_SYSTEM, Concern.SUPPLY_CHAIN, Concern.CODE_AGE):
        grade = grade_of(assessment, concern)
        assert (grade.grade, grade.coverage) == (None, 0)
    assert all(grade.coverage < 1 for grade in assessment.grades)


@pytest.mark.parametrize(
    ("severity", "confidence", "letter", "verdict"),
    [
        (Severity.INFO, Confidence.CERTAIN, "A", Verdict.DEPEND),
        (Severity.LOW, Confidence.CERTAIN, "B", Verdict.DEPEND),
        (Severity.MEDIUM, Confidence.GUESS, "B", Verdict.DEPEND),
        (Severity.MEDIUM, Confidence.CERTAIN, "C", Verdict.DEPEND_WRAPPED),
        (Severity.HIGH, Confidence.GUESS, "C", Verdict.DEPEND_WRAPPED),
        (Severity.HIGH, Confidence.LIKELY, "D", Verdict.DEPEND_WRAPPED),
        (Severity.CRITICAL, Confidence.CERTAIN, "F", Verdict.DO_NOT_DEPEND),
    ],
)
def test_one_finding_makes_this_grade_and_verdict(severity, confidence, letter, verdict):
    check = check_of(Concern.CONDUCT)

    assessment = assess_device(DEVICE, [find(check, severity, confidence)], [])

    assert grade_of(assessment, Concern.CONDUCT).grade == letter
    assert assessment.verdict is verdict


def test_the_reason_is_the_worst_finding():
    low, high = find(CHECKS[0], Severity.LOW), find(CHECKS[-1], Severity.HIGH)

    assessment = assess_device(DEVICE, [low, high], [])

    assert assessment.reason == high.statement
    assert assessment.findings == (high, low)


def test_too_few_checks_or_too_short_a_look_are_not_enough():
    few = assess_device(DEVICE, [], [miss(check) for check in CHECKS[:7]])
    short = assess_device(replace(DEVICE, last_us=60_000_000), [], [])

    assert few.verdict is Verdict.NOT_ENOUGH_SEEN
    assert few.reason.startswith("Only 5 checks could be applied:")
    assert short.verdict is Verdict.NOT_ENOUGH_SEEN
    assert short.reason.startswith("It was seen for less than ten minutes")


def test_a_bad_grade_needs_no_coverage():
    others = [miss(check) for check in CHECKS if check.id != "telnet"]
    telnet = next(check for check in CHECKS if check.id == "telnet")

    assessment = assess_device(DEVICE, [find(telnet, Severity.HIGH)], others)

    assert grade_of(assessment, Concern.EXPOSURE).grade == "D"
    assert assessment.verdict is Verdict.DEPEND_WRAPPED


def test_those_that_need_action_come_first():
    good = DEVICE
    bad = replace(DEVICE, id=DeviceId("bad"))
    unknown = replace(DEVICE, id=DeviceId("unknown"))
    findings = {bad.id: [find(CHECKS[0], Severity.CRITICAL)]}
    not_judged = {unknown.id: [miss(check) for check in CHECKS]}

    ordered = assess([good, unknown, bad], findings, not_judged)

    assert [each.device.id for each in ordered] == ["bad", "unknown", "d"]
    assert [each.verdict for each in ordered] == [ORDER[0], ORDER[2], ORDER[3]]


found = st.builds(
    find, st.sampled_from(CHECKS), st.sampled_from(Severity), st.sampled_from(Confidence)
)


@settings(max_examples=150, deadline=None)
@given(
    findings=st.lists(found, max_size=6, unique_by=lambda each: each.check),
    missing=st.sets(st.sampled_from([check.id for check in CHECKS])),
    worse=found,
)
def test_more_bad_evidence_never_makes_anything_better(findings, missing, worse):
    kept = [each for each in findings if each.check != worse.check]
    gaps = [miss(check) for check in CHECKS if check.id in missing]
    fewer_gaps = [gap for gap in gaps if gap.check != worse.check]
    bad = worse.severity is not Severity.INFO

    before = assess_device(DEVICE, kept, gaps)
    after = assess_device(DEVICE, [*kept, worse], fewer_gaps if bad else gaps)

    assert TRUST.index(after.verdict) <= TRUST.index(before.verdict)
    for old, new in zip(before.grades, after.grades, strict=True):
        assert old.grade is None or new.grade is None or new.grade >= old.grade
