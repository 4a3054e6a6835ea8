"""Findings -> a grade and a coverage per concern, one verdict and its reason: `docs/grading.md`."""

from collections.abc import Mapping, Sequence

from thingwarden.checks import CHECKS
from thingwarden.checks.check import Check
from thingwarden.model import (
    Assessment,
    Concern,
    Confidence,
    Device,
    DeviceId,
    Finding,
    Grade,
    NotJudged,
    Severity,
    Verdict,
)

POINTS = {
    Severity.INFO: 0.0,
    Severity.LOW: 1.0,
    Severity.MEDIUM: 3.0,
    Severity.HIGH: 9.0,
    Severity.CRITICAL: 27.0,
}
"""Each step of severity weighs three times the one below."""

SHARE = {Confidence.GUESS: 1 / 3, Confidence.LIKELY: 1.0, Confidence.CERTAIN: 1.0}
"""A guess weighs as much as the severity below."""

GRADES = ((1.0, "A"), (3.0, "B"), (9.0, "C"), (27.0, "D"))
"""A below 1 point, B below 3, and so on; F from 27."""

WRAP_FROM = 3.0
"""Points of all concerns together: one medium finding, or three low ones."""

REFUSE_FROM = 18.0
"""Two high findings, or one critical."""

ENOUGH_COVERAGE = 0.3
"""Below this share of a concern a good grade would praise what nobody looked at."""

ENOUGH_CLEAN = 0.5
"""Share of the checks that must have been applied and left nothing bad."""

ENOUGH_WATCHED_US = 10 * 60 * 1_000_000
"""Ten minutes: many devices report or synchronise once in five or ten."""

BEYOND_TRAFFIC: Mapping[Concern, tuple[str, ...]] = {
    Concern.OPERATING_SYSTEM: ("versions", "hardening", "start-up", "known holes"),
    Concern.SUPPLY_CHAIN: ("components", "known holes", "origin", "signatures"),
    Concern.CODE_AGE: ("age of components", "last release", "licence", "maintainers"),
    Concern.VENDOR: ("support period", "contact for reports"),
    Concern.VULNERABILITY_POLICY: ("advisories", "disclosure", "time to repair"),
    Concern.PROVIDER: ("owners of the provider",),
    Concern.PROTECTED_COMMUNICATION: ("trusted authorities", "keys at rest"),
    Concern.RELIABLE_COMMUNICATION: ("what works without the Internet",),
    Concern.EXPOSURE: ("ports that nobody asked", "radio links", "buttons and plugs"),
    Concern.CONDUCT: ("change of habits over weeks",),
    Concern.PORTABILITY: ("local control", "export of what it keeps"),
}
"""What could be examined in each concern besides the checks; each counts as much as a check."""

ORDER = (
    Verdict.DO_NOT_DEPEND,
    Verdict.DEPEND_WRAPPED,
    Verdict.NOT_ENOUGH_SEEN,
    Verdict.DEPEND,
)
"""Those that need action first."""


def assess(
    devices: Sequence[Device],
    findings: Mapping[DeviceId, Sequence[Finding]],
    not_judged: Mapping[DeviceId, Sequence[NotJudged]],
    *,
    checks: Sequence[Check] = CHECKS,
) -> tuple[Assessment, ...]:
    """One assessment a device, those that need action first."""
    assessments = [
        assess_device(
            device, findings.get(device.id, ()), not_judged.get(device.id, ()), checks=checks
        )
        for device in devices
    ]
    return tuple(sorted(assessments, key=_urgency))


def assess_device(
    device: Device,
    findings: Sequence[Finding],
    not_judged: Sequence[NotJudged],
    *,
    checks: Sequence[Check] = CHECKS,
) -> Assessment:
    """Everything concluded about `device`; worse findings never give a better verdict."""
    worst_first = tuple(sorted(findings, key=lambda finding: (-weigh(finding), finding.id)))
    judged = _judged_checks(checks, not_judged)
    verdict = _decide(device, worst_first, judged, checks)
    return Assessment(
        device=device,
        verdict=verdict,
        reason=_explain(device, verdict, worst_first, judged),
        grades=tuple(_grade(concern, worst_first, judged, checks) for concern in Concern),
        findings=worst_first,
        not_judged=tuple(not_judged),
    )


def weigh(finding: Finding) -> float:
    """The points that a finding costs."""
    return POINTS[finding.severity] * SHARE[finding.confidence]


def _judged_checks(checks: Sequence[Check], not_judged: Sequence[NotJudged]) -> list[Check]:
    missing = {gap.check for gap in not_judged}
    return [check for check in checks if check.id not in missing]


def _grade(
    concern: Concern, findings: Sequence[Finding], judged: Sequence[Check], checks: Sequence[Check]
) -> Grade:
    """No good grade for what was hardly examined; a bad one needs no more than its findings."""
    points = sum(weigh(finding) for finding in findings if finding.concern is concern)
    examined = sum(check.concern is concern for check in judged)
    possible = sum(check.concern is concern for check in checks) + len(BEYOND_TRAFFIC[concern])
    coverage = examined / possible
    letter = next((letter for below, letter in GRADES if points < below), "F")
    unknown = coverage < ENOUGH_COVERAGE and letter in "AB"
    return Grade(concern=concern, grade=None if unknown else letter, coverage=coverage)


def _decide(
    device: Device, findings: Sequence[Finding], judged: Sequence[Check], checks: Sequence[Check]
) -> Verdict:
    """By the sum of points; trust needs checks that were applied and came out clean."""
    points = sum(weigh(finding) for finding in findings)
    if points >= REFUSE_FROM:
        return Verdict.DO_NOT_DEPEND
    if points >= WRAP_FROM:
        return Verdict.DEPEND_WRAPPED
    bad = {finding.check for finding in findings if weigh(finding) > 0}
    clean = sum(check.id not in bad for check in judged)
    watched_us = device.last_us - device.first_us
    if clean < ENOUGH_CLEAN * len(checks) or watched_us < ENOUGH_WATCHED_US:
        return Verdict.NOT_ENOUGH_SEEN
    return Verdict.DEPEND


def _explain(
    device: Device, verdict: Verdict, findings: Sequence[Finding], judged: Sequence[Check]
) -> str:
    """The verdict's reason: the worst finding, or how little or much was seen."""
    if verdict in (Verdict.DO_NOT_DEPEND, Verdict.DEPEND_WRAPPED):
        return findings[0].statement
    watched_us = device.last_us - device.first_us
    if verdict is Verdict.DEPEND:
        return f"{len(judged)} checks could be applied, and none found anything serious."
    if watched_us < ENOUGH_WATCHED_US:
        return "It was seen for less than ten minutes: capture longer, and while it is used."
    return f"Only {len(judged)} checks could be applied: capture longer, and while it is used."


def _urgency(assessment: Assessment) -> tuple[int, float, str]:
    points = sum(weigh(finding) for finding in assessment.findings)
    return ORDER.index(assessment.verdict), -points, assessment.device.id
