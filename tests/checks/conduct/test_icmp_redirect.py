"""Redirects by things that are no gateway."""

from thingwarden.model import Confidence, Severity

from tests import frames
from tests.checks.judged import SITE, judged
from tests.home import Device, Home, Place

CHECK = "icmp-redirect"


def redirects(sender: Place, victim: Device, target: str) -> int:
    """Type 5, code 1 (RFC 792): the way to `target` is through the sender."""
    quoted = frames.ip(victim.ip, target, frames.udp(victim.ip, target, 4000, 53, b""), 17)
    message = frames.icmp(5, 1, frames.ip_bytes(sender.ip) + quoted)
    return victim.home.carries(sender, victim, frames.ip(sender.ip, victim.ip, message, 1))


def test_a_redirect_by_a_camera_is_likely():
    home = Home()
    camera, laptop = home.device("camera"), home.device("laptop")
    laptop.requests(SITE)
    frame = redirects(camera, laptop, SITE)

    result = judged(home)

    finding = result.finding(camera, CHECK)
    assert (finding.severity, finding.confidence) == (Severity.MEDIUM, Confidence.LIKELY)
    assert result.frames(camera, CHECK) == [frame]
    assert result.is_silent(laptop, CHECK)


def test_the_gateway_may_redirect():
    home = Home()
    laptop = home.device("laptop")
    laptop.joins_by_dhcp()
    redirects(home.router, laptop, SITE)

    assert judged(home).is_silent(laptop, CHECK)


def test_a_packet_for_a_neighbour_that_went_to_the_wrong_device_is_silent():
    home = Home()
    hub, laptop, plug = home.device("hub"), home.device("laptop"), home.device("plug")
    redirects(hub, laptop, plug.ip)

    assert judged(home).is_silent(hub, CHECK)
