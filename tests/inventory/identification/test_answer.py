"""The deepest level that is certain."""

import pytest

from thingwarden.inventory.identification.answer import CERTAIN, answer, calibrate
from thingwarden.inventory.identification.experience import Experience
from thingwarden.inventory.identification.kinds import Kind
from thingwarden.inventory.identification.ledger import Match, weigh

from tests.inventory.identification.things import (
    CAMERA,
    CAMERA_TELLS,
    EXAMPLES,
    PLUG_TELLS,
    example,
)


def rule(kind: Kind, strength: float = 0.99) -> Match:
    return Match(token=("host-name", "x"), kind=kind, strength=strength)


def test_a_model_that_was_often_met_is_named():
    experience = Experience.of([*EXAMPLES, *[example(CAMERA, CAMERA_TELLS)] * 3])

    found = answer(weigh(CAMERA_TELLS, experience, []))

    assert (found.kind.vendor, found.kind.model) == ("Blick", "Cam X")
    assert found.best["model"][1] >= CERTAIN["model"]


def test_what_siblings_share_names_the_maker_only():
    shared = {name: told for name, told in PLUG_TELLS.items() if name != "host-name"}
    experience = Experience.of(list(EXAMPLES) * 4)

    found = answer(weigh(shared, experience, []))

    assert found.kind.vendor == "Acme"
    assert found.kind.model == ""
    assert {kind.model for kind, _ in found.models[:2]} == {"Plug 1", "Plug 2"}


def test_a_category_can_be_certain_where_no_maker_is():
    found = answer(weigh({}, Experience(), [rule(Kind(category="phone"))]))

    assert found.kind == Kind(category="phone")


def test_a_weak_rule_names_nothing():
    found = answer(weigh({}, Experience(), [rule(Kind(vendor="Acme"), 0.6)]))

    assert found.kind == Kind()
    assert found.best["vendor"][0] == "Acme"


def test_a_family_is_never_named_without_its_maker():
    found = answer(weigh({}, Experience(), [rule(Kind(family="Cast", category="speaker"), 0.99)]))

    assert found.kind.family == ""
    assert found.kind.category == "speaker"


def test_a_category_that_an_example_left_open_is_told_by_rules():
    bare = [example(Kind(vendor="Acme", model="Plug 1"), PLUG_TELLS)] * 3

    found = answer(
        weigh(PLUG_TELLS, Experience.of(bare), [rule(Kind("Acme", "", "", "plug"), 0.97)])
    )

    assert found.kind.category == "plug"
    assert found.best["model"][0] == "Plug 1"


def test_nothing_told_is_nothing_known():
    found = answer(weigh({}, Experience(), []))

    assert found.kind == Kind()
    assert found.best == {}


@pytest.mark.parametrize("level", sorted(CERTAIN))
def test_confidence_keeps_its_order_and_its_bounds(level):
    steps = [calibrate(level, number / 50) for number in range(51)]

    assert steps == sorted(steps)
    assert 0 <= steps[0] < 0.01
    assert 0.99 < steps[-1] <= 1
