"""Findings -> a grade and a coverage per concern, one verdict and its reason: `docs/grading.md`."""

from collections import Counter
from collections.abc import Mapping, Sequence

from thingwarden.checks import CHECKS
from thingwarden.checks.check import Check
from thingwarden.checks.roles import BARS, Bar
from thingwarden.model import (
    Assessment,
    Concern,
    Confidence,
    Device,
    DeviceId,
    Finding,
    Grade,
    NotJudged,
    Role,
    Verdict,
)

LETTERS = "ABCDF"
"""By the step of the worst finding, from none or info (0) to critical (4)."""

ENOUGH_COVERAGE = 0.3
"""Below this share of a concern a good grade would praise what nobody looked at."""

REACH: Mapping[Concern, float] = {
    Concern.OPERATING_SYSTEM: 0.25,
    Concern.SUPPLY_CHAIN: 0.0,
    Concern.CODE_AGE: 0.25,
    Concern.VENDOR: 0.4,
    Concern.VULNERABILITY_POLICY: 0.0,
    Concern.PROVIDER: 0.9,
    Concern.PROTECTED_COMMUNICATION: 0.9,
    Concern.RELIABLE_COMMUNICATION: 0.8,
    Concern.EXPOSURE: 0.6,
    Concern.CONDUCT: 0.9,
    Concern.PORTABILITY: 0.7,
}
"""How much of a concern traffic can tell at most, by our judgement; the rest is `BEYOND_TRAFFIC`."""

BEYOND_TRAFFIC: Mapping[Concern, tuple[str, ...]] = {
    Concern.OPERATING_SYSTEM: ("its firmware: versions, hardening, start-up, known holes",),
    Concern.SUPPLY_CHAIN: ("its firmware or list of components: origin, signatures, known holes",),
    Concern.CODE_AGE: ("its firmware: age of components, last release, licence, maintainers",),
    Concern.VENDOR: ("the maker's pages: support period, contact for reports",),
    Concern.VULNERABILITY_POLICY: ("the maker's pages: advisories, disclosure, time to repair",),
    Concern.PROVIDER: ("the provider's papers: owners, subcontractors",),
    Concern.PROTECTED_COMMUNICATION: ("its firmware: trusted authorities, keys at rest",),
    Concern.RELIABLE_COMMUNICATION: ("a drill: unplug the Internet and see what still works",),
    Concern.EXPOSURE: ("a scan that you allow: ports that nobody asked, radio links, plugs",),
    Concern.CONDUCT: ("weeks of watching: change of habits",),
    Concern.PORTABILITY: ("a trial: local control without its app, export of what it keeps",),
}
"""What would have to be looked at besides traffic."""

ORDER = (
    Verdict.DO_NOT_DEPEND,
    Verdict.DEPEND_WRAPPED,
    Verdict.NOT_ENOUGH_SEEN,
    Verdict.DEPEND,
)
"""Those that need action first."""

MOST_STEPS = 4


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
    worst_first = tuple(sorted(findings, key=_badness))
    judged = _judged_checks(checks, not_judged)
    letters = {concern: _letter(concern, worst_first) for concern in Concern}
    trusted = _count_trusted(letters, worst_first, judged, checks)
    verdict = _decide(device, letters, trusted)
    return Assessment(
        device=device,
        verdict=verdict,
        reason=_explain(device, verdict, worst_first, judged),
        grades=tuple(_grade(concern, letters, judged, checks) for concern in Concern),
        findings=worst_first,
        not_judged=tuple(not_judged),
        steps=_steps(not_judged),
    )


def step(finding: Finding) -> int:
    """0 for what costs nothing up to 4 for the worst: its severity, one less where it is a guess."""
    if finding.suppressed:
        return 0
    return max(0, finding.severity.rank - (finding.confidence is Confidence.GUESS))


def bar_of(device: Device) -> Bar:
    """How high the bar is for what the device is for; convenience where nobody said."""
    return BARS[device.role or Role.CONVENIENCE]


def _badness(finding: Finding) -> tuple[bool, int, int, str]:
    return finding.suppressed is not None, -step(finding), -finding.severity.rank, finding.id


def _judged_checks(checks: Sequence[Check], not_judged: Sequence[NotJudged]) -> list[Check]:
    missing = {gap.check for gap in not_judged}
    return [check for check in checks if check.id not in missing]


def _letter(concern: Concern, findings: Sequence[Finding]) -> str:
    steps = [step(finding) for finding in findings if finding.concern is concern]
    return LETTERS[max(steps, default=0)]


def _grade(
    concern: Concern,
    letters: Mapping[Concern, str],
    judged: Sequence[Check],
    checks: Sequence[Check],
) -> Grade:
    """No good grade for what was hardly examined; a bad one needs no more than its findings."""
    coverage = _coverage(concern, judged, checks)
    unknown = coverage < ENOUGH_COVERAGE and letters[concern] in "AB"
    return Grade(concern=concern, grade=None if unknown else letters[concern], coverage=coverage)


def _coverage(concern: Concern, judged: Sequence[Check], checks: Sequence[Check]) -> float:
    possible = sum(check.concern is concern for check in checks)
    examined = sum(check.concern is concern for check in judged)
    return REACH[concern] * examined / possible if possible else 0.0


def _count_trusted(
    letters: Mapping[Concern, str],
    findings: Sequence[Finding],
    judged: Sequence[Check],
    checks: Sequence[Check],
) -> int:
    """Concerns without a bad word that enough clean checks speak for.

    A check that found something bad speaks for nothing, so that worse evidence never adds trust.
    """
    bad = {finding.check for finding in findings if step(finding) > 0}
    clean = [check for check in judged if check.id not in bad]
    return sum(
        letters[concern] in "AB" and _coverage(concern, clean, checks) >= ENOUGH_COVERAGE
        for concern in Concern
    )


def _decide(device: Device, letters: Mapping[Concern, str], trusted: int) -> Verdict:
    """By the letters of all concerns, as the bar for the device's role says."""
    bar = bar_of(device)
    at_least = _count_at_least(letters)
    if at_least[bar.refuse_one] >= 1 or at_least[bar.refuse_two] >= 2:  # two
        return Verdict.DO_NOT_DEPEND
    if at_least[bar.wrap_one] >= 1 or at_least["B"] >= bar.wrap_many_b:
        return Verdict.DEPEND_WRAPPED
    if trusted < bar.trusted or device.last_us - device.first_us < bar.watched_us:
        return Verdict.NOT_ENOUGH_SEEN
    return Verdict.DEPEND


def _count_at_least(letters: Mapping[Concern, str]) -> Mapping[str, int]:
    """How many concerns have a letter or a worse one."""
    return {one: sum(letter >= one for letter in letters.values()) for one in LETTERS}


def _explain(
    device: Device, verdict: Verdict, findings: Sequence[Finding], judged: Sequence[Check]
) -> str:
    """The verdict's reason: the worst finding, or how little or much was seen."""
    if verdict in (Verdict.DO_NOT_DEPEND, Verdict.DEPEND_WRAPPED):
        return findings[0].statement
    if verdict is Verdict.DEPEND:
        return f"{len(judged)} checks could be applied, and none found anything serious."
    bar = bar_of(device)
    if device.last_us - device.first_us < bar.watched_us:
        return f"It was seen for less than {bar.watched}: capture longer, and while it is used."
    return f"Only {len(judged)} checks could be applied: capture longer, and while it is used."


def _steps(not_judged: Sequence[NotJudged]) -> tuple[str, ...]:
    """What would let most of the missing checks be applied."""
    told = Counter(gap.needs for gap in not_judged)
    return tuple(needs for needs, _ in sorted(told.items(), key=lambda one: (-one[1], one[0])))[
        :MOST_STEPS
    ]


def _urgency(assessment: Assessment) -> tuple[int, list[int], str]:
    steps = sorted(-step(finding) for finding in assessment.findings)
    return ORDER.index(assessment.verdict), steps, assessment.device.id
