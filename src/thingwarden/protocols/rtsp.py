"""RTSP messages -> requests for streams with their answers (RFC 2326, RFC 7826)."""

import re

from thingwarden.protocols.logins import is_default_basic
from thingwarden.protocols.reader import ExchangeReader, Row
from thingwarden.protocols.text import (
    bare_path,
    optional,
    read_scheme,
    read_status,
    split_head,
    split_request_line,
    split_url,
)
from thingwarden.tables import FLAG, SMALL, TEXT, column, exchange_table

VERSIONS = (b"RTSP/1.", b"RTSP/2.")

_LOGIN = re.compile(rb"(?:password|passwd|pass|pwd|psw)=", re.I)  # as many cameras want it

RTSP = exchange_table(
    "rtsp",
    "one row per RTSP request with its answer",
    (
        column("method", TEXT, "request method"),
        column("path", TEXT, "path of the stream without query or user, at most 200 characters"),
        column("user_agent", TEXT, "User-Agent header"),
        column(
            "credentials",
            TEXT,
            "basic, digest, other, url (a login in the address, which is not kept); null if none",
        ),
        column(
            "default_login",
            FLAG,
            "the user name and password are a pair that makers ship, see "
            "data/default_logins.csv; null if no login could be read",
        ),
        column("status", SMALL, "status code of the answer"),
        column("server", TEXT, "Server header"),
        column("authenticate", TEXT, "scheme of WWW-Authenticate, lower case"),
    ),
)


def read_request(data: bytes) -> Row:
    """Client half of a row from one request; raises `ValueError` if it is not RTSP."""
    line, fields, _ = split_head(data)
    method, target = split_request_line(line, VERSIONS)
    scheme, login, _, rest = split_url(target)
    path = bare_path(rest)
    return (
        method.decode("ascii"),
        path or ("/" if scheme else None),
        optional(fields, b"user-agent"),
        _credentials(fields) or ("url" if login or _LOGIN.search(rest) else None),
        is_default_basic(fields.get(b"authorization", b"")),
    )


def read_answer(data: bytes) -> Row:
    """Server half of a row from one answer; raises `ValueError` if it is not RTSP."""
    line, fields, _ = split_head(data)
    return (
        read_status(line, VERSIONS),
        optional(fields, b"server"),
        read_scheme(fields.get(b"www-authenticate", b"")),
    )


def _credentials(fields: dict[bytes, bytes]) -> str | None:
    scheme = read_scheme(fields.get(b"authorization", b""))
    return scheme if scheme in {None, "basic", "digest"} else "other"


READER = ExchangeReader(
    name="rtsp",
    table=RTSP,
    read_client=read_request,
    read_server=read_answer,
    client_width=5,
    server_width=3,
)
