"""Spoilt captures: always bytes, always the same from the same dice."""

import gzip
import random

import pytest

from tests.home import Home
from tools.mutations import BOMB_BYTES, MUTATIONS, bomb, mutate, record_heads


@pytest.fixture(scope="module")
def capture():
    home = Home()
    device = home.device("plug")
    device.joins_by_dhcp()
    device.asks("a.example", "198.51.100.1")
    return home.capture()


@pytest.mark.parametrize("mutation", MUTATIONS, ids=lambda mutation: mutation.__name__)
def test_a_mutation_gives_something_else(mutation, capture):
    results = [mutation(capture, random.Random(seed)) for seed in range(4)]

    assert any(result != capture for result in results)


@pytest.mark.parametrize("mutation", MUTATIONS, ids=lambda mutation: mutation.__name__)
@pytest.mark.parametrize("data", [b"", b"\n\r\r\n", b"\xd4\xc3\xb2\xa1" + bytes(30)])
def test_a_mutation_takes_any_bytes(mutation, data):
    assert isinstance(mutation(data, random.Random(1)), bytes)


def test_the_same_dice_spoil_in_the_same_way(capture):
    first, second = (mutate(capture, random.Random("1-5")) for _ in range(2))

    assert first == second


def test_a_bomb_is_small_and_becomes_large(capture):
    bombs = [bomb(capture, random.Random(seed)) for seed in range(6)]
    packed = next(data for data in bombs if data[:2] == b"\x1f\x8b")

    assert len(packed) < BOMB_BYTES // 20
    assert len(gzip.decompress(packed)) > BOMB_BYTES * 0.9


def test_record_heads_are_where_lengths_stand(capture):
    lengths = [int.from_bytes(capture[at : at + 4], "little") for at in record_heads(capture)]

    assert len(lengths) == 2 * 7
    assert all(40 < length < 600 for length in lengths)
