import pytest

from thingwarden.model import Behaviour, Initiator, Origin, Peer, PeerKind, Rule, Span

from tests.home import Home
from tools.wrapping.behaviours import allows, of_device, study, uncovered

CLOUD = "93.184.215.14"


def behaviour(kind, value="", *, first=443, last=443, initiator=Initiator.DEVICE, protocol=6):
    peer = Peer(kind=kind, value=value)
    span = Span(first=first, last=last)
    return Behaviour(initiator=initiator, peer=peer, protocol=protocol, service=span)


def rules(*behaviours):
    return [Rule(id="r", behaviour=each, origin=Origin.LEARNT) for each in behaviours]


NAME, NETWORK, DEVICE, GROUP = PeerKind.NAME, PeerKind.NETWORK, PeerKind.DEVICE, PeerKind.GROUP


@pytest.mark.parametrize(
    ("rule", "seen"),
    [
        (behaviour(NAME, "*.a.example"), behaviour(NAME, "x.y.a.example")),
        (behaviour(NETWORK, "192.0.2.0/24"), behaviour(NETWORK, "192.0.2.7/32")),
        (behaviour(NETWORK, "2001:db8::/32"), behaviour(NETWORK, "2001:db8::7/128")),
        (behaviour(PeerKind.LOCAL), behaviour(DEVICE, "02:00:00:00:00:01")),
        (behaviour(PeerKind.ANYONE), behaviour(NAME, "a.example")),
        (behaviour(NAME, "a.example", first=400, last=500), behaviour(NAME, "a.example")),
    ],
)
def test_a_wider_rule_allows_what_lies_in_it(rule, seen):
    assert allows(rules(rule), seen)


@pytest.mark.parametrize(
    "seen",
    [
        behaviour(NAME, "a.example", first=80, last=80),
        behaviour(NAME, "a.example", protocol=17),
        behaviour(NAME, "a.example", initiator=Initiator.PEER),
        behaviour(NAME, "b.example"),
        behaviour(NAME, "x.a.example"),
        behaviour(NETWORK, "192.0.2.7/32"),
        behaviour(GROUP, "192.0.2.7/32"),
    ],
)
def test_what_differs_in_one_thing_is_not_allowed(seen):
    assert not allows(rules(behaviour(NAME, "a.example"), behaviour(NETWORK, "192.0.2.8/32")), seen)


def test_what_a_longer_capture_shows_more_is_not_covered(tmp_path):
    home = Home()
    plug = home.device("plug")
    plug.joins_by_dhcp()
    plug.asks("old.example", CLOUD)
    plug.connects(CLOUD, 443).closes()
    short = home.write(tmp_path / "short.pcap")
    home.waits(3600)
    plug.asks("new.example", "151.101.1.140")
    plug.connects("151.101.1.140", 443).closes()
    long = home.write(tmp_path / "long.pcap")

    before, whole = study([short]), study([long])

    [device] = whole.policy.devices
    fresh = uncovered(whole.seen[device.device_id], of_device(before.policy, device.device_id))
    assert [each.behaviour.peer.value for each in fresh] == ["new.example"]
    assert len(whole.hours[device.device_id]) == 2
    assert whole.names[CLOUD] == {"old.example"}
    assert (CLOUD, 443) in whole.opened


def test_addresses_from_a_strange_resolver_are_told_apart(tmp_path):
    home = Home()
    plug = home.device("plug")
    plug.joins_by_dhcp()
    plug.asks("near.example", CLOUD)
    plug.asks("far.example", "151.101.1.140", resolver="8.8.8.8")

    found = study([home.write(tmp_path / "home.pcap")])

    assert {ip for _, ip in found.elsewhere} == {"151.101.1.140"}
