"""What the devices of a site share; nobody tells what its own rules mean."""

from collections.abc import Sequence

import pytest

from thingwarden.model import DeviceId, Network
from thingwarden.policy.learning.network import find_network

from tests import frames, messages
from tests.home import Device, Home
from tests.inventory.rows import (
    CAMERA,
    PLUG,
    PLUG_IP,
    ROUTER,
    ROUTER_IP,
    Row,
    announces,
    asks,
    flow,
    lease,
)
from tests.policy.learning.lessons import CLOUD, stored, watched


def network_of(home: Home, *, rogues: Sequence[str] = ()) -> Network:
    with watched(home) as (store, gateways):
        return find_network(
            store, gateways, addresses={}, rogues=[DeviceId(each) for each in rogues]
        )


def network_of_rows(*, used: tuple[str, ...] = (), **rows: Sequence[Row]) -> Network:
    with stored(**rows) as store:
        return find_network(store, [], addresses={DeviceId("d-1"): used})


def gives(**told: object) -> Row:
    """What the gateway acknowledges by DHCP, without a resolver unless told."""
    return lease(PLUG, PLUG_IP, **{"dns_servers": None, **told})


def serves(device: Device, to: Device, *, mask: str = "255.255.255.0", dns: str = "") -> None:
    """A device gives an address, and calls itself the resolver; the router stays the router."""
    home = device.home
    options = {
        1: frames.ip_bytes(mask),
        3: frames.ip_bytes(home.router.ip),
        6: frames.ip_bytes(dns or device.ip),
        42: frames.ip_bytes(device.ip),
    }
    message = messages.dhcp(5, to.mac, options, your_ip=to.ip)
    home.datagram(device, to, (67, 68), message)


@pytest.fixture
def home():
    """A home with a router that is seen to work, and two things."""
    home = Home()
    for name in ("shield", "plug"):
        device = home.device(name)
        device.looks_for([device.ip])
        device.connects(CLOUD, 443).closes()
    return home


def test_the_network_tells_its_resolver_time_server_and_mask():
    told = {
        "dns_servers": ["192.168.2.53"],
        "ntp_servers": [ROUTER_IP],
        "subnet_mask": "255.255.252.0",
    }
    network = network_of_rows(dhcp=[gives(**told)])

    assert network.resolvers == ("192.168.2.53",)
    assert network.time_servers == (ROUTER_IP,)
    assert network.locals == ("192.168.0.0/22",)


def test_a_router_advertisement_tells_prefixes_and_resolvers():
    home = Home()
    home.router_advertises(dns=["2001:db8:1::53"], prefix="2001:db8:1::")

    network = network_of(home)

    assert network.resolvers == ("2001:db8:1::53",)
    assert network.locals == ("2001:db8:1::/64",)


def test_a_gateway_that_answers_questions_is_a_resolver():
    home = Home()
    plug = home.device("plug")
    plug.joins_by_dhcp(dns=["192.0.2.53"])
    plug.asks("cloud.example.com", CLOUD)

    assert network_of(home).resolvers == ("192.0.2.53", "192.168.1.1")


def test_a_resolver_that_a_device_chose_by_itself_is_none():
    home = Home()
    plug = home.device("plug")
    plug.joins_by_dhcp()
    for _ in range(9):
        plug.asks("cloud.example.com", CLOUD, resolver="8.8.8.8")

    assert network_of(home).resolvers == ("192.168.1.1",)


def test_where_nobody_announced_one_it_is_the_one_that_most_devices_ask():
    home = Home()
    for name in ("plug", "lamp", "tv"):
        home.device(name).asks("cloud.example.com", CLOUD, resolver="9.9.9.9")
    home.device("tv").asks("cloud.example.com", CLOUD, resolver="8.8.8.8")

    assert network_of(home).resolvers == ("9.9.9.9",)


def test_one_device_alone_is_not_most():
    home = Home()
    home.device("plug").asks("cloud.example.com", CLOUD, resolver="9.9.9.9")

    assert network_of(home).resolvers == ()


def test_what_a_device_tells_beside_the_gateway_does_not_count(home):
    plug, shield = home.device("plug"), home.device("shield")
    plug.joins_by_dhcp()
    serves(shield, plug, mask="255.0.0.0")
    plug.asks("cloud.example.com", CLOUD, resolver=shield.ip)

    network = network_of(home)

    assert network.resolvers == ("192.168.1.1",)
    assert network.locals == ("192.168.1.0/24",)


def test_a_resolver_that_only_a_device_tells_of_counts_once_it_answered_another(home):
    """It gives the addresses too, where the router does not."""
    plug, shield = home.device("plug"), home.device("shield")
    serves(shield, plug)

    assert network_of(home).resolvers == ()

    plug.asks("cloud.example.com", CLOUD, resolver=shield.ip)

    assert network_of(home).resolvers == (shield.ip,)


def test_a_device_is_no_resolver_because_it_says_so_and_asks_it_alone(home):
    plug, shield = home.device("plug"), home.device("shield")
    serves(shield, plug, dns="8.8.8.8")
    shield.asks("bank.example.com", CLOUD, resolver="8.8.8.8")

    assert network_of(home).resolvers == ()


def test_what_a_rogue_tells_does_not_count(home):
    plug, shield = home.device("plug"), home.device("shield")
    serves(shield, plug)
    plug.asks("cloud.example.com", CLOUD, resolver=shield.ip)
    rogue = f"d-{shield.mac.replace(':', '')}"

    network = network_of(home, rogues=(rogue,))

    assert (network.resolvers, network.time_servers) == ((), ())


def test_prefixes_that_a_device_advertises_beside_the_router_do_not_count():
    mine = announces("2001:db8:1::/64")
    foreign = {**announces("2606:2800::/48"), "src_mac": CAMERA, "src_ip": "fe80::10"}
    sender = flow((CAMERA, "fe80::10"), (ROUTER, "fe80::1"))

    network = network_of_rows(ndp=[mine, foreign], flows=[sender], dhcp=[asks(CAMERA)])

    assert network.locals == ("2001:db8:1::/64",)


def test_nonsense_that_the_network_tells_is_left_out():
    for mask in ("128.0.0.0", "255.0.255.0", "wide"):
        told = {"dns_servers": ["not an address", "0.0.0.0"], "subnet_mask": mask}

        network = network_of_rows(dhcp=[gives(**told)])

        assert (network.resolvers, network.locals) == ((), ())


def test_around_an_address_in_no_prefix_lies_the_usual_one():
    used = ("10.1.2.3", "169.254.7.7", "fd00:1::5", "93.184.215.14", "fe80::1")

    assert network_of_rows(used=used).locals == (
        "10.1.2.0/24",
        "93.184.215.14/32",
        "169.254.0.0/16",
        "fd00:1::/64",
    )


def test_addresses_inside_what_was_told_need_no_prefix_of_their_own():
    rows = [lease(PLUG, PLUG_IP, subnet_mask="255.255.0.0")]

    assert network_of_rows(dhcp=rows, used=("192.168.7.7",)).locals == ("192.168.0.0/16",)
