"""What a hostile device tries, to widen its own policy."""

import random
from pathlib import Path

import pytest

from thingwarden.model import DeviceId, Origin, Policy, Suppression
from thingwarden.pipeline import read_captures, tables_of_facts
from thingwarden.policy.learning.rules import MOST_RULES
from thingwarden.store import Facts, Store, Told
from thingwarden.wrapping import learn_facts

from tests import frames, messages
from tests.home import ARP, Device, Home, Place
from tests.policy.learning.lessons import (
    CLOUD,
    HOUR_SECONDS,
    calls_cloud,
    known,
    learn,
    learnt,
    left_out,
    lives,
    policy_of,
    rules_of,
)
from tests.streams import Stream

LAN_START = "192.168.1."


@pytest.fixture
def home():
    return Home()


@pytest.fixture
def camera(home):
    home.device("camera").joins_by_dhcp()
    return home.devices["camera"]


def test_a_resolver_of_its_own_names_nothing(home, camera):
    camera.asks("bank.example.com", CLOUD, resolver="8.8.8.8")
    camera.connects(CLOUD, 443).closes()

    policy = learn(home)

    assert f"tcp 443 to {CLOUD}" in learnt(policy, camera)
    assert not known(policy, camera)


def test_a_dhcp_server_of_its_own_makes_no_resolver_of_it(home, camera):
    victim = home.device("victim")
    options = {3: frames.ip_bytes(home.router.ip), 6: frames.ip_bytes(camera.ip)}
    home.datagram(
        camera, victim, (67, 68), messages.dhcp(5, victim.mac, options, your_ip=victim.ip)
    )
    victim.asks("bank.example.com", CLOUD, resolver=camera.ip)
    camera.asks("bank.example.com", CLOUD, resolver=camera.ip)
    camera.connects(CLOUD, 443).closes()

    policy = learn(home)

    assert policy.network.resolvers == ("192.168.1.1",)
    assert not any("bank" in each for each in learnt(policy, camera))


def test_a_second_dhcp_server_is_no_help_where_the_gateway_names_no_resolver(home):
    victim, rogue = home.device("victim"), home.device("rogue")
    for device in (victim, rogue):
        device.connects(CLOUD, 443).closes()
    nobody, all_there = Place(victim.mac, "0.0.0.0"), Place(frames.BROADCAST, "255.255.255.255")
    home.datagram(nobody, all_there, (68, 67), messages.dhcp(1, victim.mac, {}))
    router = {3: frames.ip_bytes(home.router.ip)}
    for server, more in ((home.router, {}), (rogue, {6: frames.ip_bytes(rogue.ip)})):
        given = messages.dhcp(5, victim.mac, router | more, your_ip=victim.ip)
        home.datagram(server, victim, (67, 68), given)
    victim.asks("bank.example.com", CLOUD, resolver=rogue.ip)

    assert learn(home).network.resolvers == ()


def test_a_hello_in_another_s_name_is_told_and_keeps_no_addresses(home, camera):
    camera.speaks_tls(CLOUD, "bank.example.com")

    policy = learn(home)

    assert "Only the device itself" in rules_of(policy, camera)["tcp 443 to bank.example.com"].note
    assert not known(policy, camera)


def test_a_flood_of_names_is_bounded_and_told(home, camera):
    calls_cloud(camera)
    home.waits(HOUR_SECONDS)
    calls_cloud(camera)
    for number in range(600):
        name = f"{random.Random(number).randbytes(9).hex()}.owner{number}.com"
        calls_cloud(camera, name, f"52.{number // 250}.7.{number % 250 + 1}")

    policy = learn(home)

    rules = policy_of(policy, camera).rules
    assert sum(rule.origin is Origin.LEARNT for rule in rules) <= MOST_RULES
    assert "tcp 443 to cloud.example.com" in learnt(policy, camera)
    assert "more rules, seen least" in left_out(policy, camera)


def test_a_forged_sender_address_is_not_bound_nor_learnt(home, camera):
    forged = camera.at("192.168.1.77")
    for _ in range(3):
        forged.knocks(CLOUD, 443)
        home.datagram(forged, home.place("52.85.1.1"), (4000, 5000), b"x")

    policy = learn(home)

    assert learnt(policy, camera) == set()
    assert policy_of(policy, camera).addresses == ("192.168.1.10",)
    assert "not the device's" in left_out(policy, camera)


def test_nothing_is_learnt_while_a_grave_alarm_is_open(home, camera):
    """It searches the site for doors, and meanwhile calls its master."""
    lives(home, lambda: calls_cloud(camera), hours=2)
    camera.sweeps((f"{LAN_START}{host}" for host in range(50, 120)), [23])
    camera.connects("52.85.1.1", 4444).asks(b"x")
    camera.connects("192.168.1.200", 8080).closes()

    policy = learn(home)

    assert learnt(policy, camera) == {"tcp 443 to cloud.example.com"}
    assert "While an alarm is open (port-sweep)" in left_out(policy, camera)


def test_its_victim_does_not_learn_that_it_is_visited(home, camera):
    hub = home.device("hub")
    hub.joins_by_dhcp()
    camera.connects(hub, 23).closes()
    camera.sweeps((f"{LAN_START}{host}" for host in range(50, 120)), [23])

    assert learnt(learn(home), hub) == set()


def test_what_the_user_accepts_is_learnt(home, camera, tmp_path):
    camera.sweeps((f"{LAN_START}{host}" for host in range(50, 120)), [23])
    camera.connects("52.85.1.1", 4444).asks(b"x")
    told = Told(suppressions=(_accept(camera, "port-sweep"),))

    alarmed, accepted = learn(home), _learn_told(home, tmp_path, told)

    assert learnt(alarmed, camera) == set()
    assert learnt(accepted, camera) == {"tcp 4444 to 52.85.1.1"}


def test_who_takes_the_router_s_address_gets_it_not(home, camera):
    victim = home.device("victim")
    victim.joins_by_dhcp()
    thief = camera.at(home.router.ip)
    for _ in range(20):
        home.sends(_arp_reply(thief, victim))
        home.waits(30)

    policy = learn(home)

    assert home.router.ip not in policy_of(policy, camera).addresses
    assert policy.network.gateways == (home.router.mac,)


def test_who_takes_a_neighbour_s_address_gets_it_not(home, camera):
    victim = home.device("victim")
    victim.joins_by_dhcp()
    thief = camera.at(victim.ip)
    for _ in range(20):
        for each in (victim, thief):
            home.sends(_arp_reply(each, home.router))
            home.waits(5)
    thief.connects(CLOUD, 443).closes()

    policy = learn(home)

    assert policy_of(policy, camera).addresses == ("192.168.1.10",)
    assert learnt(policy, camera) == set()


def test_whom_the_internet_may_reach_is_not_learnt(home, camera):
    for number in range(4):
        stranger = home.place(f"52.85.1.{number + 1}")
        _begins(home, stranger, camera, 8554)

    policy = learn(home)

    assert learnt(policy, camera) == set()
    assert "for its owner to say" in left_out(policy, camera)


def _accept(device: Device, check: str) -> Suppression:
    known = DeviceId(f"d-{device.mac.replace(':', '')}")
    return Suppression(device_id=known, check=check, reason="a test of mine", until="2100-01-01")


def _learn_told(home: Home, folder: Path, told: Told) -> Policy:
    """What is learnt when the user said something."""
    with Facts() as facts:
        read_captures([home.write(folder / "home.pcap")], facts)
        with Store(tables_of_facts(), facts=[facts]) as store:
            return learn_facts(store, told)


def _begins(home: Home, stranger: Place, device: Device, port: int) -> None:
    """A connection from outside."""
    Stream(home, stranger, device, (home.fresh_port(), port)).opens().closes()


def _arp_reply(thief: Place, victim: Place) -> bytes:
    """An answer that nobody asked for: the router's address is at the thief's."""
    reply = frames.arp(2, (thief.mac, thief.ip), (victim.mac, victim.ip))
    return frames.ethernet(thief.mac, victim.mac, reply, ARP)
