"""Hellos of SSLv2, or in its form -> halves of a row of the table tls (RFC 5246 appendix E.2).

The protocol itself: The SSL Protocol, Netscape, 1995, sections 2.5 and 2.6.
"""

from struct import Struct

from thingwarden.protocols.certificates import NO_CERTIFICATE, certificate_row
from thingwarden.protocols.reader import Row
from thingwarden.protocols.tls_hello import MAX_LIST_BYTES, version_name

CLIENT_HELLO = 1
SERVER_HELLO = 4
CLIENT_FIXED = 11  # length, type, version, three lengths
SERVER_FIXED = 13  # the same, and two flags

_read_pair = Struct(">HH").unpack_from


def is_sslv2(data: bytes) -> bool:
    """Tell by its first bytes whether a stream begins with a hello in the form of SSLv2."""
    return len(data) > 2 and data[0] & 0x80 != 0 and data[2] in {CLIENT_HELLO, SERVER_HELLO}


def read_sslv2_client(data: bytes) -> Row:
    """Read a hello in the form of SSLv2, which offers up to TLS 1.2: RFC 5246 appendix E.2."""
    if len(data) < CLIENT_FIXED:
        raise ValueError("client hello is cut")
    version, size = _read_pair(data, 3)
    if data[2] != CLIENT_HELLO or version_name(version) is None:
        raise ValueError("no client hello")
    suites = data[CLIENT_FIXED : CLIENT_FIXED + size]
    if len(suites) < size or size > MAX_LIST_BYTES:
        raise ValueError("cipher suites are cut or too many")
    kinds = [suites[at : at + 3].hex() for at in range(0, size - 2, 3)]
    text = "-".join([kind.removeprefix("00") for kind in kinds])
    return (None, version_name(version), None, text, None)


def read_sslv2_server(data: bytes) -> Row:
    """Read the answer of SSLv2: a certificate, and ciphers of which the client takes one."""
    if len(data) < SERVER_FIXED:
        raise ValueError("server hello is cut")
    version, size = _read_pair(data, 5)
    if data[2] != SERVER_HELLO or version_name(version) is None:
        raise ValueError("no server hello")
    der = data[SERVER_FIXED : SERVER_FIXED + size]
    whole = size > 0 and len(der) == size
    first = certificate_row(der) if whole else NO_CERTIFICATE
    return (version_name(version), None, None, None, int(size > 0), *first)
