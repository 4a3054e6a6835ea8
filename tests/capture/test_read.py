import random
import struct

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from thingwarden.capture import kinds
from thingwarden.errors import CaptureError

from tests import frames
from tests.capture.captures import (
    IP_A,
    TIME_US,
    block,
    enhanced,
    interface,
    option,
    pcap,
    read,
    section,
    udp_frame,
)

FRAME = udp_frame()


@pytest.mark.parametrize("order", ["<", ">"])
@pytest.mark.parametrize("magic", [0xA1B2C3D4, 0xA1B23C4D])
def test_pcap_is_read_in_both_byte_orders_and_resolutions(order, magic):
    rows, problems = read(pcap(FRAME, FRAME, order=order, magic=magic))

    assert rows["time_us"].tolist() == [TIME_US, TIME_US + 1_000_000]
    assert rows["src_port"].tolist() == [1234, 1234]
    assert problems == []


@pytest.mark.parametrize("order", ["<", ">"])
@pytest.mark.parametrize(
    ("resolution", "ticks"),
    [
        (b"", TIME_US),
        (b"\x06", TIME_US),
        (b"\x09", TIME_US * 1000 + 999),
        (b"\x03", TIME_US // 1000),
        (bytes([0x80 | 20]), (TIME_US << 20) // 1_000_000),
    ],
)
def test_pcapng_is_read_at_any_resolution(order, resolution, ticks):
    options = option(9, resolution, order) if resolution else b""

    rows, problems = read(
        section(order) + interface(1, order, options) + enhanced(FRAME, ticks, order=order)
    )

    assert problems == []
    assert abs(int(rows["time_us"][0]) - TIME_US) <= (1000 if resolution == b"\x03" else 1)


def test_pcapng_times_are_shifted_by_the_offset_option():
    options = option(14, struct.pack("<q", 3600))

    rows, _ = read(section() + interface(1, "<", options) + enhanced(FRAME, TIME_US))

    assert rows["time_us"][0] == TIME_US + 3_600_000_000


def test_every_section_has_interfaces_of_its_own():
    raw = FRAME[14:]
    content = section() + interface(1) + interface(101)
    content += enhanced(FRAME, TIME_US, 0) + enhanced(raw, TIME_US, 1)
    content += section(">") + interface(101, ">") + enhanced(raw, TIME_US, 0, ">")

    rows, problems = read(content)

    assert rows["src_port"].tolist() == [1234] * 3
    assert problems == []


def test_simple_packets_have_the_time_of_the_packet_before():
    simple = block(3, struct.pack("<I", len(FRAME)) + FRAME)

    rows, _ = read(section() + interface() + enhanced(FRAME, TIME_US) + simple)

    assert rows["time_us"].tolist() == [TIME_US, TIME_US]
    assert rows["src_port"].tolist() == [1234, 1234]


def test_old_packet_blocks_and_unknown_blocks_are_known():
    old = struct.pack("<HHIIII", 0, 0, TIME_US >> 32, TIME_US & 0xFFFFFFFF, len(FRAME), len(FRAME))

    rows, problems = read(section() + interface() + block(0x0BAD, b"1234") + block(2, old + FRAME))

    assert rows["time_us"].tolist() == [TIME_US]
    assert problems == []


def test_a_snapped_packet_counts_with_its_length_on_the_wire():
    whole = udp_frame(b"x" * 1000)
    content = frames.pcap_header() + frames.pcap_record(TIME_US, whole[:60], len(whole))

    rows, problems = read(content)

    assert rows["wire"][0] == len(whole)
    assert rows["payload_wire"][0] == 1000
    assert rows["payload_captured"][0] == 60 - 42
    assert problems == []


def test_records_cross_the_ends_of_the_buffer():
    content = pcap(*[udp_frame(bytes([index % 256]) * 1200) for index in range(300)])

    rows, problems = read(content, step=777, buffer_bytes=4096)

    assert len(rows) == 300
    assert problems == []


def test_a_record_larger_than_the_buffer_is_read():
    rows, _ = read(pcap(udp_frame(b"x" * 60_000), FRAME), buffer_bytes=4096)

    assert rows["payload_wire"].tolist() == [60_000, 5]


@pytest.mark.parametrize("content", [b"", b"PK\3\4 not a capture", b"\xd4\xc3\xb2\xa1short"])
def test_what_is_no_capture_is_refused(content):
    with pytest.raises(CaptureError, match=r"test\.pcap: (not a capture|a capture cut)"):
        read(content)


def test_every_truncation_gives_the_records_before_it():
    content = pcap(FRAME, FRAME, FRAME)
    size = 16 + len(FRAME)

    for length in range(24, len(content)):
        rows, problems = read(content[:length])
        assert len(rows) == (length - 24) // size
        assert bool(problems) == bool((length - 24) % size)


def test_damage_is_passed_over_and_told():
    records = [udp_frame(f"packet {index}".encode()) for index in range(12)]
    content = bytearray(pcap(*records))
    at = 24 + 3 * (16 + len(records[0]))
    content[at + 8 : at + 12] = b"\xff\xff\xff\xff"

    rows, problems = read(bytes(content))

    assert 10 <= len(rows) < 12
    assert any("damaged bytes were passed over" in problem for problem in problems)


def test_damage_in_pcapng_is_passed_over_and_told():
    content = section() + interface()
    content += enhanced(FRAME, TIME_US) + b"\xff" * 64 + enhanced(FRAME, TIME_US + 1)

    rows, problems = read(content)

    assert rows["time_us"].tolist() == [TIME_US, TIME_US + 1]
    assert any("damaged bytes" in problem for problem in problems)


def test_a_file_with_damage_everywhere_is_given_up_and_says_so():
    content = section() + interface()
    content += (enhanced(FRAME, TIME_US) + enhanced(FRAME, TIME_US, number=7)) * 8

    rows, problems = read(content, most_damaged_places=5)

    assert len(rows) == 6
    assert problems[-1] == "damaged in more than 5 places; not read on"


def test_damage_without_a_record_behind_it_ends_the_file():
    rows, problems = read(pcap(FRAME) + b"\xff" * 5000)

    assert len(rows) == 1
    assert any("no record behind them" in problem for problem in problems)


def test_link_types_that_are_not_read_are_counted_by_name():
    rows, problems = read(pcap(b"\0" * 20, b"\0" * 20, link=195))

    assert len(rows) == 2
    assert problems == ["link type 802.15.4 is not read"]


def test_a_packet_of_an_interface_that_nobody_described_is_damage():
    rows, problems = read(section() + interface() + enhanced(FRAME, TIME_US, number=7))

    assert len(rows) == 0
    assert problems


@settings(max_examples=150, deadline=None)
@given(st.binary(max_size=400))
def test_any_bytes_behind_a_file_head_are_read_without_harm(content):
    rows, _ = read(pcap() + content)
    more, _ = read(section() + interface() + content)

    assert len(rows) <= 25
    assert len(more) <= 33


def test_bit_flips_anywhere_do_no_harm():
    chance = random.Random(7)
    good = bytearray(pcap(*[udp_frame(bytes(chance.randbytes(40))) for _ in range(20)]))
    for _ in range(200):
        bad = bytearray(good)
        for _ in range(chance.randrange(1, 6)):
            bad[chance.randrange(24, len(bad))] ^= 1 << chance.randrange(8)
        rows, _ = read(bytes(bad))
        assert len(rows) <= 40


def test_kinds_are_told_by_port():
    ports = {53: kinds.DNS, 5353: kinds.MDNS, 1900: kinds.SSDP, 123: kinds.NTP, 67: kinds.DHCP}

    rows, _ = read(pcap(*[udp_frame(ports=(40000, port)) for port in ports]))

    assert rows["kind"].tolist() == list(ports.values())


def test_addresses_are_kept_as_mapped_numbers():
    rows, _ = read(pcap(FRAME))

    assert int(rows["src_lo"][0]) == 0xFFFF00000000 | int.from_bytes(frames.ip_bytes(IP_A), "big")
