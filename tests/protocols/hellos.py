"""Fields -> TLS hello messages, records around them, and QUIC Initial packets that hold them."""

import struct
from collections.abc import Sequence

from thingwarden.protocols.quic_packets import VERSION_2, client_keys

SNI, GROUPS, SIGNATURES, ALPN, VERSIONS = 0, 10, 13, 16, 43
CIPHERS = (0x1301, 0xC02B, 0xC02F)

Extension = tuple[int, bytes]


def listed(numbers: Sequence[int]) -> bytes:
    """Two bytes each."""
    return b"".join(number.to_bytes(2) for number in numbers)


def sni(name: str) -> Extension:
    """Asks for a server by name (RFC 6066 section 3)."""
    raw = name.encode()
    return SNI, struct.pack("!HBH", len(raw) + 3, 0, len(raw)) + raw


def alpn(*names: bytes) -> Extension:
    """Application protocols (RFC 7301 section 3.1)."""
    body = b"".join(bytes((len(name),)) + name for name in names)
    return ALPN, len(body).to_bytes(2) + body


def versions(*numbers: int) -> Extension:
    """Versions that a client offers (RFC 8446 section 4.2.1)."""
    return VERSIONS, bytes((2 * len(numbers),)) + listed(numbers)


def signatures(*numbers: int) -> Extension:
    """Signature algorithms (RFC 8446 section 4.2.3)."""
    return SIGNATURES, (2 * len(numbers)).to_bytes(2) + listed(numbers)


USUAL = (
    sni("hub.example.com"),
    (GROUPS, b"\0\2\0\x1d"),
    signatures(0x0403, 0x0804),
    alpn(b"h2", b"http/1.1"),
    versions(0x0304, 0x0303),
)


def client_hello(
    extensions: Sequence[Extension] = USUAL,
    ciphers: Sequence[int] = CIPHERS,
    *,
    version: int = 0x0303,
) -> bytes:
    """A whole message with its head."""
    suites = listed(ciphers)
    body = struct.pack("!H32sB32s", version, b"random", 32, b"session")
    body += len(suites).to_bytes(2) + suites + b"\1\0" + block(extensions)
    return message(1, body)


def server_hello(
    extensions: Sequence[Extension] = (), cipher: int = 0xC02F, *, version: int = 0x0303
) -> bytes:
    """A whole message with its head."""
    body = struct.pack("!H32sBHB", version, b"random", 0, cipher, 0)
    return message(2, body + (block(extensions) if extensions else b""))


def certificates(*ders: bytes) -> bytes:
    """The message that shows a chain (RFC 5246 section 7.4.2)."""
    chain = b"".join(len(der).to_bytes(3) + der for der in ders)
    return message(11, len(chain).to_bytes(3) + chain)


def block(extensions: Sequence[Extension]) -> bytes:
    """Extensions with their length in front."""
    body = b"".join(struct.pack("!HH", kind, len(value)) + value for kind, value in extensions)
    return len(body).to_bytes(2) + body


def message(kind: int, body: bytes) -> bytes:
    """A handshake message (RFC 8446 section 4)."""
    return bytes((kind,)) + len(body).to_bytes(3) + body


def record(body: bytes, kind: int = 22) -> bytes:
    """A TLS record (RFC 8446 section 5.1)."""
    return struct.pack("!BHH", kind, 0x0303, len(body)) + body


def crypto(offset: int, part: bytes) -> bytes:
    """A CRYPTO frame (RFC 9000 section 19.6)."""
    return b"\6" + (0x8000_0000 | offset).to_bytes(4) + (0x4000 | len(part)).to_bytes(2) + part


def initial(
    frames: bytes, *, version: int = 1, to: bytes = b"\1" * 8, sender: bytes = b"", size: int = 0
) -> bytes:
    """A client's Initial packet number 2 with `frames`, padded to `size` (RFC 9001 appendix A.2)."""
    keys = client_keys(version, to)
    frames += bytes(max(size - len(frames), 0))
    first = 0xD3 if version == VERSION_2 else 0xC3
    ids = bytes((len(to),)) + to + bytes((len(sender),)) + sender
    length = 0x4000 | (4 + len(frames) + 16)
    head = bytes((first,)) + version.to_bytes(4) + ids + b"\0" + length.to_bytes(2)
    sealed = keys.cipher.encrypt((keys.iv ^ 2).to_bytes(12), frames, head + bytes((0, 0, 0, 2)))
    mask = keys.mask.update(sealed[:16])
    number = (2 ^ int.from_bytes(mask[1:5])).to_bytes(4)
    return bytes((first ^ mask[0] & 0x0F,)) + head[1:] + number + sealed
