import ipaddress

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from thingwarden.protocols.addresses import (
    MAX_LISTED,
    ipv4_list,
    ipv4_text,
    ipv4_texts,
    ipv6_list,
    ipv6_text,
    ipv6_texts,
    mac_text,
    mac_texts,
    prefix_text,
)


@settings(max_examples=50)
@given(st.lists(st.integers(0, 2**32 - 1)))
def test_a_column_of_ipv4_addresses_reads_as_each_of_them(numbers):
    texts = ipv4_texts(np.array(numbers, np.uint32))

    texts.validate(full=True)
    assert texts.to_pylist() == [str(ipaddress.IPv4Address(number)) for number in numbers]


@settings(max_examples=50)
@given(st.lists(st.binary(min_size=16, max_size=16)))
def test_a_column_of_ipv6_addresses_reads_as_each_of_them(addresses):
    rows = np.frombuffer(b"".join(addresses), np.uint8).reshape(-1, 16)

    texts = ipv6_texts(rows)

    texts.validate(full=True)
    assert texts.to_pylist() == [ipv6_text(address) for address in addresses]
    assert [ipaddress.ip_address(text).packed for text in texts.to_pylist()] == addresses


@settings(max_examples=50)
@given(st.lists(st.integers(0, 2**48 - 1)))
def test_macs_read_the_same_as_numbers_and_as_bytes(numbers):
    raw = [number.to_bytes(6, "big") for number in numbers]

    from_numbers = mac_texts(np.array(numbers, np.uint64))
    from_bytes = mac_texts(np.frombuffer(b"".join(raw), np.uint8).reshape(-1, 6))

    from_numbers.validate(full=True)
    assert from_numbers.to_pylist() == from_bytes.to_pylist() == [mac_text(mac) for mac in raw]


def test_a_slice_of_wider_rows_reads_as_well():
    rows = np.arange(64, dtype=np.uint8).reshape(2, 32)

    assert mac_texts(rows[:, 1:7])[1].as_py() == "21:22:23:24:25:26"
    assert ipv6_texts(rows[:, 16:])[0].as_py() == "1011:1213:1415:1617:1819:1a1b:1c1d:1e1f"


def test_what_is_marked_is_null():
    null = np.array([True, False, True] * 7)

    columns = (
        ipv4_texts(np.arange(21, dtype=np.uint32), null),
        ipv6_texts(np.zeros((21, 16), np.uint8), null),
        mac_texts(np.arange(21, dtype=np.uint64), null),
    )

    for column in columns:
        column.validate(full=True)
        assert column.is_null().to_pylist() == null.tolist()


def test_no_addresses_make_empty_columns():
    assert len(ipv4_texts(np.empty(0, np.uint32))) == 0
    assert len(ipv6_texts(np.empty((0, 16), np.uint8))) == 0
    assert len(mac_texts(np.empty((0, 6), np.uint8))) == 0


def test_one_address_at_a_time():
    assert ipv4_text(bytes((10, 0, 0, 255))) == "10.0.0.255"
    assert ipv6_text(bytes.fromhex("20010db8" + "00" * 11 + "01")) == "2001:db8::1"
    assert mac_text(bytes.fromhex("00AA11bb22CC")) == "00:aa:11:bb:22:cc"


@pytest.mark.parametrize("read", [ipv4_text, ipv6_text, mac_text])
def test_an_address_of_wrong_length_is_refused(read):
    with pytest.raises(ValueError, match="bytes long"):
        read(b"12345")


def test_lists_leave_a_cut_address_out_and_end_somewhere():
    assert ipv4_list(bytes((1, 2, 3, 4, 5, 6, 7, 8, 9))) == ("1.2.3.4", "5.6.7.8")
    assert ipv6_list(bytes(15) + b"\1" + bytes(15)) == ("::1",)
    assert len(ipv4_list(bytes(4000))) == len(ipv6_list(bytes(4000))) == MAX_LISTED


def test_a_prefix_has_no_bits_behind_its_length():
    raw = bytes.fromhex("20010db8ffffffffffffffffffffffff")

    assert prefix_text(raw, 36) == "2001:db8:f000::/36"
    assert prefix_text(raw, 0) == "::/0"
    with pytest.raises(ValueError, match="128"):
        prefix_text(raw, 129)
