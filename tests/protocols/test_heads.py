import numpy as np
import pytest

from thingwarden.protocols.heads import read_heads, read_rows, shorts, words

from tests.protocols.batches import payloads


def test_heads_come_in_order_and_short_payloads_are_named():
    heads = read_heads(payloads([b"abcdefgh", b"abc", b"", b"ABCD"]), 4)

    assert [bytes(row) for row in heads.rows] == [b"abcd", b"ABCD"]
    assert heads.source.tolist() == [0, 3]
    assert heads.short.tolist() == [1, 2]


def test_no_payloads_have_no_heads():
    heads = read_heads(payloads([]), 4)

    assert heads.rows.shape == (0, 4)
    assert len(heads.source) == len(heads.short) == 0


def test_numbers_are_in_network_order():
    rows = np.frombuffer(bytes.fromhex("00ff01020304"), np.uint8).reshape(1, 6)

    assert words(rows, 2).tolist() == [0x01020304]
    assert shorts(rows, 0).tolist() == [0x00FF]


def test_rows_outside_of_the_buffer_are_never_read():
    with pytest.raises(IndexError):
        read_rows(np.zeros(10, np.uint8), np.array([7]), 4)
