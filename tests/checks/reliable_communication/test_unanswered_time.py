"""Devices that nobody tells the time."""

from thingwarden.model import Confidence, Severity

from tests import messages
from tests.checks.judged import OTHER_SITE, SITE, judged
from tests.home import Device, Home

CHECK = "unanswered-time"


def asks_for_the_time(device: Device, server: str, *, times: int = 12) -> int:
    """NTP questions without an answer, ten minutes apart, beside a service that answers."""
    home, first = device.home, len(device.home.records) + 1
    for _ in range(times):
        home.datagram(device, home.place(server), (home.fresh_port(), 123), messages.ntp(3))
        device.requests(SITE)
        home.waits(600)
    return first


def test_questions_that_nobody_answers_are_found():
    home = Home()
    plug = home.device("plug")
    frame = asks_for_the_time(plug, OTHER_SITE)

    result = judged(home)

    finding = result.finding(plug, CHECK)
    assert (finding.severity, finding.confidence) == (Severity.LOW, Confidence.CERTAIN)
    assert result.frames(plug, CHECK) == [frame]


def test_one_server_that_answers_is_enough():
    home = Home()
    plug = home.device("plug")
    plug.sets_its_clock(SITE)
    asks_for_the_time(plug, OTHER_SITE)

    assert judged(home).is_silent(plug, CHECK)


def test_a_few_questions_are_too_little():
    home = Home()
    plug = home.device("plug")
    asks_for_the_time(plug, OTHER_SITE, times=3)

    assert judged(home).is_silent(plug, CHECK)


def test_who_does_not_ask_is_not_judged():
    home = Home()
    plug = home.device("plug")
    plug.requests(SITE)

    assert not judged(home).was_judged(plug, CHECK)
