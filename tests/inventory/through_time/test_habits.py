from math import log

import pytest

from thingwarden.inventory.through_time.habits import Habits, Rarity, read_habits

from tests.inventory.rows import ROUTER, START_US, message
from tests.inventory.through_time.visits import ANDROID, Diary, random_macs

ONE, OTHER = random_macs(1, 2)


def test_habits_are_what_is_asked_for_and_how():
    diary = (
        Diary()
        .visit(ONE, 8, 9, domains=("a1.news.example.org", "printer.local"))
        .visit(OTHER, 9, 9)
    )
    ends = message((ONE, "192.168.1.11"), (ROUTER, "93.184.215.14"), time_us=START_US)
    diary.rows["tls"].append(
        {**ends, "sni": "shop.example.com", "ja4": "t13d1516h2_8daaf6152771_0"}
    )

    with diary.found() as (store, _):
        habits = read_habits(store)[ONE]

    assert habits.domains == {"a#.news.example.org", "shop.example.com"}
    assert habits.hellos == {"t13d1516h2_8daaf6152771_0"}
    assert habits.options == {" ".join(ANDROID)}


def test_what_few_do_weighs_more():
    rarity = Rarity({f"{n}": Habits(domains={"all.example", f"{n}.example"}) for n in range(10)})

    assert rarity.weigh("domains", "all.example") == 0
    assert rarity.weigh("domains", "3.example") == pytest.approx(log(10))


def test_likeness_counts_what_is_rare():
    common = {"a.example", "b.example", "c.example"}
    habits = {f"{n}": Habits(domains={*common, f"{n}.example"}) for n in range(8)}
    habits["8"] = Habits(domains={*common, "0.example"})
    rarity = Rarity(habits)

    assert rarity.likeness(habits["0"], habits["8"]) == (pytest.approx(1), 4)
    assert rarity.likeness(habits["1"], habits["2"]) == (pytest.approx(0), 3)


def test_few_or_common_domains_say_nothing():
    common = Habits(domains={"a.example", "b.example", "c.example"})
    few = Habits(domains={"z.example"})
    rarity = Rarity({"1": common, "2": common})

    assert rarity.likeness(common, common) is None
    assert rarity.likeness(common, few) is None
