import struct

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from thingwarden.protocols.dhcp import COOKIE, READER

from tests.frames import ip_bytes, mac_bytes
from tests.protocols.captured import captured_frames, udp_payload
from tests.protocols.hostile import read_anything

MAC = "00:17:88:aa:bb:cc"
NAMES = tuple(column.name for column in READER.table.columns[-READER.width :])


def header(*, operation=1, mac_bytes_used=6, sname=b"", file=b"", client="0.0.0.0", your="0.0.0.0"):
    fixed = struct.pack("!BBBBIHH", operation, 1, mac_bytes_used, 0, 7, 0, 0)
    addresses = ip_bytes(client) + ip_bytes(your) + bytes(8)
    return fixed + addresses + struct.pack("!16s64s128s", mac_bytes(MAC), sname, file)


def option(number, value):
    return bytes((number, len(value))) + value


def message(*options, **fields):
    return header(**fields) + COOKIE + b"".join(options) + b"\xff"


def read(data):
    (row,) = READER.start()(data)
    return dict(zip(NAMES, row, strict=True))


DISCOVER = message(
    option(53, b"\1"),
    option(61, b"\1" + mac_bytes(MAC)),
    option(50, ip_bytes("192.168.1.23")),
    option(12, b"camera-7"),
    option(60, b"udhcp 1.21.1"),
    option(55, bytes((1, 3, 6, 12, 15, 42))),
    option(161, b"https://example.com/camera.json?serial=7"),
)
ACK = message(
    option(53, b"\5"),
    option(54, ip_bytes("192.168.1.1")),
    option(51, struct.pack("!I", 86400)),
    option(1, ip_bytes("255.255.255.0")),
    option(3, ip_bytes("192.168.1.1")),
    option(6, ip_bytes("192.168.1.1") + ip_bytes("9.9.9.9")),
    option(42, ip_bytes("192.168.1.2")),
    option(15, b"home.arpa"),
    operation=2,
    client="192.168.1.22",
    your="192.168.1.23",
)


def test_a_client_says_who_it_is_and_what_it_wants():
    told = read(DISCOVER)

    assert {name: value for name, value in told.items() if value} == {
        "kind": "discover",
        "client_mac": MAC,
        "client_id": "01001788aabbcc",
        "hostname": "camera-7",
        "vendor_class": "udhcp 1.21.1",
        "parameters": "1,3,6,12,15,42",
        "options": "53,61,50,12,60,55,161",
        "requested_ip": "192.168.1.23",
        "mud_url": "https://example.com/camera.json",
    }


def test_a_server_gives_an_address_and_the_network():
    told = read(ACK)

    assert {name: value for name, value in told.items() if value} == {
        "kind": "ack",
        "client_mac": MAC,
        "options": "53,54,51,1,3,6,42,15",
        "client_ip": "192.168.1.22",
        "your_ip": "192.168.1.23",
        "server_ip": "192.168.1.1",
        "subnet_mask": "255.255.255.0",
        "routers": ("192.168.1.1",),
        "dns_servers": ("192.168.1.1", "9.9.9.9"),
        "ntp_servers": ("192.168.1.2",),
        "domain": "home.arpa",
        "lease_seconds": 86400,
    }


@pytest.mark.parametrize("data", [header(), header() + bytes(64), message(option(12, b"tv"))])
def test_without_cookie_or_type_it_is_bootp(data):
    assert read(data)["kind"] == "bootp"


def test_options_of_bootp_without_cookie_are_not_known():
    assert read(header() + option(12, b"tv"))["options"] is None


@pytest.mark.parametrize(
    ("overload", "hostname", "domain"),
    [(1, "file", None), (2, None, "sname"), (3, "file", "sname"), (4, None, None)],
)
def test_options_in_overloaded_fields_count(overload, hostname, domain):
    told = read(
        message(
            option(52, bytes((overload,))),
            option(53, b"\1"),
            file=option(12, b"file") + b"\xff",
            sname=option(15, b"sname"),
        )
    )

    assert (told["hostname"], told["domain"]) == (hostname, domain)


def test_a_split_option_is_joined_over_all_fields():
    told = read(
        message(
            *(option(52, b"\3"), option(15, b"long."), option(12, b"tv"), option(15, b"domain.")),
            sname=option(15, b"last"),
            file=option(15, b"of."),
        )
    )

    assert told["domain"] == "long.domain.of.last"
    assert told["options"] == "52,15,12"


def test_padding_between_options_is_skipped():
    assert read(message(b"\0\0", option(53, b"\3"), b"\0", option(12, b"tv")))["hostname"] == "tv"


@pytest.mark.parametrize(
    ("value", "hostname"),
    [
        (b"\x00\x00\x00tv.home", "tv.home"),
        (b"\x04\x00\x00\x02tv\x04home\x00", "tv.home"),
        (b"\x00\x00", None),
    ],
)
def test_the_full_name_stands_in_for_a_host_name(value, hostname):
    assert read(message(option(81, value)))["hostname"] == hostname
    assert read(message(option(81, value), option(12, b"first")))["hostname"] == "first"


@pytest.mark.parametrize(
    ("value", "user_class"),
    [
        (b"\x02ab\x03cde", "ab,cde"),
        (b"RRAS.Microsoft", "RRAS.Microsoft"),
        (b"iPXE", "iPXE"),
        (b"", None),
    ],
)
def test_user_classes_come_with_and_without_lengths(value, user_class):
    assert read(message(option(77, value)))["user_class"] == user_class


def test_an_address_of_another_length_is_not_known():
    assert read(message(option(50, b"\1\2\3")))["requested_ip"] is None
    assert read(header(mac_bytes_used=8))["client_mac"] is None


@pytest.mark.parametrize(
    ("data", "reason"),
    [
        (header()[:235], "shorter"),
        (header(operation=3), "neither"),
        (message(option(53, b"\x63")), "not assigned"),
        (header() + COOKIE + b"\x0c\x05tv", "cut"),
        (header() + COOKIE + b"\x0c", "cut"),
    ],
)
def test_what_cannot_be_is_refused(data, reason):
    with pytest.raises(ValueError, match=reason):
        READER.start()(data)


def test_every_truncation_fits_the_table_or_is_refused():
    for size in range(len(DISCOVER)):
        found = read_anything(READER, DISCOVER[:size])
        assert bool(found) <= (size >= 236)


@settings(max_examples=100)
@given(st.sampled_from((b"", header(), header() + COOKIE)), st.binary(max_size=400))
def test_any_bytes_fit_the_table_or_are_refused(start, rest):
    read_anything(READER, start + rest)


@settings(max_examples=100)
@given(st.lists(st.tuples(st.integers(0, 255), st.binary(max_size=40))))
def test_any_options_fit_the_table_or_are_refused(options):
    read_anything(READER, message(*(option(*each) for each in options)))


def test_a_message_of_nothing_but_tiny_options_is_read_in_one_go():
    told = read(message(*[option(55, b"\1")] * 20_000))

    assert told["parameters"] == ",".join("1" * 255)


def test_a_captured_join_reads_as_another_tool_shows_it():
    frames = captured_frames("zeek.tar.zst", "testing/btest/Traces/dhcp/dhcp.pcap")

    told = [read(udp_payload(frame)) for frame in frames]

    kinds = ("discover", "offer", "request", "nak", "request", "ack", "decline", "release")
    assert tuple(row["kind"] for row in told)[: len(kinds)] == kinds
    assert told[1]["server_ip"] == "128.2.6.152"
    assert told[5]["your_ip"] == "128.2.6.189"


def test_captured_options_in_both_overloaded_fields_are_read():
    member = "tests/dhcp-option-52-overload-both/input.pcap"
    (frame,) = captured_frames("suricata-verify.tar.zst", member)

    told = read(udp_payload(frame))

    assert told["kind"] == "discover"
    assert told["options"].startswith("53,57,55,51,52")
