"""Trials of identification: their scores are what they say."""

import pytest

from thingwarden.inventory.identification.evidence import Evidence
from thingwarden.inventory.identification.kinds import Kind

from tests.inventory.identification.things import (
    CAMERA,
    CAMERA_TELLS,
    OTHER_PLUG,
    OTHER_PLUG_TELLS,
    PLUG,
    PLUG_TELLS,
)
from tools.trials import (
    Case,
    Given,
    draw_per_type,
    hide,
    leave_one_model_out,
    leave_one_out,
    leave_one_person_out,
    one_per_type,
    prefix_only,
    score,
)


def case(kind: Kind, tells, *, person: str = "A", chip: str = "Acme Inc.") -> Case:
    tokens = {channel: list(told) for channel, told in tells.items()}
    evidence = Evidence(tokens=tokens, matches=(), first={}, chip=chip)
    return Case(kind=kind, type=kind.model, person=person, evidence=evidence)


CASES = [
    case(kind, tells, person=person, chip=kind.vendor)
    for person in ("A", "B")
    for kind, tells in (
        (PLUG, PLUG_TELLS), (OTHER_PLUG, OTHER_PLUG_TELLS), (CAMERA, CAMERA_TELLS)
    )
]  # fmt: skip


def given(*, sure: float, right: bool) -> Given:
    return Given(
        case=CASES[0],
        vendor="Acme",
        vendor_sure=0.99,
        model=PLUG if right else OTHER_PLUG,
        model_sure=sure,
        right_sure=sure if right else 0.01,
        candidates=(PLUG,) if right else (OTHER_PLUG,),
    )


def test_scores_count_what_is_named_and_what_of_it_is_right():
    found = score(
        [given(sure=0.95, right=True), given(sure=0.95, right=False), given(sure=0.5, right=True)]
    )

    assert found.model_named == pytest.approx(2 / 3)
    assert found.model_right == pytest.approx(1 / 2)
    assert found.model_top == pytest.approx(2 / 3)
    assert found.coverage == pytest.approx(2 / 3)
    assert found.vendor_right == 1


def test_confidence_that_comes_true_has_no_error():
    half = [given(sure=0.5, right=number % 2 == 0) for number in range(10)]

    assert score(half).error == pytest.approx(0)
    assert score([given(sure=0.9, right=False)]).error == pytest.approx(0.9)


def test_no_case_is_answered_by_itself():
    drawn = draw_per_type(CASES, 1)

    assert len(drawn) == 3
    assert len(one_per_type(CASES, 2)) == 2 * 3
    assert len(leave_one_out(CASES)) == len(CASES)


def test_each_person_is_answered_by_the_others():
    found = dict(leave_one_person_out(CASES))

    assert set(found) == {"A", "B"}
    assert all(one.case.person == "B" for one in found["B"])
    assert all(one.vendor_right for one in found["B"])


def test_a_model_that_is_left_out_is_never_right():
    assert not any(one.model_right for one in leave_one_model_out(CASES, lambda others: others))


def test_what_is_hidden_is_gone():
    [hidden] = hide(CASES[:1], frozenset({"host-name"}))

    assert "host-name" not in hidden.evidence.tokens
    assert "domain" in hidden.evidence.tokens


def test_the_baseline_knows_the_prefix_only():
    vendors, models = prefix_only(CASES[:3], CASES[3:])

    assert vendors == 1
    assert models == pytest.approx(2 / 3)
