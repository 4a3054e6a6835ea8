"""The home whose Internet fails: what its devices do before, during and after."""

import pytest

from tests.tools.pcap_reader import checksums_are_right, read_pcap
from tools.outage_capture import Outage, write_outage_capture

SYN, RST = 0x02, 0x04
HOUR_US = 3_600_000_000
ROUTER = bytes((192, 168, 1, 1))


@pytest.fixture(scope="module")
def packets():
    return list(read_pcap(Outage(seed=1, hours=0.2).tell().capture()))


def test_time_goes_forward_and_checksums_are_right(packets):
    times = [packet.time_us for packet in packets]

    assert times == sorted(times)
    assert all(checksums_are_right(packet) for packet in packets if packet.kind == 0x0800)


def test_while_it_fails_every_connection_is_reset_at_once(packets):
    start = packets[0].time_us
    during = [
        packet.segment[13]
        for packet in packets
        if packet.protocol == 6
        and 2 * HOUR_US + 60_000_000 < packet.time_us - start < 2.2 * HOUR_US - 60_000_000
    ]

    knocks = [flags for flags in during if flags & SYN]
    assert len(knocks) > 300
    assert len(during) == 2 * len(knocks)
    assert all(flags & RST for flags in during if not flags & SYN)


def test_names_lead_to_the_router_only_while_it_fails(packets):
    start = packets[0].time_us
    fooled = [
        packet.time_us - start
        for packet in packets
        if packet.protocol == 17 and packet.ports[0] == 53 and packet.segment.endswith(ROUTER)
    ]

    assert len(fooled) > 300
    assert min(fooled) >= 2 * HOUR_US
    assert max(fooled) < 2.2 * HOUR_US + 1_000_000


def test_life_goes_on_afterwards(packets):
    start = packets[0].time_us
    later = [packet for packet in packets if packet.time_us - start > 2.3 * HOUR_US]

    assert any(packet.protocol == 6 and len(packet.segment) > 500 for packet in later)
    assert not any(packet.protocol == 6 and packet.segment[13] & RST for packet in later)


def test_the_same_seed_gives_the_same_tries(tmp_path):
    sizes = []
    for name in ("a", "b"):
        write_outage_capture(tmp_path / name, seed=5, hours=0.05)
        packets = read_pcap((tmp_path / name).read_bytes())
        sizes.append([packet.ports for packet in packets if packet.protocol == 17])

    assert sizes[0] == sizes[1]
