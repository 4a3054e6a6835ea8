"""Addresses that each device may send from."""

from collections.abc import Mapping

from thingwarden.model import DeviceId
from thingwarden.policy.learning.addresses import MOST_ADDRESSES, bind_addresses

from tests import frames
from tests.home import Home
from tests.policy.learning.lessons import CLOUD, watched

NEIGHBOUR = "192.168.1.77"


def bound(home: Home, taken: Mapping[str, list[str]] | None = None) -> dict[str, tuple[str, ...]]:
    """Addresses by hardware address."""
    with watched(home) as (store, gateways):
        stolen = {DeviceId(device): ips for device, ips in (taken or {}).items()}
        found = bind_addresses(store, gateways, stolen)
    return {device.removeprefix("d-"): ips for device, ips in found.items()}


def test_an_address_that_the_network_gave_is_its_own():
    home = Home()
    home.device("plug").joins_by_dhcp()

    assert bound(home) == {"00178800000a": ("192.168.1.10",)}


def test_an_address_that_took_part_in_a_conversation_is_its_own():
    home = Home()
    plug, lamp = home.device("plug"), home.device("lamp")
    lamp.joins_by_dhcp()
    plug.connects(lamp, 80).closes()

    assert bound(home)["00178800000a"] == ("192.168.1.10",)


def test_an_address_that_it_only_sends_from_is_not():
    home = Home()
    plug = home.device("plug")
    plug.joins_by_dhcp()
    for _ in range(3):
        plug.at(NEIGHBOUR).knocks(CLOUD, 443)

    assert bound(home) == {"00178800000a": ("192.168.1.10",)}


def test_an_address_of_the_router_is_never_a_device_s():
    home = Home()
    plug, lamp = home.device("plug"), home.device("lamp")
    plug.joins_by_dhcp()
    lamp.joins_by_dhcp()
    thief = plug.at(home.router.ip)
    thief.looks_for([home.router.ip])
    thief.connects(lamp, 80).closes()

    assert bound(home)["00178800000a"] == ("192.168.1.10",)


def test_an_address_that_an_alarm_says_it_took_is_not_its_own():
    home = Home()
    plug = home.device("plug")
    plug.joins_by_dhcp()
    plug.at(NEIGHBOUR).looks_for([NEIGHBOUR])

    assert bound(home) == {"00178800000a": ("192.168.1.10", NEIGHBOUR)}
    assert bound(home, {"d-00178800000a": [NEIGHBOUR]}) == {"00178800000a": ("192.168.1.10",)}


def test_of_two_that_had_an_address_in_turn_the_later_has_it():
    home = Home()
    plug, lamp = home.device("plug"), home.device("lamp", ip="192.168.1.10")
    plug.joins_by_dhcp()
    plug.connects(CLOUD, 443).closes()
    home.waits(600)
    lamp.joins_by_dhcp()
    lamp.connects(CLOUD, 443).closes()

    assert bound(home) == {"00178800000b": ("192.168.1.10",)}


def test_an_address_of_the_internet_is_not_a_device_s():
    home = Home()
    plug = home.device("plug")
    plug.joins_by_dhcp()
    plug.at(CLOUD).connects("192.168.1.20", 80).closes()

    assert bound(home).get("00178800000a", ("192.168.1.10",)) == ("192.168.1.10",)


def test_addresses_of_ipv6_are_bound_but_not_those_of_the_link():
    home = Home()
    home.router_advertises()
    plug = home.device("plug")
    plug.joins_by_dhcp()
    for ip in ("2001:db8:1::10", "fe80::10"):
        _advertises(home, plug.mac, ip)
        plug.at(ip).connects("2606:2800:220::14", 443).closes()

    assert bound(home) == {"00178800000a": ("192.168.1.10", "2001:db8:1::10")}


def test_a_flood_of_addresses_is_bounded():
    home = Home()
    home.router_advertises()
    plug = home.device("plug")
    plug.joins_by_dhcp()
    for number in range(200):
        _advertises(home, plug.mac, f"2001:db8:1::{number + 1:x}")
        plug.at(f"2001:db8:1::{number + 1:x}").knocks("2606:2800:220::14", 443)

    assert len(bound(home)["00178800000a"]) == MOST_ADDRESSES


def _advertises(home: Home, mac: str, ip: str) -> None:
    """A neighbour advertisement to all (RFC 4861 section 4.4)."""
    rest = bytes.fromhex("20000000") + frames.ip_bytes(ip) + b"\x02\x01" + frames.mac_bytes(mac)
    message = frames.icmpv6(ip, "ff02::1", 136, 0, rest)
    packet = frames.ip(ip, "ff02::1", message, 58, ttl=255)
    home.sends(frames.ethernet(mac, frames.group_mac("ff02::1"), packet, 0x86DD))
