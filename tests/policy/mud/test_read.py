import json
import os
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from msgspec import convert

from thingwarden.errors import PolicyError
from thingwarden.model import ANY, Initiator, Peer, PeerKind, Rule, Span
from thingwarden.policy.gateway.rules import write_rules
from thingwarden.policy.gateway.steps import Step
from thingwarden.policy.mud.read import read_mud
from thingwarden.policy.mud.write import write_mud

from tests.policy.mud.files import CLOUD, ace, https, mud, text
from tests.rule_sets import device, load, site

DATA = Path(os.environ.get("THINGWARDEN_DATA", Path(__file__).parents[4] / "shared/data")) / "mud"
FILES = sorted(DATA.rglob("*.json"))


def read(*aces, back=()):
    return read_mud(text(mud(*aces, back=back)))


def behaviours(*aces, back=()):
    return [each.behaviour for each in read(*aces, back=back).rules]


def test_a_question_and_its_answer_are_one_rule():
    (found,) = behaviours(
        CLOUD,
        back=[
            ace(
                ipv4={"protocol": 6, "ietf-acldns:src-dnsname": "cloud.example"},
                tcp={
                    "source-port": {"operator": "eq", "port": 443},
                    "ietf-mud:direction-initiated": "from-device",
                },
            )
        ],
    )

    assert found.peer == Peer(kind=PeerKind.NAME, value="cloud.example")
    assert (found.initiator, found.service) == (Initiator.DEVICE, Span(first=443, last=443))
    assert found.version == 4


def test_what_is_said_of_both_versions_is_one_rule():
    ports = CLOUD["matches"]["tcp"]
    six = {"protocol": 6, "ietf-acldns:dst-dnsname": "cloud.example"}

    (found,) = behaviours(CLOUD, ace("a1", ipv6=six, tcp=ports))

    assert found.version is None


@pytest.mark.parametrize(
    ("matches", "peer"),
    [
        ({"ietf-mud:mud": {"local-networks": [None]}}, Peer(kind=PeerKind.LOCAL)),
        (
            {"ietf-mud:mud": {"controller": "urn:ietf:params:mud:gateway"}},
            Peer(kind=PeerKind.GATEWAY),
        ),
        (
            {"ietf-mud:mud": {"controller": "urn:ietf:params:mud:dns"}},
            Peer(kind=PeerKind.CONTROLLER, value="urn:ietf:params:mud:dns"),
        ),
        (
            {"ietf-mud:mud": {"same-manufacturer": [None]}},
            Peer(kind=PeerKind.CONTROLLER, value="urn:thingwarden:manufacturer:maker.example"),
        ),
        (
            {"ietf-mud:mud": {"manufacturer": "other.example"}},
            Peer(kind=PeerKind.CONTROLLER, value="urn:thingwarden:manufacturer:other.example"),
        ),
        (
            {"ietf-mud:mud": {"model": "https://x.example/m"}},
            Peer(kind=PeerKind.CONTROLLER, value="urn:thingwarden:model:https://x.example/m"),
        ),
        (
            {"ipv4": {"destination-ipv4-network": "224.0.0.251/32"}},
            Peer(kind=PeerKind.GROUP, value="224.0.0.251/32"),
        ),
        (
            {"ipv4": {"destination-ipv4-network": "192.0.2.0/24"}},
            Peer(kind=PeerKind.NETWORK, value="192.0.2.0/24"),
        ),
        (
            {
                "ipv4": {"destination-ipv4-network": "0.0.0.0/0"},
                "ietf-mud:mud": {"local-networks": [None]},
            },
            Peer(kind=PeerKind.LOCAL),
        ),
        ({"ipv4": {"protocol": 17}}, Peer(kind=PeerKind.ANYONE)),
    ],
)
def test_each_way_to_name_the_other_end_is_understood(matches, peer):
    udp = {"destination-port": {"operator": "eq", "port": 9}}

    (found,) = behaviours(ace(**({"ipv4": {}} | matches), udp=udp))

    assert found.peer == peer


@pytest.mark.parametrize(
    ("port", "spans"),
    [
        ({"operator": "lte", "port": 9}, [Span(first=0, last=9)]),
        ({"operator": "gte", "port": 9}, [Span(first=9, last=65535)]),
        ({"operator": "neq", "port": 9}, [Span(first=0, last=8), Span(first=10, last=65535)]),
        ({"operator": "neq", "port": 0}, [Span(first=1, last=65535)]),
        ({"lower-port": 5, "upper-port": 7}, [Span(first=5, last=7)]),
        ({"lower-port": 5}, [Span(first=5, last=5)]),
        ({"operator": "range", "lower-port": 5, "upper-port": 7}, [Span(first=5, last=7)]),
    ],
)
def test_each_way_to_name_ports_is_understood(port, spans):
    found = behaviours(ace(ipv4={"protocol": 17}, udp={"destination-port": port}))

    assert [each.service for each in found] == spans


def test_a_port_of_the_device_is_a_service_that_others_reach():
    answers = {"source-port": {"operator": "eq", "port": 80}}
    asks = {"destination-port": {"operator": "eq", "port": 80}}

    (found,) = behaviours(
        ace(ipv4={"protocol": 6}, tcp=answers), back=[ace(ipv4={"protocol": 6}, tcp=asks)]
    )

    assert (found.initiator, found.service.first) == (Initiator.PEER, 80)


def test_where_no_protocol_is_named_those_count_that_show_who_asks():
    found = behaviours(ace(ipv4={"ietf-acldns:dst-dnsname": "cloud.example"}))

    assert [each.protocol for each in found] == [6, 17, 1]
    assert {each.service for each in found} == {ANY}


def test_an_answer_to_an_echo_needs_no_rule():
    found = behaviours(
        ace(ipv4={"protocol": 1}, icmp={"type": 8}),
        back=[ace(ipv4={"protocol": 1}, icmp={"type": 0})],
    )

    assert [each.service.first for each in found] == [8]


@pytest.mark.parametrize(
    ("entry", "why"),
    [
        (ace(eth={"ethertype": "eth:0x888e"}), "frames without IP"),
        (ace(tcp={}), "matches no IP"),
        (ace(ipv4={}, icmp={"type": 3, "code": 4}), "codes of ICMP"),
        (ace(**{"ietf-mud:mud": {"local-networks": [None]}, "icmp": {"type": 8}}), "without the"),
        (ace(ipv4={"protocol": 6, "ttl": 1}), "matches ttl"),
        (ace(ipv4={"protocol": 17}, tcp={}), "two protocols"),
        (ace(ipv4={"protocol": 6, "destination-ipv4-network": "1.2"}), "no prefix"),
        (ace(ipv4={"protocol": 6, "ietf-acldns:src-dnsname": "a.b"}), "the device itself"),
        (ace(ipv4={"protocol": 6, "source-ipv4-network": "10.0.0.1/32"}), "some addresses"),
        (
            ace(
                **https(
                    **{
                        "ietf-acldns:dst-dnsname": "a.example",
                        "destination-ipv4-network": "192.0.2.1/32",
                    }
                )
            ),
            "two ways",
        ),
        (
            ace(
                **{"ietf-mud:mud": {"local-networks": [None]}},
                ipv4={"protocol": 6, "destination-ipv4-network": "8.8.8.0/24"},
            ),
            "a prefix of the Internet",
        ),
        (
            ace(
                ipv4={"protocol": 6},
                tcp={
                    "source-port": {"operator": "eq", "port": 9},
                    "ietf-mud:direction-initiated": "from-device",
                },
            ),
            "only the port from which is asked",
        ),
        (
            ace(ipv4={"protocol": 17}, udp={"source-port": {"operator": "eq", "port": 9}}),
            "answers to what no entry lets pass",
        ),
        ({"name": "a0", "actions": {"forwarding": "accept"}}, "no matches"),
    ],
)
def test_an_entry_that_is_not_understood_allows_nothing_and_is_told(entry, why):
    found = read(entry)

    assert found.rules == ()
    assert any(why in each for each in found.warnings)


def test_a_name_of_a_draft_leaves_nothing_out():
    found = read(ace(**https(**{"dst-dnsname": "cloud.example"})))

    assert found.renamed == ("dst-dnsname",)
    assert (len(found.rules), found.warnings) == (1, ())


def test_what_accepts_behind_what_drops_contradicts_itself():
    with pytest.raises(PolicyError, match="contradicts itself"):
        read(ace("a0", forwarding="drop", ipv4={"protocol": 6}), ace("a1", ipv4={"protocol": 6}))


def test_what_is_malformed_is_refused_with_line_and_reason():
    document = mud(CLOUD, head={"cache-validity": 1000})

    with pytest.raises(PolicyError, match=r"^line 6: cache-validity: is not 1 to 168 hours"):
        read_mud(text(document))


KNOWN_KEYS = st.sampled_from(
    [
        *("ipv4", "ipv6", "tcp", "udp", "icmp", "ietf-mud:mud", "protocol", "type", "operator"),
        *("destination-port", "port", "lower-port", "upper-port", "ietf-acldns:dst-dnsname"),
        *("destination-ipv4-network", "controller", "local-networks", "direction-initiated"),
    ]
)
LEAVES = st.one_of(
    st.none(),
    st.booleans(),
    st.integers(-1, 70000),
    st.text(max_size=8),
    st.sampled_from(["eq", "a.example", "10.0.0.0/8", "from-device", "*.x.example", "};\n drop"]),
)
TREES = st.recursive(
    LEAVES,
    lambda inside: st.one_of(
        st.lists(inside, max_size=3), st.dictionaries(KNOWN_KEYS, inside, max_size=4)
    ),
    max_leaves=12,
)


ADDRESSED = st.fixed_dictionaries(
    {"protocol": st.integers(0, 255)},
    optional={
        "destination-ipv4-network": LEAVES,
        "ietf-acldns:dst-dnsname": LEAVES,
    },
)
NUMBERS = st.integers(-2, 70000)
RULES = st.fixed_dictionaries(
    {
        "id": st.text("aB-9\n;", min_size=1, max_size=3),
        "behaviour": st.fixed_dictionaries(
            {
                "initiator": st.sampled_from(["device", "peer"]),
                "peer": st.fixed_dictionaries(
                    {
                        "kind": st.sampled_from([kind.value for kind in PeerKind]),
                        "value": st.text(max_size=6) | LEAVES.map(str),
                    }
                ),
                "protocol": st.sampled_from([1, 6, 17, 58]) | NUMBERS,
                "service": st.fixed_dictionaries({"first": NUMBERS, "last": NUMBERS}),
                "version": st.sampled_from([None, 4, 6, 5]),
            }
        ),
        "origin": st.sampled_from(["mud", "learnt", "user"]),
        "note": st.text(max_size=6),
    }
)
OURS = st.lists(RULES, min_size=1, max_size=2).map(
    lambda rules: write_mud(device(1, convert(rules, tuple[Rule, ...])), strict=False)
)
THEIRS = st.builds(
    lambda matches, forwarding, head: text(
        mud({"name": "a0", "matches": matches, "actions": {"forwarding": forwarding}}, head=head)
    ),
    st.dictionaries(KNOWN_KEYS, TREES, max_size=4) | st.fixed_dictionaries({"ipv4": ADDRESSED}),
    st.sampled_from(["accept", "drop", "reject"]),
    st.dictionaries(st.sampled_from(["mud-url", "systeminfo"]), TREES, max_size=1),
)


def test_rules_of_any_file_that_is_read_load():
    devices = []

    @settings(max_examples=200, deadline=None, database=None)
    @given(OURS | THEIRS)
    def read_or_refuse(data):
        try:
            found = read_mud(data)
        except PolicyError:
            return
        if found.rules:
            devices.append(device(len(devices) + 1, found.rules, patches=found.patches))

    read_or_refuse()

    assert len(devices) > 20
    load(write_rules(site(devices), Step.ALL))


@settings(max_examples=60, deadline=None)
@given(st.one_of(st.binary(max_size=80), TREES.map(lambda tree: json.dumps(tree).encode())))
def test_any_bytes_are_refused(data):
    with pytest.raises(PolicyError):
        read_mud(data)


needs_data = pytest.mark.skipif(not FILES, reason="the published MUD files are not on this machine")


@needs_data
def test_published_files_are_read():
    found = {path.name: read_mud(path.read_bytes()) for path in FILES}

    assert len(found) == 31
    assert all(each.rules for each in found.values())
    assert sum(len(each.rules) for each in found.values()) > 500


@needs_data
def test_rules_of_published_files_load():
    devices = [
        device(number, read_mud(path.read_bytes()).rules) for number, path in enumerate(FILES, 1)
    ]

    listed = load(write_rules(site(devices), Step.ALL), then="nft list tables")

    assert "table bridge thingwarden" in listed
