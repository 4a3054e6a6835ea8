"""Checks and facts -> findings, what could not be judged, and which checks failed."""

import logging
import time
from collections.abc import Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from queue import SimpleQueue

from thingwarden.checks import CHECKS
from thingwarden.checks.check import Check
from thingwarden.checks.evidence import Examinations, Kept, read_evidence
from thingwarden.errors import SiteError
from thingwarden.model import Device, DeviceId, Finding, NotJudged
from thingwarden.store import Reader, Store

logger = logging.getLogger(__name__)

MOST_REASON = 200
"""Letters of why a check failed."""

HOUR_US = 3_600_000_000
MOST_HOURS = 36
"""What lasts longer is told in days."""

SHOWN_EVIDENCE = 25
"""Rows that a finding names: enough to look up by hand, little enough for a report."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Judged:
    """What all checks together came to."""

    findings: Mapping[DeviceId, Sequence[Finding]]
    """Of each device, worst first."""
    not_judged: Mapping[DeviceId, Sequence[NotJudged]]
    """Of each device, in the order of the checks."""
    failed: Mapping[str, str]
    """Checks that could not judge anything, by id, and why: a fault of theirs, not of a device."""


@dataclass(frozen=True, slots=True, kw_only=True)
class _Result:
    """What one check came to; `failure` is empty unless it failed."""

    check: str
    findings: Sequence[Finding]
    gaps: Sequence[NotJudged]
    failure: str
    unread: bool
    """The store could not answer, which is tried again alone: two large questions share its memory."""


def judge_all(store: Store, devices: Sequence[Device], checks: Sequence[Check] = CHECKS) -> Judged:
    """Apply every check to every device; one that fails takes down only itself."""
    findings: dict[DeviceId, list[Finding]] = {device.id: [] for device in devices}
    not_judged: dict[DeviceId, list[NotJudged]] = {device.id: [] for device in devices}
    results = _apply_side_by_side(store, devices, checks)
    for result in results:
        for finding in result.findings:
            findings[finding.device_id].append(finding)
        for gap in result.gaps:
            not_judged[gap.device_id].append(gap)
    for each in findings.values():
        each.sort(key=lambda finding: (-finding.severity.rank, finding.id))
    failed = {result.check: result.failure for result in results if result.failure}
    return Judged(findings=findings, not_judged=not_judged, failed=failed)


def _apply_side_by_side(
    store: Store, devices: Sequence[Device], checks: Sequence[Check]
) -> list[_Result]:
    """Results in the order of the checks: to plan their queries takes longer than to run most."""
    examined = Examinations()
    idle: SimpleQueue[Reader] = SimpleQueue()
    for reader in store.readers:
        idle.put(reader)

    def judge_next(check: Check) -> _Result:
        reader = idle.get()
        try:
            return _apply(check, devices, reader, examined)
        finally:
            idle.put(reader)

    with ThreadPoolExecutor(len(store.readers)) as pool:
        waiting = [pool.submit(judge_next, check) for check in checks]
        try:
            results = [each.result() for each in waiting]
        except BaseException:
            pool.shutdown(cancel_futures=True)
            raise
    return [
        _apply(check, devices, store.readers[0], examined) if result.unread else result
        for check, result in zip(checks, results, strict=True)
    ]


def _apply(
    check: Check, devices: Sequence[Device], reader: Reader, examined: Examinations
) -> _Result:
    """What one check comes to; where nothing was to be examined, nothing is looked for."""
    started = time.perf_counter()
    try:
        known = examined.of(check, reader)
        kept = read_evidence(reader, check) if known else {}
        findings, gaps = _conclude(check, devices, kept, known)
        failure, unread = "", False
    except Exception as error:  # whatever it is: the other checks must still be heard
        logger.exception("check %s failed", check.id)
        failure, unread = _say_failure(error), isinstance(error, SiteError)
        findings, gaps = [], [_failed(check, device, failure) for device in devices]
    logger.info("check %s: %.3f s", check.id, time.perf_counter() - started)
    return _Result(check=check.id, findings=findings, gaps=gaps, failure=failure, unread=unread)


def _conclude(
    check: Check,
    devices: Sequence[Device],
    kept: Mapping[DeviceId, Kept],
    examined: frozenset[DeviceId],
) -> tuple[list[Finding], list[NotJudged]]:
    findings: list[Finding] = []
    gaps: list[NotJudged] = []
    for device in devices:
        found = kept.get(device.id)
        finding = judge_device(check, device, found) if found else None
        if finding:
            findings.append(finding)
        elif found or device.id not in examined or _missing_us(check, device) > 0:
            gaps.append(_cannot_judge(check, device))
    return findings, gaps


def judge_device(check: Check, device: Device, found: Kept) -> Finding | None:
    """What `check` concludes from what it found; None: too little to say."""
    evidence = found.rows
    judgement = check.judge(device, evidence)
    if judgement is None:
        return None
    shown = sorted(evidence[:SHOWN_EVIDENCE], key=lambda row: (row.time_us, row.capture, row.frame))
    return Finding(
        id=f"{check.id}:{device.id}",
        check=check.id,
        device_id=device.id,
        concern=check.concern,
        severity=judgement.severity,
        confidence=judgement.confidence,
        statement=judgement.statement,
        remedy=check.remedy,
        evidence=tuple(shown),
        evidence_total=found.total,
    )


def _cannot_judge(check: Check, device: Device) -> NotJudged:
    missing = _missing_us(check, device)
    needs = _say_longer(missing) if missing > 0 else check.needs
    return NotJudged(check=check.id, device_id=device.id, concern=check.concern, needs=needs)


def _failed(check: Check, device: Device, reason: str) -> NotJudged:
    needs = f"Could not judge: {reason}."
    return NotJudged(check=check.id, device_id=device.id, concern=check.concern, needs=needs)


def _say_failure(error: Exception) -> str:
    """The kind of error and the first line of its text."""
    said = str(error).strip().partition("\n")[0][:MOST_REASON].rstrip(".")
    return f"{type(error).__name__}: {said}" if said else type(error).__name__


def _missing_us(check: Check, device: Device) -> int:
    """How much longer the device would have to be watched; zero or less if it was long enough."""
    return check.watch_us - (device.last_us - device.first_us)


def _say_longer(missing_us: int) -> str:
    """How long one should go on watching, in whole hours or days, rounded up."""
    hours = -(-missing_us // HOUR_US)
    days = -(-hours // 24)
    if hours <= MOST_HOURS:
        return f"Watch it for {hours} more hour{'s' if hours > 1 else ''}."
    return f"Watch it for {days} more days."
