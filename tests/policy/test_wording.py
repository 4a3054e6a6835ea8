"""What a policy allows, in words."""

from dataclasses import replace

import pytest

from thingwarden.model import (
    DNS,
    DeviceId,
    DevicePolicy,
    Initiator,
    Learnt,
    Origin,
    PeerKind,
    Policy,
    Rule,
)
from thingwarden.policy.needs import NEEDED
from thingwarden.policy.wording import Words, printable, say_ground, say_service, short_name

from tests.rule_sets import NETWORK, TCP, UDP, name, peer, rule

LAMP = DevicePolicy(
    device_id=DeviceId("d-lamp"),
    macs=("02:00:00:00:00:11",),
    addresses=(),
    vendor="Acme",
    category="lamp",
)
POLICY = Policy(network=NETWORK, devices=(LAMP,))
SEEN = Learnt(days=1, hours=2, flows=3, first_us=0, last_us=1, capture="", frame=1)


@pytest.mark.parametrize(
    ("to", "said"),
    [
        (name("time.example"), "reaches time.example, UDP port 123"),
        (name("*.time.example"), "reaches names below time.example, UDP port 123"),
        (peer(PeerKind.DEVICE, "02:00:00:00:00:11"), "reaches Acme lamp, UDP port 123"),
        (peer(PeerKind.DEVICE, "02:00:00:00:00:99"), "reaches 02:00:00:00:00:99, UDP port 123"),
        (peer(PeerKind.CONTROLLER, DNS), "reaches the network's name server, UDP port 123"),
        (peer(PeerKind.GROUP, "224.0.0.251/32"), "reaches the group 224.0.0.251, UDP port 123"),
        (peer(PeerKind.LOCAL), "reaches anything on the local network, UDP port 123"),
        (peer(PeerKind.NETWORK, "192.0.2.0/24"), "reaches 192.0.2.0/24, UDP port 123"),
    ],
)
def test_a_behaviour_is_said_with_the_names_of_the_site(to, said):
    assert Words(POLICY).behaviour(rule("r", to, UDP, 123).behaviour) == said


def test_who_begins_is_said():
    behaviour = rule("r", peer(PeerKind.ANYONE), TCP, 80, initiator=Initiator.PEER).behaviour

    assert Words(POLICY).behaviour(behaviour) == "is reached by anyone, TCP port 80"


def test_spans_types_and_versions_are_said():
    wide = rule("r", peer(PeerKind.LOCAL), UDP, 1024, last=65535).behaviour
    ping = replace(rule("r", peer(PeerKind.LOCAL), 1, 8).behaviour, version=4)
    any_port = rule("r", peer(PeerKind.LOCAL), 47, 0, last=65535).behaviour

    assert say_service(wide) == "UDP ports 1024 to 65535"
    assert say_service(ping) == "ICMP type 8 over IPv4"
    assert say_service(any_port) == "IP protocol 47"


def test_what_a_rule_rests_on_is_said():
    learnt = replace(rule("r", name("a.example")), learnt=SEEN)

    assert say_ground(learnt) == "seen on 1 day, in 2 hours"
    assert say_ground(replace(learnt, firm=False)).endswith(": provisional")
    assert say_ground(NEEDED[0]) == "needed by every device"
    assert (
        say_ground(Rule(id="r", behaviour=learnt.behaviour, origin=Origin.MUD))
        == "said by its maker"
    )
    assert say_ground(replace(learnt, learnt=None, note="asked for")) == "asked for"


def test_a_device_is_called_by_its_name_then_its_make_then_its_id():
    assert short_name(replace(LAMP, name="hall")) == "hall"
    assert short_name(LAMP) == "Acme lamp"
    assert short_name(replace(LAMP, vendor="", category="")) == "d-lamp"
    assert Words(POLICY).device(DeviceId("d-none")) == "d-none"


def test_names_that_others_chose_cannot_steer_a_terminal():
    assert printable("a\x1b[2Jb\u202ec\n") == "a�[2Jb�c�"
    assert len(printable("x" * 9999)) < 200
