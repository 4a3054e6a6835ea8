"""What a user accepts: marked while it is in force, listed always."""

import pytest

from thingwarden.checks.suppressions import apply_suppressions, is_in_force, list_states
from thingwarden.model import (
    Concern,
    Confidence,
    DeviceId,
    Evidence,
    Finding,
    Severity,
    Suppression,
)

CAMERA, PLUG = DeviceId("d-01"), DeviceId("d-02")
NEW_YEAR_US = 1_767_225_600_000_000  # 2026-01-01 00:00:00 UTC


def found(device, check):
    row = Evidence(device_id=device, capture=0, frame=1, time_us=0, says="seen")
    return Finding(
        id=f"{check}:{device}",
        check=check,
        device_id=device,
        concern=Concern.EXPOSURE,
        severity=Severity.HIGH,
        confidence=Confidence.CERTAIN,
        statement="It does.",
        remedy="",
        evidence=(row,),
        evidence_total=1,
    )


def accept(device, check, until="2025-12-31"):
    return Suppression(device_id=device, check=check, reason="known", until=until)


def test_only_the_device_and_the_check_that_were_named_are_marked():
    findings = {
        CAMERA: [found(CAMERA, "telnet"), found(CAMERA, "old-tls")],
        PLUG: [found(PLUG, "telnet")],
    }

    marked = apply_suppressions(findings, [accept(CAMERA, "telnet")], NEW_YEAR_US - 1)

    assert [each.suppressed is not None for each in marked[CAMERA]] == [True, False]
    assert [each.suppressed is not None for each in marked[PLUG]] == [False]


def test_a_suppression_ends_with_its_last_day():
    assert is_in_force(accept(CAMERA, "telnet"), NEW_YEAR_US - 1)
    assert not is_in_force(accept(CAMERA, "telnet"), NEW_YEAR_US)


@pytest.mark.parametrize(
    ("last_us", "in_force", "applied"), [(NEW_YEAR_US - 1, True, True), (NEW_YEAR_US, False, False)]
)
def test_what_is_over_or_finds_nothing_is_listed_too(last_us, in_force, applied):
    accepted = [accept(CAMERA, "telnet"), accept(PLUG, "old-tls", "2030-01-01")]
    findings = apply_suppressions({CAMERA: [found(CAMERA, "telnet")]}, accepted, last_us)

    states = list_states(findings[CAMERA], accepted, last_us)

    assert [(state.in_force, state.applied) for state in states] == [
        (in_force, applied),
        (True, False),
    ]
