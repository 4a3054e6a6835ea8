"""Ports that a device opens to the Internet."""

from thingwarden.model import Confidence, Severity

from tests.checks.judged import judged
from tests.home import Home

CHECK = "upnp-port-mapping"


def test_a_control_port_that_the_router_opens_is_high_and_certain():
    home = Home()
    camera = home.device("camera")
    camera.joins_by_dhcp()
    frame = camera.opens_port(8080, 80)

    result = judged(home)

    finding = result.finding(camera, CHECK)
    assert (finding.severity, finding.confidence) == (Severity.HIGH, Confidence.CERTAIN)
    assert result.frames(camera, CHECK) == [frame]


def test_a_wish_that_the_router_refuses_is_low():
    home = Home()
    camera = home.device("camera")
    camera.joins_by_dhcp()
    camera.opens_port(8080, 80, granted=False)

    assert judged(home).finding(camera, CHECK).severity is Severity.LOW


def test_a_wish_without_an_answer_is_likely():
    home = Home()
    console = home.device("console")
    console.joins_by_dhcp()
    # NAT-PMP: version 0, map UDP, reserved, ports 9308 inside and outside, for 7200 seconds
    wish = bytes.fromhex("00010000245c245c00001c20")
    frame = home.datagram(console, home.router, (5350, 5351), wish)

    result = judged(home)

    finding = result.finding(console, CHECK)
    assert (finding.severity, finding.confidence) == (Severity.MEDIUM, Confidence.LIKELY)
    assert result.frames(console, CHECK) == [frame]


def test_asking_for_the_external_address_is_silent():
    home = Home()
    camera = home.device("camera")
    camera.joins_by_dhcp()
    camera.asks_external_address()

    assert judged(home).is_silent(camera, CHECK)
