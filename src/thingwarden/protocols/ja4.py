"""Client hello -> JA4 fingerprint.

Method: JA4, TLS client fingerprinting, by FoxIO (BSD 3-clause, copyright 2026 FoxIO), as told in
https://github.com/FoxIO-LLC/ja4/blob/main/technical_details/JA4.md; the sections named below are
that page's. The code is our own. The other fingerprints of the JA4+ family are not made here.
"""

import re
from collections.abc import Iterable
from functools import lru_cache
from hashlib import sha256

from thingwarden.protocols.tls_hello import (
    ALPN,
    SERVER_NAME,
    ClientHello,
    cipher_numbers,
    protocols,
)

NOTHING = "000000000000"  # section "Cipher hash": stands for the hash of an empty list
MAX_COUNT = 99  # section "Number of Ciphers"

_VERSIONS = {
    0x0002: "s2",
    0x0300: "s3",
    0x0301: "10",
    0x0302: "11",
    0x0303: "12",
    0x0304: "13",
}
_ALPHANUMERIC = re.compile(rb"[0-9A-Za-z]")


def ja4(hello: ClientHello, transport: str = "t") -> str | None:
    """Fingerprint the hello; `transport` is t for TCP, q for QUIC; None if the hello was cut."""
    if hello.cut or hello.version is None:
        return None
    return _fingerprint(
        transport + _VERSIONS.get(hello.version, "00"),
        hello.ciphers,
        tuple(sorted(hello.extensions)),  # browsers shuffle them: one key for all orders
        hello.signature_algorithms,
        hello.alpn,
    )


@lru_cache(maxsize=256)
def _fingerprint(
    start: str,
    ciphers: bytes,
    extensions: tuple[int, ...],
    signature_algorithms: bytes,
    alpn: bytes,
) -> str:
    suites = sorted(cipher_numbers(ciphers))
    count = min(len(suites), MAX_COUNT)
    extension_count = min(len(extensions), MAX_COUNT)
    to = "d" if SERVER_NAME in extensions else "i"
    return (
        f"{start}{to}{count:02}{extension_count:02}{_ends(alpn)}"
        f"_{_hash(_joined(suites))}_{_extension_hash(extensions, signature_algorithms)}"
    )


def _ends(alpn: bytes) -> str:
    """First and last character of the first protocol: section "ALPN Extension Value"."""
    names = protocols(alpn)
    if not names:
        return "00"
    first, last = names[0][:1], names[0][-1:]
    if first > b"\x7f":
        return "99"  # what both reference implementations write; the document has hex digits
    if _ALPHANUMERIC.match(first) and _ALPHANUMERIC.match(last):
        return (first + last).decode("ascii")
    return first.hex()[0] + last.hex()[1]


def _extension_hash(extensions: tuple[int, ...], signature_algorithms: bytes) -> str:
    """Types but those told before, then the algorithms as sent: section "Extension hash"."""
    kinds = _joined(kind for kind in extensions if kind not in {SERVER_NAME, ALPN})
    algorithms = _joined(cipher_numbers(signature_algorithms))
    return _hash(f"{kinds}_{algorithms}" if kinds and algorithms else kinds)


def _joined(numbers: Iterable[int]) -> str:
    return ",".join([f"{number:04x}" for number in numbers])


def _hash(text: str) -> str:
    return sha256(text.encode("ascii")).hexdigest()[:12] if text else NOTHING
