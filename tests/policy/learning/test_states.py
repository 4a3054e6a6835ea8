"""How far the watch time of a device carries."""

from dataclasses import replace

from thingwarden.model import (
    Behaviour,
    DeviceId,
    DevicePolicy,
    Initiator,
    Learnt,
    Origin,
    Peer,
    PeerKind,
    Rule,
    Span,
)
from thingwarden.policy.learning.states import State, state_of
from thingwarden.policy.learning.surprises import certify

NAME = Peer(kind=PeerKind.NAME, value="cloud.example.com")
PRINTER = Peer(kind=PeerKind.DEVICE, value="00:17:88:00:00:02")


def rule(peer: Peer, *, hours: int = 9) -> Rule:
    span = Span(first=443, last=443)
    learnt = Learnt(
        days=2, hours=hours, flows=9, first_us=0, last_us=1, capture="", frame=1, examples=()
    )
    behaviour = Behaviour(initiator=Initiator.DEVICE, peer=peer, protocol=6, service=span)
    return Rule(id="r1", behaviour=behaviour, origin=Origin.LEARNT, learnt=learnt)


def watched(*rules: Rule, hours: int, days: int = 30) -> DevicePolicy:
    once = sum(each.learnt is not None and each.learnt.hours == 1 for each in rules)
    return DevicePolicy(
        device_id=DeviceId("d-1"),
        macs=("00:17:88:00:00:01",),
        addresses=(),
        rules=rules,
        watch_time=certify(active_hours=hours, days=days, once=once),
    )


def test_all_is_enforced_once_at_most_one_surprise_a_week_is_expected():
    assert state_of(watched(rule(NAME), hours=504)) is State.ENFORCE_ALL
    assert state_of(watched(rule(NAME), hours=503)) is State.ENFORCE_INTERNET


def test_the_internet_is_enforced_once_at_most_one_surprise_a_day_is_expected_there():
    assert state_of(watched(rule(NAME), hours=72)) is State.ENFORCE_INTERNET
    assert state_of(watched(rule(NAME), hours=71)) is State.ADVISORY


def test_news_at_home_do_not_keep_the_internet_from_being_enforced():
    at_home = watched(rule(NAME), *[rule(PRINTER, hours=1)] * 9, hours=80)
    outside = watched(rule(NAME), *[rule(NAME, hours=1)] * 9, hours=80)

    assert state_of(at_home) is State.ENFORCE_INTERNET
    assert state_of(outside) is State.ADVISORY


def test_one_day_is_learning_however_busy():
    assert state_of(watched(rule(NAME), hours=600, days=1)) is State.LEARNING


def test_nobody_is_enforced_on_no_rules():
    assert state_of(watched(hours=2_000)) is State.LEARNING


def test_a_policy_that_was_not_learnt_here_is_learning():
    assert state_of(replace(watched(rule(NAME), hours=600), watch_time=None)) is State.LEARNING
