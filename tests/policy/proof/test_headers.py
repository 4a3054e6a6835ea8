import struct

import numpy as np
import pytest

from thingwarden.policy.proof.headers import ARP, IP4, IP6, OTHER, TAGGED, Frames, read_headers

from tests import frames
from tests.policy.proof.reference import read_packet
from tests.policy.proof.story import CLOUD, IP, MAC, begins, out
from tests.rule_sets import GATEWAY_MAC

SIX, SIX_TO = "2001:db8::1", "2001:db8::2"


def read(*some, captured=None):
    sizes = np.array([len(frame) for frame in some], np.int64)
    data = np.frombuffer(b"".join(some) + b"\0", np.uint8)
    return read_headers(
        Frames(
            data=data,
            starts=np.cumsum(sizes) - sizes,
            captured=sizes if captured is None else np.array(captured, np.int64),
            wire=sizes,
        )
    )


def six(payload, protocol):
    return frames.ethernet(MAC, GATEWAY_MAC, frames.ipv6(SIX, SIX_TO, payload, protocol), 0x86DD)


SYN = frames.tcp((SIX, SIX_TO), (50000, 443), frames.SYN)
FRAGMENT = struct.pack("!BBHI", 6, 0, 0, 7)
LATER = struct.pack("!BBHI", 6, 0, 8 << 3, 7)


def test_the_ends_of_a_packet_are_read():
    found = read(begins())

    assert hex(found.src_mac[0]) == "0x20100000001"
    assert hex(found.dst_mac[0]) == "0x20000000001"
    assert found.kind.tolist() == [IP4]
    assert found.source.tolist() == [[0, 0x0A000001]]
    assert found.target.tolist() == [[0, 0xC6336407]]
    assert found.ports.tolist() == [[50000, 443]]
    assert (found.begins[0], found.flags[0], found.whole[0]) == (True, True, True)


@pytest.mark.parametrize(
    ("tag", "kind"),
    [
        (lambda inner: frames.vlan(7, inner), IP4),
        (lambda inner: frames.vlan(7, frames.vlan(8, inner), 0x8100), TAGGED),
    ],
)
def test_one_tag_is_taken_off_and_a_second_hides_what_follows(tag, kind):
    inner = frames.ipv4(IP, CLOUD, frames.tcp((IP, CLOUD), (1, 443), frames.SYN), 6)

    found = read(frames.ethernet(MAC, GATEWAY_MAC, tag(inner), 0x8100))

    assert found.kind.tolist() == [kind]


@pytest.mark.parametrize(
    ("frame", "protocol", "ports"),
    [
        (six(SYN, 6), 6, [50000, 443]),
        (six(bytes((6, 0)) + bytes(6) + SYN, 0), 6, [50000, 443]),
        (six(bytes((6, 1)) + bytes(14) + SYN, 60), 6, [50000, 443]),
        (six(FRAGMENT + SYN, 44), 6, [50000, 443]),
        (six(bytes((6, 0)) + bytes(10) + SYN, 51), 51, [-1, -1]),
        (six(b"", 59), 59, [-1, -1]),
        (six(b"\x06", 0), -1, [-1, -1]),
        (six(frames.icmpv6(SIX, SIX_TO, 135, 0, bytes(20)), 58), 58, [135, -1]),
        (out(frames.icmp(8, 0, bytes(4)), 1), 1, [8, -1]),
        (out(b"\x01", 17), 17, [-1, -1]),
    ],
)
def test_protocol_and_ports_are_those_that_the_kernel_sees(frame, protocol, ports):
    found = read(frame)

    assert found.protocol.tolist() == [protocol]
    assert found.ports.tolist() == [ports]


def test_a_later_fragment_has_its_protocol_only():
    four = bytearray(begins())
    four[20:22] = struct.pack("!H", 5)

    found = read(bytes(four), six(LATER + SYN, 44))

    assert found.later.tolist() == [True, True]
    assert found.protocol.tolist() == [6, 6]


@pytest.mark.parametrize("change", [{14: 0x46}, {14: 0x44}, {14: 0x65}, {17: 1}, {16: 255}])
def test_headers_that_do_not_fit_have_no_protocol(change):
    frame = bytearray(out(b"", 6))
    for place, value in change.items():
        frame[place] = value

    assert read(bytes(frame)).protocol.tolist() == [-1]


def test_what_was_not_captured_counts_as_zero():
    whole = begins()

    found = read(whole, whole, captured=[len(whole), 36])

    assert found.ports.tolist() == [[50000, 443], [50000, 0]]


def test_kinds_without_ip_are_told_apart():
    arp = frames.ethernet(
        MAC, GATEWAY_MAC, frames.arp(1, (MAC, IP), ("00:00:00:00:00:00", CLOUD)), 0x0806
    )

    found = read(arp, frames.ethernet(MAC, GATEWAY_MAC, b"x", 0x88B5), arp[:20])

    assert found.kind.tolist() == [ARP, OTHER, ARP]
    assert found.source[0].tolist() == [0, 0x0A000001]
    assert found.whole.tolist() == [True, False, False]


def test_the_plain_reading_of_the_contract_sees_the_same():
    dice = np.random.default_rng(3)
    some = []
    for frame in (begins(), six(SYN, 6), six(FRAGMENT + SYN, 44), six(LATER + SYN, 44)) * 200:
        bent = bytearray(frame[: dice.integers(34, len(frame) + 1)])
        for place in dice.integers(14, len(bent), 2):
            bent[place] = dice.choice([0, 4, 6, 17, 44, 51, 60, 255])
        some.append(bytes(bent))

    found = read(*some)
    plain = [read_packet(frame) for frame in some]

    assert [
        -1 if one.protocol is None else one.protocol for one in plain
    ] == found.protocol.tolist()
    assert found.kind.tolist().count(IP6) > 500
