"""The generated network is a capture that any reader takes as it is."""

import struct
from collections import Counter, defaultdict

import numpy as np
import pytest

from tests.tools.pcap_reader import checksums_are_right, ones_sum, read_pcap
from tools.big_capture import generate, write_big_capture
from tools.pattern import change_checksum

IP = (0x0800, 0x86DD)


@pytest.fixture(scope="module")
def packets():
    return list(read_pcap(b"".join(generate(devices=25, minutes=2, seed=7))))


def test_packets_are_in_order_of_time(packets):
    times = [packet.time_us for packet in packets]

    assert len(times) > 1000
    assert times == sorted(times)


def test_every_checksum_is_right(packets):
    wrong = [packet for packet in packets if packet.kind in IP and not checksums_are_right(packet)]

    assert wrong == []


def test_lengths_in_ip_heads_are_those_of_the_frames(packets):
    for packet in packets:
        if packet.kind == 0x0800:
            assert int.from_bytes(packet.frame[16:18], "big") == len(packet.frame) - 14
        if packet.kind == 0x86DD:
            assert int.from_bytes(packet.frame[18:20], "big") == len(packet.frame) - 54


def test_tcp_bytes_follow_one_another(packets):
    expected = {}
    segments = 0
    for packet in packets:
        if packet.protocol != 6:
            continue
        side = (packet.addresses, packet.ports)
        sequence, _ = struct.unpack("!II", packet.segment[4:12])
        head, flags = packet.segment[12] >> 4, packet.segment[13]
        if side in expected and not flags & 2:
            assert sequence == expected[side]
            segments += 1
        size = len(packet.segment) - 4 * head
        expected[side] = sequence + size + bool(flags & 3)
    assert segments > 500


def test_the_mix_has_all_that_a_network_speaks(packets):
    ports: Counter[int] = Counter()
    for packet in packets:
        if packet.protocol in (6, 17):
            ports.update(set(packet.ports))

    assert {53, 67, 123, 443, 1883, 5353, 1900, 80} <= set(ports)
    assert {packet.kind for packet in packets} == {0x0800, 0x86DD, 0x0806}
    assert {1, 6, 17, 58} <= {packet.protocol for packet in packets}


def handshake_sizes(data: bytes):
    """Sizes of the handshake records that a stream begins with."""
    at = 0
    while data[at : at + 1] == b"\x16":
        size = int.from_bytes(data[at + 3 : at + 5], "big")
        yield size
        at += 5 + size


def test_certificates_do_not_fit_one_segment(packets):
    streams: defaultdict[tuple, bytes] = defaultdict(bytes)
    for packet in packets:
        if packet.protocol == 6 and packet.ports[0] == 443:
            payload = packet.segment[4 * (packet.segment[12] >> 4) :]
            streams[packet.addresses, packet.ports] += payload

    sizes = [max(handshake_sizes(stream), default=0) for stream in streams.values()]

    assert sum(size > 1460 for size in sizes) > len(sizes) / 3


def test_dns_answers_carry_the_number_of_their_question(packets):
    asked = {}
    answers = 0
    for packet in packets:
        if packet.protocol == 17 and packet.ports[1] == 53:
            asked[packet.addresses, packet.ports] = packet.segment[8:10]
        if packet.protocol == 17 and packet.ports[0] == 53:
            side = (packet.addresses[::-1], packet.ports[::-1])
            assert packet.segment[8:10] == asked[side]
            answers += 1
    assert answers > 50


def test_the_same_seed_gives_the_same_times_and_sizes():
    first, second = (
        [
            (packet.time_us, len(packet.frame))
            for packet in read_pcap(b"".join(generate(devices=5, minutes=1, seed=3)))
            if packet.protocol != 6  # signatures that OpenSSL draws differ in length
        ]
        for _ in range(2)
    )

    assert first == second


def test_the_file_has_its_name_only_when_it_is_whole(tmp_path):
    path = tmp_path / "big.pcap"

    write_big_capture(path, devices=3, minutes=1)

    assert [file.name for file in tmp_path.iterdir()] == ["big.pcap"]
    assert sum(1 for _ in read_pcap(path.read_bytes())) > 10


def test_a_changed_checksum_is_the_one_that_a_new_sum_gives():
    old, new, rest = bytes(4), b"\xff\xff\x12\x34", b"\x45\x67\x89\xab"
    summed = (0xFFFF - ones_sum(old + rest)).to_bytes(2, "big")
    data = np.frombuffer(summed, np.uint8).copy()

    change_checksum(data, np.array([0]), old, new)

    assert ones_sum(new + rest + data.tobytes()) == 0xFFFF
