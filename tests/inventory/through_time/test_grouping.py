from itertools import pairwise

from thingwarden.inventory.through_time.grouping import MOST_MEMBERS, apply_statements, join_sure
from thingwarden.inventory.through_time.linking import Compared
from thingwarden.inventory.through_time.weighing import Weighed
from thingwarden.model import Statement


def pair(one, other, confidence=0.999):
    return Weighed(one=one, other=other, confidence=confidence, because=())


def groups_of(*pairs, stays=None, marks=None):
    groups, used = join_sure(Compared(pairs=pairs, stays=stays or {}, marks=marks or {}))
    return sorted(map(sorted, groups)), used


def test_sure_pairs_make_groups():
    groups, used = groups_of(pair("a", "b"), pair("c", "d"), pair("b", "c"), pair("a", "d"))

    assert groups == [["a", "b", "c", "d"]]
    assert len(used) == 4


def test_unsure_pairs_do_not():
    assert groups_of(pair("a", "b", 0.98))[0] == []


def test_a_group_never_holds_two_that_were_there_at_once():
    stays = {"a": [(0, 10)], "b": [(20, 30)], "c": [(5, 15)]}

    groups, used = groups_of(pair("a", "b"), pair("b", "c", 0.995), stays=stays)

    assert groups == [["a", "b"]]
    assert [each.ends for each in used] == [("a", "b")]


def test_a_group_never_holds_two_identifiers():
    marks = {"a": {("duid", "1"): None}, "c": {("duid", "2"): None}}

    assert groups_of(pair("a", "b"), pair("b", "c"), marks=marks)[0] == [["a", "b"]]


def test_a_long_chain_is_one_group():
    names = [f"{number:03}" for number in range(200)]

    groups, _ = groups_of(*(pair(*two) for two in pairwise(names)))

    assert groups == [names]


def test_a_flood_of_addresses_is_not_one_device_without_end():
    names = [f"{number:05}" for number in range(MOST_MEMBERS + 200)]

    groups, _ = groups_of(*(pair(*two) for two in pairwise(names)))

    assert max(map(len, groups)) == MOST_MEMBERS


def said(*statements, groups=(("a", "b"), ("c", "d"))):
    return [
        sorted(group)
        for group in apply_statements(groups, [Statement(**one) for one in statements])
    ]


SAME = {"kind": "same", "first": "a", "second": "c"}


def test_statements_are_heard_in_their_order():
    assert said() == [["a", "b"], ["c", "d"]]
    assert said(SAME) == [["a", "b", "c", "d"]]
    assert said(SAME, {"kind": "alone", "first": "a"}) == [["b", "c", "d"]]
    assert said({"kind": "alone", "first": "a"}, SAME) == [["a", "c", "d"]]
    assert said({"kind": "apart", "first": "b"}) == [["c", "d"]]
    assert said(SAME, {"kind": "apart", "first": "d"}) == []


def test_statements_about_what_is_in_no_group():
    assert said({"kind": "same", "first": "x", "second": "y"}, groups=()) == [["x", "y"]]
    assert said({"kind": "apart", "first": "x"}, groups=()) == []
