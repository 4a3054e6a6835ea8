"""Bars: one for each role, and none that is lower where more hangs on a device."""

from itertools import pairwise

from thingwarden.checks.roles import BARS
from thingwarden.model import Role

RISING = (Role.CONVENIENCE, Role.SECURITY, Role.SAFETY, Role.LIFE_CRITICAL)


def test_every_role_has_a_bar():
    assert set(BARS) == set(Role) == set(RISING)


def test_bars_rise_with_what_hangs_on_a_device():
    for low, high in pairwise(BARS[role] for role in RISING):
        assert high.refuse_one <= low.refuse_one
        assert high.refuse_two <= low.refuse_two
        assert high.wrap_one <= low.wrap_one
        assert high.wrap_many_b <= low.wrap_many_b
        assert high.trusted >= low.trusted
        assert high.watched_us >= low.watched_us


def test_two_of_a_kind_never_need_more_than_one():
    assert all(bar.wrap_one <= bar.refuse_two <= bar.refuse_one for bar in BARS.values())
