"""The user's own knowledge: kept whole, refused when damaged."""

import json

import pytest

from thingwarden.errors import KnowledgeError
from thingwarden.inventory.identification.knowledge import load_knowledge
from thingwarden.inventory.identification.learnt import (
    SCHEMA,
    as_example,
    keep_examples,
    own_file,
    read_examples,
    render,
)
from thingwarden.inventory.identification.teach import make_entry

from tests.inventory.identification.things import CAMERA, CAMERA_TELLS, PLUG, PLUG_TELLS

PLUG_ENTRY = make_entry("1" * 32, PLUG, PLUG_TELLS)
CAMERA_ENTRY = make_entry("2" * 32, CAMERA, CAMERA_TELLS)


def test_what_was_kept_is_read_again(tmp_path):
    place = tmp_path / "deep" / "knowledge.json"

    lesson = keep_examples([PLUG_ENTRY, CAMERA_ENTRY], place=place)

    assert (lesson.added, lesson.total) == (2, 2)
    assert sorted(read_examples(place), key=lambda each: each.id) == [PLUG_ENTRY, CAMERA_ENTRY]
    assert as_example(PLUG_ENTRY).kind == PLUG
    assert load_knowledge(place).examples == 2


def test_the_same_example_again_adds_nothing(tmp_path):
    place = tmp_path / "knowledge.json"
    keep_examples([PLUG_ENTRY], place=place)
    before = place.read_bytes()

    lesson = keep_examples([PLUG_ENTRY], place=place)

    assert (lesson.added, lesson.replaced, lesson.total) == (0, 1, 1)
    assert place.read_bytes() == before


def test_the_order_in_which_it_was_learnt_leaves_no_trace():
    assert render([PLUG_ENTRY, CAMERA_ENTRY]) == render([CAMERA_ENTRY, PLUG_ENTRY])


GOOD = {"id": "1", "kind": {"vendor": "Acme"}, "tokens": {"host-name": ["plug"]}}


@pytest.mark.parametrize(
    ("example", "says"),
    [
        ({**GOOD, "tokens": {"telepathy": ["x"]}}, "unknown kind of evidence"),
        ({**GOOD, "kind": {"vendor": ""}}, "without a maker"),
        ({**GOOD, "kind": {"vendor": "x" * 81}}, "too long"),
        ({**GOOD, "tokens": {"host-name": ["x" * 500]}}, "too long"),
        ({**GOOD, "tokens": {"host-name": ["a\u202eb"]}}, "does not show"),
        ({**GOOD, "kind": {"vendor": "a\x1b[31mb"}}, "does not show"),
        ({**GOOD, "tokens": {"host-name": [str(n) for n in range(1001)]}}, "more than 1000"),
        ({**GOOD, "run": "rm"}, "unknown field"),
        ({**GOOD, "tokens": {"host-name": [1]}}, "Expected `str`"),
    ],
)
def test_hostile_knowledge_is_refused_with_its_reason(tmp_path, example, says):
    place = tmp_path / "knowledge.json"
    place.write_text(json.dumps({"schema": SCHEMA, "examples": [example]}), encoding="utf-8")

    with pytest.raises(KnowledgeError, match=says):
        read_examples(place)


@pytest.mark.parametrize(
    "content",
    [b"", b"PK\x03\x04", b"[" * 100_000, b'{"schema": "other/1", "examples": []}', b"\xff"],
)
def test_a_foreign_file_is_refused_and_the_rest_is_used(tmp_path, content):
    place = tmp_path / "knowledge.json"
    place.write_bytes(content)

    knowledge = load_knowledge(place)

    assert knowledge.examples == 0
    assert str(place) in knowledge.refused


def test_a_damaged_file_is_not_written_over(tmp_path):
    place = tmp_path / "knowledge.json"
    place.write_bytes(b"damaged")

    with pytest.raises(KnowledgeError):
        keep_examples([PLUG_ENTRY], place=place)

    assert place.read_bytes() == b"damaged"


def test_every_truncation_is_refused(tmp_path):
    place = tmp_path / "knowledge.json"
    text = render([PLUG_ENTRY]).rstrip()
    for length in range(len(text)):
        place.write_text(text[:length], encoding="utf-8")

        assert load_knowledge(place).refused


def test_without_a_file_nothing_is_known_and_nothing_refused(tmp_path):
    knowledge = load_knowledge(tmp_path / "none.json")

    assert (knowledge.examples, knowledge.refused) == (0, "")


def test_the_environment_names_the_file(monkeypatch, tmp_path):
    monkeypatch.setenv("THINGWARDEN_KNOWLEDGE", str(tmp_path / "mine.json"))
    assert own_file() == tmp_path / "mine.json"

    monkeypatch.delenv("THINGWARDEN_KNOWLEDGE")
    monkeypatch.setenv("XDG_DATA_HOME", str(tmp_path))
    assert own_file() == tmp_path / "thingwarden" / "knowledge.json"
