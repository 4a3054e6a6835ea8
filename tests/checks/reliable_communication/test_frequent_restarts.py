"""Devices that join the network again and again."""

from thingwarden.model import Confidence, Severity

from tests.checks.judged import judged
from tests.home import Home

CHECK = "frequent-restarts"
HOUR = 3600


def lives_a_day(home: Home, *, restarts: int, all_at_once: bool = False) -> list[int]:
    """A day of a plug and two lamps; gives the frames in which the plug began."""
    frames = []
    plug = home.device("plug")
    for hour in range(25):
        if hour % 2 == 0 and hour // 2 < restarts:
            frames.append(plug.joins_by_dhcp())
        if all_at_once and hour % 2 == 0:
            home.device("lamp").joins_by_dhcp()
            home.device("bulb").joins_by_dhcp()
        plug.announces_by_mdns()
        home.waits(HOUR)
    return frames


def test_six_restarts_in_a_day_are_likely():
    home = Home()
    frames = lives_a_day(home, restarts=6)

    result = judged(home)

    plug = home.device("plug")
    finding = result.finding(plug, CHECK)
    assert (finding.severity, finding.confidence) == (Severity.LOW, Confidence.LIKELY)
    assert result.frames(plug, CHECK) == frames


def test_two_restarts_are_a_persons():
    home = Home()
    lives_a_day(home, restarts=2)

    assert judged(home).is_silent(home.device("plug"), CHECK)


def test_where_all_join_at_once_the_router_restarted():
    home = Home()
    lives_a_day(home, restarts=6, all_at_once=True)

    assert judged(home).is_silent(home.device("plug"), CHECK)


def test_a_phone_comes_and_goes():
    home = Home()
    phone = home.device("phone", mac="da:31:9c:00:00:18")
    for _ in range(25):
        phone.joins_by_dhcp()
        home.waits(HOUR)

    assert not judged(home).finding(phone, CHECK)


def test_less_than_a_day_says_nothing():
    home = Home()
    plug = home.device("plug")
    plug.joins_by_dhcp()

    assert not judged(home).was_judged(plug, CHECK)
