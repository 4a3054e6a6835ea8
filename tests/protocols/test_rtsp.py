"""RTSP requests and answers; a login in the address is told, never shown."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from thingwarden.protocols.rtsp import READER

REQUEST = (
    b"DESCRIBE rtsp://192.168.1.9:554/live/ch0?auth=s3cret RTSP/1.0\r\n"
    b"CSeq: 2\r\n"
    b"User-Agent: LibVLC/3.0.16\r\n"
    b'Authorization: Digest username="admin", response="s3cret"\r\n'
    b"\r\n"
)
ANSWER = (
    b"RTSP/1.0 401 Unauthorized\r\nCSeq: 2\r\nServer: Rtsp Server/2.0\r\n"
    b'WWW-Authenticate: Digest realm="cam", nonce="1"\r\n\r\n'
)


def test_a_request_and_its_answer_are_read():
    assert READER.read_client(REQUEST) == ("DESCRIBE", "/live/ch0", "LibVLC/3.0.16", "digest", None)
    assert READER.read_server(ANSWER) == (401, "Rtsp Server/2.0", "digest")
    assert (READER.client_width, READER.server_width, READER.ending_width) == (5, 3, 0)


@pytest.mark.parametrize(
    ("target", "path", "credentials"),
    [
        (b"*", "*", None),
        (b"rtsp://cam", "/", None),
        (b"rtsp://cam/trackID=1", "/trackID=1", None),
        (b"rtsp://admin:s3cret@cam/live", "/live", "url"),
        (b"rtsp://admin:s3#cret@cam/live", "/", "url"),
        (b"rtsp://cam/user=admin&password=s3cret&channel=1", "/", "url"),
        (b"rtsp://cam/user=admin_password=s3cret_channel=1.sdp", "/", "url"),
        (b"rtsp://cam/live?pwd=s3cret", "/live", "url"),
    ],
)
def test_a_login_in_the_address_is_told_but_not_shown(target, path, credentials):
    row = READER.read_client(b"OPTIONS " + target + b" RTSP/1.0\r\n\r\n")

    assert row == ("OPTIONS", path, None, credentials, None)


def test_a_login_that_makers_ship_is_told():
    head = b"PLAY rtsp://cam/1 RTSP/1.0\r\nAuthorization: Basic "

    default = READER.read_client(head + b"YWRtaW46MTIzNDU=\r\n\r\n")  # admin:12345
    other = READER.read_client(head + b"YWRtaW46czNjcmV0\r\n\r\n")  # admin:s3cret

    assert default == ("PLAY", "/1", None, "basic", True)
    assert other == ("PLAY", "/1", None, "basic", False)


def test_another_scheme_is_other():
    row = READER.read_client(b"PLAY * RTSP/2.0\r\nAuthorization: Bearer s3cret\r\n\r\n")

    assert row[3] == "other"


@pytest.mark.parametrize("read", [READER.read_client, READER.read_server])
def test_what_is_not_rtsp_is_refused(read):
    for data in (b"", b"$\x00\x00\x04abcd\n", b"GET / HTTP/1.1\r\n", b"HTTP/1.1 200 OK\r\n"):
        with pytest.raises(ValueError, match="line"):
            read(data)


def test_every_truncation_is_read_or_refused():
    for read, whole in ((READER.read_client, REQUEST), (READER.read_server, ANSWER)):
        for length in range(len(whole)):
            if length > whole.index(b"\n"):
                assert read(whole[:length])[0] == read(whole)[0]
            else:
                with pytest.raises(ValueError, match="start line is cut"):
                    read(whole[:length])


@given(st.binary(max_size=200), st.integers(0, len(REQUEST)))
@settings(max_examples=100)
def test_any_bytes_are_read_or_refused(data, kept):
    for read in (READER.read_client, READER.read_server):
        for message in (data, REQUEST[:kept] + data, ANSWER[:kept] + data):
            try:
                read(message)
            except ValueError as error:
                assert "line" in str(error)  # noqa: PT017 -- both outcomes are right
