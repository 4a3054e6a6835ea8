"""Failures repeated at a fixed pace."""

import pytest

from thingwarden.model import Confidence, Severity

from tests.checks.judged import SITE, judged
from tests.home import Home

CHECK = "no-back-off"


def test_knocks_every_twenty_seconds_are_certain():
    home = Home()
    plug = home.device("plug")
    plug.retries(SITE, 8883, times=14, every_seconds=20, refused=False)

    result = judged(home)

    finding = result.finding(plug, CHECK)
    assert (finding.severity, finding.confidence) == (Severity.LOW, Confidence.CERTAIN)
    assert result.frames(plug, CHECK) == [11, 12, 13, 14]


def test_a_name_asked_for_at_a_fixed_pace_is_found():
    home = Home()
    plug = home.device("plug")
    plug.asks("cloud.example", SITE)
    for _ in range(12):
        plug.asks("gone.example", rcode=2)
        home.waits(30)

    assert judged(home).finding(plug, CHECK)


@pytest.mark.parametrize(
    "pauses", [[2**n for n in range(14)], [3, 7, 4, 9, 5, 12, 3] * 2, [90] * 14]
)
def test_growing_random_and_long_pauses_are_silent(pauses):
    home = Home()
    plug = home.device("plug")
    for pause in pauses:
        plug.knocks(SITE, 8883)
        home.waits(pause)

    assert judged(home).is_silent(plug, CHECK)


def test_a_device_at_home_that_is_switched_off_may_be_asked_at_a_fixed_pace():
    home = Home()
    hub, lamp = home.device("hub"), home.device("lamp")
    lamp.announces_by_mdns()
    hub.retries(lamp, 80, times=14, every_seconds=20, refused=False)
    hub.asks("cloud.example", SITE)

    assert judged(home).is_silent(hub, CHECK)


def test_what_is_a_storm_is_told_once():
    home = Home()
    plug = home.device("plug")
    plug.retries(SITE, 8883, times=300, every_seconds=5)

    result = judged(home)

    assert result.finding(plug, "retry-storm")
    assert result.is_silent(plug, CHECK)


def test_without_questions_and_connections_nothing_is_judged():
    home = Home()
    plug = home.device("plug")
    plug.announces_by_mdns()

    assert not judged(home).was_judged(plug, CHECK)
