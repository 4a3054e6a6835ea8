"""TLS flights -> the same flights with zeros where nobody reads: equal hellos become equal bytes.

What a connection has of its own (random numbers, session ids, key shares, tickets, signatures, all
that is encrypted) says nothing about who talks and how. Without it a thousand hellos of a device are
one hello, which is read once.
"""

import numpy as np
from numpy.typing import NDArray

from thingwarden.native import Array, inner, kernel
from thingwarden.protocols.text_kernel import Bytes, be16, byte

RECORD_HEAD, MESSAGE_HEAD = 5, 4
ALERT, HANDSHAKE = 21, 22  # content types: RFC 8446 section 5.1
CLIENT_HELLO, SERVER_HELLO, CERTIFICATE = 1, 2, 11
RANDOM, SESSION_ID = 2, 34  # offsets in a hello: RFC 5246 section 7.4.1.2


@inner
def _blank(data: Bytes, at: int, end: int) -> None:
    for place in range(at, end):
        data[place] = 0


@inner
def _blank_extensions(data: Bytes, at: int, end: int) -> None:
    """All but server name, signature algorithms, application protocols and supported versions."""
    if at + 2 > end:
        return
    stop = at + 2 + be16(data, at)
    at += 2
    while at + 4 <= stop <= end:
        kind = be16(data, at)
        after = at + 4 + be16(data, at + 2)
        if after > stop:
            return
        if kind not in (0, 13, 16, 43):
            _blank(data, at + 4, after)
        at = after


@inner
def _blank_hello(data: Bytes, at: int, end: int, kind: int) -> None:
    """Random number, session id, and the extensions that `tls_hello` does not look into."""
    if at + SESSION_ID >= end or byte(data, at + SESSION_ID) > 32:
        return
    session = at + SESSION_ID + 1
    after = session + byte(data, session - 1)
    if after > end:
        return
    _blank(data, at + RANDOM, at + SESSION_ID)
    _blank(data, session, after)
    at = after
    if kind == CLIENT_HELLO:
        if at + 2 > end:
            return
        at += 2 + be16(data, at)
        if at >= end:
            return
        at += 1 + byte(data, at)
    else:
        at += 3
    _blank_extensions(data, at, end)


@inner
def _blank_messages(data: Bytes, at: int, end: int) -> bool:
    """The messages of one record; False if the last goes on in another."""
    while at + MESSAGE_HEAD <= end:
        kind = byte(data, at)
        body = at + MESSAGE_HEAD
        after = body + (byte(data, at + 1) << 16) + be16(data, at + 2)
        if after > end:
            return False
        if kind in (CLIENT_HELLO, SERVER_HELLO):
            _blank_hello(data, body, after, kind)
        elif kind != CERTIFICATE:
            _blank(data, body, after)
        at = after
    return at == end


@kernel(Array(np.uint8), Array(np.int64), Array(np.int64))
def blank_flights(data: Bytes, start: NDArray[np.int64], end: NDArray[np.int64]) -> int:
    """Blank the flights at [start, end) in `data`, which must be what `protocols.tls` reads.

    What is cut or does not look like TLS stays as it is, so that it is read, and told, as it came.
    """
    for index in range(start.size):
        at = start[index]
        limit = end[index]
        if at < limit and byte(data, at) in (ALERT, HANDSHAKE):
            while at + RECORD_HEAD <= limit:
                kind = byte(data, at)
                body = at + RECORD_HEAD
                after = body + be16(data, at + 3)
                if kind not in (ALERT, HANDSHAKE):
                    _blank(data, body, limit)
                    break
                if after > limit or (kind == HANDSHAKE and not _blank_messages(data, body, after)):
                    break
                at = after
    return start.size
