"""Screens over the network."""

from thingwarden.model import Confidence, Severity

from tests.checks.judged import SITE, judged
from tests.home import Device, Home

CHECK = "remote-screen"


def answered(client, server):
    """A connection in which the server says something."""
    stream = client.connects(server, 5900)
    stream.asks(b"x")
    stream.answers(b"hello")
    stream.closes()
    return stream.frame


def test_an_answer_inside_the_network_is_told_with_its_frame():
    home = Home()
    thing, phone = home.device("thing"), home.device("phone")
    frame = answered(phone, thing)

    result = judged(home)

    finding = result.finding(thing, CHECK)
    assert (finding.severity, finding.confidence) == (Severity.LOW, Confidence.LIKELY)
    assert result.frames(thing, CHECK) == [frame]
    assert not result.finding(phone, CHECK)


def test_an_answer_to_a_stranger_is_worse():
    home = Home()
    thing = home.device("thing")
    answered(Device(home.router.mac, SITE, name="stranger", home=home), thing)

    assert judged(home).finding(thing, CHECK).severity is Severity.HIGH


def test_a_door_that_stays_shut_or_says_nothing_is_none():
    home = Home()
    thing, phone = home.device("thing"), home.device("phone")
    phone.knocks(thing, 5900, refused=True)
    phone.connects(thing, 5900).closes()

    assert judged(home).is_silent(thing, CHECK)


def test_using_such_a_service_elsewhere_is_not_serving_it():
    home = Home()
    thing = home.device("thing")
    answered(thing, SITE)

    assert not judged(home).finding(thing, CHECK)


def test_a_device_that_nobody_asked_is_not_judged():
    home = Home()
    thing = home.device("thing")
    thing.asks("cloud.example", SITE)

    assert not judged(home).was_judged(thing, CHECK)
