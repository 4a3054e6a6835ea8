"""Claims of addresses by ARP, false and honest."""

from thingwarden.model import Confidence, Severity

from tests import frames
from tests.checks.judged import judged
from tests.home import ARP, Device, Home, Place

CHECK = "arp-spoof"


def claims(sender: Place, ip: str, victim: Device) -> int:
    """A reply that nobody asked for."""
    reply = frames.arp(2, (sender.mac, ip), (victim.mac, victim.ip))
    return victim.home.sends(frames.ethernet(sender.mac, victim.mac, reply, ARP))


def test_the_gateways_address_claimed_again_and_again_is_certain():
    home = Home()
    camera, laptop = home.device("camera"), home.device("laptop")
    camera.joins_by_dhcp()
    laptop.joins_by_dhcp()
    claims(home.router, home.router.ip, laptop)
    frame = claims(camera, home.router.ip, laptop)
    for _ in range(5):
        home.waits(2)
        claims(camera, home.router.ip, laptop)

    result = judged(home)

    finding = result.finding(camera, CHECK)
    assert (finding.severity, finding.confidence) == (Severity.HIGH, Confidence.CERTAIN)
    assert result.frames(camera, CHECK) == [frame]
    assert result.is_silent(laptop, CHECK)


def test_the_address_of_a_neighbour_who_is_there_is_medium():
    home = Home()
    camera, laptop = home.device("camera"), home.device("laptop")
    camera.joins_by_dhcp()
    laptop.joins_by_dhcp()
    for _ in range(5):
        claims(camera, laptop.ip, laptop)
        laptop.looks_for([home.router.ip])
        home.waits(2)

    finding = judged(home).finding(camera, CHECK)

    assert (finding.severity, finding.confidence) == (Severity.MEDIUM, Confidence.LIKELY)


def test_an_address_taken_over_after_its_owner_left_is_silent():
    home = Home()
    laptop, phone = home.device("laptop"), home.device("phone")
    laptop.looks_for([home.router.ip])
    home.waits(86_400)
    phone.looks_for([home.router.ip])
    for _ in range(5):
        claims(phone, laptop.ip, laptop)

    assert judged(home).is_silent(phone, CHECK)


def test_two_devices_with_the_same_fixed_address_are_silent():
    home = Home()
    first, second = home.device("first"), home.device("second", ip="192.168.1.10")
    for _ in range(5):
        claims(first, first.ip, first)
        claims(second, second.ip, second)

    result = judged(home)

    assert result.is_silent(first, CHECK)
    assert result.is_silent(second, CHECK)


def test_without_arp_nothing_is_judged():
    home = Home()
    laptop = home.device("laptop")
    laptop.asks("a.example", "203.0.113.5")

    assert not judged(home).was_judged(laptop, CHECK)
