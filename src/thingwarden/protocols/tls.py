"""TLS hellos and certificates -> who talks to whom, how protected (RFC 8446, RFC 5246)."""

import csv
from functools import cache
from importlib import resources
from struct import Struct

import numpy as np
from numpy.typing import NDArray

from thingwarden.protocols.certificates import NO_CERTIFICATE, certificate_row
from thingwarden.protocols.ja4 import ja4
from thingwarden.protocols.reader import ExchangeReader, Row
from thingwarden.protocols.sslv2 import is_sslv2, read_sslv2_client, read_sslv2_server
from thingwarden.protocols.tls_hello import (
    CERTIFICATE,
    CLIENT_HELLO,
    MESSAGE_HEAD,
    SERVER_HELLO,
    TLS_1_3,
    alpn_text,
    cipher_text,
    read_client_hello,
    read_server_hello,
    version_name,
)
from thingwarden.tables import FLAG, LIST, SMALL, TEXT, WHOLE, column, exchange_table

TLS = exchange_table(
    "tls",
    "one row per TLS connection",
    (
        column("sni", TEXT, "server name asked for, lower case; null if absent"),
        column("client_version", TEXT, "highest version offered: SSLv2, SSLv3, 1.0 to 1.3"),
        column("client_alpn", TEXT, "application protocols offered, in order, joined by ','"),
        column(
            "client_ciphers",
            TEXT,
            "cipher suites offered, four hex digits each, in order, joined by '-', "
            "GREASE left out; six digits for those of SSLv2",
        ),
        column(
            "ja4",
            TEXT,
            "JA4 fingerprint of the client hello; null if the hello was cut or has the form of SSLv2",
        ),
        column("version", TEXT, "version chosen by the server"),
        column("cipher", SMALL, "cipher suite chosen, as number"),
        column("cipher_name", TEXT, "its IANA name; null if not assigned"),
        column("alpn", TEXT, "application protocol chosen, where visible"),
        column(
            "certificates",
            SMALL,
            "certificates that the server showed, as far as seen; null if encrypted or none seen",
        ),
        column("subject", TEXT, "subject of the first certificate, RFC 4514"),
        column("issuer", TEXT, "issuer of the first certificate, RFC 4514"),
        column("names", LIST, "DNS names and IP addresses that it is for"),
        column("not_before_us", WHOLE, "valid from, microseconds since 1970 UTC"),
        column("not_after_us", WHOLE, "valid until, microseconds since 1970 UTC"),
        column("key", TEXT, "its public key, such as rsa-2048 or ec-secp256r1"),
        column("signature", TEXT, "its signature algorithm, such as sha256-rsa"),
        column("self_signed", FLAG, "true if it verifies with its own key"),
        column("certificate_sha256", TEXT, "SHA-256 of its DER form, hex"),
        column("client_went_on", FLAG, "the client sent application data afterwards"),
        column("server_went_on", FLAG, "the server sent application data afterwards"),
        column(
            "client_alert",
            SMALL,
            "number of the alert the client sent in the clear; null if none",
        ),
        column(
            "server_alert",
            SMALL,
            "number of the alert the server sent in the clear; null if none",
        ),
    ),
)

ALERT = 21  # content types: RFC 8446 section 5.1
HANDSHAKE = 22
RECORD_HEAD = 5

_CLIENT_WIDTH = 5
_SERVER_WIDTH = 14
_IN_THE_CLEAR = frozenset({HANDSHAKE, ALERT})
_read_record = Struct(">BHH").unpack_from


def _read_client(data: bytes) -> Row:
    if is_sslv2(data):
        return read_sslv2_client(data)
    message = _handshake(data)
    if not message or message[0] != CLIENT_HELLO:
        raise ValueError("no client hello")
    stop = _message_end(message, 0)
    hello = read_client_hello(message[MESSAGE_HEAD:stop], cut=stop > len(message))
    return (
        hello.sni,
        version_name(hello.version),
        alpn_text(hello.alpn),
        cipher_text(hello.ciphers),
        ja4(hello),
    )


def _read_server(data: bytes) -> Row:
    if is_sslv2(data):
        return read_sslv2_server(data)
    messages = _handshake(data)
    if not messages:
        return (None,) * _SERVER_WIDTH  # an alert alone
    if messages[0] != SERVER_HELLO:
        raise ValueError("no server hello")
    stop = _message_end(messages, 0)
    hello = read_server_hello(messages[MESSAGE_HEAD:stop], cut=stop > len(messages))
    count, first = None, NO_CERTIFICATE
    if hello.version is not None and hello.version < TLS_1_3:
        count, first = _read_chain(messages, stop)
    return (
        version_name(hello.version),
        hello.cipher,
        _cipher_names().get(hello.cipher),
        alpn_text(hello.alpn),
        count,
        *first,
    )


def _blank(data: NDArray[np.uint8], start: NDArray[np.int64], end: NDArray[np.int64]) -> None:
    from thingwarden.protocols.tls_kernel import blank_flights  # noqa: PLC0415  # brings Numba

    blank_flights(data, start, end)


def _read_ending(notes: int) -> Row:
    return (
        bool(notes & 1),
        bool(notes & 2),
        (notes >> 8 & 0xFF) - 1 if notes >> 8 & 0xFF else None,
        (notes >> 16 & 0xFF) - 1 if notes >> 16 & 0xFF else None,
    )


READER = ExchangeReader(
    name="tls",
    table=TLS,
    read_client=_read_client,
    read_server=_read_server,
    client_width=_CLIENT_WIDTH,
    server_width=_SERVER_WIDTH,
    blank=_blank,
    read_ending=_read_ending,
)


def _handshake(data: bytes) -> bytes:
    """Join the handshake records that `data` begins with, passing over warnings among them.

    They end where encryption begins: RFC 8446 appendix D.4, RFC 5246 section 7.1.
    """
    if len(data) <= RECORD_HEAD:
        raise ValueError("record is cut")
    if data[1] != 3 or data[0] not in _IN_THE_CLEAR:
        raise ValueError("no TLS record")
    parts = []
    at, last = 0, len(data) - RECORD_HEAD
    while at <= last:
        kind, _, size = _read_record(data, at)
        at += RECORD_HEAD
        if kind == HANDSHAKE:
            parts.append(data[at : at + size])
        elif kind != ALERT:
            break
        at += size
    return parts[0] if len(parts) == 1 else b"".join(parts)


def _message_end(messages: bytes, at: int) -> int:
    """Where the message at `at` ends by its own length, which may be past what was seen."""
    if at + MESSAGE_HEAD > len(messages):
        raise ValueError("handshake message is cut")
    return at + MESSAGE_HEAD + int.from_bytes(messages[at + 1 : at + MESSAGE_HEAD])


def _read_chain(messages: bytes, at: int) -> tuple[int | None, Row]:
    """How many certificates begin in the message at `at`, and what the first says.

    RFC 5246 section 7.4.2: each stands behind three bytes that say its length. None: no such
    message, so none was shown, or it was not seen.
    """
    if at + MESSAGE_HEAD + 3 > len(messages) or messages[at] != CERTIFICATE:
        return None, NO_CERTIFICATE
    end = min(_message_end(messages, at), len(messages))
    at += MESSAGE_HEAD + 3
    count, first = 0, NO_CERTIFICATE
    while at + 3 <= end:
        stop = at + 3 + int.from_bytes(messages[at : at + 3])
        if count == 0 and stop <= end:
            first = certificate_row(messages[at + 3 : stop])
        count += 1
        at = stop
    return count, first


@cache
def _cipher_names() -> dict[int, str]:
    """Names of cipher suites by number, from the IANA registry "TLS Cipher Suites".

    A few numbers that IANA only reserves have the names under which they were used.
    """
    path = resources.files("thingwarden") / "data" / "tls_ciphers.csv"
    with path.open(encoding="ascii") as file:
        return {int(row["number"], 16): row["name"] for row in csv.DictReader(file)}
