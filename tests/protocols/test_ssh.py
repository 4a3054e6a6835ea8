"""The banner of either side of an SSH connection, and nothing else."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from thingwarden.protocols.ssh import READER

BANNER = b"SSH-2.0-dropbear_2018.76\r\n"
KEYS = b"\x00\x00\x01\x04\x06\x14"


def test_both_sides_say_what_they_are():
    assert READER.read_client(b"SSH-2.0-OpenSSH_9.6\n" + KEYS) == ("SSH-2.0-OpenSSH_9.6",)
    assert READER.read_server(BANNER + KEYS) == ("SSH-2.0-dropbear_2018.76",)
    assert (READER.client_width, READER.server_width, READER.ending_width) == (1, 1, 0)


def test_a_server_may_send_other_lines_first():
    assert READER.read_server(b"Go away\r\nuse SSH-2.0-x\r\n" + BANNER) == (
        "SSH-2.0-dropbear_2018.76",
    )


def test_an_old_version_and_a_comment_are_kept():
    assert READER.read_server(b"SSH-1.99-OpenSSH_6.6 Ubuntu-2\r\n") == (
        "SSH-1.99-OpenSSH_6.6 Ubuntu-2",
    )


@pytest.mark.parametrize(
    "data", [b"", b"SSH-2.0-cut", b"HTTP/1.1 200\r\n", b"SSH-2.0-" + b"x" * 300 + b"\r\n", KEYS]
)
def test_without_a_whole_banner_it_is_refused(data):
    with pytest.raises(ValueError, match="no SSH banner"):
        READER.read_client(data)


def test_every_truncation_is_refused():
    for length in range(len(BANNER)):
        with pytest.raises(ValueError, match="no SSH banner"):
            READER.read_server(BANNER[:length])


@given(st.binary(max_size=100))
@settings(max_examples=100)
def test_any_bytes_are_read_or_refused(data):
    for message in (data, b"SSH-2.0-" + data):
        try:
            (banner,) = READER.read_server(message)
        except ValueError as error:
            assert str(error) == "no SSH banner"  # noqa: PT017 -- both outcomes are right
        else:
            assert banner.isprintable()
