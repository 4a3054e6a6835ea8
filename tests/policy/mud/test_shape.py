import pytest

from thingwarden.policy.mud.shape import (
    FILE,
    MATCHES,
    MATCHES_OF_OTHERS,
    Entries,
    Leaf,
    is_host,
    is_number,
    is_prefix,
    misfits,
)
from thingwarden.policy.mud.terms import MUD

from tests.policy.mud.files import CLOUD, ace, mud, text, why_not_yang

NUMBER = Leaf(fits=lambda value: isinstance(value, int), otherwise="is no number")
SHAPE = {"a": NUMBER, "b": Entries(each={"c": NUMBER})}


@pytest.mark.parametrize(
    ("node", "found"),
    [
        ({"a": 1, "b": [{"c": 2}]}, []),
        ({}, []),
        ([], [((), "is no object")]),
        ({"a": "x"}, [(("a",), "is no number")]),
        ({"b": {}}, [(("b",), "is no list")]),
        ({"b": [{}, 7]}, [(("b", 1), "is no object")]),
        ({"b": [{"c": None}]}, [(("b", 0, "c"), "is no number")]),
        ({"x": 1}, [(("x",), "is not known here")]),
    ],
)
def test_what_does_not_fit_has_its_place(node, found):
    assert list(misfits(node, SHAPE, unknown=True)) == found


def test_strangers_count_only_where_asked_for():
    assert list(misfits({"x": 1}, SHAPE, unknown=False)) == []


@pytest.mark.parametrize(
    "matches",
    [
        {"ipv4": {"dscp": 63, "ecn": 3, "length": 9, "ttl": 1, "ihl": 5, "flags": "more"}},
        {"ipv4": {"offset": 20, "identification": 7, "source-ipv4-network": "10.0.0.0/8"}},
        {"ipv4": {}, "tcp": {"sequence-number": 1, "flags": "syn ack", "window-size": 9}},
        {"ipv4": {}, "tcp": {"data-offset": 5, "reserved": 0, "options": "AAAA"}},
        {"ipv4": {}, "udp": {"length": 8}},
        {"ipv4": {}, "icmp": {"type": 8, "code": 0, "rest-of-header": "AAAAAA=="}},
        {"ietf-mud:mud": {"manufacturer": "a.example", "my-controller": [None]}},
    ],
)
def test_every_match_of_the_modules_is_known(matches):
    assert list(misfits(matches, MATCHES, unknown=True)) == []
    document = mud(CLOUD, ace("a1", **matches))
    assert why_not_yang(text(document)) == ""
    assert list(misfits(document, FILE, unknown=True)) == []


@pytest.mark.parametrize(
    "matches",
    [
        {"ipv4": {"dscp": 64}},
        {"ipv4": {"flags": "more more"}},
        {"ipv4": {"flags": "less"}},
        {"ipv4": {"source-ipv4-network": "::/0"}},
        {"tcp": {"options": "%"}},
        {"eth": {"source-mac-address": "02"}},
        {MUD: {"local-networks": True}},
        {MUD: {"manufacturer": "*.a.example"}},
    ],
)
def test_a_match_of_another_kind_is_told(matches):
    assert len(list(misfits(matches, MATCHES, unknown=True))) == 1


def test_others_may_write_an_address_where_a_prefix_is_meant():
    matches = {"ipv4": {"source-ipv4-network": "10.0.0.1"}}

    assert list(misfits(matches, MATCHES, unknown=False))
    assert list(misfits(matches, MATCHES_OF_OTHERS, unknown=False)) == []


@pytest.mark.parametrize("name", ["a.example", "A.example.", "_srv.a-b.example"])
def test_hosts_are_names(name):
    assert is_host(name)


@pytest.mark.parametrize("name", ["", "*.a.example", "-a.b", "a-.b", "a b", "a\n", 7, None])
def test_what_yang_has_as_no_host_is_none(name):
    assert not is_host(name)


@pytest.mark.parametrize("value", [True, 1.0, "1", -1, 2, None])
def test_numbers_are_those_of_json_and_bounded(value):
    assert is_number(1, 1)
    assert not is_number(value, 1)


def test_a_prefix_has_its_version():
    assert is_prefix("10.0.0.0/8", 4)
    assert not is_prefix("10.0.0.0/8", 6)
