import pytest

from thingwarden.model import Initiator, Known, PeerKind
from thingwarden.policy.entries import Way
from thingwarden.policy.gateway.enforcing.explaining import (
    explain,
    is_stopped,
    learnt_addresses,
)
from thingwarden.policy.gateway.enforcing.flows import read_flow
from thingwarden.policy.gateway.names import set_name
from thingwarden.policy.gateway.steps import Step

from tests.rule_sets import NETWORK, UDP, device, mac_of, name, patch, peer, rule, site

RULES = (
    rule("web", name("a.example")),
    rule("time", name("*.pool.example"), UDP, 123),
    rule("lan", peer(PeerKind.DEVICE, mac_of(2)), port=80),
)
SERVED = rule("served", peer(PeerKind.LOCAL), port=80, initiator=Initiator.PEER)
HOLE = patch("hole", peer(PeerKind.ANYONE), port=80)
KNOWN = (Known(name="a.example", addresses=("198.51.100.7",)),)
POLICY = site(
    [
        device(1, RULES, known=KNOWN, name="Lamp"),
        device(2, [SERVED], patches=(HOLE,)),
        device(3, [SERVED]),
    ]
)


def verdicts(flow, *, listed=None):
    packet, _ = read_flow(flow, POLICY)
    found = learnt_addresses(POLICY, listed or {"nftables": []})
    return packet, explain(packet, POLICY, found)


def rules(flow, **rest):
    return [(one.way, one.rule, one.allowed) for one in verdicts(flow, **rest)[1]]


@pytest.mark.parametrize(
    ("flow", "expected"),
    [
        ("lamp > a.example:443 tcp", [(Way.FROM, "web", True)]),
        ("lamp > 198.51.100.7:443 tcp", [(Way.FROM, "web", True)]),
        ("lamp > 198.51.100.8:443 tcp", [(Way.FROM, "default", False)]),
        ("lamp > x.pool.example:123 udp", [(Way.FROM, "time", True)]),
        ("lamp > pool.example:123 udp", [(Way.FROM, "default", False)]),
        ("lamp > a.example:80 tcp", [(Way.FROM, "default", False)]),
        (f"{mac_of(1)}/10.0.0.9 > a.example:443 tcp", [(Way.FROM, "spoof", False)]),
        ("lamp > 10.0.0.2:80 tcp", [(Way.FROM, "lan", True), (Way.TO, "hole", False)]),
        ("10.0.0.77 > 10.0.0.3:80 tcp", [(Way.TO, "served", True)]),
        ("8.8.8.8 > 10.0.0.3:80 tcp", [(Way.TO, "default", False)]),
    ],
)
def test_each_list_names_the_rule_that_decides(flow, expected):
    assert rules(flow) == expected


def test_what_the_kernel_has_learnt_counts_before_what_the_policy_knows():
    name_set = set_name("a.example", 4)
    listed = {
        "nftables": [
            {
                "set": {
                    "table": "thingwarden",
                    "name": name_set,
                    "elem": [{"elem": {"val": "1.2.3.4"}}],
                }
            },
            {"set": {"table": "others", "name": name_set, "elem": ["9.9.9.9"]}},
        ]
    }

    assert rules("lamp > 1.2.3.4:443 tcp", listed=listed) == [(Way.FROM, "web", True)]
    assert rules("lamp > 9.9.9.9:443 tcp", listed=listed) == [(Way.FROM, "default", False)]
    assert rules("lamp > 198.51.100.7:443 tcp", listed=listed) == [(Way.FROM, "default", False)]


def test_a_verdict_says_what_the_rule_is_and_rests_on():
    _, (one,) = verdicts("lamp > a.example:443 tcp")
    _, (_, stopped) = verdicts("lamp > 10.0.0.2:80 tcp")

    assert one.words == "reaches a.example, TCP port 443"
    assert stopped.words == "patched: is reached by anyone, TCP port 80"
    assert stopped.ground == "a hole, until 1.2.3"


@pytest.mark.parametrize(
    ("flow", "steps"),
    [
        ("lamp > 8.8.8.8:23 tcp", [False, True, True]),
        ("lamp > evil.example:23 tcp", [False, True, True]),
        ("lamp > 10.9.9.9:23 tcp", [False, False, True]),
        ("lamp > a.example:443 tcp", [False, False, False]),
    ],
)
def test_a_step_stops_what_it_is_about(flow, steps):
    packet, found = verdicts(flow)

    assert [is_stopped(packet, found, step, NETWORK) for step in Step] == steps


def test_both_ends_of_an_answer_are_explained():
    _, back = read_flow("10.0.0.77 > 10.0.0.3:80 tcp", POLICY)

    (one,) = explain(back, POLICY, {})
    assert (one.way, one.rule, one.allowed) == (Way.FROM, "served", True)
