"""Values -> rules."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from thingwarden.inventory.identification.channels import CHANNELS
from thingwarden.inventory.identification.kinds import Kind
from thingwarden.inventory.identification.rules import Rule, find_rules, shelve


def rule(form: str, pattern: str) -> Rule:
    return Rule(
        form=form,
        pattern=pattern,
        literal="",
        kind=Kind(vendor="Acme"),
        strength=0.9,
        source="test",
    )


def test_a_domain_rule_holds_for_all_names_below_it_and_no_other():
    vendors = {
        name: {found.kind.vendor for found in find_rules("domain", name)}
        for name in ("ring.com", "fw.ring.com", "string.com", "ring.com.evil.example")
    }

    assert "Ring" in vendors["ring.com"] & vendors["fw.ring.com"]
    assert "Ring" not in vendors["string.com"] | vendors["ring.com.evil.example"]


def test_values_are_compared_without_case():
    assert find_rules("domain", "API.Ring.COM") == find_rules("domain", "api.ring.com")


def test_a_channel_without_rules_has_none():
    assert find_rules("telepathy", "x") == ()


def test_rules_lie_where_they_are_looked_up():
    books = shelve([("domain", rule("domain", "acme.com")), ("page", rule("glob", "acme*"))])

    assert list(books["domain"].domains) == ["acme.com"]
    assert len(books["page"].others) == 1


@given(channel=st.sampled_from(sorted(CHANNELS)), raw=st.text(max_size=3000))
def test_any_value_gets_an_answer(channel, raw):
    for found in find_rules(channel, raw):
        assert 0 < found.strength <= 1


@pytest.mark.parametrize("raw", ["a" * 100_000, "(" * 5000, "." * 5000, "a." * 5000])
def test_hostile_values_are_bounded(raw):
    for channel in CHANNELS:
        find_rules(channel, raw)
