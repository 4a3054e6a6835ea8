import struct
from collections import Counter

from hypothesis import given, settings
from hypothesis import strategies as st

from thingwarden.protocols.ntp import READER

from tests.protocols.batches import payloads, rows
from tests.protocols.captured import captured_frames, udp_payload


def packet(*, version=4, mode=4, stratum=2, reference=b"\xc0\x00\x02\x07"):
    return struct.pack(
        "!BBbbII4sQQQQ", version << 3 | mode, stratum, 6, -20, 0, 0, reference, 0, 0, 0, 0
    )


def read(*messages):
    return rows(READER.read(payloads(messages)))


def test_a_server_names_the_address_of_its_own_server():
    assert read(packet()) == [(4, 4, 2, "192.0.2.7")]


def test_a_server_beside_a_clock_names_the_clock():
    assert read(packet(stratum=1, reference=b"GPS\0")) == [(4, 4, 1, "GPS")]


def test_a_kiss_is_four_letters():
    assert read(packet(stratum=0, reference=b"RATE")) == [(4, 4, 0, "RATE")]


def test_a_client_that_names_nothing_has_no_reference():
    assert read(packet(version=3, mode=3, stratum=0, reference=bytes(4))) == [(3, 3, 0, None)]


def test_letters_that_nobody_can_show_are_replaced():
    assert read(packet(stratum=1, reference=b"A\x1b\xffZ")) == [(4, 4, 1, "A\ufffd\ufffdZ")]


def test_control_and_private_messages_have_no_stratum():
    control = bytes((0x16, 2)) + bytes(10)
    private = bytes((0x17, 0, 3, 42)) + bytes(4)

    assert read(control, packet(), private) == [
        (2, 6, None, None),
        (4, 4, 2, "192.0.2.7"),
        (2, 7, None, None),
    ]


def test_each_row_keeps_its_own_reference_among_many():
    messages = [packet(stratum=n % 3, reference=bytes((65 + n % 5, 66, 67, n))) for n in range(60)]

    assert read(*messages) == [read(message)[0] for message in messages]


def test_an_unknown_version_is_unread():
    readings = READER.read(payloads([packet(version=0), packet(version=7), packet(version=1)]))

    assert len(rows(readings)) == 1
    assert dict(readings.unread) == dict.fromkeys((0, 1), "NTP version is not 1 to 4")


def test_every_truncation_is_unread():
    cut = [packet()[:size] for size in range(48)]

    readings = READER.read(payloads(cut))

    assert rows(readings) == []
    assert {reason for _, reason in readings.unread} == {"shorter than an NTP header"}


@settings(max_examples=50)
@given(st.lists(st.binary(max_size=60) | st.binary(min_size=47).map(lambda end: b"\x24" + end)))
def test_any_bytes_are_a_row_or_unread(messages):
    readings = READER.read(payloads(messages))

    assert len(rows(readings)) + len(readings.unread) == len(messages)


def test_captured_packets_have_the_references_that_another_tool_shows():
    frames = captured_frames("zeek.tar.zst", "testing/btest/Traces/ntp/ntp.pcap")

    told = Counter(row[1:] for row in read(*(udp_payload(frame) for frame in frames)))

    assert told[3, 2, "85.199.214.99"] == 16
    assert told[4, 1, "GPS"] == 1
    assert told[4, 3, "185.19.184.35"] == 1
    assert sum(told.values()) == len(frames) == 32
