"""Second DHCP servers."""

from thingwarden.model import Confidence, Severity

from tests import frames, messages
from tests.checks.judged import judged
from tests.home import Device, Home, Place

CHECK = "dhcp-server"


def offers(server: Place, client: Device, ip: str) -> int:
    """An offer that names the server as router and resolver."""
    own = frames.ip_bytes(server.ip)
    options = {54: own, 3: own, 6: own, 51: (600).to_bytes(4, "big")}
    message = messages.dhcp(2, client.mac, options, your_ip=ip)
    return client.home.datagram(server, client.at(ip), (67, 68), message)


def test_a_second_server_beside_the_gateway_is_likely():
    home = Home()
    camera, laptop = home.device("camera"), home.device("laptop")
    camera.joins_by_dhcp()
    home.waits(1200)
    laptop.joins_by_dhcp()
    frame = offers(camera, laptop, "192.168.1.77")

    result = judged(home)

    finding = result.finding(camera, CHECK)
    assert (finding.severity, finding.confidence) == (Severity.MEDIUM, Confidence.LIKELY)
    assert result.frames(camera, CHECK) == [frame]
    assert result.is_silent(laptop, CHECK)


def test_a_thing_in_its_set_up_is_silent():
    home = Home()
    camera, laptop = home.device("camera"), home.device("laptop")
    offers(camera.at("192.168.4.1"), laptop, "192.168.4.2")
    home.waits(30)
    camera.joins_by_dhcp()

    assert judged(home).is_silent(camera, CHECK)


def test_the_only_server_of_the_network_is_silent():
    home = Home()
    server, laptop = home.device("server"), home.device("laptop")
    server.asks("a.example", "203.0.113.5")
    offers(Place(server.mac, server.ip), laptop, "192.168.1.77")

    assert not judged(home).by_mac.get(server.mac) or judged(home).finding(server, CHECK) is None


def test_without_anybody_who_joins_nothing_is_judged():
    home = Home()
    camera = home.device("camera")
    camera.asks("a.example", "203.0.113.5")

    assert not judged(home).was_judged(camera, CHECK)
