"""What is known of kinds of things."""

from thingwarden.inventory.identification.kinds import Kind
from thingwarden.inventory.identification.knowledge import (
    describe_knowledge,
    know,
    shipped_sources,
)

from tests.inventory.identification.things import EXAMPLES, PLUG_TELLS, example


def test_sources_have_their_licence_and_their_date():
    for source in shipped_sources():
        assert source.name
        assert source.licence
        assert source.as_of[:2] == "20" or source.as_of == "not recorded"
        assert source.rows > 0


def test_spellings_of_a_maker_become_one():
    knowledge = know(
        [
            example(Kind(vendor="tp-link technologies", model="A"), PLUG_TELLS),
            example(Kind(vendor="TP-Link", model="B"), PLUG_TELLS),
        ]
    )

    assert knowledge.experience.vendors == ["TP-Link"]
    assert knowledge.examples == 2


def test_what_is_known_can_be_looked_at(monkeypatch, tmp_path):
    monkeypatch.setenv("THINGWARDEN_KNOWLEDGE", str(tmp_path / "none.json"))

    known = describe_knowledge()

    assert known.own == ()
    assert known.refused == ""
    assert len(known.sources) >= 3


def test_kinds_are_counted_with_their_examples():
    experience = know([*EXAMPLES, EXAMPLES[0]]).experience

    assert dict(zip(experience.kinds, experience.examples, strict=True))[EXAMPLES[0].kind] == 2
