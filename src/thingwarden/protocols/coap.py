"""CoAP messages -> requests and answers (RFC 7252)."""

from collections.abc import Sequence

from thingwarden.protocols.reader import MessageReader, Row
from thingwarden.protocols.text import bare_path, clean
from thingwarden.tables import SMALL, TEXT, WHOLE, column, message_table

COAP = message_table(
    "coap",
    "one row per CoAP message",
    (
        column("kind", TEXT, "confirmable, non-confirmable, acknowledgement or reset"),
        column(
            "code",
            TEXT,
            "GET, POST, ... or class.detail such as 2.05; empty for an empty message",
        ),
        column("message_id", SMALL, "message number"),
        column("host", TEXT, "Uri-Host option"),
        column("path", TEXT, "Uri-Path options joined by '/', without query"),
        column("observe", WHOLE, "Observe option (RFC 7641)"),
        column("payload_bytes", WHOLE, "length of the payload (not kept)"),
    ),
)

MAX_OPTIONS = 256  # honest messages have fewer than 20
_KINDS = ("confirmable", "non-confirmable", "acknowledgement", "reset")
_METHODS = {  # RFC 7252 section 12.1.1, RFC 8132 section 5
    1: "GET",
    2: "POST",
    3: "PUT",
    4: "DELETE",
    5: "FETCH",
    6: "PATCH",
    7: "iPATCH",
}
_CLASSES = (0, 2, 4, 5)  # RFC 7252 section 3; 7 is for streams only (RFC 8323)
_HOST, _OBSERVE, _PATH = 3, 6, 11  # RFC 7252 section 5.10, RFC 7641 section 2
_PAYLOAD_MARK = 255
_MOST_SEGMENTS = 128  # of a path; with their slashes they fill the text that is kept
_MOST_SEGMENT_BYTES = 255  # RFC 7252 section 5.10


def read_coap(message: bytes) -> Sequence[Row]:
    """The one row of a message (RFC 7252 section 3)."""
    if len(message) < 4:
        raise ValueError("shorter than a CoAP header")
    token_bytes = message[0] & 15
    if message[0] >> 6 != 1 or token_bytes > 8:
        raise ValueError("not CoAP version 1")
    code = message[1]
    if code >> 5 not in _CLASSES or (code == 0 and len(message) > 4):
        raise ValueError("CoAP code is reserved or an empty message is not empty")
    if len(message) < 4 + token_bytes:
        raise ValueError("CoAP token is cut")
    options, payload_bytes = _read_options(message, 4 + token_bytes)
    observe = options.get(_OBSERVE)
    row = (
        _KINDS[message[0] >> 4 & 3],
        _code_text(code),
        int.from_bytes(message[2:4], "big"),
        clean(options[_HOST][0]) or None if _HOST in options else None,
        _path(options[_PATH]) if _PATH in options else None,
        int.from_bytes(observe[0][:3], "big") if observe else None,
        payload_bytes,
    )
    return (row,)


def _code_text(code: int) -> str:
    if code == 0:
        return "empty"
    return _METHODS.get(code) or f"{code >> 5}.{code & 31:02}"


def _path(segments: list[bytes]) -> str:
    """The segments joined, without what could be a key (RFC 7252 section 6.5)."""
    kept = [segment[:_MOST_SEGMENT_BYTES] for segment in segments[:_MOST_SEGMENTS]]
    return bare_path(b"/" + b"/".join(kept))[1:]


def _read_options(message: bytes, at: int) -> tuple[dict[int, list[bytes]], int]:
    """Values of each option by number, and how many bytes of payload follow (section 3.1)."""
    options: dict[int, list[bytes]] = {}
    number = 0
    for _ in range(MAX_OPTIONS):
        if at == len(message):
            return options, 0
        first = message[at]
        if first == _PAYLOAD_MARK:
            if at + 1 == len(message):
                raise ValueError("CoAP payload is announced but absent")
            return options, len(message) - at - 1
        delta, at = _extended(message, at + 1, first >> 4)
        size, at = _extended(message, at, first & 15)
        number += delta
        if at + size > len(message) or number > 0xFFFF:
            raise ValueError("CoAP option is cut or its number too large")
        options.setdefault(number, []).append(message[at : at + size])
        at += size
    raise ValueError("too many CoAP options")


def _extended(message: bytes, at: int, nibble: int) -> tuple[int, int]:
    """The number that `nibble` begins, and where reading goes on."""
    if nibble < 13:
        return nibble, at
    end = at + nibble - 12  # 13: one byte more, 14: two bytes more
    if nibble == 15 or end > len(message):
        raise ValueError("CoAP option head is cut or reserved")
    least = 13 if nibble == 13 else 269
    return int.from_bytes(message[at:end], "big") + least, end


READER = MessageReader(name="coap", table=COAP, start=lambda: read_coap)
