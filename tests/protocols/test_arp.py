import struct

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from thingwarden.protocols.arp import READER

from tests.protocols.batches import payloads, rows
from tests.protocols.captured import captured_frames

REQUEST = struct.pack(
    "!HHBBH6s4s6s4s",
    *(1, 0x0800, 6, 4, 1),
    *(bytes.fromhex("001788aabbcc"), bytes((192, 168, 1, 10))),
    *(bytes(6), bytes((192, 168, 1, 1))),
)
TOLD = (1, "00:17:88:aa:bb:cc", "192.168.1.10", "00:00:00:00:00:00", "192.168.1.1")


def test_a_request_tells_who_asks_for_what():
    assert rows(READER.read(payloads([REQUEST]))) == [TOLD]


def test_padding_behind_the_packet_does_not_matter():
    assert rows(READER.read(payloads([REQUEST + bytes(18)]))) == [TOLD]


def test_other_protocols_and_addresses_are_unread_and_do_not_move_the_rest():
    chaos = REQUEST[:2] + b"\x08\x04" + REQUEST[4:]
    long_addresses = REQUEST[:4] + b"\x08" + REQUEST[5:]

    readings = READER.read(payloads([chaos, REQUEST, long_addresses, REQUEST[:27], REQUEST]))

    assert rows(readings) == [TOLD, TOLD]
    assert readings.records[0].source.tolist() == [1, 4]
    assert dict(readings.unread) == {
        0: "not about IPv4 and MAC addresses",
        2: "not about IPv4 and MAC addresses",
        3: "shorter than an ARP packet",
    }


def test_every_truncation_is_unread():
    cut = [REQUEST[:size] for size in range(len(REQUEST))]

    readings = READER.read(payloads(cut))

    assert rows(readings) == []
    assert len(readings.unread) == len(cut)


@settings(max_examples=50)
@given(st.lists(st.binary(max_size=40) | st.binary(max_size=40).map(lambda end: REQUEST[:8] + end)))
def test_any_bytes_are_a_row_or_unread(messages):
    readings = READER.read(payloads(messages))

    assert len(rows(readings)) + len(readings.unread) == len(messages)


def test_no_packets_are_no_rows():
    assert rows(READER.read(payloads([]))) == []


@pytest.mark.parametrize(
    ("frame", "told"),
    [
        (0, (1, "78:31:c1:c6:3f:c2", "10.0.0.2", "00:00:00:00:00:00", "10.0.0.1")),
        (1, (2, "f8:ed:a5:c0:a4:f1", "10.0.0.1", "78:31:c1:c6:3f:c2", "10.0.0.2")),
    ],
)
def test_a_captured_question_and_its_answer(frame, told):
    frames = captured_frames("zeek.tar.zst", "testing/btest/Traces/arp-who-has.pcap")

    assert rows(READER.read(payloads([frames[frame][14:]]))) == [told]
