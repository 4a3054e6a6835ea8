import ipaddress

import numpy as np
from hypothesis import given, settings
from hypothesis import strategies as st

from thingwarden.flows.texts import ip_texts, mac_texts

MAPPED = 0xFFFF00000000


@settings(max_examples=100, deadline=None)
@given(st.lists(st.integers(0, 2**128 - 1) | st.integers(0, 2**24), min_size=1, max_size=40))
def test_ipv6_texts_are_those_of_the_standard_library(numbers):
    high = np.array([number >> 64 for number in numbers], np.uint64)
    low = np.array([number & (2**64 - 1) for number in numbers], np.uint64)

    texts = ip_texts(high, low, np.full(len(numbers), 6, np.uint8)).to_pylist()

    plain = [ipaddress.IPv6Address(number) for number in numbers]
    assert texts == [
        f"::ffff:{int(ip) >> 16 & 0xFFFF:x}:{int(ip) & 0xFFFF:x}" if ip.ipv4_mapped else str(ip)
        for ip in plain
    ]


@given(st.lists(st.integers(0, 2**32 - 1), min_size=1, max_size=40))
def test_ipv4_texts_are_those_of_the_standard_library(numbers):
    low = np.array([MAPPED | number for number in numbers], np.uint64)

    texts = ip_texts(np.zeros(len(low), np.uint64), low, np.full(len(low), 4, np.uint8))

    assert texts.to_pylist() == [str(ipaddress.IPv4Address(number)) for number in numbers]


def test_what_is_absent_is_null():
    zeros = np.zeros(2, np.uint64)

    assert ip_texts(zeros, zeros, np.zeros(2, np.uint8)).to_pylist() == [None, None]
    assert mac_texts(np.array([0, 0x0017882B9A25], np.uint64)).to_pylist() == [
        None,
        "00:17:88:2b:9a:25",
    ]
