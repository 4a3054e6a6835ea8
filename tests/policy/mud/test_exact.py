import json

import pytest

from thingwarden.errors import PolicyError
from thingwarden.model import Origin, PeerKind, WatchTime
from thingwarden.policy.mud.read import read_mud
from thingwarden.policy.mud.terms import ACLS, EXACT, MUD
from thingwarden.policy.mud.write import write_mud

from tests.rule_sets import device, name, patch, peer, rule

RULES = [
    rule("a", name("*.a.example")),
    rule("b", peer(PeerKind.LOCAL), port=80),
    rule("c", name("c.example")),
]
TIME = WatchTime(active_hours=3, days=1, once=2, surprises=1.5, hours_to_go=None, homes=4)
DEVICE = device(1, RULES, patches=(patch("p", peer(PeerKind.LOCAL)),), watch_time=TIME)


def written():
    return json.loads(write_mud(DEVICE, strict=False))


def read(document):
    return read_mud(json.dumps(document).encode())


def test_all_that_a_device_may_do_reads_back():
    found = read(written())

    assert found.exact
    assert (found.rules, found.patches) == (DEVICE.rules, DEVICE.patches)
    assert (found.watch_time, found.warnings) == (TIME, ())


def test_it_counts_only_where_it_is_declared():
    document = written()
    del document[MUD]["extensions"]

    with pytest.raises(PolicyError, match="not declared"):
        read(document)


def test_rules_that_say_more_than_the_access_lists_do_not_count():
    document = written()
    document[EXACT]["rules"][1]["behaviour"]["peer"] = {"kind": "anyone", "value": ""}

    found = read(document)

    assert not found.exact
    kinds = {each.behaviour.peer.kind for each in found.rules}
    assert kinds == {PeerKind.LOCAL, PeerKind.NAME}
    assert {each.origin for each in found.rules} == {Origin.MUD}
    assert "only these count" in found.warnings[0]


def test_rules_do_not_count_where_a_list_is_for_the_other_way():
    document = written()
    ways = ("from-device-policy", "to-device-policy")
    lists = [document[MUD][way] for way in ways]
    document[MUD] |= dict(zip(ways, reversed(lists), strict=True))

    assert not read(document).exact


def test_an_access_list_that_is_shortened_by_hand_counts():
    document = written()
    document[ACLS]["acl"] = [
        acl | {"aces": {"ace": acl["aces"]["ace"][:1]}} for acl in document[ACLS]["acl"]
    ]

    assert not read(document).exact


@pytest.mark.parametrize(
    ("place", "value", "why"),
    [
        (("rules", 0, "behaviour", "protocol"), "tcp", "protocol"),
        (("rules", 0, "id"), "a\n drop", "no id of a rule"),
        (("rules", 0, "id"), "b", "one id"),
        (("rules",), None, "Expected `array`"),
        (("patches", 0, "still"), 7, "Expected `array`"),
    ],
)
def test_it_is_read_as_strictly_as_the_rest(place, value, why):
    document = written()
    node = document[EXACT]
    for step in place[:-1]:
        node = node[step]
    node[place[-1]] = value

    with pytest.raises(PolicyError, match=why):
        read(document)
