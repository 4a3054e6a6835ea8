"""QUIC datagrams -> what a client's Initial packets hold (RFC 9000, RFC 9001, RFC 9369)."""

import hmac
import re
from collections.abc import Iterator
from dataclasses import dataclass
from struct import Struct
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from cryptography.hazmat.primitives.ciphers import CipherContext
    from cryptography.hazmat.primitives.ciphers.aead import AESGCM

VERSION_1 = 0x00000001
VERSION_2 = 0x6B3343CF  # RFC 9369 section 3.1
DRAFT_23 = 0xFF000017  # the first whose Initial packets are opened here
DRAFT_29 = 0xFF00001D  # salts changed here
DRAFT_33 = 0xFF000021  # and here
DRAFT_34 = 0xFF000022

MAX_ID_BYTES = 20  # RFC 9000 section 17.2
MAX_PACKETS = 8  # in one datagram; more than two are not met

_SALT_1 = bytes.fromhex("38762cf7f55934b34d179ae6a4c80cadccbb7f0a")  # RFC 9001 section 5.2
_SALT_2 = bytes.fromhex("0dede3def700a6db819381be6e269dcbf9bd2ed9")  # RFC 9369 section 3.3.1
_SALT_23 = bytes.fromhex("c3eef712c72ebb5a11a7d2432bb46365bef9f502")  # draft-23 to draft-28
_SALT_29 = bytes.fromhex("afbfec289993d24c9e9786f19c6111e04390a899")  # draft-29 to draft-32

_FRAMES_TO_SKIP = re.compile(rb"[\x00\x01]*")  # PADDING and PING: RFC 9000 sections 19.1, 19.2
_ACK = (2, 3)
_CRYPTO = 6
_CLOSE = 0x1C

_read_long = Struct(">I").unpack_from


@dataclass(frozen=True, slots=True, kw_only=True)
class LongHeader:
    """The part of a long header that all versions share: RFC 8999 section 5.1."""

    first: int
    """The first byte: its meaning hangs on the version."""
    version: int
    to: bytes
    """Connection id of the receiver."""
    sender: bytes
    """Connection id of the sender."""
    end: int
    """Where the version's own part begins."""


@dataclass(frozen=True, slots=True, kw_only=True)
class InitialPacket:
    """Where the parts of a protected Initial packet lie in its datagram."""

    start: int
    number: int
    """Where its packet number begins."""
    end: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Keys:
    """What a client protects its Initial packets with: RFC 9001 section 5.1."""

    cipher: "AESGCM"
    iv: int
    mask: "CipherContext"
    """Gives the mask of a header from a sample of the packet: RFC 9001 section 5.4.3."""


def read_long_header(data: bytes, start: int = 0) -> LongHeader:
    """Read the long header at `start`; raises `ValueError` if it is cut or an id is too long."""
    at = start + 6
    if at > len(data):
        raise ValueError("long header is cut")
    sender = at + data[at - 1] + 1
    if sender > len(data):
        raise ValueError("connection id is cut")
    end = sender + data[sender - 1]
    if end > len(data):
        raise ValueError("connection id is cut")
    if sender - 1 - at > MAX_ID_BYTES or end - sender > MAX_ID_BYTES:
        raise ValueError("connection id too long")
    return LongHeader(
        first=data[start],
        version=_read_long(data, start + 1)[0],
        to=data[at : sender - 1],
        sender=data[sender:end],
        end=end,
    )


def opens(version: int) -> bool:
    """Tell whether Initial packets of this version can be opened."""
    return version in {VERSION_1, VERSION_2} or DRAFT_23 <= version <= DRAFT_34


def initial_packets(data: bytes, head: LongHeader) -> Iterator[InitialPacket]:
    """Find the Initial packets of the datagram that `head` begins: RFC 9000 sections 12.2, 17.2.

    Those for other connections and those of short headers are passed over.
    """
    start = 0
    initial, retry = (1, 0) if head.version == VERSION_2 else (0, 3)  # RFC 9369 section 3.2
    for _ in range(MAX_PACKETS):
        kind = head.first >> 4 & 3
        if kind == retry:
            return
        at = head.end
        if kind == initial:
            token, at = _variable(data, at)
            at += token
        size, at = _variable(data, at)
        if at + size > len(data):
            raise ValueError("packet is cut")
        if kind == initial:
            yield InitialPacket(start=start, number=at, end=at + size)
        start = at + size
        if start >= len(data) or not data[start] & 0x80:
            return
        following = read_long_header(data, start)
        if following.version != head.version or following.to != head.to:
            return
        head = following


def client_keys(version: int, to: bytes) -> Keys:
    """Derive the keys that follow from the client's first choice of `to`: RFC 9001 section 5.2."""
    from cryptography.hazmat.primitives.ciphers import (  # noqa: PLC0415  # slow to load
        Cipher,
        algorithms,
        modes,
    )
    from cryptography.hazmat.primitives.ciphers.aead import AESGCM  # noqa: PLC0415

    initial = hmac.digest(_salt(version), to, "sha256")
    secret = _expand(initial, b"client in", 32)
    label = b"quicv2 " if version == VERSION_2 else b"quic "
    mask = Cipher(algorithms.AES(_expand(secret, label + b"hp", 16)), modes.ECB())  # noqa: S305
    return Keys(
        cipher=AESGCM(_expand(secret, label + b"key", 16)),
        iv=int.from_bytes(_expand(secret, label + b"iv", 12)),
        mask=mask.encryptor(),
    )


def open_packet(data: bytes, packet: InitialPacket, keys: Keys) -> bytes | None:
    """Take the protection off: its frames, or None if the keys do not fit (RFC 9001 section 5.4)."""
    from cryptography.exceptions import InvalidTag  # noqa: PLC0415  # loaded by then

    at = packet.number
    sample = data[at + 4 : at + 20]
    if packet.end < at + 20:
        raise ValueError("packet too short")
    mask = keys.mask.update(sample)
    first = data[packet.start] ^ mask[0] & 0x0F
    size = (first & 3) + 1
    number = int.from_bytes(data[at : at + size]) ^ int.from_bytes(mask[1 : 1 + size])
    head = bytes((first,)) + data[packet.start + 1 : at] + number.to_bytes(size)
    nonce = (keys.iv ^ number).to_bytes(12)
    try:
        return keys.cipher.decrypt(nonce, data[at + size : packet.end], head)
    except InvalidTag:
        return None


def crypto_frames(frames: bytes) -> Iterator[tuple[int, bytes]]:
    """Offset and bytes of each CRYPTO frame: RFC 9000 sections 12.4 and 19."""
    at = 0
    while True:
        skipped = _FRAMES_TO_SKIP.match(frames, at)
        at = skipped.end() if skipped else at
        if at >= len(frames):
            return
        kind = frames[at]
        if kind in _ACK:
            at = _after_ack(frames, at + 1, counts=kind == 3)
        elif kind == _CRYPTO:
            offset, at = _variable(frames, at + 1)
            size, at = _variable(frames, at)
            if at + size > len(frames):
                raise ValueError("frame is cut")
            yield offset, frames[at : at + size]
            at += size
        elif kind == _CLOSE:
            return  # no hello follows
        else:
            raise ValueError("frame not allowed in an Initial packet")


def _after_ack(frames: bytes, at: int, *, counts: bool) -> int:
    """Find the end of an ACK frame, with `counts` of congestion or without: RFC 9000 section 19.3."""
    _, at = _variable(frames, at)
    _, at = _variable(frames, at)
    ranges, at = _variable(frames, at)
    for _ in range(min(2 * ranges + 1, len(frames)) + 3 * counts):
        _, at = _variable(frames, at)
    return at


def _variable(data: bytes, at: int) -> tuple[int, int]:
    """Read the integer of variable length at `at`, and where it ends: RFC 9000 section 16."""
    if at >= len(data):
        raise ValueError("packet is cut")
    end = at + (1 << (data[at] >> 6))
    if end > len(data):
        raise ValueError("packet is cut")
    value = int.from_bytes(data[at:end])
    return value & ((1 << (8 * (end - at) - 2)) - 1), end


def _salt(version: int) -> bytes:
    if version == VERSION_2:
        return _SALT_2
    if version == VERSION_1 or version >= DRAFT_33:
        return _SALT_1
    return _SALT_29 if version >= DRAFT_29 else _SALT_23


def _expand(secret: bytes, label: bytes, size: int) -> bytes:
    """HKDF-Expand-Label with an empty context, up to 32 bytes: RFC 8446 section 7.1."""
    name = b"tls13 " + label
    text = size.to_bytes(2) + bytes((len(name),)) + name + b"\0\x01"
    return hmac.digest(secret, text, "sha256")[:size]
