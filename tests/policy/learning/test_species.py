"""One species for each behaviour that a device showed, and the behaviour that would allow it."""

import pytest

from thingwarden.model import ANY, DNS, NTP, Network, PeerKind
from thingwarden.policy.learning.species import (
    MOST_SPECIES,
    behaviour_of,
    host_prefix,
    list_species,
)

from tests.home import Home
from tests.policy.learning.lessons import (
    CLOUD,
    OTHER_CLOUD,
    lives,
    named,
    short,
    species,
)

NETWORK = Network(
    locals=("192.168.1.0/24",),
    gateways=("02:00:5e:00:00:01",),
    gateway_addresses=("192.168.1.1",),
    resolvers=("192.168.1.1", "2001:db8::53"),
    time_servers=("192.168.1.1",),
)
NEAR = {"where_is": "device", "peer_mac": "00:17:88:00:00:02", "ip": "192.168.1.11"}
ROUTER = {"where_is": "gateway", "peer_ip": "192.168.1.1", "ip": "192.168.1.1"}


def allowed(**seen: object) -> str:
    return short(behaviour_of(species(**seen), NETWORK))


@pytest.mark.parametrize(
    ("seen", "said"),
    [
        ({"name": "cloud.example.com"}, "tcp 443 to cloud.example.com"),
        ({}, f"tcp 443 to {CLOUD}"),
        ({"ip": "2001:db8::9"}, "tcp 443 to 2001:db8::9"),
        (NEAR, "tcp 443 to 00:17:88:00:00:02"),
        (NEAR | {"begins": False}, "tcp 443 from 00:17:88:00:00:02"),
        (ROUTER, "tcp 443 to gateway"),
        ({"where_is": "group", "ip": "ff02::fb"}, "tcp 443 to ff02::fb"),
        ({"where_is": "local", "ip": "192.168.1.99"}, "tcp 443 to 192.168.1.99"),
    ],
)
def test_each_other_end_is_told_in_its_own_way(seen, said):
    assert allowed(**seen) == said


def test_name_and_time_servers_of_the_site_are_roles():
    asks = {"protocol": "udp", "service": 53, "ip": "2001:db8::53"}

    assert behaviour_of(species(**asks), NETWORK).peer.value == DNS
    assert (
        behaviour_of(species(**ROUTER | {"protocol": "udp", "service": 123}), NETWORK).peer.value
        == NTP
    )


@pytest.mark.parametrize(
    "seen",
    [
        {"protocol": "udp", "service": 53, "ip": "192.0.2.53"},
        {"protocol": "tcp", "service": 853, "ip": "2001:db8::53"},
        {"protocol": "udp", "service": 53, "begins": False, **ROUTER},
        {"protocol": "icmp", "service": 53, **ROUTER},
    ],
)
def test_others_have_no_role(seen):
    assert behaviour_of(species(**seen), NETWORK).peer.kind is not PeerKind.CONTROLLER


def test_a_protocol_without_ports_is_allowed_whole():
    behaviour = behaviour_of(species(protocol="47", service=None), NETWORK)

    assert (behaviour.protocol, behaviour.service) == (47, ANY)


def test_a_protocol_that_has_no_number_is_none():
    assert species(protocol="frame").number is None


def test_an_address_alone_is_a_prefix_of_its_own():
    assert host_prefix("192.0.2.1") == "192.0.2.1/32"
    assert host_prefix("2001:db8::1") == "2001:db8::1/128"


def test_a_name_with_two_addresses_is_one_species_that_knows_both():
    home = Home()
    plug = home.device("plug")
    plug.joins_by_dhcp()
    for ip in (OTHER_CLOUD, CLOUD):
        plug.asks("cloud.example.com", ip)
        plug.connects(ip, 443).closes()

    with named(home) as store:
        ((one,),) = [
            [each for each in found if each.service == 443]
            for found in list_species(store).values()
        ]

    assert (one.name, one.basis, one.flows) == ("cloud.example.com", "dns", 2)
    assert (one.ip, one.ips) == (OTHER_CLOUD, (OTHER_CLOUD, CLOUD))


def test_the_same_hour_on_two_days_is_two_hours():
    home = Home()
    plug = home.device("plug")
    plug.joins_by_dhcp()
    lives(home, lambda: [plug.connects(CLOUD, 443).closes() for _ in range(3)], days=2)

    with named(home) as store:
        (one,) = (
            each for found in list_species(store).values() for each in found if each.service == 443
        )

    assert (one.days, one.hours, one.flows) == (2, 2, 6)


def test_a_flood_is_looked_at_in_part_and_counted_whole(monkeypatch):
    monkeypatch.setattr("thingwarden.policy.learning.species.MOST_SPECIES", 5)
    home = Home()
    plug = home.device("plug")
    plug.joins_by_dhcp()
    for number in range(20):
        plug.knocks(CLOUD, 1000 + number)
    plug.connects(CLOUD, 443).closes()

    with named(home) as store:
        (found,) = list_species(store).values()

    assert MOST_SPECIES > 200
    assert len(found) == 5
    assert any(each.service == 443 for each in found), "what was answered comes first"
    assert {each.of_all for each in found} == {22}
