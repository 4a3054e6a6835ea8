"""Device descriptions give a row per device, and hostile XML gives none."""

import gzip

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from thingwarden.protocols.upnp import MAX_DEVICES, READER

XML = (
    b'<?xml version="1.0"?>\n'
    b'<root xmlns="urn:schemas-upnp-org:device-1-0">'
    b"<specVersion><major>1</major><minor>0</minor></specVersion>"
    b"<device>"
    b"<deviceType>urn:schemas-upnp-org:device:InternetGatewayDevice:1</deviceType>"
    b"<friendlyName>Router &amp; Switch</friendlyName>"
    b"<manufacturer>Example</manufacturer>"
    b"<modelName>R1</modelName><modelNumber>1.2</modelNumber>"
    b"<modelDescription>  a\n router </modelDescription>"
    b"<serialNumber>s3rial</serialNumber>"
    b"<UDN>uuid:1</UDN>"
    b"<iconList><icon><mimetype>image/png</mimetype></icon></iconList>"
    b"<deviceList><device>"
    b"<deviceType>urn:schemas-upnp-org:device:WANDevice:1</deviceType><UDN>uuid:2</UDN>"
    b"</device></deviceList>"
    b"<presentationURL>/</presentationURL>"
    b"</device></root>"
)
HEAD = b"HTTP/1.1 200 OK\r\nContent-Type: text/xml\r\n"
ROWS = (
    (
        "uuid:1",
        "urn:schemas-upnp-org:device:InternetGatewayDevice:1",
        "Router & Switch",
        "Example",
        "R1",
        "1.2",
        "a router",
        False,
    ),
    ("uuid:2", "urn:schemas-upnp-org:device:WANDevice:1", None, None, None, None, None, True),
)
read = READER.start()


def describe(xml: bytes, fields: bytes = b""):
    return read(HEAD + fields + b"\r\n" + xml)


def test_a_description_gives_root_and_embedded_devices():
    assert describe(XML) == ROWS
    assert len(ROWS[0]) == READER.width


def test_chunks_and_gzip_make_no_difference():
    chunked = b"".join(b"%x\r\n%b\r\n" % (len(part), part) for part in (XML[:70], XML[70:]))

    assert describe(chunked + b"0\r\n\r\n", b"Transfer-Encoding: chunked\r\n") == ROWS
    assert describe(gzip.compress(XML), b"Content-Encoding: gzip\r\n") == ROWS


def test_prefixes_and_bytes_that_are_not_utf_8_are_read():
    xml = (
        b'<?xml version="1.0" encoding="iso-8859-1"?>'
        b'<u:root xmlns:u="urn:schemas-upnp-org:device-1-0"><u:device>'
        b"<u:friendlyName>K\xfcche</u:friendlyName></u:device></u:root>"
    )

    assert describe(xml)[0][2] == "K\ufffdche"


def test_a_cut_description_gives_what_is_complete():
    cut = describe(XML[: XML.index(b"</modelNumber>")])

    assert cut == ((None, *ROWS[0][1:5], None, None, False),)


def test_the_serial_number_is_not_kept():
    assert "s3rial" not in repr(describe(XML))


@pytest.mark.parametrize(
    "data",
    [
        b"",
        b"GET / HTTP/1.1\r\n\r\n",
        HEAD + b"\r\n<html></html>",
        HEAD.replace(b"200", b"404") + b"\r\n" + XML,
        HEAD + b"Content-Encoding: br\r\n\r\n" + XML,
        HEAD + b"\r\n<root>" + b" " * 4000 + XML,
    ],
)
def test_what_is_no_description_gives_nothing(data):
    assert read(data) == ()


def test_a_document_type_is_refused():
    entity = b'<!DOCTYPE r [<!ENTITY a "aaaa"><!ENTITY b "&a;&a;">]>'
    hostile = XML.replace(b"\n", b"\n" + entity, 1).replace(b"Example", b"&b;")

    for xml in (hostile, hostile.decode().encode("utf-16") + XML):
        try:
            assert describe(xml) == ()
        except ValueError as error:
            assert str(error) in {"XML with a document type", "XML is broken"}  # noqa: PT017
    with pytest.raises(ValueError, match="XML with a document type"):
        describe(hostile)


def test_broken_xml_gives_what_came_before_or_is_refused():
    assert describe(XML.replace(b"<modelNumber>", b"<"))[0][4] == "R1"
    with pytest.raises(ValueError, match="XML is broken"):
        describe(XML.replace(b"<device>", b"< >"))


def test_devices_depth_and_values_are_bounded():
    device = b"<device><UDN>u</UDN></device>"
    start = b'<root xmlns="urn:schemas-upnp-org:device-1-0">'
    long = start + b"<device><UDN>" + b"x" * 200_000

    assert len(describe(start + device * 500)) == MAX_DEVICES
    assert len(describe(start + b"<device><UDN>u</UDN>" * 10_000)) == MAX_DEVICES
    assert len(describe(long + b"</UDN>")[0][0]) == 255


def test_every_truncation_is_read_or_refused():
    whole = HEAD + b"\r\n" + XML
    for length in range(len(whole)):
        try:
            rows = read(whole[:length])
        except ValueError as error:
            assert str(error) in {"start line is cut", "no status line"}  # noqa: PT017
        else:
            assert len(rows) <= 2


@given(st.binary(max_size=100), st.integers(0, len(XML)))
@settings(max_examples=100)
def test_any_bytes_are_read_or_refused(data, kept):
    for message in (data, b"HTTP/1." + data, HEAD + b"\r\n" + XML[:kept] + data):
        try:
            read(message)
        except ValueError as error:
            assert "line" in str(error) or "XML" in str(error)  # noqa: PT017
