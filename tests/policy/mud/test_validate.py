import json
from copy import deepcopy
from random import Random

import pytest

from thingwarden.policy.mud.terms import ACLS, MUD
from thingwarden.policy.mud.validate import MOST_PROBLEMS, validate_mud
from thingwarden.policy.mud.write import write_mud

from tests.policy.mud.files import CLOUD, ace, https, mud, text, why_not_yang
from tests.policy.mud.test_write import KINDS
from tests.rule_sets import device

GOOD = mud(CLOUD, ace("a1", ipv4={"protocol": 17}, udp={}), back=[CLOUD])


def bent(path, value):
    """The good file with one place changed; None takes the place away."""
    document = deepcopy(GOOD)
    node = document
    for step in path[:-1]:
        node = node[step]
    if value is None:
        del node[path[-1]]
    else:
        node[path[-1]] = value
    return document


ENTRY = (ACLS, "acl", 0, "aces", "ace", 0)
MATCHES = (*ENTRY, "matches")
BENT = [
    ((MUD, "mud-version"), None),
    ((MUD, "mud-version"), "one"),
    ((MUD, "mud-url"), None),
    ((MUD, "last-update"), None),
    ((MUD, "last-update"), "yesterday"),
    ((MUD, "is-supported"), None),
    ((MUD, "is-supported"), "yes"),
    ((MUD, "cache-validity"), 0),
    ((MUD, "cache-validity"), 169),
    ((*ENTRY, "name"), None),
    ((*ENTRY, "actions"), None),
    ((*ENTRY, "actions", "forwarding"), "perhaps"),
    ((*MATCHES, "ipv4", "protocol"), 256),
    ((*MATCHES, "ipv4", "destination-ipv4-network"), "1.2.3"),
    ((*MATCHES, "ipv4", "ietf-acldns:dst-dnsname"), "no name"),
    ((*MATCHES, "ipv6"), {"protocol": 6}),
    ((*MATCHES, "tcp", "destination-port"), {"operator": "eq", "port": 65536}),
    ((*MATCHES, "tcp", "destination-port"), {"lower-port": 9, "upper-port": 8}),
    ((*MATCHES, "tcp", "destination-port"), {"operator": "near", "port": 6}),
    ((*MATCHES, "tcp", "ietf-mud:direction-initiated"), "sideways"),
    ((ACLS, "acl", 0, "name"), "another"),
    ((MUD, "from-device-policy", "access-lists", "access-list", 0, "name"), "another"),
]


def test_a_good_file_is_good_for_us_and_for_the_modules():
    assert validate_mud(text(GOOD)) == ()
    assert why_not_yang(text(GOOD)) == ""


@pytest.mark.parametrize(("path", "value"), BENT, ids=lambda one: str(one)[-50:])
def test_what_the_modules_object_to_is_told_with_its_line(path, value):
    data = text(bent(path, value))

    problems = validate_mud(data)

    assert problems
    assert all(one.startswith("line ") for one in problems)
    assert why_not_yang(data) or path[-1] in ("name", "ietf-acldns:dst-dnsname")


@pytest.mark.parametrize(
    ("document", "what"),
    [
        (mud(CLOUD, head={"mud-url": "http://maker.example/x"}), "is no https URL"),
        (mud(CLOUD, head={"mud-version": 2}), "only version 1"),
        (mud(CLOUD, head={"systeminfo": "x" * 61}), "more than 60 letters"),
        (mud(CLOUD, CLOUD), "without a name of its own"),
        (mud(ace(**https(**{"ietf-acldns:dst-dnsname": "*.example"}))), "no name of the DNS"),
        ({}, "is missing"),
    ],
)
def test_what_only_the_text_of_the_standard_forbids_is_told(document, what):
    assert any(what in one for one in validate_mud(text(document)))


def test_an_access_list_without_entries_is_told():
    document = mud(CLOUD)
    document[ACLS]["acl"][0]["aces"]["ace"] = []

    assert any("has no entries" in one for one in validate_mud(text(document)))


def test_two_lists_of_one_name_are_told():
    document = mud(CLOUD)
    document[ACLS]["acl"] *= 2

    assert any("one name" in one for one in validate_mud(text(document)))


def test_names_of_drafts_are_told_unless_files_of_others_are_read():
    data = json.dumps(mud(ace(**https(**{"dst-dnsname": "cloud.example"})))).encode()

    assert validate_mud(data) == ("'dst-dnsname' is a name of a draft",)
    assert validate_mud(data, drafts=True) == ()


def test_an_entry_of_another_that_cannot_be_understood_is_left_to_the_reader():
    data = text(mud(ace(ipv4={"destination-ipv4-network": "1.2.3"}), head={"systeminfo": "x" * 61}))

    assert validate_mud(data)
    assert validate_mud(data, drafts=True) == ()


def test_a_flood_of_problems_is_bounded():
    names = {"access-lists": {"access-list": [{"name": f"n{one}"} for one in range(1000)]}}

    assert len(validate_mud(text(mud(CLOUD, head={"from-device-policy": names})))) == MOST_PROBLEMS


@pytest.mark.parametrize(
    ("document", "place"),
    [
        (mud(CLOUD, head={"stranger": 1}), "stranger: is not known here"),
        (mud(CLOUD, ace("a1", ipv4={"stranger": 1})), "from/a1/ipv4/stranger: is not known here"),
        (mud(CLOUD, ace("a1", ipv6={})), "from/a1: matches ipv6 in an access list that is no"),
        (mud(CLOUD, ace("a1", ipv4={}, tcp={}, udp={})), "from/a1: matches two of TCP, UDP"),
        (mud(CLOUD, head={"extensions": ["a", "a"]}), "extensions: names one twice"),
        (mud(CLOUD, head={"mud-url": "https://["}), "mud-url: is no https URL"),
        (mud(CLOUD, head={"systeminfo": 7}), "systeminfo: is no text"),
    ],
)
def test_what_is_wrong_is_told_with_its_place(document, place):
    (found,) = validate_mud(text(document))

    assert place in found


def test_a_list_that_is_none_is_refused_from_others_too():
    document = mud(CLOUD)
    document[ACLS]["acl"][0]["aces"]["ace"] = {"name": "a0"}

    (found,) = validate_mud(text(document), drafts=True)

    assert found == "line 25: from/ace: is no list"


def test_words_of_a_file_reach_no_terminal_as_they_are():
    document = mud(CLOUD)
    document[ACLS]["acl"][0]["name"] = "\x1b[31m"

    assert not any("\x1b" in one for one in validate_mud(text(document)))


WRITTEN = json.loads(write_mud(device(1, KINDS, vendor="Maker", model="Bulb")))
VALUES = [
    *(None, True, -1, 0, 256, 70000, 1.5, "", "x", "a b", "eq", "4", "10.0.0.0/8", "-a.b"),
    *([], [None], [{}], {}, {"x": 1}, "https://x.example/y"),
]


def places(node, start=()):
    """Every member and entry below a node."""
    steps = node.items() if isinstance(node, dict) else enumerate(node)
    for step, inside in steps:
        yield (*start, step)
        if isinstance(inside, dict | list):
            yield from places(inside, (*start, step))


def mutated(document, place, change):
    """A copy with one place taken away, doubled, given a stranger, or set."""
    copy = deepcopy(document)
    node = copy
    for step in place[:-1]:
        node = node[step]
    last = place[-1]
    if change == "away":
        del node[last]
    elif change == "twice" and isinstance(node[last], list):
        node[last] += deepcopy(node[last][:1])
    elif change == "stranger" and isinstance(node[last], dict):
        node[last]["stranger"] = 1
    elif isinstance(change, int):
        node[last] = VALUES[change]
    return copy


@pytest.mark.parametrize("document", [GOOD, WRITTEN], ids=["small", "written"])
def test_we_are_never_looser_than_the_modules(document):
    draw = Random(8520)
    changes = ["away", "twice", "stranger", *range(len(VALUES))]
    everywhere = [(place, change) for place in places(document) for change in changes]
    looser, refused = [], 0
    for place, change in draw.sample(everywhere, 250):
        data = json.dumps(mutated(document, place, change)).encode()
        theirs = why_not_yang(data)
        refused += bool(theirs)
        if theirs and not validate_mud(data):
            looser.append((place, change, theirs))

    assert looser == []
    assert refused > 100
