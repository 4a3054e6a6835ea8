"""Requests to open a port to the Internet -> mappings (UPnP IGD, NAT-PMP RFC 6886, PCP RFC 6887)."""

from collections.abc import Sequence
from xml.etree import ElementTree

from thingwarden.protocols.addresses import ipv4_text, ipv6_text
from thingwarden.protocols.body import read_content
from thingwarden.protocols.reader import MessageReader, Row
from thingwarden.protocols.text import clean, split_head
from thingwarden.tables import SMALL, TEXT, WHOLE, column, message_table

PORTMAP = message_table(
    "portmap",
    "one row per request to map a port, and per answer that grants or refuses one",
    (
        column("method", TEXT, "upnp, nat-pmp or pcp"),
        column("kind", TEXT, "add, delete, granted or refused"),
        column("transport", TEXT, "tcp or udp"),
        column("internal_ip", TEXT, "address inside; null where it is the sender"),
        column("internal_port", SMALL, "port inside"),
        column("external_port", SMALL, "port outside asked for or given"),
        column("lease_seconds", WHOLE, "for how long; 0 in UPnP is for ever"),
        column("description", TEXT, "what the requester calls it"),
    ),
)

_TRANSPORTS = {6: "tcp", 17: "udp"}
_PCP_HEADER_BYTES = 24  # RFC 6887 section 7.1
_PCP_MAP_BYTES = 36  # RFC 6887 section 11.1
_PCP_MAP = 1
_THIRD_PARTY, _DESCRIPTION = 1, 128  # RFC 6887 section 13.1, RFC 7220 section 3
_MAPPED = bytes(10) + b"\xff\xff"  # RFC 6887 section 5: so an IPv4 address begins

MAX_SOAP_BYTES = 32 * 1024  # a request to map a port has about 1000
_ADD = ("AddPortMapping", "AddAnyPortMapping")
_KINDS = dict.fromkeys(_ADD, "add") | {"DeletePortMapping": "delete"}
_REFUSALS = frozenset({"715", "716", "718", "724", "725", "726", "727", "728", "729", "732"})
"""Errors that the Add actions alone give (UPnP WANIPConnection:2)."""


def read_natpmp(message: bytes) -> Sequence[Row]:
    """The row of a NAT-PMP or PCP datagram about a mapping; none if it is about something else."""
    if len(message) < 2:
        raise ValueError("shorter than a NAT-PMP header")
    if message[0] == 0:
        return _read_natpmp(message)
    if message[0] == 2:
        return _read_pcp(message)
    raise ValueError("neither NAT-PMP nor PCP by its version")


def read_soap(message: bytes) -> Sequence[Row]:
    """The row of an HTTP message that asks for or answers a mapping; none for all others."""
    if b"PortMapping" not in message and b"UPnPError" not in message:
        return ()
    start_line, fields, body = split_head(message)
    action = fields.get(b"soapaction", b"").strip(b'" ').rpartition(b"#")[2].decode("latin-1")
    is_answer = start_line.startswith(b"HTTP/")
    if not is_answer and action not in _KINDS:
        return ()
    root = _parse(read_content(fields, body))
    return _answer(root) if is_answer else _request(root, action)


def _read_natpmp(message: bytes) -> Sequence[Row]:
    """RFC 6886 sections 3.3 and 3.5: an answer that refuses may end after its header."""
    transport = {1: "udp", 2: "tcp"}.get(message[1] & 127)
    is_answer = message[1] >= 128
    if transport is None:
        return ()
    refused = is_answer and message[2:4] != b"\0\0"
    ports_at = 8 if is_answer else 4
    if len(message) < (8 if refused else ports_at + 8):
        raise ValueError("NAT-PMP message is cut")
    numbers = message[ports_at : ports_at + 8]
    internal, external, lease = numbers[:2], numbers[2:4], numbers[4:8]
    if len(numbers) < 8:
        return (("nat-pmp", "refused", transport, None, None, None, None, None),)
    kind = _kind(int.from_bytes(lease, "big"), is_answer=is_answer, refused=refused)
    ports = _port(internal), _port(external)
    return (("nat-pmp", kind, transport, None, *ports, int.from_bytes(lease, "big"), None),)


def _read_pcp(message: bytes) -> Sequence[Row]:
    """RFC 6887 sections 7.1, 7.2 and 11.1: both ways have the same form behind the header."""
    if message[1] & 127 != _PCP_MAP:
        return ()
    body = message[_PCP_HEADER_BYTES : _PCP_HEADER_BYTES + _PCP_MAP_BYTES]
    if len(body) < _PCP_MAP_BYTES:
        raise ValueError("PCP message is cut")
    is_answer = message[1] >= 128
    lease = int.from_bytes(message[4:8], "big")
    kind = _kind(lease, is_answer=is_answer, refused=is_answer and message[3] != 0)
    ports = _port(body[16:18]), _port(body[18:20])
    internal_ip, description = _pcp_options(message)
    transport = _TRANSPORTS.get(body[12])
    return (("pcp", kind, transport, internal_ip, *ports, lease, description),)


def _kind(lease_seconds: int, *, is_answer: bool, refused: bool) -> str:
    if is_answer:
        return "refused" if refused else "granted"
    return "add" if lease_seconds else "delete"


def _port(raw: bytes) -> int | None:
    """The port; None for 0, which stands for none or all."""
    return int.from_bytes(raw, "big") or None


def _pcp_options(message: bytes) -> tuple[str | None, str | None]:
    """Address of a third party and description (RFC 6887 section 7.3); None if absent."""
    internal_ip = description = None
    at = _PCP_HEADER_BYTES + _PCP_MAP_BYTES
    while at + 4 <= len(message):
        size = int.from_bytes(message[at + 2 : at + 4], "big")
        value = message[at + 4 : at + 4 + size]
        if len(value) < size:
            raise ValueError("PCP option is cut")
        if message[at] == _THIRD_PARTY and size == 16:
            is_ipv4 = value.startswith(_MAPPED)
            internal_ip = ipv4_text(value[12:]) if is_ipv4 else ipv6_text(value)
        elif message[at] == _DESCRIPTION:
            description = clean(value) or None
        at += 4 + (size + 3 & ~3)  # padded to whole words
    return internal_ip, description


def _parse(content: bytes) -> ElementTree.Element:
    """The root of an XML document that declares no entities: they could grow without bound."""
    if len(content) > MAX_SOAP_BYTES:
        raise ValueError("SOAP message is too long")
    text = content.decode("utf-8", "replace").strip("\0\ufeff \r\n")
    if "<!DOCTYPE" in text or "<!ENTITY" in text:
        raise ValueError("XML with a document type")
    try:
        return ElementTree.fromstring(text)  # noqa: S314 -- no entities, see above; size bounded
    except ElementTree.ParseError as error:
        raise ValueError("XML is broken") from error


def _request(root: ElementTree.Element, action: str) -> Sequence[Row]:
    """The row of a request to add or delete a mapping (UPnP WANIPConnection:2)."""
    values = _arguments(root, action)
    if values is None:
        raise ValueError("SOAP body lacks the action of its header")
    transport = values.get("NewProtocol", "").lower()
    row = (
        "upnp",
        _KINDS[action],
        transport if transport in {"tcp", "udp"} else None,
        clean(values.get("NewInternalClient", "").encode()) or None,
        _number(values.get("NewInternalPort", ""), most=0xFFFF) or None,
        _number(values.get("NewExternalPort", ""), most=0xFFFF) or None,
        _number(values.get("NewLeaseDuration", ""), most=0xFFFFFFFF),
        clean(values.get("NewPortMappingDescription", "").encode()) or None,
    )
    return (row,)


def _answer(root: ElementTree.Element) -> Sequence[Row]:
    """An answer that grants repeats nothing of the request but a port that was chosen freely."""
    for action in _ADD:
        values = _arguments(root, f"{action}Response")
        if values is not None:
            port = _number(values.get("NewReservedPort", ""), most=0xFFFF)
            return (("upnp", "granted", None, None, None, port or None, None, None),)
    error = _arguments(root, "UPnPError") or {}
    if error.get("errorCode") in _REFUSALS:
        return (("upnp", "refused", None, None, None, None, None, None),)
    return ()


def _arguments(root: ElementTree.Element, name: str) -> dict[str, str] | None:
    """Text of each child of the first element called `name`; None if there is no such element."""
    for element in root.iter():
        if _local(element.tag) == name:
            return {_local(child.tag): (child.text or "").strip() for child in element}
    return None


def _local(tag: str) -> str:
    return tag.rpartition("}")[2]


def _number(text: str, *, most: int) -> int | None:
    """The decimal number; None if there is no text."""
    if not text:
        return None
    if not (text.isascii() and text.isdigit() and len(text) <= 10 and int(text) <= most):
        raise ValueError("SOAP number is out of range")
    return int(text)


NATPMP_READER = MessageReader(name="nat-pmp", table=PORTMAP, start=lambda: read_natpmp)
SOAP_READER = MessageReader(name="upnp-portmap", table=PORTMAP, start=lambda: read_soap)
