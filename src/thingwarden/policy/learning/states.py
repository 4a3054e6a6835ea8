"""A device's policy -> how far it may be enforced: from what is still to be expected, not from a date."""

from enum import Enum

from thingwarden.model import DevicePolicy, PeerKind, Rule
from thingwarden.policy.learning.surprises import BUDGET, WEEK, expected_at_most

LEAST_DAYS = 2
"""Before, no rule can be firm."""

DAILY = 7.0
"""Surprises a week, one a day, with which being told is useful and being cut off is not."""

FAR = (PeerKind.NAME, PeerKind.NETWORK, PeerKind.CONTROLLER, PeerKind.ANYONE)
"""Peers that are, or may be, on the Internet."""


class State(Enum):
    """What is done with what does not fit."""

    LEARNING = "learning"
    ADVISORY = "advisory"
    """It is told, and passes."""
    ENFORCE_INTERNET = "enforce-internet"
    ENFORCE_ALL = "enforce-all"


def state_of(policy: DevicePolicy) -> State:
    """How far the watch time of a device carries.

    The Internet may be enforced once at most one surprise a day is expected there, all once at most one
    a week is expected at all.
    """
    watch = policy.watch_time
    if watch is None or watch.days < LEAST_DAYS or not policy.rules:
        return State.LEARNING
    if watch.surprises <= BUDGET:
        return State.ENFORCE_ALL
    far = sum(_seen_once(rule) for rule in policy.rules if rule.behaviour.peer.kind in FAR)
    weekly = WEEK * expected_at_most(far) / max(watch.active_hours, 1)
    return State.ENFORCE_INTERNET if weekly <= DAILY else State.ADVISORY


def _seen_once(rule: Rule) -> bool:
    return rule.learnt is not None and rule.learnt.hours == 1
