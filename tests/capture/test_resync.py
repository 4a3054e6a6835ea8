import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.capture.captures import TIME_US, enhanced, interface, pcap, section, udp_frame
from thingwarden.capture.formats import read_head
from thingwarden.capture.resync import find_block, find_record


def numbers(content: bytes) -> np.ndarray:
    return np.frombuffer(content, np.uint8)


@pytest.mark.parametrize("order", ["<", ">"])
@pytest.mark.parametrize("garbage", [1, 7, 100])
def test_a_chain_of_records_is_found_behind_garbage(order, garbage):
    content = pcap(*[udp_frame() for _ in range(6)], order=order)
    state, head = read_head(content[:24], "test")

    assert find_record(numbers(b"\xee" * garbage + content[head:]), state.form) == garbage


def test_a_block_is_found_behind_garbage():
    content = section() + interface() + enhanced(udp_frame(), TIME_US)
    state, _ = read_head(content[:24], "test")

    assert find_block(numbers(b"\xee" * 13 + content), state.form) == 13


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
