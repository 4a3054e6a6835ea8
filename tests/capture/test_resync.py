import struct
import tracemalloc

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from thingwarden.capture.formats import read_head
from thingwarden.capture.resync import find_block, find_record

from tests.capture.captures import TIME_US, enhanced, interface, pcap, section, udp_frame


def numbers(content: bytes) -> np.ndarray:
    return np.frombuffer(content, np.uint8)


@pytest.mark.parametrize("order", ["<", ">"])
@pytest.mark.parametrize("garbage", [1, 7, 100, 4090, 5000, 70_001])
def test_a_chain_of_records_is_found_behind_garbage(order, garbage):
    content = pcap(*[udp_frame() for _ in range(6)], order=order)
    state, head = read_head(content[:24], "test")

    assert find_record(numbers(b"\xee" * garbage + content[head:]), state.form) == garbage


@pytest.mark.parametrize("garbage", [1, 13, 4093, 12_289, 700_001])
def test_a_block_is_found_behind_garbage(garbage):
    content = section() + interface() + enhanced(udp_frame(), TIME_US)
    state, _ = read_head(content[:24], "test")

    assert find_block(numbers(b"\xee" * garbage + content), state.form) == garbage


def test_a_record_is_found_behind_many_that_no_other_follows():
    state, head = read_head(pcap()[:24], "test")
    lone = struct.pack("<4I", 1, 999_999, 1, 1) + b"\xee" * 16
    content = lone * 5000 + pcap(*[udp_frame() for _ in range(6)])[head:]

    assert find_record(numbers(content), state.form) == 5000 * len(lone)


def test_memory_hangs_on_the_way_to_the_next_record_not_on_what_lies_behind_it():
    content = section() + interface() + b"\xee" * 2_000_000
    state, _ = read_head(content[:24], "test")

    tracemalloc.start()
    found = find_block(numbers(b"\xee" + content), state.form)
    _, most = tracemalloc.get_traced_memory()
    tracemalloc.stop()

    assert found == 1
    assert most < 3_000_000


@pytest.mark.parametrize("find", [find_record, find_block])
@pytest.mark.parametrize("size", [0, 3, 15, 5000])
def test_nothing_is_found_where_nothing_is(find, size):
    state, _ = read_head(pcap()[:24], "test")

    assert find(numbers(b"\xff" * size), state.form) == -1


@settings(max_examples=100, deadline=None)
@given(st.binary(max_size=600))
def test_any_bytes_give_a_place_inside_them_or_none(content):
    state, _ = read_head(pcap()[:24], "test")

    for find in (find_record, find_block):
        assert -1 <= find(numbers(content), state.form) < max(len(content), 1)
