"""Hours watched and rules seen once -> how many surprises a week are still to be expected.

The unit is the active hour. What was seen in exactly one of them tells how much was not seen at all
(Good and Turing); its upper limit is the exact one of Poisson counts (Garwood 1936).
"""

import math

from thingwarden.model import WatchTime

WEEK = 168
DAY = 24
DOUBT = 0.05
"""So that the limit holds in 95 %."""

BUDGET = 1.0
"""Surprises a week that people bear with."""

LONGEST_HOURS = 8_760
"""Past a year of active hours, watching alone does not get there."""

HALVINGS = 80
"""Steps until the limit is as exact as numbers are here."""


def expected_at_most(once: int) -> float:
    """The largest Poisson mean under which `once` or fewer come in 5 % of cases."""
    low, high = 0.0, once + 10.0 * math.sqrt(once + 1.0)
    for _ in range(HALVINGS):
        middle = (low + high) / 2
        low, high = (middle, high) if _at_most(once, middle) > DOUBT else (low, middle)
    return high


def hours_needed(once: int, budget: float = BUDGET) -> float:
    """Active hours after which at most `budget` surprises a week are to be expected."""
    return WEEK * expected_at_most(once) / budget


def certify(*, active_hours: int, days: int, once: int) -> WatchTime:
    """How far learning has come; `once`: rules that were seen in exactly one hour."""
    needed = hours_needed(once)
    missing = max(math.ceil(needed) - active_hours, 0)
    rate = needed * BUDGET / max(active_hours, 1)
    return WatchTime(
        active_hours=active_hours,
        days=days,
        once=once,
        surprises=math.ceil(100 * rate) / 100,
        hours_to_go=missing if active_hours and missing <= LONGEST_HOURS else None,
        homes=1 + math.ceil(missing / DAY),
    )


def say_watch_time(watch: WatchTime) -> str:
    """A sentence for users, such as "Good for at most 3.4 surprises a week; 9 days to go …"."""
    said = f"Good for at most {say_number(watch.surprises)} surprises a week, with 95 % confidence"
    if watch.hours_to_go == 0:
        return f"{said}."
    homes = f"{watch.homes} homes that watch the same model for a day would make it today"
    if watch.hours_to_go is None:
        return f"{said}; it does not get to one a week by watching alone. {homes}."
    days = math.ceil(watch.hours_to_go * max(watch.days, 1) / watch.active_hours)
    left = "1 day" if days == 1 else f"{days} days"
    return f"{said}; {left} to go to one a week if nothing new comes. {homes}."


def say_number(number: float) -> str:
    """With two digits at least, and none that mean nothing: 0.34, 3.4, 34, 3,412."""
    return f"{number:,.0f}" if number >= 10 else f"{number:.2g}"


def _at_most(most: int, mean: float) -> float:
    """Probability of `most` or fewer, where `mean` are expected."""
    logs = (n * math.log(mean) - mean - math.lgamma(n + 1) for n in range(most + 1))
    return math.fsum(map(math.exp, logs))
