"""Text that a network chose -> text that can be shown: bounded, and without letters that steer."""

import re
from functools import lru_cache
from unicodedata import category

REPLACEMENT = "\N{REPLACEMENT CHARACTER}"

MAX_TEXT = 4096
"""Letters of any one text in a JSON report: sixteen times what the readers of packets keep."""

MAX_MARKS = 4
"""Accents on one letter, more than any script needs; stacked higher they cover the lines above."""

UNSEEN = frozenset(
    "\N{COMBINING GRAPHEME JOINER}\N{HANGUL CHOSEONG FILLER}\N{HANGUL JUNGSEONG FILLER}"
    "\N{KHMER VOWEL INHERENT AQ}\N{KHMER VOWEL INHERENT AA}\N{BRAILLE PATTERN BLANK}"
    "\N{HANGUL FILLER}\N{HALFWIDTH HANGUL FILLER}"
) | frozenset(map(chr, (*range(0x180B, 0x1810), *range(0xFE00, 0xFE0F), *range(0xE0100, 0xE01F0))))
"""Letters that Python prints but nobody sees (Unicode, Default_Ignorable_Code_Point): two names that
differ in them alone look the same."""

DELETE = "\x7f"
"""The one control character that JSON lets stand as it is."""

NOT_PLAIN = re.compile(r"[^\n\x20-\x7e]")


def plain(text: str, limit: int = 255) -> str:
    """`text` without letters that steer terminals or writing direction, at most `limit` long."""
    short = text if len(text) <= limit else text[: limit - 1] + "…"
    if short.isascii() and short.isprintable():
        return short
    return _unstack("".join(map(_seen, short)))


def sound(text: str) -> str:
    """Bounded text that UTF-8 can hold: file names may carry lone surrogates (PEP 383)."""
    short = text if len(text) <= MAX_TEXT else text[: MAX_TEXT - 1] + "…"
    return short.encode("utf-8", "replace").decode("utf-8")


def escape_unseen(document: str) -> str:
    r"""JSON text in which what cannot be printed is written as `\u202e`: the values stay the same."""
    plain_text = document.isascii() and DELETE not in document
    return document if plain_text else NOT_PLAIN.sub(_escape, document)


def is_blank(text: str) -> bool:
    """Whether nobody could read anything in `text`."""
    return not plain(text).strip(f" {REPLACEMENT}")


def _seen(letter: str) -> str:
    return letter if letter.isprintable() and letter not in UNSEEN else REPLACEMENT


def _unstack(text: str) -> str:
    kept, marks = [], 0
    for letter in text:
        marks = marks + 1 if category(letter) in {"Mn", "Me"} else 0
        if marks <= MAX_MARKS:
            kept.append(letter)
    return "".join(kept)


def _escape(found: re.Match[str]) -> str:
    return _escaped(found[0])


@lru_cache(maxsize=4096)
def _escaped(letter: str) -> str:
    if _seen(letter) == letter:
        return letter
    units = letter.encode("utf-16-be")
    return "".join(f"\\u{units[at]:02x}{units[at + 1]:02x}" for at in range(0, len(units), 2))
