"""The form of a check."""

import pytest

from thingwarden.checks.check import Check, abouts, worst_severity
from thingwarden.model import Concern, DeviceId, Evidence, Severity


def row(about, amount):
    return Evidence(
        device_id=DeviceId("d"), capture=0, frame=1, time_us=0, says="", about=about, amount=amount
    )


def test_a_check_without_a_source_cannot_be_built():
    with pytest.raises(ValueError, match="x: a check without a source"):
        Check(
            id="x",
            title="x",
            concern=Concern.CONDUCT,
            evidence="",
            judge=lambda device, evidence: None,
            examined="",
            needs="",
            remedy="",
            sources=(),
            limits=(),
            bears_on=("5.5-1",),
        )


def test_the_worst_row_decides():
    assert worst_severity([row("a", 1), row("b", 3.5)]) is Severity.HIGH


def test_what_is_worst_is_named_first_and_the_rest_is_counted():
    rows = [row("a", 1), row("b", 3), row("c", 1), row("a", 1), row("d", 1)]

    assert abouts(rows) == "b, a, c and 1 more"
    assert abouts(rows[:2]) == "b, a"
