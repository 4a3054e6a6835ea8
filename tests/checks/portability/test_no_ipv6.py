"""Devices that know IPv4 only."""

from thingwarden.model import Severity

from tests.checks.judged import SITE, judged
from tests.home import Home

CHECK = "no-ipv6"
SITE6 = "2606:2800:220:1:248:1893:25c8:1946"


def home_with_ipv6() -> tuple[Home, int]:
    """Two hours in which a tablet uses IPv6 and a plug IPv4; gives the plug's first frame."""
    home = Home()
    home.router_advertises()
    home.device("tablet").at("2001:db8:1::20").requests(SITE6)
    frame = home.device("plug").requests(SITE) - 3
    home.waits(7200)
    home.device("plug").requests(SITE)
    return home, frame


def test_who_uses_ipv4_only_beside_others_that_do_not_is_a_fact():
    home, frame = home_with_ipv6()

    result = judged(home)

    plug = home.device("plug")
    assert result.finding(plug, CHECK).severity is Severity.INFO
    assert result.frames(plug, CHECK) == [frame]


def test_who_has_an_address_of_the_network_is_silent():
    home, _ = home_with_ipv6()
    plug = home.device("plug")
    plug.at("2001:db8:1::30").requests(SITE6)

    assert judged(home).is_silent(plug, CHECK)


def test_in_a_network_without_ipv6_nothing_is_judged():
    home = Home()
    plug = home.device("plug")
    plug.requests(SITE)
    home.waits(7200)
    plug.requests(SITE)

    assert not judged(home).was_judged(plug, CHECK)
