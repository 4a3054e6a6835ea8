"""Devices that offer nothing inside the network."""

import pytest

from thingwarden.model import Confidence, Severity

from tests.checks.judged import SITE, judged
from tests.home import Device, Home

CHECK = "no-local-control"
DAY = 86_400


def home_with_local_traffic() -> Home:
    """A home in which one device serves another, so that the capture sees such things."""
    home = Home()
    home.device("tablet").requests(home.device("printer"))
    return home


def lives_a_day(device: Device) -> int:
    """Data with its cloud on two days; gives the first frame."""
    first = device.requests(SITE, body=b"x" * 30_000) - 3
    device.home.waits(DAY + 60)
    device.requests(SITE)
    return first


def test_who_only_speaks_with_its_cloud_is_a_guess():
    home = home_with_local_traffic()
    plug = home.device("plug")
    frame = lives_a_day(plug)

    result = judged(home)

    finding = result.finding(plug, CHECK)
    assert (finding.severity, finding.confidence) == (Severity.INFO, Confidence.GUESS)
    assert result.frames(plug, CHECK) == [frame]


@pytest.mark.parametrize(
    "offers",
    [
        lambda plug: plug.announces_by_mdns(),
        lambda plug: plug.announces_by_ssdp(),
        lambda plug: plug.home.device("tablet").requests(plug),
        lambda plug: plug.sends_to_group("255.255.255.255", 6667, b"\0\0U\xaahere I am"),
    ],
    ids=["mdns", "ssdp", "served", "broadcast"],
)
def test_whoever_offers_something_at_home_is_silent(offers):
    home = home_with_local_traffic()
    plug = home.device("plug")
    offers(plug)
    lives_a_day(plug)

    assert judged(home).is_silent(plug, CHECK)


def test_a_capture_that_sees_no_local_traffic_says_nothing():
    home = Home()
    plug = home.device("plug")
    lives_a_day(plug)

    assert not judged(home).was_judged(plug, CHECK)


def test_less_than_a_day_says_nothing():
    home = home_with_local_traffic()
    plug = home.device("plug")
    plug.requests(SITE, body=b"x" * 30_000)

    assert not judged(home).was_judged(plug, CHECK)
