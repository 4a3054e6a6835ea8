"""FTP logins: that one happened and how it ended, never with what."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from thingwarden.protocols.ftp import READER

COMMANDS = b"AUTH TLS\r\nUSER admin\r\nPASS s3cret\r\nSYST\r\nQUIT\r\n"
REPLIES = (
    b"220-Welcome to\r\n220 the camera\r\n502 no TLS\r\n"
    b"331 Password required for admin\r\n230 User admin logged in\r\n"
)


def ended(replies: bytes) -> object:
    return READER.read_server(replies)[1]


def test_a_login_is_seen_and_not_kept():
    assert READER.read_client(COMMANDS) == (True, True, False, True, False)
    assert READER.read_server(REPLIES) == ("Welcome to the camera", "accepted")
    assert (READER.client_width, READER.server_width, READER.ending_width) == (5, 2, 0)


def test_an_anonymous_user_is_told_apart():
    assert READER.read_client(b"user Anonymous\r\n") == (True, False, True, False, None)
    assert READER.read_client(b"USER ftp\nPASS a@b\n") == (True, True, True, False, False)


def test_the_last_login_counts_if_it_is_whole():
    first = b"USER root\r\nPASS s3cret\r\n"
    second = b"user admin\r\npass 12345\r\n"

    assert READER.read_client(first + second)[4] is True
    assert READER.read_client(second + first)[4] is False
    assert READER.read_client(second[:-2])[4] is None
    assert READER.read_client(b"USER admin\r\nPASS\r\n")[4] is True
    assert READER.read_client(b"PASS admin\r\n")[4] is None
    assert "12345" not in repr(READER.read_client(first + second))


def test_a_client_that_does_not_log_in_sent_nothing():
    assert READER.read_client(b"AUTH GSSAPI\r\nPASSWD\r\nQUIT\r\n") == (
        False,
        False,
        False,
        False,
        None,
    )


def test_how_a_login_ended():
    assert ended(b"220 x\r\n331 y\r\n530 Login incorrect\r\n") == "refused"
    assert ended(b"220 x\r\n331 y\r\n530 no\r\n331 y\r\n230 ok\r\n") == "accepted"
    assert ended(b"220 x\r\n430 no\r\n") == "refused"
    assert ended(b"220 x\r\n331 y\r\n") == "unknown"
    assert ended(b"220 x\r\n234 TLS\r\n\x16\x03\x03\r\n") is None


def test_a_530_before_any_user_name_is_no_refusal():
    assert ended(b"220 x\r\n530 Please login with USER and PASS\r\n") is None


def test_codes_inside_a_long_reply_do_not_count():
    assert ended(b"220-hello\r\n230 inside\r\n331 inside\r\n220 end\r\n") is None


def test_only_a_greeting_is_a_banner():
    assert READER.read_server(b"331 Password required for s3cret\r\n")[0] is None
    assert READER.read_server(b"220 \r\n")[0] is None
    assert len(READER.read_server(b"220 " + b"x" * 9000)[0]) == 200


def test_what_is_not_ftp_is_refused():
    for data in (b"", b"\x16\x03\x01", b"999 x\r\n", b"SSH-2.0-x\r\n"):
        with pytest.raises(ValueError, match="no FTP reply"):
            READER.read_server(data)
    for data in (b"", b"\x16\x03\x01", b"GARBAGE\r\n", b"SSH-2.0-x\r\n"):
        with pytest.raises(ValueError, match="no FTP command"):
            READER.read_client(data)


def test_every_truncation_is_read_or_refused():
    for read, whole in ((READER.read_client, COMMANDS), (READER.read_server, REPLIES)):
        for length in range(len(whole)):
            try:
                row = read(whole[:length])
            except ValueError as error:
                assert "no FTP" in str(error)  # noqa: PT017 -- both outcomes are right
                assert length < 4
            else:
                assert "admin" not in repr(row)


@given(st.binary(max_size=200), st.integers(0, len(REPLIES)))
@settings(max_examples=100)
def test_any_bytes_are_read_or_refused(data, kept):
    for read in (READER.read_client, READER.read_server):
        for message in (data, COMMANDS[:kept] + data, REPLIES[:kept] + data):
            try:
                read(message)
            except ValueError as error:
                assert "no FTP" in str(error)  # noqa: PT017 -- both outcomes are right
