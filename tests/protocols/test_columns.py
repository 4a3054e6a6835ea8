import numpy as np

from thingwarden.protocols import columns

NUMBERS = np.array([3, -1, 7], np.int32)
KNOWN = np.array([True, False, True])


def test_numbers_flags_and_choices_have_nulls_where_nothing_is_known():
    assert columns.small(NUMBERS, KNOWN).to_pylist() == [3, None, 7]
    assert columns.whole(NUMBERS.view(np.uint32)).to_pylist() == [3, 0xFFFFFFFF, 7]
    assert columns.flags(NUMBERS > 3, KNOWN).to_pylist() == [False, None, True]
    assert columns.choices(np.array([1, 0, 1], np.int32), ("a", "b")).to_pylist() == list("bab")
    assert columns.same("udp", 2).to_pylist() == ["udp", "udp"]
    assert columns.same("udp", 0).to_pylist() == []


def test_a_choice_may_be_null_or_beyond_ascii_and_there_may_be_none():
    names = ("long", None, "", "ä")

    column = columns.choices(np.array([3, 1, 2, 0]), names)

    column.validate(full=True)
    assert column.to_pylist() == ["ä", None, "", "long"]
    assert columns.choices(np.array([], np.int32), names).to_pylist() == []


def test_texts_are_copied_from_their_part_of_the_pool():
    pool = np.frombuffer(b"....onetwo", np.uint8).copy()
    ends = np.array([7, 7, 10], np.int32)

    column = columns.text(pool, 4, ends, KNOWN)
    pool[:] = 0

    assert column.to_pylist() == ["one", None, "two"]
    column.validate(full=True)


def test_parts_are_joined_in_order():
    parts = [(columns.small(NUMBERS),), (columns.small(NUMBERS[:1]),)]

    assert [column.to_pylist() for column in columns.joined(parts)] == [[3, -1, 7, 3]]
    assert columns.joined(parts[:1]) == parts[0]
