"""What a device is for -> how high the bar is before one may depend on it: `docs/grading.md`."""

from collections.abc import Mapping
from dataclasses import dataclass

from thingwarden.model import Role

HOUR_US = 3_600_000_000
DAY_US = 24 * HOUR_US


@dataclass(frozen=True, slots=True, kw_only=True)
class Bar:
    """Letters that decide a verdict; a letter stands for itself and all that are worse."""

    refuse_one: str
    """One concern with it: do not depend on it."""
    refuse_two: str
    """Two concerns with it: do not depend on it."""
    wrap_one: str
    """One concern with it: only while wrapped."""
    wrap_many_b: int
    """So many concerns with B or worse: only while wrapped."""
    trusted: int
    """Concerns with A or B and enough coverage that are needed to depend on it."""
    watched_us: int
    """How long it must have been seen to depend on it."""
    watched: str
    """The same in words."""


BARS: Mapping[Role, Bar] = {
    Role.CONVENIENCE: Bar(
        refuse_one="F",
        refuse_two="D",
        wrap_one="C",
        wrap_many_b=4,
        trusted=4,
        watched_us=HOUR_US,
        watched="an hour",
    ),
    Role.SECURITY: Bar(
        refuse_one="D",
        refuse_two="C",
        wrap_one="C",
        wrap_many_b=3,
        trusted=5,
        watched_us=DAY_US,
        watched="a day",
    ),
    Role.SAFETY: Bar(
        refuse_one="D",
        refuse_two="C",
        wrap_one="B",
        wrap_many_b=1,
        trusted=5,
        watched_us=DAY_US,
        watched="a day",
    ),
    Role.LIFE_CRITICAL: Bar(
        refuse_one="C",
        refuse_two="B",
        wrap_one="B",
        wrap_many_b=1,
        trusted=6,
        watched_us=7 * DAY_US,
        watched="a week",
    ),
}
