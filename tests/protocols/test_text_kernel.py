import unicodedata

import numpy as np
import pytest

from thingwarden.protocols import text_kernel

from tests.protocols.kernels import Guarded

visible_utf8 = text_kernel.visible_utf8
put_cleaned = text_kernel.put_cleaned
put_decimal = text_kernel.put_decimal


def cleaned(data, limit=255):
    pool = np.zeros(limit + 5, np.uint8)
    used = put_cleaned(Guarded(data), 0, len(data), Guarded(pool), 3, limit)
    return bytes(pool[3:used]).decode()


def test_letters_and_signs_are_visible_but_no_controls():
    for point in [*range(0x80, 0x3000), *range(0x3000, 0x110000, 61)]:
        if 0xD800 <= point < 0xE000:
            continue
        encoded = chr(point).encode()
        size = visible_utf8(Guarded(encoded), 0, len(encoded))

        assert size in (0, len(encoded))
        category = unicodedata.category(chr(point))
        if size:
            assert category != "Cc"
            assert unicodedata.bidirectional(chr(point)) not in {"LRO", "RLO", "RLE", "LRI"}
        elif category[0] in "LNPS":
            raise AssertionError(f"U+{point:04X} can be seen")


@pytest.mark.parametrize(
    "wrong",
    [
        b"\x80",
        b"\xc3",
        b"\xc0\x80",
        b"\xc3a",
        b"\xe0\x80\x80",
        b"\xed\xa0\x80",
        b"\xf0\x80\x80\x80",
        b"\xf4\x90\x80\x80",
        b"\xf5\x80\x80\x80",
        b"\xe2\x82",
        "\u200b".encode(),
        "\ufeff".encode(),
        "\U000e0041".encode(),
    ],
)
def test_wrong_or_hidden_characters_are_not_visible(wrong):
    assert visible_utf8(Guarded(wrong), 0, len(wrong)) == 0


def test_text_is_cleaned_and_cut_between_characters():
    assert cleaned("Küche\n€".encode() + b"\xff") == "Küche?€?"
    assert cleaned("a€€".encode(), 6) == "a€"
    assert cleaned(b"abcdef", 4) == "abcd"
    assert cleaned(b"") == ""


@pytest.mark.parametrize("value", [0, 9, 10, 255, 8883, 65535])
def test_numbers_are_written_in_decimal(value):
    pool = np.zeros(8, np.uint8)

    used = put_decimal(value, Guarded(pool), 0)

    assert bytes(pool[:used]) == str(value).encode()
