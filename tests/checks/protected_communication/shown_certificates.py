"""A key, a hash and dates -> a TLS connection whose server shows such a certificate, flight by flight."""

import struct
from datetime import UTC, datetime, timedelta
from functools import lru_cache
from hashlib import sha1

from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec, rsa

from tests.tls_bytes import Flight, old_hellos

GOOD_CIPHER = 0xC02F  # TLS_ECDHE_RSA_WITH_AES_128_GCM_SHA256

KEY_BYTES = 256
SHA256_RSA = bytes.fromhex("2a864886f70d01010b")
SHA1_RSA = bytes.fromhex("2a864886f70d010105")
SHA1_INFO = bytes.fromhex("3021300906052b0e03021a05000414")


def shows_certificate(name: str, certificate: bytes, *, goes_on: bool = True) -> list[Flight]:
    """A TLS 1.2 connection in which the server shows `certificate` (DER), before it is done."""
    flights = old_hellos(name, version=0x0303, cipher=GOOD_CIPHER, goes_on=goes_on)
    listed = len(certificate).to_bytes(3, "big") + certificate
    body = len(listed).to_bytes(3, "big") + listed
    message = b"\x0b" + len(body).to_bytes(3, "big") + body
    hello, done = flights[1][1][5:-4], flights[1][1][-4:]
    return [flights[0], (False, _record(hello + message + done)), *flights[2:]]


@lru_cache(maxsize=16)
def rsa_certificate(name: str, *, bits: int = 2048, own_issuer: bool = False) -> bytes:
    """A certificate (DER) with an RSA key of so many bits."""
    key = rsa.generate_private_key(65537, bits)
    issuer_key = key if own_issuer else rsa.generate_private_key(65537, 2048)
    builder = _builder(name, name if own_issuer else "Test Authority")
    signed = builder.public_key(key.public_key()).sign(issuer_key, hashes.SHA256())
    return signed.public_bytes(serialization.Encoding.DER)


@lru_cache(maxsize=16)
def sha1_certificate(name: str, *, own_issuer: bool = False) -> bytes:
    """A certificate (DER) signed with SHA-1, by hand since libraries refuse it (RFC 8017 section 9.2)."""
    key = rsa.generate_private_key(65537, KEY_BYTES * 8)
    builder = _builder(name, name if own_issuer else "Test Authority")
    signed = builder.public_key(key.public_key()).sign(key, hashes.SHA256())
    whole = signed.public_bytes(serialization.Encoding.DER)
    changed = whole.replace(SHA256_RSA, SHA1_RSA)
    digest = SHA1_INFO + sha1(signed.tbs_certificate_bytes.replace(SHA256_RSA, SHA1_RSA)).digest()
    padded = b"\0\1" + b"\xff" * (KEY_BYTES - len(digest) - 3) + b"\0" + digest
    numbers = key.private_numbers()
    signature = pow(int.from_bytes(padded, "big"), numbers.d, numbers.public_numbers.n)
    return changed[:-KEY_BYTES] + signature.to_bytes(KEY_BYTES, "big")


@lru_cache(maxsize=16)
def curve_certificate(name: str, *, valid_days: int = 730) -> bytes:
    """A certificate (DER) with a key on P-256 that it signed itself, valid from 2025 on."""
    key = ec.generate_private_key(ec.SECP256R1())
    builder = _builder(name, name, valid_days=valid_days)
    signed = builder.public_key(key.public_key()).sign(key, hashes.SHA256())
    return signed.public_bytes(serialization.Encoding.DER)


def _builder(name: str, issuer: str, *, valid_days: int = 730) -> x509.CertificateBuilder:
    begins = datetime(2025, 1, 1, tzinfo=UTC)
    return (
        x509.CertificateBuilder()
        .subject_name(_named(name))
        .issuer_name(_named(issuer))
        .serial_number(1)
        .not_valid_before(begins)
        .not_valid_after(begins + timedelta(days=valid_days))
        .add_extension(x509.SubjectAlternativeName([x509.DNSName(name)]), critical=False)
    )


def _named(name: str) -> x509.Name:
    return x509.Name([x509.NameAttribute(x509.NameOID.COMMON_NAME, name)])


def _record(body: bytes) -> bytes:
    return struct.pack("!BHH", 22, 0x0303, len(body)) + body
