import pytest

from thingwarden.errors import PolicyError
from thingwarden.policy.mud.parse import DEEPEST, lines_of, list_of, members, parse_mud, text_of


@pytest.mark.parametrize(
    ("data", "why"),
    [
        (b'{\n "a": }', "line 2, column 7"),
        (b"[]", "a MUD file is a JSON object"),
        (b'{"a": NaN}', "NaN is no JSON"),
        (b'{"a": 1, "a": 2}', "'a' stands twice"),
        (b"\xff\xfe{", "not JSON"),
        (b'{"a": ' * (DEEPEST + 2) + b"1" + b"}" * (DEEPEST + 2), f"more than {DEEPEST} members"),
        (b'{"a": ' * 100_000, "not JSON"),
        (b" " * (4 << 20) + b"{}", "at most"),
    ],
)
def test_what_is_no_mud_file_is_refused_with_its_place(data, why):
    with pytest.raises(PolicyError, match=why):
        parse_mud(data)


def test_names_of_drafts_become_what_they_are_called_now():
    document, renamed = parse_mud(b'{"a": [{"dst-dnsname": "x", "b": 1}]}')

    assert document == {"a": [{"ietf-acldns:dst-dnsname": "x", "b": 1}]}
    assert renamed == ("dst-dnsname",)


def test_an_old_name_beside_the_new_one_is_refused():
    with pytest.raises(PolicyError, match="stand for the same"):
        parse_mud(b'{"dst-dnsname": "x", "ietf-acldns:dst-dnsname": "y"}')


TEXT = b"""{
 "acls": {
  "dst-dnsname": [
   {"name": "a, {\\" b"},
   {
    "name": "c"
   },
   7, [8,
    9]
  ]
 }, "x": {}
}"""


@pytest.mark.parametrize(
    ("place", "line"),
    [
        ((), 1),
        (("acls",), 2),
        (("acls", "ietf-acldns:dst-dnsname"), 3),
        (("acls", "ietf-acldns:dst-dnsname", 0, "name"), 4),
        (("acls", "ietf-acldns:dst-dnsname", 1), 5),
        (("acls", "ietf-acldns:dst-dnsname", 1, "name"), 6),
        (("acls", "ietf-acldns:dst-dnsname", 3), 8),
        (("x",), 11),
        (("x", "missing"), 11),
        (("acls", "missing", 4), 2),
    ],
)
def test_a_place_has_its_line_or_that_of_what_is_around_it(place, line):
    assert lines_of(TEXT, [place]) == [line]


def test_what_is_not_there_is_nothing():
    node = {"a": {"b": [1, {"c": 2}], "d": "e"}}

    assert members(node, "a", "x", "y") is None
    assert list_of(node, "a", "b") == [{"c": 2}]
    assert (list_of(node, "a"), list_of(node, "a", "d")) == ([], [])
    assert (text_of(node, "a", "d"), text_of(node, "a")) == ("e", "")
