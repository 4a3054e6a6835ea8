"""Names, dates and versions -> what both ends of a TLS connection send, flight by flight."""

import ssl
import struct
import tempfile
from collections.abc import Sequence
from datetime import UTC, datetime
from functools import lru_cache
from pathlib import Path

from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec

TALK = b"GET / HTTP/1.1\r\nHost: hidden\r\n\r\n"
REPLY = b"HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n"

Flight = tuple[bool, bytes]
"""True if the client sends it, and the bytes."""


@lru_cache(maxsize=64)
def make_certificate(
    names: tuple[str, ...],
    *,
    begins: str = "2025-01-01",
    ends: str = "2027-01-01",
    own_issuer=False,
) -> bytes:
    """Key and certificate as PEM; issued by a test authority unless `own_issuer`."""
    key = ec.generate_private_key(ec.SECP256R1())
    subject = _named(names[0] if names else "nameless")
    issuer_key = key if own_issuer else ec.generate_private_key(ec.SECP256R1())
    alternatives = x509.SubjectAlternativeName([x509.DNSName(name) for name in names])
    builder = (
        x509.CertificateBuilder()
        .subject_name(subject)
        .issuer_name(subject if own_issuer else _named("Test Authority"))
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(datetime.fromisoformat(begins).replace(tzinfo=UTC))
        .not_valid_after(datetime.fromisoformat(ends).replace(tzinfo=UTC))
    )
    if names:
        builder = builder.add_extension(alternatives, critical=False)
    certificate = builder.sign(issuer_key, hashes.SHA256())
    return certificate.public_bytes(serialization.Encoding.PEM) + key.private_bytes(
        serialization.Encoding.PEM,
        serialization.PrivateFormat.PKCS8,
        serialization.NoEncryption(),
    )


def shake_hands(
    sni: str | None, certificate: bytes, *, version: ssl.TLSVersion = ssl.TLSVersion.TLSv1_2
) -> list[Flight]:
    """A whole connection between two OpenSSLs, with a request and an answer at its end."""
    bios = [ssl.MemoryBIO() for _ in range(4)]
    client = _client_context(version).wrap_bio(bios[0], bios[1], server_hostname=sni)
    server = _server_context(certificate, version).wrap_bio(bios[2], bios[3], server_side=True)
    ends = ((client, True, bios[1], bios[2]), (server, False, bios[3], bios[0]))
    flights: list[Flight] = []
    waiting = True
    while waiting:
        waiting = False
        for end, from_client, out, into in ends:
            waiting |= not _advance(end)
            flights += _move(out, into, from_client=from_client)
    for (end, from_client, out, into), says in zip(ends, (TALK, REPLY), strict=True):
        end.write(says)
        flights += _move(out, into, from_client=from_client)
    return flights


def old_hellos(
    sni: str, *, version: int = 0x0301, cipher: int = 0x002F, goes_on: bool = True
) -> list[Flight]:
    """Hellos by hand for versions and cipher suites that today's OpenSSL refuses."""
    flights = [
        (True, _record(22, _client_hello(sni, version, (cipher, 0x0035)), version)),
        (False, _record(22, _server_hello(version, cipher) + _handshake(14, b""), version)),
    ]
    if goes_on:
        flights += [
            (True, _change(version, _record(22, _handshake(16, bytes(130)), version))),
            (False, _change(version, b"")),
            (True, _record(23, bytes(64), version)),
            (False, _record(23, bytes(64), version)),
        ]
    return flights


def alert(number: int, version: int = 0x0303) -> bytes:
    """A fatal alert in the clear (RFC 5246 section 7.2)."""
    return _record(21, bytes((2, number)), version)


def _advance(end: ssl.SSLObject) -> bool:
    """One try to finish the handshake; true once it is done."""
    try:
        end.do_handshake()
    except ssl.SSLWantReadError:
        return False
    return True


def _move(out: ssl.MemoryBIO, into: ssl.MemoryBIO, *, from_client: bool) -> list[Flight]:
    """What one end wrote since, handed to the other."""
    written = out.read()
    if not written:
        return []
    into.write(written)
    return [(from_client, written)]


def _client_context(version: ssl.TLSVersion) -> ssl.SSLContext:
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
    context.check_hostname = False
    context.verify_mode = ssl.CERT_NONE
    context.minimum_version = context.maximum_version = version
    return context


def _server_context(certificate: bytes, version: ssl.TLSVersion) -> ssl.SSLContext:
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.minimum_version = context.maximum_version = version
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "certificate.pem"
        path.write_bytes(certificate)
        context.load_cert_chain(path)
    return context


def _named(name: str) -> x509.Name:
    return x509.Name([x509.NameAttribute(x509.NameOID.COMMON_NAME, name)])


def _record(kind: int, body: bytes, version: int) -> bytes:
    return struct.pack("!BHH", kind, version, len(body)) + body


def _change(version: int, before: bytes) -> bytes:
    return before + _record(20, b"\1", version) + _record(22, bytes(40), version)


def _handshake(kind: int, body: bytes) -> bytes:
    return bytes((kind,)) + len(body).to_bytes(3, "big") + body


def _client_hello(sni: str, version: int, ciphers: Sequence[int]) -> bytes:
    listed = b"".join(cipher.to_bytes(2, "big") for cipher in ciphers)
    name = sni.encode()
    entry = struct.pack("!HBH", len(name) + 3, 0, len(name)) + name
    extension = struct.pack("!HH", 0, len(entry)) + entry
    body = struct.pack("!H", version) + bytes(range(32)) + b"\0"
    body += struct.pack("!H", len(listed)) + listed + b"\1\0"
    return _handshake(1, body + struct.pack("!H", len(extension)) + extension)


def _server_hello(version: int, cipher: int) -> bytes:
    return _handshake(
        2, struct.pack("!H", version) + bytes(32) + b"\0" + struct.pack("!HB", cipher, 0)
    )
