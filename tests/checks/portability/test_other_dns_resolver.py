"""Resolvers other than the network's."""

from thingwarden.model import Confidence

from tests.checks.judged import SITE, judged
from tests.home import Home

CHECK = "other-dns-resolver"


def test_questions_elsewhere_than_dhcp_told_are_certain():
    home = Home()
    camera = home.device("camera")
    camera.joins_by_dhcp()
    frames = [camera.asks(f"{at}.example", SITE, resolver="8.8.8.8") for at in "abc"]

    result = judged(home)

    assert result.finding(camera, CHECK).confidence is Confidence.CERTAIN
    assert result.frames(camera, CHECK) == frames


def test_one_question_elsewhere_is_likely():
    home = Home()
    camera = home.device("camera")
    camera.joins_by_dhcp()
    camera.asks("a.example", SITE, resolver="8.8.8.8")

    assert judged(home).finding(camera, CHECK).confidence is Confidence.LIKELY


def test_the_resolver_that_dhcp_told_is_silent_even_on_the_internet():
    home = Home()
    camera = home.device("camera")
    camera.joins_by_dhcp(dns=["9.9.9.9"])
    camera.asks("a.example", SITE, resolver="9.9.9.9")

    assert judged(home).is_silent(camera, CHECK)


def test_the_resolver_of_the_network_may_ask_whom_it_likes():
    home = Home()
    resolver, lamp = home.device("resolver"), home.device("lamp")
    lamp.joins_by_dhcp(dns=[resolver.ip])
    lamp.asks("a.example", SITE, resolver=resolver.ip)
    resolver.asks("a.example", SITE, resolver="9.9.9.9")

    result = judged(home)

    assert result.is_silent(lamp, CHECK)
    assert not result.finding(resolver, CHECK)


def test_without_dhcp_the_resolver_of_most_devices_makes_a_guess():
    home = Home()
    for number in range(3):
        home.device(f"lamp{number}").asks("a.example", SITE, resolver="9.9.9.9")
    camera = home.device("camera")
    camera.asks("b.example", SITE, resolver="8.8.8.8")

    result = judged(home)

    assert result.finding(camera, CHECK).confidence is Confidence.GUESS
    assert not result.finding(home.device("lamp0"), CHECK)


def test_the_resolver_that_the_router_advertises_is_silent():
    home = Home()
    camera = home.device("camera")
    home.router_advertises(dns=["2001:db8:1::53"])
    camera.at("2001:db8:1::10").asks("a.example", SITE, resolver="2001:db8:1::53")

    assert judged(home).is_silent(camera, CHECK)
