import pytest

from thingwarden.model import Known
from thingwarden.policy.gateway.sets import MOST_ELEMENTS
from thingwarden.policy.proof.lists import Lists
from thingwarden.policy.proof.names import (
    LIFE_US,
    NEVER,
    NameSets,
    Told,
    read_told_address,
    say_address,
)

from tests.rule_sets import device, name, rule, site

HERE, THERE = (4, 0xC6336407), (4, 0xC6336408)
RULES = (
    rule("a", name("a.example")),
    rule("b", name("*.b.example")),
    rule("c", name("x.b.example")),
)


def sets(*known):
    found = NameSets(Lists(site([device(1, RULES, known=known)])))
    found.start(0)
    return found


def test_an_answer_fills_the_name_and_the_patterns_that_cover_it():
    names = sets()

    new = names.tell("x.b.example", [HERE], 0)

    assert {one.name for one in new} == {"x.b.example", "*.b.example"}
    assert names.has("*.b.example", *HERE)
    assert not names.has("a.example", *HERE)


@pytest.mark.parametrize("other", ["b.example", "example", "xa.example", "z.example"])
def test_a_name_that_nothing_covers_fills_nothing(other):
    assert sets().tell(other, [HERE], 0) == []


def test_an_address_is_told_as_new_once():
    names = sets()

    assert len(names.tell("a.example", [HERE, HERE], 0)) == 1
    assert names.tell("a.example", [HERE], 5) == []


def test_an_address_goes_a_life_after_it_was_last_told_or_used():
    names = sets()
    names.tell("a.example", [HERE, THERE], 0)
    names.use("a.example", HERE, 10)

    assert names.next_end() == LIFE_US
    assert names.forget(LIFE_US) == [Told(name="a.example", address=THERE, here=False)]
    assert names.has("a.example", *HERE)
    assert [one.address for one in names.forget(LIFE_US + 10)] == [HERE]
    assert names.next_end() == NEVER


def test_what_is_used_but_not_there_stays_away():
    names = sets()
    names.use("a.example", HERE, 10)

    assert not names.has("a.example", *HERE)


def test_what_was_known_at_first_lives_from_the_first_packet_on():
    names = sets(Known(name="a.example", addresses=("198.51.100.7",)))
    names.start(LIFE_US)  # the second call does nothing

    assert names.next_end() == LIFE_US


def test_a_flood_of_addresses_is_bounded():
    names = sets()
    flood = [(4, number) for number in range(MOST_ELEMENTS + 50)]

    assert len(names.tell("a.example", flood, 0)) == MOST_ELEMENTS
    assert not names.has("a.example", *flood[-1])


@pytest.mark.parametrize(
    ("text", "address"),
    [("198.51.100.7", HERE), ("2001:db8::1", (6, 0x20010DB8 << 96 | 1)), ("x", None), (None, None)],
)
def test_addresses_are_numbers_and_texts(text, address):
    assert read_told_address(text) == address
    assert address is None or say_address(address) == text
