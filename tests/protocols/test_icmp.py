import struct

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from thingwarden.protocols.icmp import READER

from tests.frames import icmp, icmpv6, ipv4, ipv6, udp
from tests.protocols.batches import payloads, rows
from tests.protocols.captured import captured_frames, ip_payload

HERE, THERE = "192.0.2.1", "198.51.100.7"
HERE6, THERE6 = "2001:db8::1", "2001:db8:1::7"
DATAGRAM = udp(HERE, THERE, 40000, 53, b"question")
NOBODY_LISTENS = icmp(3, 3, bytes(4) + ipv4(HERE, THERE, DATAGRAM, 17))
NOTHING = (None, None, None, None, None)


def read(*messages, version=4):
    return rows(READER.read(payloads(messages, version)))


def quoted_v6(payload, protocol):
    """A time exceeded that quotes an IPv6 packet."""
    packet = ipv6(HERE6, THERE6, payload, protocol)
    return icmpv6(THERE6, HERE6, 3, 0, bytes(4) + packet)


def test_an_error_says_which_packet_it_is_about():
    assert read(NOBODY_LISTENS) == [(4, 3, 3, 17, HERE, THERE, 40000, 53)]


def test_an_error_about_ipv6_says_so_too():
    message = quoted_v6(DATAGRAM, 17)

    assert read(message, version=6) == [(6, 3, 0, 17, HERE6, THERE6, 40000, 53)]


def test_an_echo_is_about_no_packet():
    echo = icmp(8, 0, struct.pack("!HH", 1, 2) + ipv4(HERE, THERE, DATAGRAM, 17))

    assert read(echo) == [(4, 8, 0, *NOTHING)]


def test_a_type_means_another_thing_in_the_other_version():
    assert read(NOBODY_LISTENS, version=6) == [(6, 3, 3, *NOTHING)]
    assert read(icmp(4, 0, bytes(4) + ipv6(HERE6, THERE6, b"", 17))) == [(4, 4, 0, *NOTHING)]


def test_neighbour_discovery_is_no_row_and_no_problem():
    solicitation = icmpv6(HERE6, THERE6, 135, 0, bytes(20))

    readings = READER.read(payloads([solicitation], 6))

    assert rows(readings) == []
    assert readings.unread == ()
    assert read(solicitation) == [(4, 135, 0, *NOTHING)]


def test_both_versions_come_in_one_batch():
    batch = payloads([NOBODY_LISTENS, quoted_v6(DATAGRAM, 17), icmp(0, 0, bytes(4))])
    batch.hint[:] = (4, 6, 4)

    assert rows(READER.read(batch)) == [
        (4, 3, 3, 17, HERE, THERE, 40000, 53),
        (6, 3, 0, 17, HERE6, THERE6, 40000, 53),
        (4, 0, 0, *NOTHING),
    ]


def test_options_of_the_quoted_header_are_skipped():
    packet = ipv4(HERE, THERE, b"\x01\x01\x01\x00" + DATAGRAM, 17)
    packet = b"\x46" + packet[1:]

    assert read(icmp(11, 0, bytes(4) + packet)) == [(4, 11, 0, 17, HERE, THERE, 40000, 53)]


def test_protocols_without_ports_and_later_fragments_have_none():
    esp = icmp(3, 2, bytes(4) + ipv4(HERE, THERE, DATAGRAM, 50))
    packet = ipv4(HERE, THERE, DATAGRAM, 17)
    later = icmp(11, 1, bytes(4) + packet[:6] + b"\x00\x10" + packet[8:])

    assert read(esp, later) == [
        (4, 3, 2, 50, HERE, THERE, None, None),
        (4, 11, 1, 17, HERE, THERE, None, None),
    ]


def test_extension_headers_are_skipped():
    hop_by_hop = bytes((60, 0)) + bytes(6)
    destination = bytes((44, 1)) + bytes(14)
    fragment = bytes((17, 0, 0, 1)) + bytes(4)

    message = quoted_v6(hop_by_hop + destination + fragment + DATAGRAM, 0)

    assert read(message, version=6) == [(6, 3, 0, 17, HERE6, THERE6, 40000, 53)]


def test_a_later_fragment_of_ipv6_has_no_ports():
    fragment = bytes((17, 0, 0, 8)) + bytes(4)

    message = quoted_v6(fragment + DATAGRAM, 44)

    assert read(message, version=6) == [(6, 3, 0, 17, HERE6, THERE6, None, None)]


def test_extension_headers_without_end_are_given_up():
    message = quoted_v6(bytes(8) * 9, 0)

    assert read(message, version=6) == [(6, 3, 0, 0, HERE6, THERE6, None, None)]


def test_every_truncation_says_only_what_is_there():
    quote_at, ports_at = 8, 28
    for size in range(len(NOBODY_LISTENS)):
        readings = READER.read(payloads([NOBODY_LISTENS[:size]], 4))
        found = rows(readings)
        if size < quote_at:
            assert (found, len(readings.unread)) == ([], 1)
        elif size < ports_at:
            assert found == [(4, 3, 3, *NOTHING)]
        elif size < ports_at + 4:
            assert found == [(4, 3, 3, 17, HERE, THERE, None, None)]
        else:
            assert found == [(4, 3, 3, 17, HERE, THERE, 40000, 53)]


STARTS = (NOBODY_LISTENS[:8], NOBODY_LISTENS[:28], quoted_v6(b"", 0), quoted_v6(b"", 44))


@settings(max_examples=80)
@given(
    st.lists(st.tuples(st.sampled_from((b"", *STARTS)), st.binary(max_size=60)).map(b"".join)),
    st.sampled_from((0, 4, 6, 255)),
)
def test_any_bytes_are_a_row_or_unread_or_neighbour_discovery(messages, version):
    readings = READER.read(payloads(messages, version))

    skipped = [m for m in messages if version == 6 and len(m) > 7 and 133 <= m[0] <= 137]
    assert len(rows(readings)) + len(readings.unread) + len(skipped) == len(messages)


def test_no_packets_are_no_rows():
    assert read() == []


@pytest.mark.parametrize(
    ("member", "version", "told"),
    [
        (
            "icmp-destunreach-udp.pcap",
            4,
            (4, 3, 3, 17, "192.168.1.1", "192.168.1.102", 53, 59207),
        ),
        (
            "icmp6-timeexceeded.pcap",
            6,
            (6, 3, 0, 17, "fe80::beef", "fe80::dead", 30000, 13000),
        ),
    ],
)
def test_captured_errors(member, version, told):
    frames = captured_frames("zeek.tar.zst", f"testing/btest/Traces/icmp/{member}")

    assert read(*map(ip_payload, frames), version=version) == [told]
