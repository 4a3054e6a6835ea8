"""Second IPv6 routers, and border routers of Thread."""

from thingwarden.model import Confidence, Severity

from tests import frames, messages
from tests.checks.judged import judged
from tests.home import Device, Home, Place

CHECK = "router-advertiser"


def advertises(device: Device, *, seconds: int) -> int:
    """A router advertisement with that lifetime."""
    src, group = "fe80::217:88ff:fe00:a", "ff02::1"
    rest = messages.router_advertisement(device.mac, "fd00:5::", ())
    rest = rest[:2] + seconds.to_bytes(2, "big") + rest[4:]
    packet = frames.ip(src, group, frames.icmpv6(src, group, 134, 0, rest), 58, ttl=255)
    return device.home.carries(device, Place(frames.group_mac(group), group), packet)


def test_a_second_router_that_is_a_client_itself_is_likely():
    home = Home()
    laptop = home.device("laptop")
    laptop.joins_by_dhcp()
    home.router_advertises()
    frame = advertises(laptop, seconds=1800)

    result = judged(home)

    finding = result.finding(laptop, CHECK)
    assert (finding.severity, finding.confidence) == (Severity.MEDIUM, Confidence.LIKELY)
    assert result.frames(laptop, CHECK) == [frame]


def test_a_border_router_of_thread_is_silent():
    home = Home()
    hub = home.device("hub")
    hub.joins_by_dhcp()
    home.router_advertises()
    advertises(hub, seconds=0)

    assert judged(home).is_silent(hub, CHECK)


def test_without_ipv6_nothing_is_judged():
    home = Home()
    hub = home.device("hub")
    hub.joins_by_dhcp()

    assert not judged(home).was_judged(hub, CHECK)
