"""Whose word counts for the name of an address on the Internet."""

from dataclasses import dataclass

import pytest

from tests import frames, messages
from tests.home import Home
from tests.policy.learning.lessons import (
    CLOUD,
    DAY_SECONDS,
    HOUR_SECONDS,
    OTHER_CLOUD,
    lives,
    named,
)
from tests.tls_bytes import make_certificate

ROUTER = "192.168.1.1"


@dataclass(frozen=True, kw_only=True)
class Row:
    ip: str
    name: str | None
    basis: str | None
    flows: int


@pytest.fixture
def home():
    return Home()


@pytest.fixture
def plug(home):
    home.device("plug").joins_by_dhcp()
    return home.devices["plug"]


def rows(home: Home, *resolvers: str) -> list[Row]:
    """What stands for the addresses of the Internet that were called."""
    with named(home, resolvers or (ROUTER,)) as store:
        return store.read(
            Row,
            """
            select ip, name, basis, sum(flows)::bigint as flows
            from named
            where where_is = 'internet' and begins and service <> 53
            group by all
            order by all
            """,
        )


def names(home: Home, *resolvers: str) -> list[tuple[str | None, str | None]]:
    return [(row.name, row.basis) for row in rows(home, *resolvers)]


def calls(device, ip=CLOUD, port=443):
    device.connects(ip, port).closes()


def test_what_the_network_s_resolver_answered_the_device_is_the_name(home, plug):
    plug.asks("cloud.example.com", CLOUD)
    calls(plug)

    assert names(home) == [("cloud.example.com", "dns")]


def test_what_anyone_else_answered_is_none(home, plug):
    plug.asks("bank.example.com", CLOUD, resolver="8.8.8.8")
    plug.asks("shop.example.com", CLOUD, resolver="192.168.1.66")
    calls(plug)

    assert names(home) == [(None, None)]


def test_what_another_device_was_answered_is_none(home, plug):
    lamp = home.device("lamp")
    lamp.joins_by_dhcp()
    lamp.asks("bank.example.com", CLOUD)
    calls(plug)

    assert names(home) == [(None, None)]


def test_an_answer_that_the_device_sends_itself_in_the_resolver_s_name_is_none(home, plug):
    answer = messages.dns_answer("bank.example.com", [CLOUD], identifier=7)
    body = frames.udp(ROUTER, plug.ip, 53, 40_000, answer)
    packet = frames.ip(ROUTER, plug.ip, body, 17)
    home.sends(frames.ethernet(plug.mac, home.router.mac, packet))
    home.sends(frames.ethernet(plug.mac, plug.mac, packet))
    calls(plug)

    assert names(home) == [(None, None)]


def test_an_answer_that_a_neighbour_sends_in_the_resolver_s_name_is_none(home, plug):
    thief = home.device("thief")
    thief.joins_by_dhcp()
    answer = messages.dns_answer("bank.example.com", [CLOUD], identifier=7)
    packet = frames.ip(ROUTER, plug.ip, frames.udp(ROUTER, plug.ip, 53, 40_000, answer), 17)
    home.sends(frames.ethernet(thief.mac, plug.mac, packet))
    calls(plug)

    assert names(home) == [(None, None)]


def test_a_resolver_that_is_a_thing_of_the_site_counts(home, plug):
    shield = home.device("shield")
    shield.joins_by_dhcp()
    plug.asks("cloud.example.com", CLOUD, resolver=shield.ip)
    calls(plug)

    assert names(home, shield.ip) == [("cloud.example.com", "dns")]


def test_what_only_the_device_says_is_a_label(home, plug):
    plug.speaks_tls(CLOUD, "bank.example.com")
    plug.requests(OTHER_CLOUD, headers={"Host": "www.bank.example.com"})

    assert names(home) == [("www.bank.example.com", "said"), ("bank.example.com", "said")]


def test_a_certificate_names_whom_nobody_named(home, plug):
    plug.speaks_tls(CLOUD, None, certificate=make_certificate(("shown.example.com",)))

    assert names(home) == [("shown.example.com", "said")]


def test_what_the_device_says_chooses_among_what_was_answered(home, plug):
    plug.asks("one.example.com", CLOUD)
    plug.asks("two.example.com", CLOUD)
    plug.speaks_tls(CLOUD, "one.example.com")

    assert names(home) == [("one.example.com", "dns")]


def test_what_the_device_says_does_not_win_over_what_was_answered(home, plug):
    plug.asks("c2.example.org", CLOUD)
    plug.speaks_tls(CLOUD, "bank.example.com")

    assert names(home) == [("c2.example.org", "dns")]


def test_the_name_is_that_which_was_asked_for_not_its_alias(home, plug):
    port = home.fresh_port()
    head = (1).to_bytes(2, "big") + bytes.fromhex("8180 0001 0002 0000 0000")
    question = messages.dns_name("cloud.example.com") + bytes((0, 1, 0, 1))
    alias = messages.dns_record("cloud.example.com", messages.dns_name("e7.edge.example.net"), 5)
    address = messages.dns_record("e7.edge.example.net", frames.ip_bytes(CLOUD), 1)
    home.datagram(home.router, plug, (53, port), head + question + alias + address)
    calls(plug)

    assert names(home) == [("cloud.example.com", "dns")]


def test_names_that_lead_in_a_circle_come_to_an_end(home, plug):
    port = home.fresh_port()
    head = (1).to_bytes(2, "big") + bytes.fromhex("8180 0001 0003 0000 0000")
    question = messages.dns_name("a.example.com") + bytes((0, 1, 0, 1))
    there = messages.dns_record("a.example.com", messages.dns_name("b.example.com"), 5)
    back = messages.dns_record("b.example.com", messages.dns_name("a.example.com"), 5)
    address = messages.dns_record("b.example.com", frames.ip_bytes(CLOUD), 1)
    plug.asks("a.example.com")
    home.datagram(home.router, plug, (53, port), head + question + there + back + address)
    calls(plug)

    assert names(home) == [("a.example.com", "dns")]


def test_a_name_holds_a_day_past_its_time_to_live(home, plug):
    plug.asks("cloud.example.com", CLOUD)
    home.waits(DAY_SECONDS)
    calls(plug)

    assert names(home) == [("cloud.example.com", "dns")]


def test_after_that_it_has_to_be_asked_for_again(home, plug):
    plug.asks("cloud.example.com", CLOUD)
    calls(plug)
    home.waits(3 * DAY_SECONDS)
    calls(plug)

    assert [(row.name, row.flows) for row in rows(home)] == [("cloud.example.com", 1), (None, 1)]


def test_an_address_that_stays_in_use_keeps_its_name(home, plug):
    plug.asks("cloud.example.com", CLOUD)

    lives(home, lambda: calls(plug), days=4)

    assert [(row.name, row.flows) for row in rows(home)] == [("cloud.example.com", 4)]


def test_an_answer_soon_after_names_what_was_in_use_when_the_capture_began(home, plug):
    calls(plug)
    home.waits(HOUR_SECONDS)
    plug.asks("cloud.example.com", CLOUD)

    assert names(home) == [("cloud.example.com", "dns")]


def test_an_answer_days_later_does_not(home, plug):
    calls(plug)
    home.waits(2 * DAY_SECONDS)
    plug.asks("cloud.example.com", CLOUD)

    assert names(home) == [(None, None)]


def test_the_latest_answer_before_the_call_counts(home, plug):
    plug.asks("old.example.com", CLOUD)
    home.waits(HOUR_SECONDS)
    plug.asks("new.example.com", CLOUD)
    calls(plug)

    assert names(home) == [("new.example.com", "dns")]


@pytest.mark.parametrize(
    "name", ["a b.example.com", "x;reboot.example.com", "-a.example.com", "a..com", "com", "a.1"]
)
def test_what_is_no_host_name_names_nothing(home, plug, name):
    port = home.fresh_port()
    wire = b"".join(bytes((len(each),)) + each.encode() for each in name.split(".") if each) + b"\0"
    head = (1).to_bytes(2, "big") + bytes.fromhex("8180 0001 0001 0000 0000")
    if ".." in name:
        wire = b"\x04a\x00.\x00\x03com\x00"
    body = head + wire + bytes((0, 1, 0, 1)) + wire + bytes.fromhex("0001 0001 0000012c 0004")
    home.datagram(home.router, plug, (53, port), body + frames.ip_bytes(CLOUD))
    calls(plug)

    assert names(home) == [(None, None)]


def test_ipv6_addresses_have_names_in_the_same_way(home, plug):
    home.router_advertises(dns=["2001:db8:1::53"])
    there, cloud = plug.at("2001:db8:1::10"), "2606:2800:220::14"
    there.asks("cloud.example.com", cloud, resolver="2001:db8:1::53")
    calls(there, cloud)
    there.asks("bank.example.com", "2606:2800:220::15", resolver="2606:4700::1111")
    calls(there, "2606:2800:220::15")

    assert names(home, "2001:db8:1::53") == [("cloud.example.com", "dns"), (None, None)]


def test_a_name_over_ipv4_counts_for_the_same_behaviour_over_ipv6(home, plug):
    home.router_advertises()
    there, cloud = plug.at("2001:db8:1::10"), "2606:2800:220::14"
    plug.asks("cloud.example.com", CLOUD)
    plug.asks("cloud.example.com", cloud)
    calls(plug)
    calls(there, cloud)

    with named(home) as store:
        keys = store.arrow("select distinct key from named where name = 'cloud.example.com'")

    assert keys.num_rows == 1
