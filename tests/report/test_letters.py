"""What a network chose to be called is shown as letters, and as nothing else."""

import json

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from thingwarden.report.letters import MAX_TEXT, escape_unseen, is_blank, plain, sound


def test_plain_text_has_nothing_that_steers():
    assert plain("a\x1b[2J\u202eb\nc") == "a\ufffd[2J\ufffdb\ufffdc"
    assert plain("\u2066a\u2069\u200b\x9b") == "\ufffda\ufffd\ufffd\ufffd"
    assert len(plain("x" * 999)) == 255


@pytest.mark.parametrize("name", ["Küche 厨房", "Anna\u2764\ufe0f", "مطبخ", "Nguye\u0302\u0303n"])
def test_names_of_people_stay_as_they_are(name):
    assert plain(name) == name


@pytest.mark.parametrize("letter", "\u3164\u2800\u115f\u034f\ufe01\U000e0101\u180e\u00ad")
def test_letters_that_nobody_sees_are_replaced(letter):
    assert plain(f"a{letter}b") == "a\ufffdb"
    assert is_blank(letter)


def test_accents_do_not_pile_up_over_other_lines():
    assert plain("a" + "\u0301" * 200) == "a" + "\u0301" * 4


@given(st.text())
def test_any_text_is_printable_and_bounded(text):
    shown = plain(text, 20)

    assert shown.isprintable()
    assert len(shown) <= 20


@given(st.text(st.characters(exclude_categories=["Cs"])))
@example("\x7f")
def test_json_says_the_same_but_steers_nothing(text):
    written = json.dumps({"name": text}, ensure_ascii=False, indent=2)

    escaped = escape_unseen(written)

    assert json.loads(escaped) == {"name": text}
    assert escaped.replace("\n", "").isprintable()


def test_sound_text_can_be_written_and_ends():
    assert sound("a\udc80") == "a?"
    assert len(sound("x" * 10**6)) == MAX_TEXT
