"""Findings rest on evidence, and severities have an order."""

import pytest

from thingwarden.model import Concern, Confidence, DeviceId, Finding, Severity


def test_a_finding_without_evidence_cannot_be_built():
    with pytest.raises(ValueError, match="telnet: a finding without evidence"):
        Finding(
            id="telnet:d",
            check="telnet",
            device_id=DeviceId("d"),
            concern=Concern.EXPOSURE,
            severity=Severity.HIGH,
            confidence=Confidence.CERTAIN,
            statement="It does.",
            remedy="",
            evidence=(),
            evidence_total=0,
        )


def test_severities_rise_from_info_to_critical():
    assert [severity.rank for severity in Severity] == [0, 1, 2, 3, 4]
    assert (Severity.INFO.rank, Severity.CRITICAL.rank) == (0, 4)
