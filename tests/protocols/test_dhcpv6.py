import struct

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from thingwarden.protocols.dhcpv6 import MAX_RELAYS, READER

from tests.frames import ip_bytes, mac_bytes
from tests.messages import dns_name
from tests.protocols.captured import captured_frames, udp_payload
from tests.protocols.hostile import read_anything

MAC = "00:17:88:aa:bb:cc"
NAMES = tuple(column.name for column in READER.table.columns[-READER.width :])
DUID_LL = struct.pack("!HH", 3, 1) + mac_bytes(MAC)
DUID_LLT = struct.pack("!HHI", 1, 1, 7) + mac_bytes(MAC)


def option(number, value):
    return struct.pack("!HH", number, len(value)) + value


def message(kind, *options):
    return bytes((kind, 0, 0, 7)) + b"".join(options)


def relayed(inside, kind=12):
    addresses = ip_bytes("2001:db8::1") + ip_bytes("fe80::7")
    return bytes((kind, 0)) + addresses + option(18, b"port 1") + option(9, inside)


def read(data):
    (row,) = READER.start()(data)
    return dict(zip(NAMES, row, strict=True))


SOLICIT = message(
    1,
    option(1, DUID_LL),
    option(6, struct.pack("!3H", 23, 24, 31)),
    option(39, b"\0" + dns_name("camera-7")),
    option(16, struct.pack("!IH", 40712, 4) + b"acme" + struct.pack("!H", 2) + b"v7"),
    option(112, b"https://example.com/camera.json?serial=7"),
)
LEASE = ip_bytes("2001:db8::23") + struct.pack("!II", 3600, 7200)
DELEGATED = struct.pack("!IIB", 3600, 7200, 56) + ip_bytes("2001:db8:100::")
REPLY = message(
    7,
    option(1, DUID_LLT),
    option(2, DUID_LL),
    option(3, struct.pack("!III", 1, 0, 0) + option(5, LEASE) + option(13, b"\0\0ok")),
    option(25, struct.pack("!III", 1, 0, 0) + option(26, DELEGATED)),
    option(23, ip_bytes("2001:db8::53") + ip_bytes("2001:db8::54")),
)


def test_a_client_says_who_it_is_and_what_it_wants():
    assert read(SOLICIT) == {
        "kind": "solicit",
        "duid": DUID_LL.hex(),
        "duid_mac": MAC,
        "hostname": "camera-7",
        "vendor_class": "acme,v7",
        "enterprise": 40712,
        "requested_options": "23,24,31",
        "addresses": (),
        "prefixes": (),
        "dns_servers": (),
        "mud_url": "https://example.com/camera.json",
    }


def test_a_server_gives_addresses_and_prefixes():
    told = read(REPLY)

    assert {name: value for name, value in told.items() if value} == {
        "kind": "reply",
        "duid": DUID_LLT.hex(),
        "duid_mac": MAC,
        "addresses": ("2001:db8::23",),
        "prefixes": ("2001:db8:100::/56",),
        "dns_servers": ("2001:db8::53", "2001:db8::54"),
    }


def test_temporary_addresses_count_and_every_association_does():
    temporary = option(4, struct.pack("!I", 1) + option(5, LEASE))

    assert read(message(5, temporary, temporary))["addresses"] == ("2001:db8::23",) * 2


def test_the_enterprise_is_in_vendor_options_too():
    assert read(message(1, option(17, struct.pack("!I", 4491))))["enterprise"] == 4491


@pytest.mark.parametrize("duid", [b"\0\2\0\0\0\x09\1\2", b"\0\4" + bytes(16), b"\0\3\0\1\1\2", b""])
def test_other_identifiers_hold_no_hardware_address(duid):
    told = read(message(1, option(1, duid)))

    assert told["duid"] == (duid.hex() or None)
    assert told["duid_mac"] is None


def test_a_relayed_message_is_read_inside():
    assert read(relayed(relayed(SOLICIT))) == read(SOLICIT)
    assert read(relayed(REPLY, kind=13)) == read(REPLY)


def test_relays_are_followed_only_so_far():
    data = SOLICIT
    for _ in range(MAX_RELAYS):
        data = relayed(data)

    assert read(data) == read(SOLICIT)
    with pytest.raises(ValueError, match="too often"):
        read(relayed(data))


@pytest.mark.parametrize(
    ("data", "reason"),
    [
        (b"", "empty"),
        (b"\1\0\0", "cut"),
        (message(99), "unknown type"),
        (message(1, b"\0\1\0"), "option is cut"),
        (message(1, option(1, DUID_LL)[:-1]), "option is cut"),
        (message(1, option(39, b"\0\xc0\x0c")), "name is"),
        (bytes((12,)) + bytes(20), "relay message is cut"),
        (bytes((12,)) + bytes(33), "carries no message"),
        (relayed(b""), "empty"),
        (message(7, option(25, bytes(12) + option(26, b"\0" * 8 + b"\xff" * 17))), "128 bits"),
    ],
)
def test_what_cannot_be_is_refused(data, reason):
    with pytest.raises(ValueError, match=reason):
        READER.start()(data)


@pytest.mark.parametrize("whole", [SOLICIT, REPLY, relayed(SOLICIT)])
def test_every_truncation_fits_the_table_or_is_refused(whole):
    for size in range(len(whole)):
        read_anything(READER, whole[:size])


@settings(max_examples=100)
@given(st.sampled_from((b"", b"\1\0\0\0", b"\x0c" + bytes(33))), st.binary(max_size=200))
def test_any_bytes_fit_the_table_or_are_refused(start, rest):
    read_anything(READER, start + rest)


@settings(max_examples=100)
@given(
    st.lists(
        st.tuples(st.sampled_from((1, 3, 4, 6, 16, 17, 23, 25, 39, 112)), st.binary(max_size=300))
    )
)
def test_any_options_fit_the_table_or_are_refused(options):
    read_anything(READER, message(7, *(option(*each) for each in options)))


def test_lists_end_somewhere():
    leases = option(3, bytes(12) + option(5, LEASE) * 200 + option(26, DELEGATED) * 200)

    told = read(message(7, leases, option(6, bytes(2000)), option(23, bytes(3200))))

    assert len(told["addresses"]) == len(told["prefixes"]) == len(told["dns_servers"]) == 32
    assert len(told["requested_options"]) < 1024


def test_a_captured_relayed_message_with_a_mud_url():
    frames = captured_frames("tcpdump.tar.zst", "tests/dhcpv6-mud.pcap")

    told = read(udp_payload(frames[0]))

    assert told["kind"] == "solicit"
    assert told["duid_mac"] == "b8:27:eb:b8:53:c8"
    assert told["hostname"] == "raspberrypi"
    assert told["mud_url"] == "https://mudctl.example.com/.well-known/mud/v1/rasbp101"


def test_captured_delegations_are_read():
    frames = captured_frames("tcpdump.tar.zst", "tests/dhcpv6-ia-pd.pcap")

    told = [read(udp_payload(frame)) for frame in frames]

    assert [row["kind"] for row in told] == ["solicit", "advertise", "request", "reply"]
    assert told[3]["prefixes"] == ("2a00:1:1:100::/56",)
