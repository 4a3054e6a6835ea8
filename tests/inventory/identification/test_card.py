"""The identity card: guesses, clues, contradictions, advice."""

from thingwarden.inventory.identification.card import MOST_CLUES, SUREST, say
from thingwarden.inventory.identification.evidence import gather
from thingwarden.inventory.identification.identify import weigh_evidence
from thingwarden.inventory.identification.knowledge import Knowledge, know

from tests.inventory.identification.things import (
    CAMERA,
    CAMERA_TELLS,
    EXAMPLES,
    PLUG_TELLS,
    STRANGE_MAC,
    example,
    told,
)

TAUGHT = know([*EXAMPLES, *[example(CAMERA, CAMERA_TELLS)] * 3])


def card(tells, knowledge=TAUGHT):
    values = [
        told(channel, value, frame=number)
        for number, (channel, values) in enumerate(tells.items(), 1)
        for value in values
    ]
    return weigh_evidence(gather([STRANGE_MAC], values), knowledge)


def test_a_card_says_what_how_sure_and_why():
    identity = card(CAMERA_TELLS)

    assert identity.level == "model"
    assert (identity.vendor.value, identity.model.value) == ("Blick", "Cam X")
    assert identity.category.value == "camera"
    assert any("blickcam" in reason for reason in identity.model.because)
    assert identity.candidates == ()


def test_clues_point_at_frames_and_at_what_they_speak_for():
    identity = card(CAMERA_TELLS)

    [name] = [clue for clue in identity.clues if clue.channel == "host-name"]
    assert name.frame == 1
    assert "Blick" in name.points_to
    assert [clue.weight for clue in identity.clues] == sorted(
        (clue.weight for clue in identity.clues), reverse=True
    )
    assert len(identity.clues) <= MOST_CLUES


def test_no_derived_statement_is_as_sure_as_the_user():
    identity = card(CAMERA_TELLS)

    assert all(
        guess.confidence <= SUREST
        for guess in (identity.vendor, identity.model, identity.category)
        if guess
    )


def test_what_is_not_certain_has_candidates_and_advice():
    shared = {name: values for name, values in PLUG_TELLS.items() if name == "tls-client"}
    identity = card(shared)

    assert identity.model is None
    assert identity.settle
    assert all(0 < each.confidence < 1 for each in identity.candidates)


def test_the_card_says_on_what_it_rests():
    assert "no example of your own" in card({}, Knowledge()).calibration
    assert "6 examples" in card({}).calibration


def test_a_long_value_is_shown_short():
    words = say("host-name", "x" * 500)

    assert len(words) < 100
    assert words.startswith("calls itself")
