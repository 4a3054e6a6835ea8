from hypothesis import given
from hypothesis import strategies as st

from thingwarden.model import Initiator, PeerKind
from thingwarden.policy.entries import Way
from thingwarden.policy.proof.lists import Lists, Names, Packet, inside, mac_number, ranges_of

from tests.rule_sets import ICMP, NETWORK, TCP, UDP, device, mac_of, name, patch, peer, rule, site

NETWORKS = ("10.0.0.0/8", "192.168.1.0/24", "10.1.0.0/16", "2001:db8::/32")


class Nobody(Names):
    def has(self, name, version, address):
        return False


def packet(**rest):
    given = {
        "version": 4,
        "source": 0x0A000001,
        "target": 0x0A000002,
        "source_mac": mac_number(mac_of(1)),
        "target_mac": mac_number(mac_of(2)),
        "protocol": TCP,
        "later": False,
        "first": 50000,
        "second": 80,
        "begins": True,
        "flags": True,
    }
    return Packet(**(given | rest))


def fitting(rules, seen, way=Way.FROM, **rest):
    """Ids of the rules of which a line fits a packet."""
    (one,) = Lists(site([device(1, rules, **rest)])).devices
    lines = one.lines.get((way, seen.protocol), ())
    return [line.entry.rule for line in lines if line.fits(seen, Nobody())]


def test_prefixes_are_ranges_in_order_and_none_inside_another():
    assert ranges_of(NETWORKS, 4) == ((0x0A000000, 0x0AFFFFFF), (0xC0A80100, 0xC0A801FF))


@given(st.integers(0, (1 << 32) - 1))
def test_an_address_is_inside_or_not(address):
    ranges = ranges_of(NETWORKS, 4)

    assert inside(ranges, address) == any(first <= address <= last for first, last in ranges)


def test_a_rule_fits_its_port_and_its_answers_begin_nothing():
    rules = [rule("web", peer(PeerKind.LOCAL), port=80)]
    back = {"source": 0x0A000002, "target": 0x0A000001, "first": 80, "second": 50000}

    assert fitting(rules, packet()) == ["web"]
    assert fitting(rules, packet(second=81)) == []
    assert fitting(rules, packet(begins=False, **back), Way.TO) == ["web"]
    assert fitting(rules, packet(begins=True, **back), Way.TO) == []
    assert fitting(rules, packet(begins=False, flags=False, **back), Way.TO) == []


def test_a_served_port_is_reached_from_outside_only():
    rules = [rule("web", peer(PeerKind.LOCAL), port=80, initiator=Initiator.PEER)]

    assert fitting(rules, packet(first=80, second=50000, begins=True)) == []
    assert fitting(rules, packet(first=80, second=50000, begins=False)) == ["web"]


def test_a_later_fragment_fits_by_ends_and_protocol():
    rules = [rule("web", peer(PeerKind.LOCAL), port=80), rule("ask", name("a.example"), port=80)]

    assert fitting(rules, packet(later=True, first=-1, second=-1)) == ["web"]


def test_another_thing_is_told_by_its_hardware_address():
    rules = [rule("two", peer(PeerKind.DEVICE, mac_of(2)), UDP, 80)]

    assert fitting(rules, packet(protocol=UDP)) == ["two"]
    assert fitting(rules, packet(protocol=UDP, target_mac=7)) == []


def test_types_of_icmp_fit_in_one_byte():
    rules = [rule("ping", peer(PeerKind.ANYONE), ICMP, 0, last=65535)]

    assert "ping" in fitting(rules, packet(protocol=ICMP, first=8))
    assert "ping" not in fitting(rules, packet(protocol=ICMP, first=-1))


def test_a_patch_comes_before_rules_and_spares_whom_it_names():
    rules = [rule("web", peer(PeerKind.LOCAL), port=80, initiator=Initiator.PEER)]
    hole = patch("hole", peer(PeerKind.ANYONE), still=(peer(PeerKind.DEVICE, mac_of(3)),))
    seen = {"source": 0x0A000002, "target": 0x0A000001, "target_mac": mac_number(mac_of(1))}

    assert fitting(rules, packet(source_mac=9, **seen), Way.TO, patches=(hole,)) == ["hole", "web"]
    spared = packet(source_mac=mac_number(mac_of(3)), **seen)
    assert fitting(rules, spared, Way.TO, patches=(hole,)) == ["web"]


def test_a_device_sends_from_its_own_addresses_or_from_none():
    lists = Lists(site([device(1, []), device(2, [], addresses=())]))
    bound, unbound = lists.devices

    assert lists.may_send_from(bound, 4, 0x0A000001)
    assert lists.may_send_from(bound, 4, 0)
    assert not lists.may_send_from(bound, 4, 0x0A000002)
    assert lists.may_send_from(unbound, 4, 0x0A000002)
    assert not lists.may_send_from(unbound, 4, 0x08080808)
    assert lists.may_send_from(bound, 6, (0xFD000001 << 96) | 5)
    assert not lists.may_send_from(bound, 6, (0x20010DB8 << 96) | 5)


def test_who_owns_an_address_is_found_by_it():
    assert Lists(site([device(1, []), device(2, [])])).by_mac == {
        mac_number(mac_of(1)): 0,
        mac_number(mac_of(2)): 1,
    }
    assert NETWORK.locals[2] == "fd00:1::/64"
