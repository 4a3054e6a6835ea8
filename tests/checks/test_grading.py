"""Grades, coverage and verdicts, and that worse evidence never makes them better."""

from dataclasses import replace

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from thingwarden.checks import CHECKS
from thingwarden.checks.grading import ORDER, REACH, assess, assess_device, step
from thingwarden.checks.roles import BARS
from thingwarden.model import (
    Concern,
    Confidence,
    Device,
    DeviceId,
    Evidence,
    Finding,
    NotJudged,
    Role,
    Severity,
    Suppression,
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


def miss(check, needs=""):
    return NotJudged(check=check.id, device_id=DEVICE.id, concern=check.concern, needs=needs)


def check_of(concern):
    return next(check for check in CHECKS if check.concern is concern)


def grade_of(assessment, concern):
    return next(grade for grade in assessment.grades if grade.concern is concern)


def test_a_clean_device_that_was_seen_for_an_hour_can_be_depended_on():
    assessment = assess_device(DEVICE, [], [])

    assert assessment.verdict is Verdict.DEPEND
    assert assessment.reason.endswith("checks could be applied, and none found anything serious.")
    assert [grade.concern for grade in assessment.grades] == list(Concern)
    assert grade_of(assessment, Concern.PROTECTED_COMMUNICATION).grade == "A"


def test_what_traffic_hardly_shows_has_no_good_grade_however_much_was_seen():
    assessment = assess_device(DEVICE, [], [])

    for concern in (Concern.OPERATING_SYSTEM, Concern.SUPPLY_CHAIN, Concern.CODE_AGE):
        assert grade_of(assessment, concern).grade is None
    assert all(grade.coverage <= REACH[grade.concern] for grade in assessment.grades)


@pytest.mark.parametrize(
    ("severity", "confidence", "letter", "verdict"),
    [
        (Severity.INFO, Confidence.CERTAIN, "A", Verdict.DEPEND),
        (Severity.LOW, Confidence.GUESS, "A", Verdict.DEPEND),
        (Severity.LOW, Confidence.CERTAIN, "B", Verdict.DEPEND),
        (Severity.MEDIUM, Confidence.GUESS, "B", Verdict.DEPEND),
        (Severity.MEDIUM, Confidence.CERTAIN, "C", Verdict.DEPEND_WRAPPED),
        (Severity.HIGH, Confidence.GUESS, "C", Verdict.DEPEND_WRAPPED),
        (Severity.HIGH, Confidence.LIKELY, "D", Verdict.DEPEND_WRAPPED),
        (Severity.CRITICAL, Confidence.GUESS, "D", Verdict.DEPEND_WRAPPED),
        (Severity.CRITICAL, Confidence.CERTAIN, "F", Verdict.DO_NOT_DEPEND),
    ],
)
def test_one_finding_makes_this_grade_and_verdict(severity, confidence, letter, verdict):
    check = check_of(Concern.CONDUCT)

    assessment = assess_device(DEVICE, [find(check, severity, confidence)], [])

    assert grade_of(assessment, Concern.CONDUCT).grade == letter
    assert assessment.verdict is verdict


def test_the_worst_finding_of_a_concern_decides_and_more_of_the_same_change_nothing():
    protected = [check for check in CHECKS if check.concern is Concern.PROTECTED_COMMUNICATION]

    one = assess_device(DEVICE, [find(protected[0], Severity.MEDIUM)], [])
    many = assess_device(DEVICE, [find(check, Severity.MEDIUM) for check in protected[:4]], [])

    assert one.grades == many.grades
    assert one.verdict is many.verdict


def test_two_concerns_with_a_d_are_as_bad_as_one_with_an_f():
    conduct, exposure = check_of(Concern.CONDUCT), check_of(Concern.EXPOSURE)
    found = [find(conduct, Severity.HIGH), find(exposure, Severity.HIGH)]

    assert assess_device(DEVICE, found, []).verdict is Verdict.DO_NOT_DEPEND


@pytest.mark.parametrize(
    ("role", "severity", "verdict"),
    [
        (Role.CONVENIENCE, Severity.HIGH, Verdict.DEPEND_WRAPPED),
        (Role.SECURITY, Severity.HIGH, Verdict.DO_NOT_DEPEND),
        (Role.SECURITY, Severity.LOW, Verdict.DEPEND),
        (Role.SAFETY, Severity.LOW, Verdict.DEPEND_WRAPPED),
        (Role.SAFETY, Severity.MEDIUM, Verdict.DEPEND_WRAPPED),
        (Role.LIFE_CRITICAL, Severity.MEDIUM, Verdict.DO_NOT_DEPEND),
    ],
)
def test_the_bar_moves_with_what_a_device_is_for(role, severity, verdict):
    device = replace(DEVICE, role=role, last_us=30 * 24 * HOUR_US)

    assessment = assess_device(device, [find(check_of(Concern.CONDUCT), severity)], [])

    assert assessment.verdict is verdict


@pytest.mark.parametrize("role", Role)
def test_a_clean_device_must_be_watched_as_long_as_its_role_asks(role):
    longer = replace(DEVICE, role=role, last_us=BARS[role].watched_us)
    shorter = replace(longer, last_us=BARS[role].watched_us - 1)

    assert assess_device(longer, [], []).verdict is Verdict.DEPEND
    assert assess_device(shorter, [], []).verdict is Verdict.NOT_ENOUGH_SEEN
    assert BARS[role].watched in assess_device(shorter, [], []).reason


def test_what_the_user_accepts_counts_in_no_grade_and_is_told_last():
    accepted = Suppression(
        device_id=DEVICE.id, check=CHECKS[0].id, reason="replaced soon", until="2030-01-01"
    )
    bad = replace(find(CHECKS[0], Severity.CRITICAL), suppressed=accepted)
    small = find(CHECKS[-1], Severity.LOW)

    assessment = assess_device(DEVICE, [bad, small], [])

    assert assessment.verdict is Verdict.DEPEND
    assert assessment.findings == (small, bad)


def test_the_reason_is_the_worst_finding():
    low, high = find(CHECKS[0], Severity.LOW), find(CHECKS[-1], Severity.HIGH)

    assessment = assess_device(DEVICE, [low, high], [])

    assert assessment.reason == high.statement
    assert assessment.findings == (high, low)


def test_too_few_checks_or_too_short_a_look_are_not_enough():
    few = assess_device(DEVICE, [], [miss(check) for check in CHECKS[2:]])
    short = assess_device(replace(DEVICE, last_us=60_000_000), [], [])

    assert few.verdict is Verdict.NOT_ENOUGH_SEEN
    assert few.reason.startswith("Only 2 checks could be applied:")
    assert short.verdict is Verdict.NOT_ENOUGH_SEEN
    assert short.reason.startswith("It was seen for less than an hour")


def test_what_would_help_most_is_told_first():
    gaps = [miss(check, "Let it boot.") for check in CHECKS[:3]]

    assessment = assess_device(DEVICE, [], [miss(CHECKS[4], "Watch it longer."), *gaps])

    assert assessment.steps == ("Let it boot.", "Watch it longer.")


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


roles = st.sampled_from([None, *Role])


@settings(max_examples=150, deadline=None)
@given(
    findings=st.lists(found, max_size=6, unique_by=lambda each: each.check),
    missing=st.sets(st.sampled_from([check.id for check in CHECKS])),
    worse=found,
    role=roles,
)
def test_more_bad_evidence_never_makes_anything_better(findings, missing, worse, role):
    device = replace(DEVICE, role=role, last_us=8 * 24 * HOUR_US)
    kept = [each for each in findings if each.check != worse.check]
    gaps = [miss(check) for check in CHECKS if check.id in missing]
    fewer_gaps = [gap for gap in gaps if gap.check != worse.check]
    bad = worse.severity is not Severity.INFO

    before = assess_device(device, kept, gaps)
    after = assess_device(device, [*kept, worse], fewer_gaps if bad and step(worse) else gaps)

    assert TRUST.index(after.verdict) <= TRUST.index(before.verdict)
    for old, new in zip(before.grades, after.grades, strict=True):
        assert old.grade is None or new.grade is None or new.grade >= old.grade


@settings(max_examples=100, deadline=None)
@given(
    findings=st.lists(found, min_size=1, max_size=8, unique_by=lambda each: each.check),
    role=roles,
    data=st.data(),
)
def test_a_finding_that_gets_worse_never_makes_anything_better(findings, role, data):
    device = replace(DEVICE, role=role, last_us=8 * 24 * HOUR_US)
    chosen = data.draw(st.sampled_from(findings))
    severity = data.draw(st.sampled_from(list(Severity)[chosen.severity.rank :]))
    changed = [replace(one, severity=severity) if one is chosen else one for one in findings]

    before, after = assess_device(device, findings, []), assess_device(device, changed, [])

    assert TRUST.index(after.verdict) <= TRUST.index(before.verdict)
    for old, new in zip(before.grades, after.grades, strict=True):
        assert old.grade is None or new.grade >= old.grade


@settings(max_examples=60, deadline=None)
@given(
    findings=st.lists(found, max_size=8, unique_by=lambda each: each.check),
    missing=st.lists(st.sampled_from(CHECKS), unique_by=lambda check: check.id),
    role=roles,
    data=st.data(),
)
def test_the_order_of_findings_and_gaps_makes_no_difference(findings, missing, role, data):
    device = replace(DEVICE, role=role)
    gaps = [miss(check) for check in missing]

    straight = assess_device(device, findings, gaps)
    shuffled = assess_device(
        device, data.draw(st.permutations(findings)), data.draw(st.permutations(gaps))
    )

    assert shuffled.verdict is straight.verdict
    assert shuffled.reason == straight.reason
    assert shuffled.grades == straight.grades
    assert shuffled.findings == straight.findings
    assert shuffled.steps == straight.steps


@settings(max_examples=60, deadline=None)
@given(findings=st.lists(found, max_size=6, unique_by=lambda each: each.check), role=roles)
def test_a_higher_bar_never_gives_a_better_verdict(findings, role):
    low = replace(DEVICE, role=Role.CONVENIENCE, last_us=8 * 24 * HOUR_US)

    easy, hard = (
        assess_device(low, findings, []),
        assess_device(replace(low, role=role), findings, []),
    )

    assert TRUST.index(hard.verdict) <= TRUST.index(easy.verdict)
