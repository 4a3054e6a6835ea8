"""FTP control connections -> whether somebody logged in, never with what (RFC 959)."""

import re

from thingwarden.protocols.logins import is_default
from thingwarden.protocols.reader import ExchangeReader, Row
from thingwarden.protocols.text import one_line
from thingwarden.tables import FLAG, TEXT, column, exchange_table

MAX_BYTES = 8 * 1024  # of each side: a login stands at the beginning
ACCEPTED = frozenset({b"230", b"232"})  # RFC 959 section 5.4, RFC 2228 section 5.1
REFUSED = frozenset({b"430", b"530"})  # 430 is not in RFC 959, but servers send it
ANONYMOUS = frozenset({b"anonymous", b"ftp"})  # RFC 1635 section 3

_COMMAND = re.compile(rb"[A-Za-z]{3,4}(?=[ \r\n]|$)")  # RFC 959 section 5.3
_REPLY = re.compile(rb"[1-6][0-9][0-9](?=[ \r\n-]|$)")  # RFC 959 section 4.2; RFC 2228: 6xx

FTP = exchange_table(
    "ftp",
    "one row per FTP control connection",
    (
        column("sent_user", FLAG, "the client sent a user name (not kept)"),
        column("sent_password", FLAG, "the client sent a password in the clear (not kept)"),
        column("anonymous", FLAG, "the user name was anonymous or ftp"),
        column("asked_tls", FLAG, "the client asked for TLS (RFC 4217)"),
        column(
            "default_login",
            FLAG,
            "the last user name and password are a pair that makers ship, see "
            "data/default_logins.csv; null if no login could be read",
        ),
        column("banner", TEXT, "greeting of the server, at most 200 characters"),
        column("outcome", TEXT, "accepted, refused or unknown; null if nobody logged in"),
    ),
)


def read_commands(data: bytes) -> Row:
    """Client half of a row from all that the client sent; raises `ValueError` if it is not FTP."""
    data = data[:MAX_BYTES]
    if not _COMMAND.match(data):
        raise ValueError("no FTP command")
    user = password = anonymous = tls = False
    for line in data.split(b"\n"):
        verb, _, value = line.partition(b" ")
        verb = verb.strip().upper()
        if verb == b"USER":
            user = True
            anonymous = value.strip().lower() in ANONYMOUS
        elif verb == b"PASS":
            password = True
        elif verb == b"AUTH":
            tls = tls or value.strip().upper().startswith((b"TLS", b"SSL"))
    return (user, password, anonymous, tls, _is_default(data))


def _is_default(data: bytes) -> bool | None:
    """Whether makers ship the last pair; lines that may be cut do not count."""
    user = login = None
    for line in data.split(b"\n")[:-1]:
        verb, _, value = line.rstrip(b"\r").partition(b" ")
        if verb.upper() == b"USER":
            user = value
        elif verb.upper() == b"PASS" and user is not None:
            login = is_default(user, value)
    return login


def read_replies(data: bytes) -> Row:
    """Server half of a row from all that the server sent; raises `ValueError` if it is not FTP."""
    data = data[:MAX_BYTES]
    if not _REPLY.match(data):
        raise ValueError("no FTP reply")
    replies = _split_replies(data)
    first = replies[0]
    banner = one_line(b" ".join(first[1]), 200) if first[0] == b"220" else None
    return (banner or None, _outcome([code for code, _ in replies]))


def _split_replies(data: bytes) -> list[tuple[bytes, list[bytes]]]:
    """Code and lines of each reply, of several lines too (RFC 959 section 4.2)."""
    replies: list[tuple[bytes, list[bytes]]] = []
    unfinished = b""
    for line in data.splitlines():
        if unfinished:
            starts = line.startswith(unfinished)
            replies[-1][1].append(line[4:] if starts else line)
            if starts and line[3:4] in {b" ", b""}:
                unfinished = b""
        elif _REPLY.match(line):
            replies.append((line[:3], [line[4:]]))
            unfinished = line[:3] if line[3:4] == b"-" else b""
    return replies


def _outcome(codes: list[bytes]) -> str | None:
    """How the login ended; a 530 before any user name was taken says only that one is needed."""
    if not ACCEPTED.isdisjoint(codes):
        return "accepted"
    tried = False
    for code in codes:
        if code == b"430" or (tried and code in REFUSED):
            return "refused"
        tried = tried or code in {b"331", b"332"}
    return "unknown" if tried else None


READER = ExchangeReader(
    name="ftp",
    table=FTP,
    read_client=read_commands,
    read_server=read_replies,
    client_width=5,
    server_width=2,
)
