import struct

import pytest

from thingwarden.flows.observe import TABLES
from thingwarden.flows.stacks import MOST_OF_ONE
from thingwarden.pipeline import read_captures
from thingwarden.store import Facts, Store

from tests import frames
from tests.home import Home, Place

NOP, END = b"\x01", b"\x00"
MSS, SCALE, SACK = b"\x02\x04\x05\xb4", b"\x03\x03\x07", b"\x04\x02"
STAMPS = b"\x08\x0a" + bytes(8)
LINUX = MSS + SACK + STAMPS + NOP + SCALE


def syn(home, options=LINUX, *, window=1460 * 44, ttl=64, src="192.168.1.10", port=40000, flags=2,
        ahead=0):  # fmt: skip
    """A SYN packet with these options, as a device would send it."""
    length = 20 + len(options) + ahead
    head = (
        struct.pack("!HHIIBBHHH", port, 443, 1, 0, length // 4 << 4, flags, window, 0, 0) + options
    )
    packet = frames.ip(src, "203.0.113.9", head, 6, ttl=ttl)
    home.carries(Place("00:17:88:00:00:0a", src), home.router, packet)


def rows_of(home, tmp_path):
    path = home.write(tmp_path / "home.pcap")
    with Facts() as facts:
        read_captures([path], facts)
        with Store(TABLES, facts=[facts]) as store:
            return store.arrow("select * from stacks order by frame").to_pylist()


@pytest.mark.parametrize(
    ("options", "more", "signature"),
    [
        (LINUX, {}, "64:mss*44:7:mss,sok,ts,nop,ws"),
        (LINUX, {"ttl": 57}, "64:mss*44:7:mss,sok,ts,nop,ws"),
        (LINUX, {"ttl": 128, "window": 8192}, "128:8192:7:mss,sok,ts,nop,ws"),
        (MSS, {"ttl": 255, "window": 5840}, "255:mss*4:-:mss"),
        (b"", {"window": 512}, "64:512:-:"),
        (b"\xfd\x04\xf9\x89" + MSS, {"window": 1}, "64:1:-:?253,mss"),
        (MSS + END + bytes(3), {"window": 1}, "64:1:-:mss,eol"),
    ],
)
def test_how_a_connection_is_opened(tmp_path, options, more, signature):
    home = Home()
    syn(home, options, **more)

    [row] = rows_of(home, tmp_path)

    assert row["signature"] == signature
    assert (row["src_mac"], row["src_ip"], row["dst_ip"], row["frame"], row["packets"]) == (
        "00:17:88:00:00:0a", "192.168.1.10", "203.0.113.9", 1, 1,
    )  # fmt: skip


def test_the_same_way_is_one_row_and_counted(tmp_path):
    home = Home()
    for number in range(5):
        syn(home, port=40000 + number)
    syn(home, MSS)

    rows = rows_of(home, tmp_path)

    assert [(row["frame"], row["packets"]) for row in rows] == [(1, 5), (6, 1)]


def test_answers_and_other_packets_open_nothing(tmp_path):
    home = Home()
    syn(home, flags=0x12)
    syn(home, flags=0x10)

    assert rows_of(home, tmp_path) == []


def test_one_sender_has_no_more_ways_than_a_few(tmp_path):
    home = Home()
    for number in range(100):
        syn(home, MSS, window=number, ttl=1 + number)

    assert len(rows_of(home, tmp_path)) == MOST_OF_ONE


@pytest.mark.parametrize(
    ("options", "names"),
    [
        (MSS + b"\x03\x00\x00\x00", "mss"),
        (MSS + b"\x02\x03\x00\x01", "mss"),
        (MSS + b"\x08\xff\x00\x00", "mss"),
        (b"\x05\x01\x00\x00", ""),
    ],
)
def test_options_that_do_not_fit_end_the_list(tmp_path, options, names):
    home = Home()
    syn(home, options, window=1)

    assert rows_of(home, tmp_path)[0]["signature"] == f"64:1:-:{names}"


def test_a_head_that_is_cut_gives_no_row(tmp_path):
    home = Home()
    syn(home, LINUX)
    home.records[0] = (home.records[0][0], home.records[0][1][:-9])
    syn(home, MSS, ahead=8)

    assert rows_of(home, tmp_path) == []
