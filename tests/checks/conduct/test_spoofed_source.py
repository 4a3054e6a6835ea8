"""Packets under addresses of strangers."""

from thingwarden.model import Confidence, Severity

from tests.checks.judged import OTHER_SITE, SITE, judged
from tests.home import Device, Home

CHECK = "spoofed-source"


def sends_as(device: Device, ip: str) -> int:
    """A datagram to the Internet under another address."""
    home = device.home
    return home.datagram(device.at(ip), home.place(SITE), (4000, 80), b"x")


def test_many_foreign_addresses_are_certain():
    home = Home()
    camera, plug = home.device("camera"), home.device("plug")
    camera.joins_by_dhcp()
    plug.requests(OTHER_SITE)
    frames = [sends_as(camera, f"45.33.{number}.7") for number in range(25)]

    result = judged(home)

    finding = result.finding(camera, CHECK)
    assert (finding.severity, finding.confidence) == (Severity.HIGH, Confidence.CERTAIN)
    assert result.frames(camera, CHECK) == frames
    assert not result.finding(plug, CHECK)


def test_a_phone_with_its_old_address_of_the_mobile_network_is_silent():
    home = Home()
    phone = home.device("phone")
    phone.requests(OTHER_SITE)
    sends_as(phone, "45.33.1.7")

    assert judged(home).is_silent(phone, CHECK)


def test_what_carries_for_strangers_is_silent():
    home = Home()
    plug = home.device("plug")
    for number in range(30):
        plug.requests(f"151.101.{number}.1")

    assert judged(home).is_silent(plug, CHECK)


def test_a_device_that_sends_nothing_is_not_judged():
    home = Home()
    plug, bulb = home.device("plug"), home.device("bulb")
    plug.requests(OTHER_SITE)
    bulb.looks_for([bulb.ip])

    assert not judged(home).was_judged(bulb, CHECK)
