"""SSDP messages are told apart and read, also those of sloppy devices."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from thingwarden.protocols.ssdp import READER

NOTIFY = (
    b"NOTIFY * HTTP/1.1\r\n"
    b"HOST: 239.255.255.250:1900\r\n"
    b"CACHE-CONTROL: max-age=1800\r\n"
    b"LOCATION: http://192.168.1.1:1900/igd.xml?key=s3cret\r\n"
    b"NT: upnp:rootdevice\r\n"
    b"NTS: ssdp:alive\r\n"
    b"SERVER: ipos/7.0 UPnP/1.0 Router/1.0\r\n"
    b"USN: uuid:060b7353-fca6-4070-85f4-1fbfb9add62c::upnp:rootdevice\r\n"
    b"\r\n"
)
read = READER.start()


def test_an_announcement_is_read():
    assert read(NOTIFY) == (
        (
            "notify",
            "upnp:rootdevice",
            "ssdp:alive",
            "uuid:060b7353-fca6-4070-85f4-1fbfb9add62c::upnp:rootdevice",
            "http://192.168.1.1:1900/igd.xml",
            "ipos/7.0 UPnP/1.0 Router/1.0",
            None,
        ),
    )
    assert len(read(NOTIFY)[0]) == READER.width


def test_a_search_without_line_end_is_read():
    row = read(b'M-SEARCH * HTTP/1.1\nMAN: "ssdp:discover"\nST: ssdp:all\nUser-Agent: TV/1')[0]

    assert row == ("search", "ssdp:all", None, None, None, None, "TV/1")


def test_a_response_names_what_was_searched():
    row = read(b"HTTP/1.1 200 OK\r\nEXT:\r\nST: upnp:rootdevice\r\nNT: no\r\n\r\n")[0]

    assert row[:2] == ("response", "upnp:rootdevice")


@pytest.mark.parametrize(
    "data", [b"", b"NOTIFY", b"NOTIFY * SIP/2.0\r\n", b"GET / HTTP/1.1\r\n\r\n", b"\xff\x00"]
)
def test_anything_else_is_refused(data):
    with pytest.raises(ValueError, match="start line"):
        read(data)


def test_every_truncation_is_read_or_refused():
    for length in range(len(NOTIFY)):
        try:
            assert read(NOTIFY[:length])[0][0] == "notify"
        except ValueError as error:
            assert "start line" in str(error)  # noqa: PT017 -- both outcomes are right
            assert length < NOTIFY.index(b"\r\n")


@given(st.binary(max_size=200), st.integers(0, len(NOTIFY)))
@settings(max_examples=100)
def test_any_bytes_are_read_or_refused(data, kept):
    for message in (data, NOTIFY[:kept] + data):
        try:
            read(message)
        except ValueError as error:
            assert "start line" in str(error)  # noqa: PT017 -- both outcomes are right
