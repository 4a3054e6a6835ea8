import json
from copy import deepcopy

import pytest

from thingwarden.policy.mud.terms import ACLS, MUD
from thingwarden.policy.mud.validate import MOST_PROBLEMS, validate_mud

from tests.policy.mud.files import CLOUD, ace, https, mud, text, why_not_yang

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


def test_words_of_a_file_reach_no_terminal_as_they_are():
    document = mud(CLOUD)
    document[ACLS]["acl"][0]["name"] = "\x1b[31m"

    assert not any("\x1b" in one for one in validate_mud(text(document)))
