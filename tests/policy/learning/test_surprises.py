"""The bound on what is still to come: known values, its course, and whether it holds."""

import math
import random
from itertools import pairwise

import pytest

from thingwarden.model import WatchTime
from thingwarden.policy.learning.surprises import (
    certify,
    expected_at_most,
    hours_needed,
    say_number,
    say_watch_time,
)

RUNS = 1_000
HOURS = (48, 168, 500)
WEEK = 168


@pytest.mark.parametrize(
    ("once", "limit"), [(0, 2.9957), (1, 4.7439), (2, 6.2958), (5, 10.5130), (10, 16.9622)]
)
def test_the_limit_is_the_exact_one_of_poisson_counts(once, limit):
    """Half of the 95th percentile of chi-square with 2 (once + 1) degrees of freedom."""
    assert expected_at_most(once) == pytest.approx(limit, abs=1e-4)


def test_at_its_limit_so_few_come_in_one_of_twenty_cases():
    for once in (0, 3, 40, 200):
        mean = expected_at_most(once)
        logs = (n * math.log(mean) - mean - math.lgamma(n + 1) for n in range(once + 1))

        assert math.fsum(map(math.exp, logs)) == pytest.approx(0.05, abs=1e-9)


@pytest.mark.parametrize(("once", "hours"), [(0, 504), (1, 797), (2, 1058)])
def test_three_weeks_without_news_are_enough_for_one_surprise_a_week(once, hours):
    assert math.ceil(hours_needed(once)) == hours


def test_with_a_larger_budget_less_is_needed():
    assert hours_needed(0, budget=7) == pytest.approx(hours_needed(0) / 7)


def test_more_that_was_seen_once_never_lowers_the_bound():
    bounds = [certify(active_hours=100, days=5, once=once) for once in range(60)]

    assert all(a.surprises < b.surprises for a, b in pairwise(bounds))
    assert all(a.homes <= b.homes for a, b in pairwise(bounds))


def test_longer_watching_never_raises_the_bound():
    bounds = [certify(active_hours=hours, days=30, once=3) for hours in range(1, 3_000)]

    assert all(a.surprises >= b.surprises for a, b in pairwise(bounds))
    assert all(a.homes >= b.homes for a, b in pairwise(bounds))


def test_nothing_is_cut_from_the_bound_of_a_short_watch():
    watch = certify(active_hours=1, days=1, once=20)

    assert watch.surprises >= WEEK * expected_at_most(20)


def test_it_is_good_for_one_a_week_exactly_when_no_hours_are_missing():
    for hours in range(490, 520):
        watch = certify(active_hours=hours, days=21, once=0)

        assert (watch.surprises <= 1) == (watch.hours_to_go == 0) == (hours >= 504)


def test_after_a_day_in_which_nothing_was_seen_only_once_21_homes_are_enough_today():
    assert certify(active_hours=24, days=1, once=0).homes == 21


def test_a_home_that_watched_long_enough_needs_no_other():
    assert certify(active_hours=600, days=25, once=0).homes == 1


def test_hours_to_go_are_those_that_are_missing_now():
    assert certify(active_hours=100, days=5, once=0).hours_to_go == 404


def test_a_device_that_did_nothing_has_no_end_in_sight():
    watch = certify(active_hours=0, days=0, once=0)

    assert (watch.hours_to_go, math.isfinite(watch.surprises)) == (None, True)


def test_what_takes_more_than_a_year_does_not_get_there_by_watching():
    assert certify(active_hours=100, days=5, once=60).hours_to_go is None


@pytest.mark.parametrize("hours", HOURS)
def test_the_bound_holds_in_nearly_all_simulated_devices(hours):
    """What was never seen, times how often it comes: at most the bound in 93 % of runs and more."""
    chance = random.Random(hours)

    holds = sum(_holds(chance, hours) for _ in range(RUNS))

    assert holds >= 0.93 * RUNS


def test_a_bound_without_its_margin_would_be_too_low_too_often():
    """Else the simulation would say nothing: with the plain estimate it fails."""
    chance = random.Random(1)

    holds = sum(_holds(chance, 168, plain=True) for _ in range(RUNS))

    assert holds < 0.8 * RUNS


def test_the_sentence_tells_the_bound_the_time_and_the_homes():
    said = say_watch_time(certify(active_hours=240, days=10, once=0))

    assert said == (
        "Good for at most 2.1 surprises a week, with 95 % confidence; 11 days to go to one a week "
        "if nothing new comes. 12 homes that watch the same model for a day would make it today."
    )


def test_the_sentence_counts_days_in_the_hours_that_the_device_is_active():
    watch = certify(active_hours=30, days=10, once=0)

    assert "; 158 days to go" in say_watch_time(watch)


def test_the_sentence_of_one_that_is_there_is_short():
    said = say_watch_time(certify(active_hours=1_000, days=45, once=0))

    assert said == "Good for at most 0.51 surprises a week, with 95 % confidence."


def test_the_sentence_of_one_that_never_gets_there_says_so():
    said = say_watch_time(certify(active_hours=3, days=1, once=80))

    assert "does not get to one a week by watching alone" in said


def test_the_last_day_to_go_is_one_day():
    watch = WatchTime(active_hours=500, days=21, once=0, surprises=1.01, hours_to_go=4, homes=2)

    assert "; 1 day to go" in say_watch_time(watch)


@pytest.mark.parametrize(
    ("number", "said"), [(0.341, "0.34"), (3.43, "3.4"), (34.4, "34"), (3412.3, "3,412")]
)
def test_a_number_has_two_digits_at_least(number, said):
    assert say_number(number) == said


def _holds(chance: random.Random, hours: int, *, plain: bool = False) -> bool:
    """Whether one device, watched so long, has no more to come than it was certified for.

    It shows 10 to 80 behaviours, each in an hour with a probability of its own, from each hour to once
    in five years.
    """
    rates = [10 ** chance.uniform(-4.6, 0) for _ in range(chance.randint(10, 80))]
    seen = [_hours_of(chance, hours, 1 - math.exp(-rate)) for rate in rates]
    unseen = zip(rates, seen, strict=True)
    truth = WEEK * sum(1 - math.exp(-rate) for rate, count in unseen if count == 0)
    once = seen.count(1)
    return truth <= (WEEK * once / hours if plain else _bound(hours, once))


def _bound(hours: int, once: int) -> float:
    return certify(active_hours=hours, days=hours // 24, once=once).surprises


def _hours_of(chance: random.Random, hours: int, often: float) -> int:
    """In how many hours something was seen: by waiting times, which is fast where it is seldom."""
    count, at = 0, 0
    while often < 1:
        at += 1 + int(math.log(1 - chance.random()) / math.log(1 - often))
        if at > hours:
            return count
        count += 1
        if count > 1:
            return count
    return hours
