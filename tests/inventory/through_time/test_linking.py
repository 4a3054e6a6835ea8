from thingwarden.inventory.through_time.linking import NEXT, compare_all
from thingwarden.inventory.through_time.weighing import PERHAPS

from tests.inventory.through_time.visits import APPLE, GAMES, NEWS, Diary, random_macs

ANNA, BEN = random_macs(1, 12), random_macs(2, 12)


def compared(diary):
    with diary.found() as (store, _):
        return compare_all(store)


def test_pairs_are_the_surest_first_and_only_likely_ones():
    diary = (
        Diary()
        .days(ANNA, 18, 22, name="Annas-Pixel")
        .days(BEN, 8, 9, name="Pixel-7", domains=GAMES)
    )

    pairs = compared(diary).pairs

    assert [pair.confidence for pair in pairs] == sorted(
        (pair.confidence for pair in pairs), reverse=True
    )
    assert all(pair.confidence >= PERHAPS for pair in pairs)
    assert set(pairs[0].ends) <= set(ANNA)


def test_each_is_held_against_the_next_few_only():
    pairs = compared(Diary().days(ANNA, 18, 22, name="Annas-Pixel")).pairs

    assert 0 < len(pairs) <= NEXT * len(ANNA)


def test_rare_domains_alone_are_looked_at_but_never_enough():
    diary = Diary().days(ANNA[:3], 18, 22, domains=GAMES)
    for number in range(3, 11):
        diary.visit(random_macs(number, 1)[0], 1, 2, domains=NEWS, asks_as=APPLE)

    pairs = [pair for pair in compared(diary).pairs if set(pair.ends) <= set(ANNA)]

    assert pairs
    assert all(pair.confidence < 0.99 for pair in pairs)


def test_nobody_to_compare_costs_nothing():
    found = compared(Diary().visit("00:17:88:00:00:31", 8, 9).visit(ANNA[0], 8, 9))

    assert (found.pairs, found.stays) == ((), {})
