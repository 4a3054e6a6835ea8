"""Time servers other than the network's."""

from thingwarden.model import Confidence, Severity

from tests import frames, messages
from tests.checks.judged import OTHER_SITE, SITE, judged
from tests.home import Home, Place

CHECK = "fixed-time-server"


def is_told_of_time_servers(home: Home, *servers: str) -> None:
    """Some device gets a lease that names time servers (option 42)."""
    told = b"".join(map(frames.ip_bytes, servers))
    guest = home.device("guest")
    options = {54: frames.ip_bytes(home.router.ip), 3: frames.ip_bytes(home.router.ip), 42: told}
    message = messages.dhcp(5, guest.mac, options, your_ip=guest.ip)
    home.datagram(home.router, Place(guest.mac, guest.ip), (67, 68), message)


def test_a_server_of_its_own_is_a_fact():
    home = Home()
    plug = home.device("plug")
    is_told_of_time_servers(home, home.router.ip)
    frame = plug.sets_its_clock(SITE)

    result = judged(home)

    finding = result.finding(plug, CHECK)
    assert (finding.severity, finding.confidence) == (Severity.INFO, Confidence.CERTAIN)
    assert result.frames(plug, CHECK) == [frame]


def test_who_asks_the_networks_server_too_is_silent():
    home = Home()
    plug = home.device("plug")
    is_told_of_time_servers(home, OTHER_SITE)
    plug.sets_its_clock(OTHER_SITE)
    plug.sets_its_clock(SITE)

    assert judged(home).is_silent(plug, CHECK)


def test_where_the_network_tells_none_nothing_is_judged():
    home = Home()
    plug = home.device("plug")
    plug.joins_by_dhcp()
    plug.sets_its_clock(SITE)

    assert not judged(home).was_judged(plug, CHECK)
