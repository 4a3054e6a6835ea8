import json

import pytest

from thingwarden.model import DNS, Peer, PeerKind, Span
from thingwarden.policy.mud.read import read_mud
from thingwarden.policy.mud.terms import ACLS, EXACT, MUD
from thingwarden.policy.mud.validate import validate_mud
from thingwarden.policy.mud.write import write_mud

from tests.policy.mud.files import why_not_yang
from tests.rule_sets import ICMP, UDP, device, mac_of, name, peer, rule, usual_rules

ICMP6 = 58
KINDS = [
    rule("name", name("cloud.example")),
    rule("pattern", name("*.pool.example"), UDP, 123),
    rule("v4", peer(PeerKind.NETWORK, "203.0.113.0/24"), port=8883),
    rule("v6", peer(PeerKind.NETWORK, "2001:db8::/32"), UDP, 5000, last=5010),
    rule("thing", peer(PeerKind.DEVICE, mac_of(9))),
    rule("gateway", peer(PeerKind.GATEWAY), ICMP, 8),
    rule("resolver", peer(PeerKind.CONTROLLER, DNS), UDP, 53),
    rule("served", peer(PeerKind.LOCAL), initiator=rule("x", name("a.b")).behaviour.initiator),
    rule("group", peer(PeerKind.GROUP, "224.0.0.251/32"), UDP, 5353),
    rule("anyone", peer(PeerKind.ANYONE), ICMP6, 0, last=255),
]


def entries(document, start):
    """Matches of one way."""
    return [
        entry["matches"]
        for acl in document[ACLS]["acl"]
        if acl["name"].startswith(start)
        for entry in acl["aces"]["ace"]
    ]


@pytest.mark.parametrize("strict", [True, False])
@pytest.mark.parametrize("rules", [KINDS, [], usual_rules(3), *([one] for one in KINDS)])
def test_what_is_written_is_valid_for_the_modules_and_for_us(rules, strict):
    data = write_mud(device(1, rules, vendor="Ünder\x1b Co"), strict=strict)

    assert why_not_yang(data) == ""
    assert validate_mud(data) == ()


@pytest.mark.parametrize("strict", [True, False])
def test_what_is_learnt_of_a_home_is_valid(learnt, strict):
    files = [write_mud(one, strict=strict) for one in learnt.devices]

    assert {why_not_yang(data) for data in files} == {""}
    assert {validate_mud(data) for data in files} == {()}


def test_the_same_rules_give_the_same_bytes():
    assert write_mud(device(1, KINDS)) == write_mud(device(1, KINDS))


def test_a_strict_file_has_nothing_that_the_standard_does_not_know():
    document = json.loads(write_mud(device(1, KINDS)))

    assert set(document) == {MUD, ACLS}
    assert "extensions" not in document[MUD]
    assert "*" not in json.dumps(document)


def test_the_second_form_declares_what_it_adds():
    document = json.loads(write_mud(device(1, KINDS), strict=False))

    assert document[MUD]["extensions"] == ["thingwarden"]
    assert len(document[EXACT]["rules"]) == len(KINDS)


def test_names_are_met_in_both_versions_of_ip_and_both_ways():
    document = json.loads(write_mud(device(1, KINDS[:1])))
    out, back = entries(document, "from"), entries(document, "to")

    assert [next(iter(one)) for one in out] == ["ipv4", "ipv6"]
    assert out[0]["ipv4"] == {"protocol": 6, "ietf-acldns:dst-dnsname": "cloud.example"}
    assert back[0]["ipv4"] == {"protocol": 6, "ietf-acldns:src-dnsname": "cloud.example"}
    assert {one["tcp"]["ietf-mud:direction-initiated"] for one in out + back} == {"from-device"}
    assert out[0]["tcp"]["destination-port"] == {"operator": "eq", "port": 443}
    assert back[0]["tcp"]["source-port"] == {"operator": "eq", "port": 443}


def test_a_prefix_is_met_in_its_own_version_only():
    document = json.loads(write_mud(device(1, [KINDS[3]])))

    (out,) = entries(document, "from")
    assert out["ipv6"] == {"protocol": UDP, "destination-ipv6-network": "2001:db8::/32"}
    assert out["udp"]["destination-port"] == {"lower-port": 5000, "upper-port": 5010}


def test_a_hostile_name_is_left_out():
    document = json.loads(write_mud(device(1, [rule("x", name("a.b\n; drop"))])))

    assert document[ACLS] == {"acl": []}


def test_what_is_asked_by_echo_is_answered():
    document = json.loads(write_mud(device(1, [KINDS[5]])))

    assert [one["icmp"] for one in entries(document, "from")] == [{"type": 8}]
    assert [one["icmp"] for one in entries(document, "to")] == [{"type": 0}]


def test_the_second_form_reads_back_to_the_same_rules(learnt):
    for one in learnt.devices:
        read = read_mud(write_mud(one, strict=False))
        assert read.rules == one.rules
        assert read.exact


def covers(mine, theirs):
    """Whether a behaviour read again is inside one that was written."""
    mine, theirs = mine.behaviour, theirs.behaviour
    inside = mine.service.first <= theirs.service.first and theirs.service.last <= mine.service.last
    whom = theirs.peer == mine.peer or (
        mine.peer.kind is PeerKind.DEVICE and theirs.peer.kind is PeerKind.CONTROLLER
    )
    pattern = (
        theirs.peer.kind is PeerKind.NAME
        and mine.peer.value.startswith("*.")
        and theirs.peer.value.endswith(mine.peer.value[1:])
    )
    same = (mine.initiator, mine.protocol) == (theirs.initiator, theirs.protocol)
    return same and (inside or mine.service == Span(first=0, last=255)) and (whom or pattern)


def test_the_strict_form_reads_back_to_nothing_wider(learnt):
    lost = 0
    for one in learnt.devices:
        read = read_mud(write_mud(one))
        wider = [each for each in read.rules if not any(covers(mine, each) for mine in one.rules)]
        assert wider == []
        lost += sum(not any(covers(mine, each) for each in read.rules) for mine in one.rules)
    assert lost == 0


def test_another_thing_becomes_a_role_that_the_next_site_fills():
    (read,) = read_mud(write_mud(device(1, [KINDS[4]]))).rules

    assert read.behaviour.peer == Peer(
        kind=PeerKind.CONTROLLER,
        value="urn:thingwarden:my-controller:https://mud.invalid/d_020100000001.json",
    )
