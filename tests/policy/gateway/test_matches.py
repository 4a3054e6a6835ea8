import pytest

from thingwarden.model import ANY, PeerKind, Span
from thingwarden.policy.entries import ANYONE, Ends, Entry, Way, rule_entries
from thingwarden.policy.gateway.ground import Ground, roles_of
from thingwarden.policy.gateway.matches import fragment_matches, refresh, whole_matches

from tests.rule_sets import GATEWAY_MAC, NETWORK, TCP, UDP, mac_of, name, peer, rule

BRIDGE, INET = (
    Ground(family=family, roles=roles_of(NETWORK), peers={mac_of(2): ("10.0.0.2",)})
    for family in ("bridge", "inet")
)


def written(one, ground=BRIDGE, matches=whole_matches):
    return [
        match.strip() for entry in rule_entries(one, NETWORK) for match in matches(entry, ground)
    ]


def entry(**given):
    usual = {"rule": "r", "way": Way.FROM, "ends": ANYONE, "protocol": TCP}
    return Entry(**(usual | given))


def test_a_name_is_a_set_in_each_version_both_ways():
    there4, there6, back4, back6 = written(rule("r", name("a.example")))

    assert there4.endswith("_4 tcp dport 443")
    assert there6.startswith("ip6 daddr @n_a_example_")
    assert back4.endswith("_4 tcp sport 443 tcp flags & (syn | ack) != syn")
    assert back6.startswith("ip6 saddr @n_a_example_")


def test_a_gateway_is_known_by_both_its_addresses_on_the_bridge():
    to_gateway = rule("r", peer(PeerKind.GATEWAY), UDP, 53)

    assert written(to_gateway)[0] == f"ether daddr {GATEWAY_MAC} ip daddr @gateway_4 udp dport 53"
    assert written(to_gateway, INET)[0] == "ip daddr @gateway_4 udp dport 53"


def test_another_device_is_known_by_its_ip_address_where_packets_are_routed():
    to_other = rule("r", peer(PeerKind.DEVICE, mac_of(2)), UDP, 5683)

    assert written(to_other)[0] == f"ether daddr {mac_of(2)} udp dport 5683"
    assert written(to_other, INET)[0] == "ip daddr 10.0.0.2 udp dport 5683"
    assert not written(rule("r", peer(PeerKind.DEVICE, mac_of(9))), INET)


def test_a_fragment_is_known_by_ends_and_protocol():
    assert (
        written(rule("r", peer(PeerKind.ANYONE)), matches=fragment_matches)
        == ["meta l4proto 6"] * 2
    )


@pytest.mark.parametrize(
    ("given", "expected"),
    [
        ({}, ["tcp dport 0-65535"]),
        (
            {"protocol": UDP, "own": Span(first=1, last=9), "version": 6},
            ["meta protocol ip6 udp sport 1-9"],
        ),
        ({"protocol": 132}, ["meta l4proto 132"]),
        ({"protocol": 132, "peer": Span(first=1, last=1)}, []),
        ({"protocol": 1, "own": Span(first=8, last=8)}, ["meta l4proto 1 @th,0,8 8"]),
        ({"protocol": 58}, ["meta l4proto 58 @th,0,8 0-255"]),
        ({"protocol": 58, "own": Span(first=300, last=400)}, []),
        ({"protocol": 256}, []),
        ({"peer": Span(first=9, last=3)}, []),
        ({"peer": Span(first=0, last=70000)}, []),
        ({"ends": Ends(networks=())}, []),
        ({"ends": Ends(networks=("1.2.3.4; drop",))}, []),
        (
            {"ends": Ends(networks=("0.0.0.0/0",))},
            ["ip daddr 0.0.0.0-255.255.255.255 tcp dport 0-65535"],
        ),
        ({"ends": Ends(macs=("02:00 }",))}, []),
        (
            {"ends": Ends(macs=(mac_of(1), mac_of(2)))},
            [f"ether daddr {{ {mac_of(1)}, {mac_of(2)} }} tcp dport 0-65535"],
        ),
        ({"ends": Ends(name="a b")}, []),
    ],
)
def test_what_packets_fit(given, expected):
    assert [match.strip() for match in whole_matches(entry(**given), BRIDGE)] == expected


def test_a_packet_keeps_the_address_of_a_name():
    (four, six) = whole_matches(entry(ends=Ends(name="a.example")), BRIDGE)

    assert refresh(Ends(name="a.example"), four).endswith("_4 { ip daddr } ")
    assert refresh(Ends(name="a.example"), six).endswith("_6 { ip6 daddr } ")
    assert not refresh(ANYONE, four)


def test_ports_of_both_ends_are_looked_at():
    assert Span(first=0, last=1) != ANY
    (match,) = whole_matches(
        entry(way=Way.TO, own=Span(first=1024, last=65535), peer=Span(first=53, last=53)), BRIDGE
    )
    assert match == "tcp dport 1024-65535 tcp sport 53 "
