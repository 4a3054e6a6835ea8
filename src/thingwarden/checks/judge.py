"""Checks and facts -> findings, and what could not be judged, by device."""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from thingwarden.checks import CHECKS
from thingwarden.checks.check import Check
from thingwarden.model import Device, DeviceId, Evidence, Finding, NotJudged
from thingwarden.store import Store

SHOWN_EVIDENCE = 25
"""Rows that a finding names: enough to look up by hand, little enough for a report."""

JUDGED_EVIDENCE = 1000
"""Rows a device that `judge` gets, so that a storm of millions does not fill the memory."""

KEEP = """
    with found as ({evidence}
    ), placed as (
        select *,
            count(*) over (partition by device_id) as total,
            row_number() over (
                partition by device_id, about order by time_us, capture, frame, says
            ) as turn
        from found
    )
    select device_id, capture, frame, time_us, says, about, amount, total
    from placed
    qualify row_number() over (
        partition by device_id order by turn, time_us, capture, frame, about, says
    ) <= {judged}
    order by device_id, turn, time_us, capture, frame, about, says
"""
"""The first row about each thing, then the second about each, and so on."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Row:
    """A row of evidence, and how many there were for its device."""

    device_id: DeviceId
    capture: int
    frame: int
    time_us: int
    says: str
    about: str
    amount: float
    total: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Examined:
    """A device for which a check had something to examine."""

    device_id: DeviceId


def judge_all(
    store: Store, devices: Sequence[Device], checks: Sequence[Check] = CHECKS
) -> tuple[Mapping[DeviceId, Sequence[Finding]], Mapping[DeviceId, Sequence[NotJudged]]]:
    """Findings of each device, worst first, and what was not judged, in the order of `checks`."""
    findings: dict[DeviceId, list[Finding]] = {device.id: [] for device in devices}
    not_judged: dict[DeviceId, list[NotJudged]] = {device.id: [] for device in devices}
    for check in checks:
        rows_of = _read_evidence(store, check)
        examined = {row.device_id for row in store.read(Examined, check.examined)}
        for device in devices:
            rows = rows_of.get(device.id, [])
            finding = judge_device(check, device, rows)
            if finding:
                findings[device.id].append(finding)
            elif rows or device.id not in examined:
                not_judged[device.id].append(_cannot_judge(check, device))
    for found in findings.values():
        found.sort(key=lambda finding: (-finding.severity.rank, finding.id))
    return findings, not_judged


def judge_device(check: Check, device: Device, rows: Sequence[Row]) -> Finding | None:
    """What `check` concludes from `rows`; None: nothing found, or too little to say."""
    if not rows:
        return None
    evidence = [_without_total(row) for row in rows]
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
        evidence_total=rows[0].total,
    )


def _read_evidence(store: Store, check: Check) -> Mapping[DeviceId, Sequence[Row]]:
    """The rows of every device, spread over what they are about."""
    rows_of: dict[DeviceId, list[Row]] = defaultdict(list)
    sql = KEEP.format(evidence=check.evidence, judged=JUDGED_EVIDENCE)
    for row in store.read(Row, sql, check.values):
        rows_of[row.device_id].append(row)
    return rows_of


def _without_total(row: Row) -> Evidence:
    return Evidence(
        device_id=row.device_id,
        capture=row.capture,
        frame=row.frame,
        time_us=row.time_us,
        says=row.says,
        about=row.about,
        amount=row.amount,
    )


def _cannot_judge(check: Check, device: Device) -> NotJudged:
    return NotJudged(check=check.id, device_id=device.id, concern=check.concern, needs=check.needs)
