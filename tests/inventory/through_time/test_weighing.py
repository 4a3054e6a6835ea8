import pytest

from thingwarden.inventory.through_time.habits import Habits, Rarity
from thingwarden.inventory.through_time.marks import Mark
from thingwarden.inventory.through_time.weighing import JOINED, Scene, contradict, weigh_pair
from thingwarden.model import Sight

SIGHT = Sight(capture=0, frame=4, time_us=0)


def scene(one, other, *, at_once=(), habits=None, crowd=10):
    habits = habits or {}
    marks = {
        mac: {key: Mark(kind=key[0], value=key[1], sight=SIGHT) for key in keys}
        for mac, keys in (("one", one), ("other", other))
    }
    return Scene(marks=marks, shared_at_once=set(at_once), habits=habits, rarity=Rarity(habits),
                 crowd=crowd)  # fmt: skip


def sure(*args, **more):
    return weigh_pair(scene(*args, **more), "one", "other").confidence


DUID, OTHER_DUID = ("duid", "0001aa"), ("duid", "0001bb")
ANNA, BEN, PIXEL = ("personal", "annas-pixel"), ("personal", "bens-pixel"), ("plain", "pixel-7")


def test_nothing_in_common_is_no_reason():
    assert sure([], []) < 0.1


@pytest.mark.parametrize("key", [DUID, ("client-id", "00ff"), ("uuid", "2f40")])
def test_an_identifier_is_enough(key):
    assert sure([key], [key]) > JOINED


def test_a_name_of_its_own_is_nearly_enough_and_one_of_a_model_is_not():
    assert 0.9 < sure([ANNA], [ANNA]) < JOINED
    assert sure([PIXEL], [PIXEL]) < 0.6


def test_what_two_showed_at_once_proves_nothing():
    assert sure([DUID], [DUID], at_once=[DUID]) < 0.1


def test_other_names_and_identifiers_speak_against_it():
    assert sure([DUID, ANNA], [OTHER_DUID, ANNA]) < 0.01
    assert sure([ANNA], [BEN]) < sure([], [])


def test_one_shared_mark_of_many_counts():
    assert sure([DUID, OTHER_DUID], [OTHER_DUID]) > JOINED


def test_the_more_devices_there_are_the_less_a_name_says():
    assert sure([ANNA], [ANNA], crowd=10_000) < 0.5 < sure([ANNA], [ANNA], crowd=20)


def test_habits_confirm_a_name_or_do_not():
    alike = Habits(options={"1,3"}, hellos={"t13"}, domains={"a.x", "b.x", "c.x"})
    unlike = Habits(options={"1,6"}, hellos={"t12"}, domains={"d.x", "e.x", "f.x"})
    others = {f"{n}": unlike for n in range(8)}
    same = {"one": alike, "other": alike, **others}
    different = {"one": alike, "other": unlike, **others}

    assert sure([ANNA], [ANNA], habits=same) > JOINED
    assert sure([ANNA], [ANNA], habits=different) < 0.5


def test_reasons_begin_with_the_weightiest_and_name_what_is_the_same():
    found = weigh_pair(scene([ANNA, DUID], [ANNA, DUID]), "one", "other")

    assert "DUID" in found.because[0]
    assert "annas-pixel" in found.because[1]
    assert [mark.kind for mark in found.shown] == ["duid", "duid"]


def test_a_device_keeps_its_duid():
    assert contradict([DUID], [OTHER_DUID])
    assert not contradict([DUID], [DUID, OTHER_DUID])
    assert not contradict([DUID], [ANNA])
