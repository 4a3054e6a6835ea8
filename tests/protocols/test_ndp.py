import struct

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from thingwarden.protocols.ndp import READER

from tests.frames import ip_bytes, mac_bytes
from tests.protocols.captured import captured_frames, ip_payload
from tests.protocols.hostile import read_anything

MAC = "00:17:88:aa:bb:cc"
LINK = b"\1\1" + mac_bytes(MAC)
TARGET_LINK = b"\2\1" + mac_bytes(MAC)
PREFIX = struct.pack("!BBBBIII", 3, 4, 64, 0xC0, 86400, 3600, 0) + ip_bytes("2001:db8:1::")
SERVERS = struct.pack("!BBHI", 25, 5, 0, 600) + ip_bytes("2001:db8::53") + ip_bytes("fe80::1")
ADVERTISEMENT = struct.pack("!BBHBBHII", 134, 0, 0, 64, 0x80, 1800, 0, 0) + LINK + PREFIX + SERVERS


def message(kind, *parts, flags=0):
    return struct.pack("!BBHBxxx", kind, 0, 0, flags) + b"".join(parts)


def read(data):
    (row,) = READER.start()(data)
    return row


def test_a_router_tells_its_prefixes_and_name_servers():
    assert read(ADVERTISEMENT) == (
        *("router-advertisement", None, MAC, 0x80, 1800),
        ("2001:db8:1::/64",),
        ("2001:db8::53", "fe80::1"),
    )


def test_who_looks_for_a_router_tells_its_address():
    assert read(message(133, LINK)) == ("router-solicitation", None, MAC, None, None, (), ())


def test_who_looks_for_a_neighbor_names_it():
    solicitation = message(135, ip_bytes("fe80::7"), LINK)

    assert read(solicitation) == ("neighbor-solicitation", "fe80::7", MAC, None, None, (), ())


def test_a_neighbor_answers_with_flags():
    advertisement = message(136, ip_bytes("fe80::7"), TARGET_LINK, flags=0x60)

    assert read(advertisement) == ("neighbor-advertisement", "fe80::7", MAC, 0x60, None, (), ())


def test_a_redirect_names_the_better_hop():
    redirect = message(137, ip_bytes("fe80::1"), ip_bytes("2001:db8::9"), TARGET_LINK)

    assert read(redirect) == ("redirect", "fe80::1", MAC, None, None, (), ())


def test_unknown_options_and_long_link_addresses_are_passed_over():
    eui64 = b"\1\2" + bytes(14)
    nonce = b"\x0e\1" + bytes(6)

    assert read(message(133, eui64, nonce))[2] is None


@pytest.mark.parametrize(
    ("data", "reason"),
    [
        (b"", "not neighbour"),
        (message(128), "not neighbour"),
        (message(135, bytes(15)), "cut"),
        (message(133, b"\1\0" + bytes(6)), "empty or cut"),
        (message(133, b"\1"), "empty or cut"),
        (message(133, PREFIX[:2] + b"\x81" + PREFIX[3:]), "128 bits"),
    ],
)
def test_what_cannot_be_is_refused(data, reason):
    with pytest.raises(ValueError, match=reason):
        READER.start()(data)


def test_every_truncation_is_refused_but_between_options():
    between_options = {16, 24, 56}
    for size in range(len(ADVERTISEMENT)):
        found = read_anything(READER, ADVERTISEMENT[:size])
        assert bool(found) == (size in between_options)


def test_lists_end_somewhere():
    assert read_anything(READER, message(133, PREFIX * 500, SERVERS * 500))


@settings(max_examples=100)
@given(st.sampled_from((b"", *(bytes((kind,)) for kind in range(133, 138)))), st.binary())
def test_any_bytes_fit_the_table_or_are_refused(start, rest):
    read_anything(READER, start + rest)


def test_captured_messages_read_as_another_tool_shows_them():
    frames = captured_frames("zeek.tar.zst", "testing/btest/Traces/icmp/icmp6-nd-options.pcap")
    router = "c2:00:54:f5:00:00"

    assert read(ip_payload(frames[1])) == (
        *("neighbor-advertisement", "fe80::c000:54ff:fef5:0", router, 0xA0, None, (), ()),
    )
    assert read(ip_payload(frames[2])) == (
        *("router-advertisement", None, router, 0, 1800, ("2001:db8:0:1::/64",), ()),
    )
