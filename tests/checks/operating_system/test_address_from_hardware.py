"""Addresses that hold the hardware address."""

from thingwarden.model import Confidence, Severity

from tests.checks.judged import judged
from tests.home import Home

CHECK = "address-from-hardware"
MAC = "00:17:88:01:02:03"
INSIDE = "2001:db8:1::217:88ff:fe01:203"
PRIVATE = "2001:db8:1:0:5c8e:1b2a:77d0:90f1"
SITE = "2606:2800:220:1::1"


def speaks_from(own_ip, *, mac=MAC):
    home = Home()
    home.router_advertises()
    camera = home.device("camera", mac=mac).at(own_ip)
    stream = camera.connects(SITE, 443)
    stream.asks(b"hello")
    stream.answers(b"hello")
    return camera, stream.frame, judged(home)


def test_an_address_that_holds_the_hardware_address_is_certain():
    camera, frame, result = speaks_from(INSIDE)

    finding = result.finding(camera, CHECK)
    assert (finding.severity, finding.confidence) == (Severity.LOW, Confidence.CERTAIN)
    assert result.frames(camera, CHECK) == [frame]


def test_a_private_address_is_silent():
    camera, _, result = speaks_from(PRIVATE)

    assert result.is_silent(camera, CHECK)


def test_a_hardware_address_that_is_random_gives_nothing_away():
    camera, _, result = speaks_from("2001:db8:1::17:88ff:fe01:203", mac="02:17:88:01:02:03")

    assert result.is_silent(camera, CHECK)


def test_a_device_without_ipv6_is_not_judged():
    home = Home()
    camera = home.device("camera")
    camera.connects("93.184.215.14", 443)

    assert not judged(home).was_judged(camera, CHECK)
