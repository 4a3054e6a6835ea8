"""What the identity card says, in words."""

from dataclasses import replace

from thingwarden.model import Candidate, Identity
from thingwarden.report import card

from tests.report.reports import CAMERA, HUB, NAMELESS, PLUG, accessory, clue, guess, home_report


def test_each_level_says_what_and_how_sure():
    maker, kind, family, model = card.list_levels(CAMERA)

    assert (maker.title, maker.value, maker.sure, maker.percent) == (
        "Maker", "Hikvision Digital Technology", "over 99 %", 100,
    )  # fmt: skip
    assert (kind.value, kind.sure) == ("camera", "over 99 %")
    assert (family.value, family.sure, family.percent) == ("", "", 0)
    assert (model.value, model.sure, model.percent) == ("DS-2CD2042WD", "97 %", 97)


def test_how_sure_is_told_of_what_is_known():
    assert card.say_sure(CAMERA) == "maker over 99 %, kind over 99 %, model 97 %"
    assert card.say_sure(Identity(category=guess("plug", 1.0))) == "kind you said so"
    assert card.say_sure(NAMELESS) == ""


def test_three_clues_are_the_strongest():
    assert card.strongest_clues(CAMERA) == [one.says for one in CAMERA.clues[:3]]


def test_a_clue_that_speaks_for_maker_and_kind_is_said_once():
    first, second, *_ = CAMERA.clues
    twice = replace(CAMERA, clues=(first, replace(first, points_to="camera"), second))

    assert card.strongest_clues(twice) == [first.says, second.says]


def test_without_clues_the_reasons_of_the_deepest_statement_are_told():
    identity = Identity(vendor=guess("Ring", 0.9, "a"), family=guess("Pro", 0.9, "b"))

    assert card.strongest_clues(identity) == ["b"]
    assert card.strongest_clues(NAMELESS) == []


def test_a_clue_says_what_it_speaks_for():
    assert card.say_points_to(clue("serves RTSP", "smoke-detector", 3)) == "smoke detector"


def test_where_a_model_is_certain_neither_candidates_nor_advice_are_told():
    sure = replace(PLUG, model=guess("HS110", 0.97))

    assert card.say_candidates(PLUG) == "HS110 (54 %), HS100 (43 %), HS105 (2 %)"
    assert card.say_settle(PLUG, 1) == ["a capture of its start tells its name."]
    assert (card.say_candidates(sure), card.say_settle(sure)) == ("", [])


def test_many_candidates_are_cut():
    many = tuple(Candidate(value=str(number), confidence=0.1) for number in range(20))

    titles = [one.title for one in card.list_candidates(replace(PLUG, candidates=many))]

    assert titles == ["Perhaps", "", "", ""]


def test_contradictions_are_sentences():
    assert card.say_conflicts(Identity(conflicts=("a", "b.", "c?", "d"))) == ["a.", "b.", "c?"]


def test_things_behind_a_hub_are_called_by_name_and_kind():
    assert card.say_accessory(accessory("Desk", "bulb", 1)) == "Desk (bulb)"
    assert card.say_accessory(accessory("Motion sensor", "sensor", 1)) == "Motion sensor"
    assert card.say_accessory(accessory("", "air-quality", 1)) == "air quality sensor"
    assert card.say_accessory(accessory("", "", 1)) == "a thing without a name"


def test_links_say_the_other_end_and_why():
    device = next(one.device for one in home_report().assessments if one.device.links)
    [joined], [doubtful] = card.joined_links(device), card.doubtful_links(device)

    assert card.say_link(joined, {}) == "06:41:13:9c:00:71"
    assert card.say_why(joined).startswith("over 99 %: asks for an address with the same")
    assert card.say_link(doubtful, {doubtful.other: "kitchen speaker"}) == "kitchen speaker"
    assert card.say_why(replace(doubtful, because=())) == "72 %"
    assert card.say_why(replace(doubtful, by_user=True)) == "you said so"


def test_names_are_bounded_one_by_one():
    assert card.say_names(["x" * 10**6, "lamp"], 8) == "x" * 59 + "…, lamp"


def test_the_maker_of_the_chip_is_told_without_its_legal_form():
    assert card.say_chip(HUB) == "Philips Lighting"
    assert card.say_chip(Identity()) == ""
