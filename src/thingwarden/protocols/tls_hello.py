"""TLS hello messages -> what was offered, what was chosen (RFC 8446 section 4.1, RFC 5246 section 7.4.1)."""

from dataclasses import dataclass
from functools import lru_cache
from struct import Struct

from thingwarden.protocols.text import clean

CLIENT_HELLO = 1
SERVER_HELLO = 2
CERTIFICATE = 11
MESSAGE_HEAD = 4  # type and length: RFC 8446 section 4

TLS_1_2 = 0x0303
TLS_1_3 = 0x0304

SERVER_NAME = 0  # numbers of extensions: RFC 6066 section 3
SIGNATURE_ALGORITHMS = 13  # RFC 8446 section 4.2.3
ALPN = 16  # RFC 7301 section 3.1
SUPPORTED_VERSIONS = 43  # RFC 8446 section 4.2.1

GREASE = frozenset(range(0x0A0A, 0x10000, 0x1010))  # RFC 8701 section 2
MAX_LIST_BYTES = 1024  # 512 numbers: more than IANA has assigned; a list may hold 32767
MAX_EXTENSIONS = 512  # more than IANA has assigned; a hello of 16 KiB may hold 4096

_VERSION_NAMES = {
    0x0002: "SSLv2",
    0x0300: "SSLv3",
    0x0301: "1.0",
    0x0302: "1.1",
    TLS_1_2: "1.2",
    TLS_1_3: "1.3",
}
_WANTED = frozenset({SERVER_NAME, SIGNATURE_ALGORITHMS, ALPN, SUPPORTED_VERSIONS})
_FIXED = 35  # version, random, length of the session id
_read_short = Struct(">H").unpack_from
_read_pair = Struct(">HH").unpack_from


@dataclass(frozen=True, slots=True, kw_only=True)
class ClientHello:
    """What a client offers."""

    version: int | None
    """Highest version offered, GREASE left out; None if the message was cut before it was sure."""
    ciphers: bytes
    """Cipher suites as sent, two bytes each."""
    extensions: tuple[int, ...]
    """Types of the extensions, in order, GREASE left out."""
    signature_algorithms: bytes
    """As sent, two bytes each."""
    sni: str | None
    """Server name asked for, lower case, without final dot."""
    alpn: bytes
    """Application protocols as sent, each behind a byte that says its length."""
    cut: bool
    """True if the message ends before its extensions do."""


@dataclass(frozen=True, slots=True, kw_only=True)
class ServerHello:
    """What a server chose; a request to try again (RFC 8446 section 4.1.4) chooses the same."""

    version: int | None
    """None if the message was cut before it was sure."""
    cipher: int
    alpn: bytes
    """As in `ClientHello`: one protocol or none."""


def read_client_hello(body: bytes, *, cut: bool) -> ClientHello:
    """Read the hello in `body`, a message without its head; `cut`: its end is missing.

    Raises `ValueError` if it is malformed, or cut before the end of the cipher suites.
    """
    end = len(body)
    start = _after_session_id(body) + 2
    if start > end:
        raise ValueError("client hello is cut")
    stop = start + _read_short(body, start - 2)[0]
    if stop - start > MAX_LIST_BYTES:
        raise ValueError("too many cipher suites")
    if stop > end:
        raise ValueError("client hello is cut")
    ciphers = body[start:stop]
    kinds, found, cut = _extensions(body, stop + 1 + body[stop] if stop < end else end, cut=cut)
    versions = found.get(SUPPORTED_VERSIONS)
    version = _highest(versions) if versions else None
    if version is None:
        version = _legacy_version(body, cut=cut)
    name = found.get(SERVER_NAME)
    return ClientHello(
        version=version,
        ciphers=ciphers,
        extensions=tuple([kind for kind in kinds if kind not in GREASE]),
        signature_algorithms=found.get(SIGNATURE_ALGORITHMS, b"")[2 : 2 + MAX_LIST_BYTES],
        sni=_server_name(name) if name else None,
        alpn=found.get(ALPN, b"")[2 : 2 + MAX_LIST_BYTES],
        cut=cut,
    )


def read_server_hello(body: bytes, *, cut: bool) -> ServerHello:
    """Read the hello in `body`, a message without its head; `cut`: its end is missing.

    Raises `ValueError` if it is malformed, or cut before the end of the cipher suite.
    """
    at = _after_session_id(body)
    if at + 2 > len(body):
        raise ValueError("server hello is cut")
    _, found, cut = _extensions(body, at + 3, cut=cut)
    chosen = found.get(SUPPORTED_VERSIONS)
    if chosen is not None and len(chosen) == 2:
        version: int | None = _read_short(chosen)[0]
    else:
        version = _legacy_version(body, cut=cut)
    return ServerHello(
        version=version,
        cipher=_read_short(body, at)[0],
        alpn=found.get(ALPN, b"")[2 : 2 + MAX_LIST_BYTES],
    )


def version_name(version: int | None) -> str | None:
    """SSLv2, SSLv3, 1.0 to 1.3 (also for its drafts, 0x7f00 to 0x7f1c); None if it has no name."""
    if version is None:
        return None
    if version >> 8 == 0x7F:
        return "1.3"
    return _VERSION_NAMES.get(version)


@lru_cache(maxsize=256)
def cipher_numbers(ciphers: bytes) -> tuple[int, ...]:
    """Numbers out of a list of two bytes each, in order, GREASE left out; half a number is dropped."""
    count = len(ciphers) // 2
    numbers = Struct(f">{count}H").unpack_from(ciphers)
    return tuple([number for number in numbers if number not in GREASE])


@lru_cache(maxsize=256)
def cipher_text(ciphers: bytes) -> str:
    """Write the suites, four hex digits each, joined by '-'."""
    return "-".join([f"{number:04x}" for number in cipher_numbers(ciphers)])


@lru_cache(maxsize=256)
def protocols(alpn: bytes) -> tuple[bytes, ...]:
    """Split the list of application protocols; GREASE, empty and cut ones are left out."""
    found = []
    at = 0
    while at < len(alpn):
        stop = at + 1 + alpn[at]
        name = alpn[at + 1 : stop]
        grease = len(name) == 2 and _read_short(name)[0] in GREASE
        if name and stop <= len(alpn) and not grease:
            found.append(name)
        at = stop
    return tuple(found)


@lru_cache(maxsize=256)
def alpn_text(alpn: bytes) -> str | None:
    """Write the application protocols, joined by ','; None if there is none."""
    return clean(b",".join(protocols(alpn))) or None


def _after_session_id(body: bytes) -> int:
    """Where a hello goes on behind the session id; may lie past the end."""
    if len(body) < _FIXED:
        raise ValueError("hello is cut")
    size = body[34]
    if size > 32:  # RFC 5246 section 7.4.1.2
        raise ValueError("session id too long")
    return _FIXED + size


def _legacy_version(body: bytes, *, cut: bool) -> int | None:
    """Read the version field: 1.2 may stand for 1.3, so it is not sure while extensions lack."""
    version: int = _read_short(body)[0]
    return None if cut and version == TLS_1_2 else version


def _extensions(body: bytes, at: int, *, cut: bool) -> tuple[list[int], dict[int, bytes], bool]:
    """Types in order, values of the wanted, and whether some are missing because the message is cut.

    `at` is where their length stands. A hello may end before it: RFC 5246 section 7.4.1.2.
    """
    kinds: list[int] = []
    found: dict[int, bytes] = {}
    seen = len(body)
    if at + 2 > seen:
        return kinds, found, cut
    end = at + 2 + _read_short(body, at)[0]
    at += 2
    cut = cut and end > seen
    if end > seen and not cut:
        raise ValueError("extensions are longer than their hello")
    end = min(end, seen)
    last, kind = end - 4, -1
    while at <= last:
        kind, size = _read_pair(body, at)
        at += 4
        kinds.append(kind)
        if kind in _WANTED:
            found[kind] = body[at : at + size]
        at += size
    if (at != end and not cut) or len(kinds) > MAX_EXTENSIONS:
        raise ValueError("malformed extensions")
    if at > end:
        del kinds[-1]
        found.pop(kind, None)
    return kinds, found, cut


@lru_cache(maxsize=256)
def _highest(versions: bytes) -> int | None:
    return max(cipher_numbers(versions[1:256]), default=None)


def _server_name(value: bytes) -> str | None:
    """Find the first host name in the extension: RFC 6066 section 3."""
    at = 2
    while at + 3 <= len(value):
        stop = at + 3 + _read_short(value, at + 1)[0]
        if value[at] == 0:
            return clean(value[at + 3 : stop]).lower().rstrip(".") or None
        at = stop
    return None
