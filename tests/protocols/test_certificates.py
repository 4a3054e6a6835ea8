"""Certificates as devices show them: good, self-signed, signed with broken hashes, spoilt."""

import base64
import hashlib
import ipaddress
from datetime import UTC, datetime

import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import dsa, ec, ed448, ed25519, padding, rsa
from cryptography.hazmat.primitives.serialization import Encoding
from hypothesis import given, settings
from hypothesis import strategies as st

from thingwarden.protocols.certificates import MAX_BYTES, certificate_row, read_certificate

BEGINS = datetime(2025, 1, 1, tzinfo=UTC)
ENDS = datetime(9999, 12, 31, 23, 59, 59, tzinfo=UTC)

NAMES = [x509.DNSName("Cam.local"), x509.IPAddress(ipaddress.ip_address("fe80::1"))]

# Made with `openssl req -x509 -subj /CN=cam`, as today's libraries refuse to sign with these hashes.
SHA1_RSA = base64.b64decode(
    "MIIB+DCCAWGgAwIBAgIUG1W4C5H5Mb3oUf9a2HEJFun1qI0wDQYJKoZIhvcNAQEFBQAwDjEMMAoGA1UEAwwDY2Ft"
    "MB4XDTI2MTEyMzAzMDMxN1oXDTM2MTEyMDAzMDMxN1owDjEMMAoGA1UEAwwDY2FtMIGfMA0GCSqGSIb3DQEBAQUA"
    "A4GNADCBiQKBgQCuQKDGe35X3Qh/hltzVfkP6g+CpevgAwDA8Sup7ecaxxBxNyxXBb0Niw5DyKT1cVxsUmk5l2Fe"
    "D27eQ77x4r25/nrPWrZjlQNUNXUexuLVMFxqnWKxYo6C6U7CHGN839VqbtgwjRHhHb/2ze12923KnZWiU1NOGLPv"
    "oobnchlsyQIDAQABo1MwUTAdBgNVHQ4EFgQUZpku0iGkeYhxlOqERjsvyQ1iqQYwHwYDVR0jBBgwFoAUZpku0iGk"
    "eYhxlOqERjsvyQ1iqQYwDwYDVR0TAQH/BAUwAwEB/zANBgkqhkiG9w0BAQUFAAOBgQAM84RYIjo8eTDGmAGAXNPF"
    "50bXo+7e6eAcD73c07IUM8rPixiS/iLC5jTEIftR762gWx6U+N6LLXTfgMmv5MXlH9ik1IDMx9x1sOVQEMfoqEJj"
    "HkU64tUmWvFrwbU5LOHuro6yfdOu78BU3YucSYW8anGzUOfhb7IhDPZtp94+fA=="
)
MD5_RSA = base64.b64decode(
    "MIIB+DCCAWGgAwIBAgIUYU27XOkV92PHMcw4UIi9EFQpVtowDQYJKoZIhvcNAQEEBQAwDjEMMAoGA1UEAwwDY2Ft"
    "MB4XDTI2MTEyMzAzMDMxN1oXDTM2MTEyMDAzMDMxN1owDjEMMAoGA1UEAwwDY2FtMIGfMA0GCSqGSIb3DQEBAQUA"
    "A4GNADCBiQKBgQC4jMaK3OlCf88iNny4tC3G8Ov3OxlZz7rgoUXRMnaNeqO+F0UsSYE4oDYNd1ezc9QeQorKQ5XP"
    "82MYS3b3qMJRjy59xyPAis0dh80SyeUxKikgJAOfza4mC4gbvyNPT4CgdeD+VZnRVhYLuFQDHwcJo5U1Qeek6x+h"
    "yRwUKV4T5wIDAQABo1MwUTAdBgNVHQ4EFgQUTuTnYROyoPPcI9UVYQ0sap1+wwEwHwYDVR0jBBgwFoAUTuTnYROy"
    "oPPcI9UVYQ0sap1+wwEwDwYDVR0TAQH/BAUwAwEB/zANBgkqhkiG9w0BAQQFAAOBgQBDME6kB6Y/gabwUmJPmz9I"
    "mLkndT+YgmpfAKF/vV87d0quO1CZ8GQIxGmuGo+1I800JLayONXCkNfFEC0J6Q9LBgFOVxMYSDF74Z17hWVnILtR"
    "HZxjTSC2m7J3qbb1T1FairnQ5cnQaUEajgrioltbTVS/wGrkI0bSyY7ljyhkPA=="
)
SHA1_EC = base64.b64decode(
    "MIIBbjCCARagAwIBAgIUVWhbMa87vtfuKpnQ7gqWCZrsHnIwCQYHKoZIzj0EATAOMQwwCgYDVQQDDANjYW0wHhcN"
    "MjYxMTIzMDMwMzE3WhcNMzYxMTIwMDMwMzE3WjAOMQwwCgYDVQQDDANjYW0wWTATBgcqhkjOPQIBBggqhkjOPQMB"
    "BwNCAAQUythB2SRu3Yjd/PiwGfX2hNbnMdEWZJgyq7VxVgMGgHKy/BmgtSnmIYSQVxjsm4r7k3XdXgaAnI1t64zk"
    "HWCno1MwUTAdBgNVHQ4EFgQU+S8d/aF8JoFm84KM7++d+mpb2GswHwYDVR0jBBgwFoAU+S8d/aF8JoFm84KM7++d"
    "+mpb2GswDwYDVR0TAQH/BAUwAwEB/zAJBgcqhkjOPQQBA0cAMEQCICXVpK0Vj+VJ/qeszRAgjpvMSX7jRMjqb4jj"
    "hucpBqWLAiBvCu1kpPXtwav/9n/vjKcHCTH2wY7qkmCbuZj7PT+9Lg=="
)


def make(key, *, issuer="camera", signer=None, names=NAMES, digest=None, pss=False):
    """A certificate in DER for `key`, signed by `signer` (itself if None)."""
    builder = (
        x509.CertificateBuilder()
        .subject_name(named("camera"))
        .issuer_name(named(issuer))
        .public_key(key.public_key())
        .serial_number(7)
        .not_valid_before(BEGINS)
        .not_valid_after(ENDS)
    )
    if names:
        builder = builder.add_extension(x509.SubjectAlternativeName(names), critical=False)
    padded = padding.PSS(padding.MGF1(hashes.SHA256()), 32) if pss else None
    return builder.sign(signer or key, digest, rsa_padding=padded).public_bytes(Encoding.DER)


def named(name):
    return x509.Name(
        [
            x509.NameAttribute(x509.NameOID.ORGANIZATION_NAME, "Makers"),
            x509.NameAttribute(x509.NameOID.COMMON_NAME, name),
        ]
    )


@pytest.fixture(scope="module")
def ec_key():
    return ec.generate_private_key(ec.SECP256R1())


@pytest.fixture(scope="module")
def rsa_key():
    return rsa.generate_private_key(65537, 2048)


def test_a_certificate_tells_names_and_dates(ec_key):
    der = make(ec_key, digest=hashes.SHA256())

    facts = read_certificate(der)

    assert facts.subject == facts.issuer == "CN=camera,O=Makers"
    assert facts.names == ("cam.local", "fe80::1")
    assert facts.not_before_us == 1_735_689_600_000_000
    assert facts.not_after_us == 253_402_300_799_000_000
    assert (facts.key, facts.signature, facts.self_signed) == (
        "ec-secp256r1",
        "sha256-ecdsa",
        True,
    )
    assert facts.sha256 == hashlib.sha256(der).hexdigest()


def test_a_certificate_of_an_authority_is_not_self_signed(ec_key, rsa_key):
    issued = make(ec_key, issuer="authority", signer=rsa_key, digest=hashes.SHA384(), names=[])

    facts = read_certificate(issued)

    assert (facts.signature, facts.self_signed, facts.names) == ("sha384-rsa", False, None)
    assert facts.issuer == "CN=authority,O=Makers"


def test_the_same_name_with_another_key_is_not_self_signed(ec_key):
    other = ec.generate_private_key(ec.SECP256R1())

    forged = read_certificate(make(ec_key, signer=other, digest=hashes.SHA256()))

    assert forged.issuer == forged.subject
    assert forged.self_signed is False


def test_other_kinds_of_keys_are_named(rsa_key):
    pss = read_certificate(make(rsa_key, digest=hashes.SHA256(), pss=True))
    edwards = read_certificate(make(ed25519.Ed25519PrivateKey.generate()))
    goldilocks = read_certificate(make(ed448.Ed448PrivateKey.generate()))
    old = read_certificate(make(dsa.generate_private_key(1024), digest=hashes.SHA256()))

    assert (pss.key, pss.signature, pss.self_signed) == ("rsa-2048", "sha256-rsa-pss", True)
    assert (edwards.key, edwards.signature, edwards.self_signed) == ("ed25519", "ed25519", True)
    assert (goldilocks.key, goldilocks.signature) == ("ed448", "ed448")
    assert (old.key, old.signature) == ("dsa-1024", "sha256-dsa")


def test_self_signed_with_a_broken_hash_is_still_told():
    assert read_certificate(SHA1_RSA).self_signed is True
    assert read_certificate(SHA1_RSA).signature == "sha1-rsa"
    assert read_certificate(MD5_RSA).self_signed is True
    assert read_certificate(MD5_RSA).key == "rsa-1024"
    assert read_certificate(SHA1_EC).self_signed is True
    assert read_certificate(SHA1_EC).signature == "sha1-ecdsa"


def test_a_wrong_signature_with_a_broken_hash_is_told():
    spoilt = SHA1_RSA[:-1] + bytes((SHA1_RSA[-1] ^ 1,))

    assert read_certificate(spoilt).self_signed is False


def test_what_is_no_certificate_has_only_a_hash(ec_key):
    cut = make(ec_key, digest=hashes.SHA256())[:-1]

    for der in (b"", b"\x30\x03\2\1\1", cut, bytes(MAX_BYTES + 1)):
        facts = read_certificate(der)
        assert facts.sha256 == hashlib.sha256(der).hexdigest()
        assert certificate_row(der)[:-1] == (None,) * 8


def test_every_truncation_is_read(ec_key):
    der = make(ec_key, digest=hashes.SHA256())

    for end in range(len(der)):
        assert read_certificate(der[:end]).subject is None


@settings(max_examples=300)
@given(st.binary(max_size=6), st.integers(0, 400), st.sampled_from((0, 1, 2)))
def test_any_bytes_inside_are_read(noise, at, which):
    whole = (SHA1_RSA, MD5_RSA, SHA1_EC)[which]

    facts = read_certificate(whole[:at] + noise + whole[at + len(noise) :])

    for text in (facts.subject, facts.issuer, facts.key, facts.signature, *(facts.names or ())):
        assert text is None or (text.isprintable() and len(text) <= 255)
