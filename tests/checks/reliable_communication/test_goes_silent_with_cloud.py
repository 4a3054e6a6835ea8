"""Devices that fall silent at home when the Internet fails."""

from thingwarden.model import Confidence, Severity

from tests.checks.judged import judged
from tests.checks.reliable_communication.outage import Outage

CHECK = "goes-silent-with-cloud"


def test_who_says_nothing_while_others_do_is_found():
    outage = Outage(silent=["plug"]).tell()
    plug, lamp = outage.home.device("plug"), outage.home.device("lamp")

    result = judged(outage.home)

    finding = result.finding(plug, CHECK)
    assert (finding.severity, finding.confidence) == (Severity.MEDIUM, Confidence.LIKELY)
    words = outage.of("plug", "word")
    assert result.frames(plug, CHECK) == [words[13], outage.of("plug", "try")[0], words[14]]
    assert result.is_silent(lamp, CHECK)


def test_all_that_speak_on_at_home_are_silent():
    outage = Outage().tell()

    result = judged(outage.home)

    assert result.is_silent(outage.home.device("plug"), CHECK)


def test_where_nobody_speaks_at_home_the_network_itself_may_be_away():
    outage = Outage(silent=["plug", "camera", "lamp"]).tell()

    result = judged(outage.home)

    assert result.is_silent(outage.home.device("plug"), CHECK)


def test_who_does_not_even_try_may_be_switched_off():
    outage = Outage(silent=["plug"], tries=lambda device: None).tell()

    assert not judged(outage.home).was_judged(outage.home.device("plug"), CHECK)


def test_a_short_outage_says_nothing():
    outage = Outage(minutes=15, silent=["plug"]).tell()

    assert not judged(outage.home).was_judged(outage.home.device("plug"), CHECK)
