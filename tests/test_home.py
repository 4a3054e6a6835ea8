"""The simulated home itself: its bytes are what real protocol software would send."""

import struct

import pytest

from tests import frames
from tests.home import START_US, Home
from tests.tls_bytes import make_certificate, old_hellos, shake_hands

SITE = "93.184.215.14"


def packets(capture):
    """Time and frame of every record, and a check that the lengths fit."""
    at = 24
    while at < len(capture):
        seconds, micros, kept, wire = struct.unpack_from("<IIII", capture, at)
        assert kept == wire
        yield seconds * 1_000_000 + micros, capture[at + 16 : at + 16 + kept]
        at += 16 + kept


@pytest.mark.parametrize(
    ("data", "expected"),
    [
        (b"", 0xFFFF),
        (bytes(20), 0xFFFF),
        (b"\xff\xff", 0),
        (bytes.fromhex("0001f203f4f5f6f7"), 0x220D),  # RFC 1071 section 3: sum ddf2
        (b"\x01", 0xFEFF),
    ],
)
def test_the_checksum_is_that_of_rfc_1071(data, expected):
    assert frames.checksum(data) == expected


def test_a_packet_with_its_checksum_sums_to_zero():
    packet = frames.ipv4("192.168.1.9", SITE, b"abc", 17)
    datagram = frames.udp("fe80::1", "ff02::fb", 5353, 5353, b"abc")
    pseudo = (
        frames.ip_bytes("fe80::1") + frames.ip_bytes("ff02::fb") + bytes((0, 0, 0, 11, 0, 0, 0, 17))
    )

    assert frames.checksum(packet[:20]) == 0
    assert frames.checksum(pseudo + datagram) == 0


def test_groups_have_their_ethernet_addresses():
    assert frames.group_mac("224.0.0.251") == "01:00:5e:00:00:fb"
    assert frames.group_mac("239.255.255.250") == "01:00:5e:7f:ff:fa"
    assert frames.group_mac("ff02::fb") == "33:33:00:00:00:fb"


def test_a_verb_gives_the_number_of_its_first_frame_and_time_passes():
    home = Home()
    camera = home.device("camera")
    camera.joins_by_dhcp()
    home.waits(60)

    number = camera.asks("a.example", SITE)

    times = [time_us for time_us, _ in packets(home.capture())]
    assert number == 6
    assert times[0] == START_US
    assert times[5] - times[4] > 60_000_000


def test_a_device_may_have_a_second_address():
    home = Home()
    camera = home.device("camera")
    home.router_advertises(dns=["2001:db8:1::53"])
    camera.at("2001:db8:1::10").asks("a.example", SITE, resolver="2001:db8:1::53")

    advert, question, _ = (frame for _, frame in packets(home.capture()))
    assert advert[:6].hex(":") == "33:33:00:00:00:01"
    assert advert[54] == 134
    assert question[6:12].hex(":") == camera.mac
    assert question[12:14] == b"\x86\xdd"


def test_the_same_name_is_the_same_device():
    home = Home()

    assert home.device("camera") is home.device("camera")
    assert home.device("camera").mac != home.device("lamp").mac


def test_the_internet_stands_behind_the_router():
    home = Home()
    camera, lamp = home.device("camera"), home.device("lamp")
    camera.knocks(SITE, 443)
    camera.knocks(lamp.ip, 80)

    outside, inside = (frame for _, frame in packets(home.capture()))
    assert outside[:6].hex(":") == home.router.mac
    assert inside[:6].hex(":") == lamp.mac


def test_tls_is_spoken_to_its_end_by_real_software():
    flights = shake_hands("a.example", make_certificate(("a.example",)))

    kinds = [data[0] for _, data in flights]
    assert flights[0][0]
    assert kinds[0] == 22
    assert kinds[-2:] == [23, 23]


def test_old_tls_states_the_version_that_was_asked_for():
    flights = old_hellos("a.example", version=0x0301, cipher=0x0005)

    assert flights[1][1][9:11] == b"\x03\x01"
    assert flights[1][1][44:46] == b"\x00\x05"
