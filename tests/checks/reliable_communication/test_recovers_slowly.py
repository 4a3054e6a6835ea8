"""Devices that come back late after an outage."""

from thingwarden.model import Confidence, Severity

from tests.checks.judged import judged
from tests.checks.reliable_communication.outage import Outage

CHECK = "recovers-slowly"


def test_half_an_hour_after_the_others_is_found():
    outage = Outage(late_minutes=30).tell()
    plug, lamp = outage.home.device("plug"), outage.home.device("lamp")

    result = judged(outage.home)

    finding = result.finding(plug, CHECK)
    assert (finding.severity, finding.confidence) == (Severity.LOW, Confidence.LIKELY)
    assert "30 minutes" in finding.statement
    assert result.frames(plug, CHECK) == [
        outage.of("plug", "try")[0],
        outage.of("plug", "answer")[14],
    ]
    assert result.is_silent(lamp, CHECK)


def test_ten_minutes_are_the_ceiling_of_a_back_off():
    outage = Outage(late_minutes=10).tell()

    assert judged(outage.home).is_silent(outage.home.device("plug"), CHECK)


def test_without_an_outage_nothing_is_judged():
    outage = Outage(minutes=0).tell()

    assert not judged(outage.home).was_judged(outage.home.device("plug"), CHECK)
