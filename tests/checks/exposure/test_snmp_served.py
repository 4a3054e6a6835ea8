"""Network management that answers."""

from thingwarden.model import Confidence, Severity

from tests.checks.judged import SITE, judged
from tests.home import Device, Home

CHECK = "snmp-served"


def answered(client, server):
    """A connection in which the server says something."""
    place, home = client.home.place(server), client.home
    port = home.fresh_port()
    frame = home.datagram(client, place, (port, 161), b"public")
    home.datagram(place, client, (161, port), b"hello")
    return frame


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
    thing.joins_by_dhcp()
    answered(Device(home.router.mac, SITE, name="stranger", home=home), thing)

    assert judged(home).finding(thing, CHECK).severity is Severity.HIGH


def test_a_door_that_stays_shut_or_says_nothing_is_none():
    home = Home()
    thing, phone = home.device("thing"), home.device("phone")
    thing.asks("cloud.example", SITE)
    home.datagram(phone, thing, (home.fresh_port(), 161), b"public")

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
