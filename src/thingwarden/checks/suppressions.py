"""What a user accepts -> findings that are marked, and still listed, but count in no grade."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime, timedelta

from thingwarden.model import DeviceId, Finding, Report, Suppression


@dataclass(frozen=True, slots=True, kw_only=True)
class State:
    """A suppression, and what it came to in one inspection."""

    suppression: Suppression
    in_force: bool
    """False once its last day is over, by the time of the last packet."""
    applied: bool
    """Whether there is a finding that it marks."""


def apply_suppressions(
    findings: Mapping[DeviceId, Sequence[Finding]],
    suppressions: Sequence[Suppression],
    last_us: int,
) -> Mapping[DeviceId, Sequence[Finding]]:
    """The same findings, those marked that a suppression in force at `last_us` names."""
    accepted = {
        (one.device_id, one.check): one for one in suppressions if is_in_force(one, last_us)
    }
    return {
        device_id: [
            replace(finding, suppressed=accepted.get((device_id, finding.check)))
            for finding in found
        ]
        for device_id, found in findings.items()
    }


def is_in_force(suppression: Suppression, last_us: int) -> bool:
    """Whether its last day is not over yet at `last_us`; a day ends at midnight in UTC."""
    ends = date.fromisoformat(suppression.until) + timedelta(days=1)
    ends_us = int(datetime(ends.year, ends.month, ends.day, tzinfo=UTC).timestamp()) * 1_000_000
    return last_us < ends_us


def last_packet_us(report: Report) -> int:
    """When the last packet was sent, which is the time that suppressions are held against."""
    return max((capture.last_us or 0 for capture in report.captures), default=0)


def list_states(
    findings: Sequence[Finding], suppressions: Sequence[Suppression], last_us: int
) -> tuple[State, ...]:
    """Every suppression with what it came to, in their order."""
    marked = {(each.device_id, each.check) for each in findings if each.suppressed}
    return tuple(
        State(
            suppression=one,
            in_force=is_in_force(one, last_us),
            applied=(one.device_id, one.check) in marked,
        )
        for one in suppressions
    )
