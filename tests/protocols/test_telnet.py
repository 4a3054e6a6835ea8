"""Telnet logins: asked for, how they ended, and nothing that was typed."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from thingwarden.protocols.telnet import READER

NEGOTIATION = b"\xff\xfd\x01\xff\xfb\x03\xff\xfa\x18\x01\xff\xf0"
LOGIN = NEGOTIATION + b"\r\nLinux 3.4.35 (none)\r\ncamera login: "
TRY = b"s3admin\r\nPassword: "
SHELL = b"\r\n\r\nBusyBox v1.12.1 built-in shell (ash)\r\n# "
WRONG = b"\r\nLogin incorrect\r\ncamera login: "


def shown(data: bytes) -> tuple[object, ...]:
    row = READER.read_server(data)
    assert "s3" not in repr(row)
    return row


def test_a_login_is_followed_to_the_shell():
    row = shown(LOGIN + TRY + SHELL + b"cat s3cret\r\nlogin: password: invalid\r\n# ")

    assert row == ("Linux 3.4.35 (none) camera", True, True, "accepted", 1)
    assert (READER.client_width, READER.server_width, READER.ending_width) == (2, 5, 0)


def test_attempts_are_counted_until_one_is_accepted():
    assert shown(LOGIN + TRY + WRONG + TRY + WRONG + TRY + SHELL)[3:] == ("accepted", 3)
    assert shown(LOGIN + TRY + WRONG + TRY + WRONG)[3:] == ("refused", 2)


def test_an_answer_that_was_not_seen_is_unknown():
    assert shown(LOGIN)[1:] == (True, False, "unknown", 0)
    assert shown(LOGIN + TRY)[1:] == (True, True, "unknown", 1)
    assert shown(LOGIN + TRY + b"\r\n")[3] == "unknown"


@pytest.mark.parametrize(
    "reply",
    [
        b"\r\n$ ",
        b"\r\n\x1b[1mroot@box\x1b[0m:~# ls\r\n",
        b"\r\nRouter>",
        b"\r\nWelcome to the DVR\r\n",
        b"\r\nLast login: Mon Nov 23 on pts/0\r\n",
        b"\r\nLast failed login: Mon Nov 23\r\nLast login: Sun\r\n",
        b"s3cho-bad\r\n~ # ",
    ],
)
def test_a_shell_or_a_greeting_means_accepted(reply):
    assert shown(LOGIN + TRY + reply)[3] == "accepted"


@pytest.mark.parametrize(
    "reply",
    [
        b"\r\nLogin incorrect\r\n",
        b"\r\n% Authentication failed\r\n",
        b"\r\nAccess denied.\r\n",
        b"\r\nBad Password!!!\r\n",
        b"\r\nInvalid user name or password\r\nUsername: ",
        b"\r\nUsername: ",
        b"\r\nPassword: ",
    ],
)
def test_a_refusal_or_a_new_prompt_means_refused(reply):
    assert shown(LOGIN + TRY + reply)[3] == "refused"


@pytest.mark.parametrize(
    "prompt",
    [b"login:", b"Login as: ", b"LOGIN :", b"Username:", b"User name: ", b"user>", b"Account:"],
)
def test_a_login_prompt_is_known_in_many_forms(prompt):
    assert shown(NEGOTIATION + b"Box\r\n" + prompt) == ("Box", True, False, "unknown", 0)


@pytest.mark.parametrize(
    "prompt", [b"Password:", b"password for s3admin: ", b"PASSWD:", b"Passcode?", b"s3's password:"]
)
def test_a_password_prompt_is_known_in_many_forms(prompt):
    assert shown(NEGOTIATION + b"Box\r\n" + prompt) == ("Box", False, True, "unknown", 1)


def test_a_shell_without_any_login_asks_for_nothing():
    row = shown(NEGOTIATION + b"BusyBox v1.1 (2014-01-01 10:10:10 UTC)\r\n\r\n# s3cret\r\n")

    assert row == ("BusyBox v1.1 (2014-01-01 10:10:10 UTC)", False, False, None, 0)


def test_a_login_in_the_clear_without_password_can_be_accepted():
    assert shown(LOGIN + b"s3admin\r\n# ")[1:] == (True, False, "accepted", 0)


@pytest.mark.parametrize(
    "data",
    [
        b"s3admin\r\nPassword: \r\n",
        b"s3cret\r\nLogin incorrect\r\nlogin: ",
        b"s3cret\r\n/ # cat s3\r\n",
        NEGOTIATION + b"Enter name> s3admin\r\nPassword: ",
        NEGOTIATION + b"s3admin Password: ",
        NEGOTIATION + b"Nom:s3admin\r\n",
        b"login: s3admin\r\nlogin: s3admin\r\n",
        b"login: s3\xff\xffadmin\x00\r\nPassword: s3cret\r\n",
    ],
)
def test_nothing_that_may_have_been_typed_is_kept(data):
    shown(data)


def test_a_banner_is_one_line_and_cut():
    assert shown(b"\x1b[2JA\r\n\r\nB\r\nlogin: ")[0] == "A B"
    assert len(shown(b"xy" * 500 + b"\r\nlogin:")[0]) == 200


def test_a_client_that_only_negotiates_sends_no_text():
    assert READER.read_client(NEGOTIATION + b"\xff\xf1\xff") == (False, None)
    assert READER.read_client(NEGOTIATION + b"s3cret\r\n") == (True, None)
    assert READER.read_client(b"\xff\xff") == (False, None)
    assert READER.read_client(b"") == (False, None)


@pytest.mark.parametrize(
    ("typed", "default"),
    [
        (b"root\r\nxc3511\r\nenable\r\nsh\r\n", True),
        (b"\r\n\r\nroot\r\0xc3511\r\0", True),
        (b"admin\n\n", True),
        (b"root\r\ns3cret\r\nroot\r\nxc3511\r\n", False),
        (b"root\r\nxc35\x7f511\r\n", False),
        (b"root\r\nxc3511", None),
        (b"root\r\n", None),
    ],
)
def test_a_login_that_makers_ship_is_told_once_both_lines_are_whole(typed, default):
    row = READER.read_client(NEGOTIATION + typed)

    assert row == (True, default)


def test_every_truncation_is_read():
    whole = LOGIN + TRY + WRONG + TRY + SHELL
    for length in range(len(whole)):
        assert shown(whole[:length])[0] in {None, "Linux 3.4.35 (none) camera"} or length < len(
            LOGIN
        )


@given(st.binary(max_size=200), st.integers(0, 200))
@settings(max_examples=100)
def test_any_bytes_are_read(data, kept):
    whole = LOGIN + TRY + WRONG
    for message in (data, whole[:kept] + data):
        READER.read_client(message)
        assert len(READER.read_server(message)[0] or "") <= 200


@pytest.mark.parametrize(
    "piece", [b"\xff", b"\xff\xfa", b"login:", b"password for ", b"\n#", b"\x1b["]
)
def test_a_session_made_to_be_slow_is_read_quickly(piece):
    READER.read_server(piece * 20_000)
