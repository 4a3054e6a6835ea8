"""Heads of messages on TCP streams, put together from their segments in windows of fixed size."""

import numpy as np

from thingwarden.capture.loads_kernel import be16, be32
from thingwarden.flows.numbers_kernel import ahead
from thingwarden.flows.records import (
    CLIENT,
    DNS_TCP,
    EITHER,
    FTP,
    HTTP,
    MQTT,
    OTHER,
    RTSP,
    SERVER,
    SSH,
    TALK_BYTES,
    TELNET,
    TLS,
    UNTOLD,
    WINDOW_BYTES,
)
from thingwarden.native import inner

LINE_LOOK = 512  # bytes looked through for 'RTSP/' in a request line
CRLF2 = 0x0D0A0D0A


def _word(text):
    return int.from_bytes(text, "big")


HTTP_WORDS = tuple(
    _word(verb[:4])
    for verb in (
        b"GET ",
        b"POST",
        b"PUT ",
        b"HEAD",
        b"DELETE",
        b"PATCH",
        b"CONNECT",
        b"TRACE",
        b"NOTIFY",
        b"SUBSCRIBE",
        b"UNSUBSCRIBE",
        b"M-SEARCH",
        b"PROPFIND",
        b"OPTIONS",
    )
)
RTSP_WORDS = tuple(
    _word(verb[:4])
    for verb in (
        b"OPTIONS",
        b"DESCRIBE",
        b"SETUP",
        b"PLAY",
        b"ANNOUNCE",
        b"TEARDOWN",
        b"RECORD",
        b"PAUSE",
        b"GET_PARAMETER",
        b"SET_PARAMETER",
    )
)
HTTP_ANSWER, RTSP_ANSWER, SSH_BANNER = _word(b"HTTP"), _word(b"RTSP"), _word(b"SSH-")
MQTT_NAME, MQISDP_NAME = _word(b"MQTT"), _word(b"MQIs")
LENGTH_FIELD = np.frombuffer(b"\ncontent-length:", np.uint8)
CODING_FIELD = np.frombuffer(b"\ntransfer-encoding:", np.uint8)


@inner
def _is_rtsp_line(data, at, end):
    stop = min(end, at + LINE_LOOK) - 4
    for place in range(at, stop):
        if data[place] == 0x0A:
            return False
        if data[place] == 0x52 and be32(data, place) == RTSP_ANSWER:
            return True
    return False


@inner
def starts_message(data, at, end):
    """HTTP or RTSP, and who speaks, if a message of theirs starts at `at`; else UNTOLD."""
    if at + 8 > end:
        return UNTOLD, EITHER
    word = be32(data, at)
    if word == HTTP_ANSWER and data[at + 4] == 0x2F and data[at + 5] == 0x31:
        return HTTP, SERVER
    if word == RTSP_ANSWER and data[at + 4] == 0x2F:
        return RTSP, SERVER
    for verb in RTSP_WORDS:
        if word == verb and _is_rtsp_line(data, at, end):
            return RTSP, CLIENT
    for verb in HTTP_WORDS:
        if word == verb:
            return HTTP, CLIENT
    return UNTOLD, EITHER


@inner
def is_tls_hello(data, at, end):
    """Whether a record with a client or server hello starts at `at` (RFC 8446 sections 4, 5.1)."""
    if at + 11 > end or be16(data, at) >> 8 != 0x16 or data[at + 1] != 3:
        return False
    return 1 <= data[at + 5] <= 2 and data[at + 6] == 0 and data[at + 9] == 3


@inner
def detect(data, at, end, src_port, dst_port):
    """What a stream whose first payload lies at [at, end) speaks, and who speaks; or OTHER."""
    size = end - at
    first = data[at]
    if first == 0x16 and (size < 3 or data[at + 1] == 3):
        if size < 6:
            return TLS, EITHER
        return TLS, CLIENT if data[at + 5] == 1 else SERVER
    if (
        size >= 11
        and first & 0x80
        and data[at + 2] == 1
        and be16(data, at + 3) in (0x0002, 0x0300, 0x0301, 0x0302, 0x0303)
    ):
        if (be16(data, at) & 0x7FFF) + 2 >= 11:
            return TLS, CLIENT
    if first == 0x15 and size >= 7 and data[at + 1] == 3 and be16(data, at + 3) == 2:
        return TLS, EITHER
    app, role = starts_message(data, at, end)
    if app != UNTOLD:
        return app, role
    if size >= 4 and be32(data, at) == SSH_BANNER:
        return SSH, EITHER
    if first == 0x10 and size >= 12:
        for place in range(at + 4, at + 8):
            word = be32(data, place)
            if word == MQTT_NAME or word == MQISDP_NAME:
                return MQTT, CLIENT
    if src_port == 23 or dst_port == 23 or src_port == 2323 or dst_port == 2323:
        return TELNET, SERVER if src_port == 23 or src_port == 2323 else CLIENT
    if src_port == 21 or dst_port == 21:
        return FTP, SERVER if src_port == 21 else CLIENT
    if src_port == 53 or dst_port == 53:
        return DNS_TCP, SERVER if src_port == 53 else CLIENT
    if src_port == 1883 or dst_port == 1883:
        return MQTT, SERVER if src_port == 1883 else CLIENT
    return OTHER, EITHER


@inner
def _copy(window, start, stop, data, at):
    for index in range(stop - start):  # a loop: a slice takes seconds to compile
        window[start + index] = data[at + index]


@inner
def put(window, slot, data, at, seq, length):
    """Copy a segment to its place; False if it adds nothing.

    Bytes may come twice or in another order: what lies behind one gap is kept, more is not.
    """
    offset = ahead(seq, slot.base)
    start, stop = max(offset, 0), min(offset + length, WINDOW_BYTES)
    if stop <= start or stop <= slot.done:
        return False
    if start <= slot.done:
        start = slot.done
        _copy(window, start, stop, data, at + start - offset)
        slot.done = stop
        if slot.later_to > slot.done and slot.later_from <= slot.done:
            slot.done = slot.later_to
        return True
    if slot.later_to <= slot.later_from:
        slot.later_from = start
        slot.later_to = stop
    elif start <= slot.later_to and stop >= slot.later_from:
        slot.later_from, slot.later_to = min(start, slot.later_from), max(stop, slot.later_to)
    else:
        return False
    _copy(window, start, stop, data, at + start - offset)
    return False


@inner
def _tls_complete(window, slot):
    """A client hello that is whole; of a server, all before it changes to ciphers (RFC 5246 7.3)."""
    if slot.scan == 0 and slot.done >= 5 and window[0] & 0x80:
        slot.need = min((np.int64(be16(window, 0)) & 0x7FFF) + 2, WINDOW_BYTES)
        if slot.done >= slot.need:
            slot.scan = slot.need
            return True
        return False
    while slot.done >= slot.scan + 5:
        kind, length = window[slot.scan], np.int64(be16(window, slot.scan + 3))
        if kind != 22 or length == 0:
            return True
        if slot.done < slot.scan + 5 + length:
            return False
        if slot.scan == 0:
            hello = length >= 4 and window[5] == 1
            slot.role = CLIENT if hello else SERVER
            slot.need = (
                4 + ((np.int64(window[6]) << 16) | be16(window, 7)) if hello else WINDOW_BYTES
            )
        slot.need -= length
        slot.scan += 5 + length
        if slot.need <= 0:
            return True
    return False


@inner
def _lower(byte):
    return byte + 32 if 65 <= byte <= 90 else byte


@inner
def _field(window, end, name):
    """Offset behind a header field's colon in the head that ends at `end`; -1 without it."""
    for at in range(end - name.size):
        if window[at] == 0x0A and _lower(window[at + 1]) == name[1]:
            matched = 2
            while matched < name.size and _lower(window[at + matched]) == name[matched]:
                matched += 1
            if matched == name.size:
                return at + matched
    return -1


@inner
def _number(window, at, end):
    while at < end and window[at] == 0x20:
        at += 1
    value = np.int64(0)
    while at < end and 48 <= window[at] <= 57 and value < WINDOW_BYTES:
        value = value * 10 + (window[at] - 48)
        at += 1
    return value


@inner
def _body_bytes(window, head_end, role):
    """How much body follows a head (RFC 9112 section 6.3), as far as it would be collected."""
    at = _field(window, head_end, LENGTH_FIELD)
    if at >= 0:
        return _number(window, at, head_end)
    if _field(window, head_end, CODING_FIELD) >= 0:
        return np.int64(WINDOW_BYTES)
    if role == CLIENT:
        return np.int64(0)
    hundreds = window[9]
    tens = window[10]
    ones = window[11]
    empty = (
        hundreds == 49
        or (hundreds == 50 and ones == 52)
        or (hundreds == 51 and tens == 48 and ones == 52)
    )
    return np.int64(0 if empty else WINDOW_BYTES)


@inner
def _text_complete(window, slot):
    """An HTTP or RTSP head, and the body that it announces."""
    if slot.need < 0:
        at = max(slot.scan - 3, 0)
        while at + 4 <= slot.done and be32(window, at) != CRLF2:
            at += 1
        slot.scan = at
        if at + 4 > slot.done:
            return False
        body = _body_bytes(window, at + 4, slot.role) if slot.app == HTTP else np.int64(0)
        slot.need = min(at + 4 + body, WINDOW_BYTES)
    if slot.need == WINDOW_BYTES and slot.done >= 5:  # chunked: the last chunk ends it
        last = be32(window, slot.done - 4) == CRLF2 and window[slot.done - 5] == 0x30
        return slot.done > slot.scan + 4 and last
    return slot.done >= slot.need


@inner
def complete(window, slot):
    """Whether a window holds all that its reader needs."""
    if slot.done >= WINDOW_BYTES:
        return True
    if slot.app == TLS:
        return _tls_complete(window, slot)
    if slot.app == HTTP or slot.app == RTSP:
        return _text_complete(window, slot)
    if slot.app == SSH:
        while slot.scan < slot.done:
            if window[slot.scan] == 0x0A:
                return True
            slot.scan += 1
        return slot.done >= TALK_BYTES
    if slot.app == FTP or slot.app == TELNET:
        return slot.done >= TALK_BYTES
    return slot.need >= 0 and slot.done >= slot.need
