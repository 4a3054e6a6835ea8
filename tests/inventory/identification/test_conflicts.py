"""Channels that speak for different makers."""

from thingwarden.inventory.identification.conflicts import find_conflicts
from thingwarden.inventory.identification.experience import Experience
from thingwarden.inventory.identification.kinds import Kind
from thingwarden.inventory.identification.ledger import Match, weigh


def rule(channel: str, vendor: str, strength: float = 0.97) -> Match:
    return Match(token=(channel, vendor.lower()), kind=Kind(vendor=vendor), strength=strength)


def test_a_name_against_its_traffic_is_a_conflict():
    balance = weigh({}, Experience(), [rule("host-name", "Ring"), rule("domain", "Amazon")])

    assert find_conflicts(balance) == [("host-name", "Ring", "domain", "Amazon")]


def test_channels_that_agree_are_none():
    balance = weigh({}, Experience(), [rule("host-name", "Ring"), rule("domain", "Ring")])

    assert find_conflicts(balance) == []


def test_a_weak_voice_contradicts_nobody():
    balance = weigh({}, Experience(), [rule("host-name", "Ring"), rule("domain", "Amazon", 0.6)])

    assert find_conflicts(balance) == []


def test_the_maker_of_the_radio_contradicts_nobody():
    balance = weigh({}, Experience(), [rule("host-name", "Ring"), rule("prefix", "Murata")])

    assert find_conflicts(balance) == []
