import struct

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from thingwarden.protocols.portmap import NATPMP_READER, SOAP_READER

from tests.frames import ip_bytes
from tests.messages import add_port_mapping, http_message, soap
from tests.protocols.captured import captured_frames, udp_payload
from tests.protocols.hostile import read_anything

MAP_TCP = struct.pack("!BBHHHI", 0, 2, 0, 8080, 18080, 7200)
MAPPED_TCP = struct.pack("!BBHIHHI", 0, 130, 0, 99, 8080, 18080, 3600)
SERVICE = "urn:schemas-upnp-org:service:WANIPConnection:1"
NONCE = b"0123456789ab"


def pcp(*options, lease=7200, opcode=1, answer=None, protocol=6, ports=(8080, 18080)):
    if answer is None:
        head = struct.pack("!BBHI16s", 2, opcode, 0, lease, ip_bytes("::ffff:192.168.1.9"))
    else:
        head = struct.pack("!BBBBII12x", 2, 128 | opcode, 0, answer, lease, 99)
    outside = ip_bytes("::ffff:0.0.0.0")
    body = struct.pack("!12sB3xHH16s", NONCE, protocol, *ports, outside)
    return head + body + b"".join(options)


def pcp_option(code, value):
    return struct.pack("!BBH", code, 0, len(value)) + value + bytes(-len(value) % 4)


def request(action, body):
    fields = {"Host": "192.168.1.1", "SOAPAction": f'"{SERVICE}#{action}"'}
    return http_message("POST /ctl/IPConn HTTP/1.1", fields, body)


def answer(body, status="200 OK"):
    return http_message(f"HTTP/1.1 {status}", {"Content-Type": "text/xml"}, body)


def read_pmp(data):
    return list(NATPMP_READER.start()(data))


def read_soap(data):
    return list(SOAP_READER.start()(data))


ADD = request("AddPortMapping", add_port_mapping(18080, "192.168.1.9", 8080))
FAULT = (
    "<detail><UPnPError xmlns='urn:schemas-upnp-org:control-1-0'><errorCode>{}</errorCode>"
    "</UPnPError></detail>"
)


@pytest.mark.parametrize(
    ("data", "row"),
    [
        (MAP_TCP, ("nat-pmp", "add", "tcp", None, 8080, 18080, 7200, None)),
        (MAPPED_TCP, ("nat-pmp", "granted", "tcp", None, 8080, 18080, 3600, None)),
        (
            struct.pack("!BBHHHI", 0, 1, 0, 5353, 0, 60),
            ("nat-pmp", "add", "udp", None, 5353, None, 60, None),
        ),
        (
            struct.pack("!BBHHHI", 0, 1, 0, 5353, 0, 0),
            ("nat-pmp", "delete", "udp", None, 5353, None, 0, None),
        ),
        (
            MAPPED_TCP[:2] + b"\0\2" + MAPPED_TCP[4:],
            ("nat-pmp", "refused", "tcp", None, 8080, 18080, 3600, None),
        ),
        (
            MAPPED_TCP[:2] + b"\0\2" + MAPPED_TCP[4:8],
            ("nat-pmp", "refused", "tcp", None, None, None, None, None),
        ),
    ],
)
def test_nat_pmp_asks_and_answers(data, row):
    assert read_pmp(data) == [row]


@pytest.mark.parametrize(
    ("data", "row"),
    [
        (pcp(), ("pcp", "add", "tcp", None, 8080, 18080, 7200, None)),
        (pcp(lease=0, protocol=17), ("pcp", "delete", "udp", None, 8080, 18080, 0, None)),
        (pcp(protocol=0, ports=(0, 0)), ("pcp", "add", None, None, None, None, 7200, None)),
        (pcp(answer=0, lease=60), ("pcp", "granted", "tcp", None, 8080, 18080, 60, None)),
        (pcp(answer=2), ("pcp", "refused", "tcp", None, 8080, 18080, 7200, None)),
        (
            pcp(pcp_option(2, b""), pcp_option(1, ip_bytes("::ffff:192.168.1.7"))),
            ("pcp", "add", "tcp", "192.168.1.7", 8080, 18080, 7200, None),
        ),
        (
            pcp(pcp_option(128, b"camera"), pcp_option(1, ip_bytes("2001:db8::7"))),
            ("pcp", "add", "tcp", "2001:db8::7", 8080, 18080, 7200, "camera"),
        ),
    ],
)
def test_pcp_asks_and_answers(data, row):
    assert read_pmp(data) == [row]


@pytest.mark.parametrize(
    "data",
    [b"\0\0", struct.pack("!BBHI4s", 0, 128, 0, 9, b"\1\2\3\4"), pcp(opcode=0), pcp(opcode=2)],
)
def test_other_questions_to_the_router_are_no_rows(data):
    assert read_pmp(data) == []


@pytest.mark.parametrize(
    ("data", "reason"),
    [
        (b"\0", "shorter"),
        (b"\1\1" + bytes(60), "version"),
        (pcp(pcp_option(1, bytes(16)))[:-1], "option is cut"),
    ],
)
def test_what_cannot_be_is_refused(data, reason):
    with pytest.raises(ValueError, match=reason):
        read_pmp(data)


@pytest.mark.parametrize("whole", [MAP_TCP, MAPPED_TCP, pcp(), pcp(answer=0)])
def test_every_truncation_of_a_datagram_is_refused(whole):
    for size in range(len(whole)):
        if whole[0] == 2 or size >= 2:
            assert read_anything(NATPMP_READER, whole[:size]) == []


@settings(max_examples=100)
@given(st.sampled_from((b"", b"\0\1", b"\0\x82", b"\2\1", pcp(), pcp(answer=0))), st.binary())
def test_any_datagram_fits_the_table_or_is_refused(start, rest):
    read_anything(NATPMP_READER, start + rest)


def test_a_request_over_upnp_tells_what_is_opened():
    row = ("upnp", "add", "tcp", "192.168.1.9", 8080, 18080, 0, "camera")

    assert read_soap(ADD) == [row]
    assert read_soap(ADD.replace(b"AddPort", b"AddAnyPort")) == [row]


def test_a_request_to_close_names_only_the_outside():
    body = soap("DeletePortMapping", "<NewExternalPort>18080</NewExternalPort>")

    told = read_soap(request("DeletePortMapping", body))

    assert told == [("upnp", "delete", None, None, None, 18080, None, None)]


def test_the_name_of_the_header_is_written_as_one_likes():
    assert read_soap(ADD.replace(b"SOAPAction", b"soapACTION")) == read_soap(ADD)


def test_a_body_in_chunks_is_read():
    head, _, body = ADD.partition(b"\r\n\r\n")
    parts = (body[:100], body[100:])
    chunks = b"".join(b"%x\r\n%s\r\n" % (len(part), part) for part in parts)

    chunked = head + b"\r\nTransfer-Encoding: chunked\r\n\r\n" + chunks + b"0\r\n\r\n"

    assert read_soap(chunked) == read_soap(ADD)


def test_a_router_grants():
    port = "<NewReservedPort>18081</NewReservedPort>"
    nothing = (None, None, None)

    assert read_soap(answer(soap("AddPortMappingResponse"))) == [
        ("upnp", "granted", *nothing, None, None, None)
    ]
    assert read_soap(answer(soap("AddAnyPortMappingResponse", port))) == [
        ("upnp", "granted", *nothing, 18081, None, None)
    ]


def test_a_router_refuses():
    refusal = answer(soap("Fault", FAULT.format(718)), "500 Internal Server Error")
    other = answer(soap("Fault", FAULT.format(402)), "500 Internal Server Error")

    assert read_soap(refusal) == [("upnp", "refused", *[None] * 6)]
    assert read_soap(other) == []


@pytest.mark.parametrize(
    "data",
    [
        b"",
        b"\x16\x03\x01\x00\xff not HTTP",
        http_message("GET / HTTP/1.1", {"Host": "camera"}),
        request("GetExternalIPAddress", soap("GetExternalIPAddress")),
        request("GetGenericPortMappingEntry", soap("GetGenericPortMappingEntry")),
        http_message("GET /AddPortMapping HTTP/1.1", {"Host": "camera"}),
        answer(soap("DeletePortMappingResponse")),
        answer(soap("GetSpecificPortMappingEntryResponse")),
    ],
)
def test_other_messages_are_no_rows(data):
    assert read_soap(data) == []


BOMB = b'<?xml version="1.0"?><!DOCTYPE a [<!ENTITY b "bbbbbbbb">]><a>&b;</a><!-- PortMapping -->'


@pytest.mark.parametrize(
    ("data", "reason"),
    [
        (request("AddPortMapping", BOMB), "document type"),
        (answer(BOMB), "document type"),
        (request("AddPortMapping", BOMB.decode().encode("utf-16")), "broken"),
        (request("AddPortMapping", b"<a>"), "broken"),
        (request("AddPortMapping", b"<a/>"), "lacks"),
        (request("AddPortMapping", b"<a>" + b" " * 40_000 + b"</a>"), "too long"),
        (ADD.replace(b">8080<", b">80800<"), "out of range"),
        (ADD.replace(b">8080<", b">-1<"), "out of range"),
        (ADD.replace(b">8080<", b">" + b"1" * 5000 + b"<"), "out of range"),
    ],
)
def test_bad_soap_is_refused(data, reason):
    with pytest.raises(ValueError, match=reason):
        read_soap(data)


def test_every_truncation_of_a_message_fits_the_table_or_is_refused():
    for size in range(len(ADD)):
        assert read_anything(SOAP_READER, ADD[:size]) == []


@settings(max_examples=100)
@given(st.binary(), st.integers(0, len(ADD)))
def test_any_message_fits_the_table_or_is_refused(noise, at):
    read_anything(SOAP_READER, noise + b"PortMapping")
    read_anything(SOAP_READER, ADD[:at] + noise + ADD[at:])


def test_captured_datagrams_read_as_another_tool_shows_them():
    frames = captured_frames("ndpi.tar.zst", "tests/cfgs/default/pcap/natpmp.pcap")

    told = [row for frame in frames for row in read_pmp(udp_payload(frame))]

    assert told[0] == ("nat-pmp", "add", "tcp", None, 51413, 51413, 3600, None)
    assert told[1] == ("nat-pmp", "granted", "tcp", None, 51413, 51413, 3600, None)
    assert len(told) == 8
