"""The ledger: what each kind is given by each token."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from thingwarden.inventory.identification.experience import Experience
from thingwarden.inventory.identification.kinds import Kind
from thingwarden.inventory.identification.ledger import Match, weigh

from tests.inventory.identification.things import (
    CAMERA,
    CAMERA_TELLS,
    EXAMPLES,
    OTHER_PLUG,
    PLUG,
    PLUG_TELLS,
)

EXPERIENCE = Experience.of(EXAMPLES)


def mass(balance, kind: Kind) -> float:
    found = balance.probabilities()
    return sum(share for leaf, share in zip(balance.leaves, found, strict=True) if leaf == kind)


def test_a_thing_that_tells_what_an_example_told_is_that_model():
    balance = weigh(PLUG_TELLS, EXPERIENCE, [])

    assert mass(balance, PLUG) > 0.5
    assert mass(balance, PLUG) > 10 * mass(balance, OTHER_PLUG)
    assert balance.probabilities().sum() == pytest.approx(1)


def test_a_thing_with_a_new_name_is_another_model_of_its_maker():
    balance = weigh({**PLUG_TELLS, "host-name": ("acme-heater",)}, EXPERIENCE, [])

    assert mass(balance, Kind(vendor="Acme")) > mass(balance, PLUG)
    assert mass(balance, Kind(vendor="Acme")) > mass(balance, CAMERA)


def test_a_thing_that_tells_nothing_known_is_something_else():
    balance = weigh({"domain": ("never.example.net",)}, EXPERIENCE, [])

    assert max(balance.leaves, key=lambda leaf: mass(balance, leaf)) == Kind()


def test_ten_names_of_one_domain_are_one_voice():
    one = {"domain": ("api.acme.example.com",)}
    ten = {"domain": tuple(f"host{number}.acme.example.com" for number in range(10))}
    examples = [
        *EXAMPLES,
        EXAMPLES[0].__class__(PLUG, frozenset(("domain", name) for name in ten["domain"])),
    ]
    experience = Experience.of(examples)

    assert mass(weigh(ten, experience, []), CAMERA) == pytest.approx(
        mass(weigh(one, experience, []), CAMERA), abs=0.1
    )


def test_a_hardware_prefix_says_nothing_of_the_model():
    tells = {"prefix": ("acme",)}
    examples = [
        EXAMPLES[0].__class__(kind, frozenset({*one.tokens, ("prefix", name)}))
        for one, kind, name in zip(
            EXAMPLES, (PLUG, OTHER_PLUG, CAMERA), ("acme", "acme corp", "blick"), strict=True
        )
    ]
    balance = weigh(tells, Experience.of(examples), [])

    assert mass(balance, PLUG) == pytest.approx(mass(balance, OTHER_PLUG))
    assert mass(balance, PLUG) > mass(balance, CAMERA)


def test_a_rule_alone_is_as_sure_as_it_says():
    rule = Match(token=("domain", "ring.com"), kind=Kind(vendor="Ring"), strength=0.97)
    balance = weigh({"domain": ("ring.com",)}, Experience(), [rule])

    assert mass(balance, Kind(vendor="Ring")) == pytest.approx(0.97, abs=0.001)


def test_rules_of_two_channels_that_agree_are_surer_than_one():
    rules = [
        Match(token=("domain", "ring.com"), kind=Kind(vendor="Ring"), strength=0.9),
        Match(token=("host-name", "ring-x"), kind=Kind(vendor="Ring"), strength=0.9),
    ]

    assert mass(weigh({}, Experience(), rules), Kind(vendor="Ring")) > 0.99


def test_rules_that_disagree_leave_it_open():
    rules = [
        Match(token=("domain", "ring.com"), kind=Kind(vendor="Ring"), strength=0.9),
        Match(token=("host-name", "echo"), kind=Kind(vendor="Amazon"), strength=0.9),
    ]
    balance = weigh({}, Experience(), rules)

    assert mass(balance, Kind(vendor="Ring")) == pytest.approx(mass(balance, Kind(vendor="Amazon")))
    assert mass(balance, Kind(vendor="Ring")) < 0.6


def test_a_rule_that_names_a_category_splits_its_maker():
    rule = Match(token=("mdns-service", "_x"), kind=Kind("Acme", "", "", "lock"), strength=0.95)
    balance = weigh({}, EXPERIENCE, [rule])

    assert mass(balance, Kind("Acme", "", "", "lock")) > mass(balance, Kind(vendor="Acme"))


@given(
    st.dictionaries(
        st.sampled_from(["domain", "host-name", "tls-client", "prefix"]),
        st.lists(st.text(max_size=8), max_size=5, unique=True),
        max_size=4,
    )
)
def test_whatever_is_told_the_ledger_is_a_distribution(tells):
    found = weigh(tells, EXPERIENCE, []).probabilities()

    assert np.isfinite(found).all()
    assert found.sum() == pytest.approx(1)


def test_what_a_camera_tells_never_makes_it_a_plug():
    assert mass(weigh(CAMERA_TELLS, EXPERIENCE, []), PLUG) < 0.01
