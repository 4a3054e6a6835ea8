"""A certificate in DER -> names, dates, key and signature (RFC 5280)."""

import warnings
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from functools import lru_cache
from hashlib import sha256
from typing import TYPE_CHECKING, TypeVar

from thingwarden.protocols.reader import Row
from thingwarden.protocols.text import clean

if TYPE_CHECKING:
    from cryptography import x509

MAX_NAMES = 1000  # public authorities refuse more
MAX_BYTES = 64 * 1024  # several times the largest that servers show

_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_SIGNATURES = {
    "1.2.840.113549.1.1.2": "md2-rsa",  # RFC 3279 section 2.2.1
    "1.2.840.113549.1.1.4": "md5-rsa",
    "1.2.840.113549.1.1.5": "sha1-rsa",
    "1.3.14.3.2.29": "sha1-rsa",  # of OIW, older than that of RFC 3279
    "1.2.840.113549.1.1.10": "rsa-pss",  # RFC 4055 section 3
    "1.2.840.113549.1.1.14": "sha224-rsa",  # RFC 4055 section 5
    "1.2.840.113549.1.1.11": "sha256-rsa",
    "1.2.840.113549.1.1.12": "sha384-rsa",
    "1.2.840.113549.1.1.13": "sha512-rsa",
    "1.2.840.10040.4.3": "sha1-dsa",  # RFC 3279 section 2.2.2
    "2.16.840.1.101.3.4.3.2": "sha256-dsa",  # RFC 5758 section 3.1
    "1.2.840.10045.4.1": "sha1-ecdsa",  # RFC 3279 section 2.2.3
    "1.2.840.10045.4.3.1": "sha224-ecdsa",  # RFC 5758 section 3.2
    "1.2.840.10045.4.3.2": "sha256-ecdsa",
    "1.2.840.10045.4.3.3": "sha384-ecdsa",
    "1.2.840.10045.4.3.4": "sha512-ecdsa",
    "1.3.101.112": "ed25519",  # RFC 8410 section 3
    "1.3.101.113": "ed448",
    "2.16.840.1.101.3.4.3.17": "ml-dsa-44",  # RFC 9881 section 2
    "2.16.840.1.101.3.4.3.18": "ml-dsa-65",
    "2.16.840.1.101.3.4.3.19": "ml-dsa-87",
}

_BROKEN = frozenset({"md5-rsa", "sha1-rsa", "sha1-ecdsa"})

T = TypeVar("T")

NO_CERTIFICATE: Row = (None,) * 9


@dataclass(frozen=True, slots=True, kw_only=True)
class Certificate:
    """What a certificate says; None for what it does not say or what cannot be read."""

    subject: str | None = None
    """RFC 4514, the most special part first."""
    issuer: str | None = None
    names: tuple[str, ...] | None = None
    """DNS names in lower case, then IP addresses; None without the extension for them."""
    not_before_us: int | None = None
    not_after_us: int | None = None
    key: str | None = None
    signature: str | None = None
    """Known by name, or the number of the algorithm with dots."""
    self_signed: bool | None = None
    """True if it verifies with its own key; None if that cannot be tried."""
    sha256: str
    """Of all its bytes, in hex."""


@lru_cache(maxsize=1024)
def certificate_row(der: bytes) -> Row:
    """Values for the columns of the table tls from `subject` on."""
    facts = read_certificate(der)
    return (
        facts.subject,
        facts.issuer,
        facts.names,
        facts.not_before_us,
        facts.not_after_us,
        facts.key,
        facts.signature,
        facts.self_signed,
        facts.sha256,
    )


def read_certificate(der: bytes) -> Certificate:
    """Read what `der` says; of one that cannot be read, no more than its SHA-256 is told."""
    from cryptography import x509  # noqa: PLC0415  # slow, and not every capture needs it

    digest = sha256(der).hexdigest()
    if len(der) > MAX_BYTES:
        return Certificate(sha256=digest)
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # devices show certificates that cryptography deplores
        certificate = _attempt(lambda: x509.load_der_x509_certificate(der))
        if certificate is None:
            return Certificate(sha256=digest)
        return _facts(certificate, digest)


def _facts(certificate: "x509.Certificate", digest: str) -> Certificate:
    return Certificate(
        subject=_attempt(lambda: clean(certificate.subject.rfc4514_string().encode())),
        issuer=_attempt(lambda: clean(certificate.issuer.rfc4514_string().encode())),
        names=_attempt(lambda: _names(certificate)),
        not_before_us=_attempt(lambda: _microseconds(certificate.not_valid_before_utc)),
        not_after_us=_attempt(lambda: _microseconds(certificate.not_valid_after_utc)),
        key=_attempt(lambda: _key(certificate)),
        signature=_attempt(lambda: _signature(certificate)),
        self_signed=_attempt(lambda: _self_signed(certificate)),
        sha256=digest,
    )


def _attempt(read: Callable[[], T]) -> T | None:
    """Give what `read` gives, or None if the certificate is malformed or unusual there."""
    from cryptography import x509  # noqa: PLC0415  # loaded by then
    from cryptography.exceptions import UnsupportedAlgorithm  # noqa: PLC0415

    try:
        return read()
    except (
        ValueError,
        TypeError,
        UnsupportedAlgorithm,
        x509.InvalidVersion,
        x509.DuplicateExtension,
        x509.UnsupportedGeneralNameType,
    ):
        return None


def _names(certificate: "x509.Certificate") -> tuple[str, ...] | None:
    from cryptography import x509  # noqa: PLC0415  # loaded by then

    try:
        extension = certificate.extensions.get_extension_for_class(x509.SubjectAlternativeName)
    except x509.ExtensionNotFound:
        return None
    names = extension.value.get_values_for_type(x509.DNSName)
    addresses = extension.value.get_values_for_type(x509.IPAddress)
    texts = [clean(name.encode()).lower() for name in names[:MAX_NAMES]]
    return (*texts, *map(str, addresses[: MAX_NAMES - len(texts)]))


def _microseconds(moment: datetime) -> int:
    return (moment - _EPOCH) // timedelta(microseconds=1)


def _key(certificate: "x509.Certificate") -> str | None:
    from cryptography.hazmat.primitives.asymmetric import (  # noqa: PLC0415  # loaded by then
        dsa,
        ec,
        ed448,
        ed25519,
        rsa,
    )

    key = certificate.public_key()
    if isinstance(key, rsa.RSAPublicKey):
        return f"rsa-{key.key_size}"
    if isinstance(key, ec.EllipticCurvePublicKey):
        return f"ec-{key.curve.name}"
    if isinstance(key, dsa.DSAPublicKey):
        return f"dsa-{key.key_size}"
    if isinstance(key, ed25519.Ed25519PublicKey):
        return "ed25519"
    return "ed448" if isinstance(key, ed448.Ed448PublicKey) else None


def _signature(certificate: "x509.Certificate") -> str:
    number = certificate.signature_algorithm_oid.dotted_string
    name = _SIGNATURES.get(number, number)
    if name == "rsa-pss" and certificate.signature_hash_algorithm is not None:
        return f"{certificate.signature_hash_algorithm.name}-rsa-pss"
    return name


def _self_signed(certificate: "x509.Certificate") -> bool:
    from cryptography.exceptions import InvalidSignature  # noqa: PLC0415  # loaded by then

    if certificate.issuer != certificate.subject:
        return False
    verify = _verify_broken if _signature(certificate) in _BROKEN else _verify
    try:
        verify(certificate)
    except InvalidSignature:
        return False
    return True


def _verify(certificate: "x509.Certificate") -> None:
    certificate.verify_directly_issued_by(certificate)


def _verify_broken(certificate: "x509.Certificate") -> None:
    """Verify what `cryptography` refuses because of its hash: devices still sign themselves so."""
    from cryptography.hazmat.primitives import hashes  # noqa: PLC0415  # loaded by then
    from cryptography.hazmat.primitives.asymmetric import (  # noqa: PLC0415
        ec,
        padding,
        rsa,
    )

    key = certificate.public_key()
    signature, signed = certificate.signature, certificate.tbs_certificate_bytes
    if isinstance(key, rsa.RSAPublicKey):
        digest = hashes.MD5() if _signature(certificate) == "md5-rsa" else hashes.SHA1()  # noqa: S303
        key.verify(signature, signed, padding.PKCS1v15(), digest)
    elif isinstance(key, ec.EllipticCurvePublicKey):
        key.verify(signature, signed, ec.ECDSA(hashes.SHA1()))  # noqa: S303
    else:
        raise ValueError("key does not fit the signature")
