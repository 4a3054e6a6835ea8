"""Frames of every link type and tunnel -> the same packet."""

import struct

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from thingwarden.capture import kinds

from tests import frames
from tests.capture.captures import IP_A, IP_B, A, B, pcap, read, udp_packet

PACKET = udp_packet()
SNAP = b"\xaa\xaa\x03\x00\x00\x00\x08\x00"
MACS = frames.mac_bytes(B) + frames.mac_bytes(A)
WIFI_DATA = b"\x08\x01\x00\x00" + frames.mac_bytes("02:00:00:00:00:01") + frames.mac_bytes(A)
WIFI_DATA += frames.mac_bytes(B) + b"\x00\x00"
RADIOTAP = b"\x00\x00\x0c\x00" + bytes(8)
SIX_A, SIX_B = "2001:db8::a", "2001:db8::b"


def in_gre(inner):
    """Link type and frame with these bytes from the GRE header on."""
    return 1, MACS + b"\x08\x00" + frames.ipv4("10.0.0.1", "10.0.0.2", inner, 47)


LINKS = {
    "ethernet": (1, MACS + b"\x08\x00"),
    "vlan": (1, MACS + b"\x81\x00\x00\x07\x08\x00"),
    "qinq": (1, MACS + b"\x88\xa8\x00\x05\x81\x00\x00\x07\x08\x00"),
    "ethernet with snap": (1, MACS + b"\x00\x40" + SNAP),
    "pppoe": (1, MACS + b"\x88\x64\x11\x00\x00\x01\x00\x23\x00\x21"),
    "mpls": (1, MACS + b"\x88\x47\x00\x01\x00\xff\x00\x01\x01\xff"),
    "linux cooked": (113, b"\x00\x00\x00\x01\x00\x06" + frames.mac_bytes(A) + b"\x00\x00\x08\x00"),
    "linux cooked 2": (
        276,
        b"\x08\x00\x00\x00\x00\x00\x00\x02\x00\x01\x00\x06" + frames.mac_bytes(A) + b"\x00\x00",
    ),
    "raw": (101, b""),
    "raw 12": (12, b""),
    "ipv4 only": (228, b""),
    "null, little end": (0, b"\x02\x00\x00\x00"),
    "null, big end": (0, b"\x00\x00\x00\x02"),
    "loopback": (108, b"\x00\x00\x00\x02"),
    "ppp": (9, b"\xff\x03\x00\x21"),
    "pppoe alone": (51, b"\x11\x00\x00\x01\x00\x23\x00\x21"),
    "cisco hdlc": (104, b"\x0f\x00\x08\x00"),
    "802.11": (105, WIFI_DATA + SNAP),
    "802.11 with radiotap": (127, RADIOTAP + WIFI_DATA + SNAP),
    "802.11 with quality of service": (
        105,
        b"\x88" + WIFI_DATA[1:] + b"\x00\x00" + SNAP,
    ),
    "gre": in_gre(b"\0\0\x08\0" + PACKET),
    "erspan 1": in_gre(b"\0\0\x88\xbe" + MACS + b"\x08\x00" + PACKET),
    "erspan 2": in_gre(b"\x10\0\x88\xbe" + bytes(4 + 8) + MACS + b"\x08\x00" + PACKET),
    "ip in ip": (1, MACS + b"\x08\x00" + frames.ipv4("10.0.0.1", "10.0.0.2", PACKET, 4)),
}


def one(frame, link=1):
    rows, problems = read(pcap(frame, link=link))
    assert len(rows) == 1
    return rows[0], problems


@pytest.mark.parametrize("name", LINKS)
def test_every_link_type_gives_the_packet(name):
    link, head = LINKS[name]
    frame = head if PACKET in head else head + PACKET

    row, problems = one(frame, link)

    assert problems == []
    assert (row["src_port"], row["dst_port"], row["payload_wire"]) == (1234, 5678, 5)
    assert row["protocol"] == 17


@pytest.mark.parametrize("name", LINKS)
def test_every_truncation_of_every_link_type_is_a_row(name):
    link, head = LINKS[name]
    frame = head if PACKET in head else head + PACKET

    for length in range(len(frame)):
        rows, _ = read(pcap(frame[:length], link=link))
        assert len(rows) == 1


def test_hardware_addresses_are_of_the_sender_and_the_receiver():
    row, _ = one(MACS + b"\x08\x00" + PACKET)
    station, _ = one(WIFI_DATA + SNAP + PACKET, 105)

    assert int(row["src_mac"]) == int.from_bytes(frames.mac_bytes(A), "big")
    assert (station["src_mac"], station["dst_mac"]) == (row["src_mac"], row["dst_mac"])


def test_the_inner_vlan_counts():
    assert one(LINKS["qinq"][1] + PACKET)[0]["vlan"] == 7


def test_an_encrypted_wifi_frame_still_tells_who_is_there():
    row, problems = one(WIFI_DATA[:1] + b"\x41" + WIFI_DATA[2:] + b"secret" * 5, 105)

    assert problems == ["802.11 frame that is encrypted"]
    assert row["src_mac"] != 0
    assert row["ip_version"] == 0


def test_a_beacon_tells_its_sender():
    row, problems = one(
        b"\x80\x00\x00\x00" + b"\xff" * 6 + frames.mac_bytes(A) * 2 + bytes(20), 105
    )

    assert problems == []
    assert int(row["src_mac"]) == int.from_bytes(frames.mac_bytes(A), "big")


def test_ipv6_extension_headers_are_passed():
    udp = frames.udp(SIX_A, SIX_B, 1234, 5678, b"hello")
    hop_by_hop = b"\x3c\x00" + b"\x01\x04" + bytes(4)
    options = b"\x11\x01" + b"\x01\x0c" + bytes(12)
    packet = frames.ipv6(SIX_A, SIX_B, hop_by_hop + options + udp, 0)

    row, problems = one(MACS + b"\x86\xdd" + packet)

    assert problems == []
    assert (row["ip_version"], row["protocol"], row["src_port"]) == (6, 17, 1234)


def test_fragments_are_counted_and_later_ones_have_the_ports_of_the_first():
    udp = frames.udp(IP_A, IP_B, 1234, 5678, b"x" * 64)
    first = bytearray(frames.ipv4(IP_A, IP_B, udp[:40], 17, identifier=9))
    later = bytearray(frames.ipv4(IP_A, IP_B, udp[40:], 17, identifier=9))
    first[6:8], later[6:8] = b"\x20\x00", b"\x00\x05"

    rows, _ = read(pcap(*[MACS + b"\x08\x00" + bytes(part) for part in (first, later)]))

    assert rows["fragment"].tolist() == [1, 2]
    assert rows["src_port"].tolist() == [1234, 1234]
    assert rows["dst_port"].tolist() == [5678, 5678]


def test_vxlan_is_entered():
    inner = MACS + b"\x08\x00" + PACKET
    outer = frames.udp("10.0.0.1", "10.0.0.2", 40000, 4789, b"\x08\0\0\0\0\0\x07\0" + inner)
    packet = frames.ip("10.0.0.1", "10.0.0.2", outer, 17)

    row, _ = one(frames.ethernet(B, A, packet))

    assert (row["src_port"], kinds.TUNNELS[int(row["tunnel"])]) == (1234, "vxlan")


def test_six_in_four_is_entered():
    udp = frames.udp(SIX_A, SIX_B, 1234, 5678, b"hello")
    packet = frames.ipv4("10.0.0.1", "10.0.0.2", frames.ipv6(SIX_A, SIX_B, udp, 17), 41)

    row, _ = one(frames.ethernet(A, B, packet))

    assert (row["ip_version"], kinds.TUNNELS[int(row["tunnel"])]) == (6, "6in4")


def test_headers_inside_each_other_without_end_stop():
    packet = PACKET
    for _ in range(40):
        packet = frames.ipv4("10.0.0.1", "10.0.0.2", packet, 4)

    row, problems = one(frames.ethernet(A, B, packet))

    assert problems == ["more headers inside each other than are read"]
    assert row["ip_version"] == 4


def test_ethernet_padding_is_no_payload():
    row, _ = one(MACS + b"\x08\x00" + PACKET + bytes(30))

    assert row["payload_wire"] == 5


def test_a_length_of_zero_is_what_the_network_card_filled_in_later():
    packet = bytearray(PACKET)
    packet[2:4] = b"\0\0"

    assert one(MACS + b"\x08\x00" + bytes(packet))[0]["payload_wire"] == 5


def test_arp_and_neighbour_discovery_are_told_apart():
    question = frames.arp(1, (A, IP_A), ("00:00:00:00:00:00", IP_B))
    solicitation = frames.icmpv6(SIX_A, SIX_B, 135, 0, bytes(20))
    ping = frames.icmp(8, 0, bytes(8))

    rows, _ = read(
        pcap(
            frames.ethernet(A, B, question, 0x0806),
            frames.ethernet(A, B, frames.ipv6(SIX_A, SIX_B, solicitation, 58), 0x86DD),
            frames.ethernet(A, B, frames.ipv4(IP_A, IP_B, ping, 1)),
        )
    )

    assert rows["kind"].tolist() == [kinds.ARP, kinds.NDP, kinds.ICMP]


def test_tcp_fields_are_read():
    segment = frames.tcp(
        (IP_A, IP_B), (1, 2), frames.ACK | frames.PSH, sequence=7, acknowledged=9, payload=b"data"
    )

    row, _ = one(frames.ethernet(A, B, frames.ip(IP_A, IP_B, segment, 6)))

    assert (row["seq"], row["ack"], row["payload_wire"]) == (7, 9, 4)
    assert row["tcp_flags"] == frames.ACK | frames.PSH


@settings(max_examples=300, deadline=None)
@given(
    st.binary(max_size=160),
    st.sampled_from([0, 1, 9, 12, 51, 101, 104, 105, 108, 113, 127, 228, 276, 147]),
)
def test_any_frame_of_any_link_type_stays_inside_its_bytes(frame, link):
    rows, _ = read(pcap(frame, b"", link=link))

    row = rows[0]
    assert len(rows) == 2
    assert row["payload_at"] == 0 or row["payload_at"] + row["payload_captured"] <= 24 + 16 + len(
        frame
    )
    assert row["payload_captured"] >= 0
    assert np.all(rows["captured"] <= rows["wire"])


def test_quic_is_told_by_its_head():
    initial = b"\xc3\x00\x00\x00\x01\x08" + bytes(40)

    row, _ = one(frames.ethernet(A, B, udp_packet(initial, (50000, 8443))))

    assert row["kind"] == kinds.QUIC
    assert struct.unpack_from("!I", initial, 1)[0] == 1
