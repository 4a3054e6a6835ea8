"""DHCPv4 messages -> who joins, its names and what it is told (RFC 2131, RFC 2132)."""

from collections.abc import Sequence

from thingwarden.protocols.addresses import ipv4_list, ipv4_text, mac_text
from thingwarden.protocols.reader import MessageReader, Row
from thingwarden.protocols.text import bare_url, clean
from thingwarden.protocols.wire_name import wire_name
from thingwarden.tables import LIST, TEXT, WHOLE, column, message_table

DHCP = message_table(
    "dhcp",
    "one row per DHCPv4 message",
    (
        column(
            "kind",
            TEXT,
            "discover, offer, request, decline, ack, nak, release, inform; bootp "
            "without the option",
        ),
        column("client_mac", TEXT, "client's hardware address as stated inside"),
        column("client_id", TEXT, "client identifier option as hex; null if absent"),
        column("hostname", TEXT, "host name option 12, else the name in option 81; null if absent"),
        column("vendor_class", TEXT, "vendor class option 60"),
        column("user_class", TEXT, "user class option 77"),
        column("parameters", TEXT, "parameter request list option 55 in order, such as 1,3,6"),
        column("options", TEXT, "numbers of all options present, in order, such as 53,61,50"),
        column("requested_ip", TEXT, "requested address option 50"),
        column("client_ip", TEXT, "ciaddr; null if zero"),
        column("your_ip", TEXT, "yiaddr, the address given; null if zero"),
        column("server_ip", TEXT, "server identifier option 54"),
        column("subnet_mask", TEXT, "subnet mask option 1"),
        column("routers", LIST, "router option 3"),
        column("dns_servers", LIST, "DNS server option 6"),
        column("ntp_servers", LIST, "NTP server option 42"),
        column("domain", TEXT, "domain name option 15"),
        column("lease_seconds", WHOLE, "lease time option 51"),
        column("mud_url", TEXT, "MUD URL option 161 (RFC 8520), without query"),
    ),
)

HEADER_BYTES = 236  # RFC 951 section 3, without the vendor area
COOKIE = b"\x63\x82\x53\x63"  # RFC 2131 section 3
MAX_CLIENT_ID_BYTES = 132  # RFC 4361 section 6.1: type, IAID and a DUID of up to 128 bytes and 2
_KINDS = {  # RFC 2132 section 9.6, RFC 3203, RFC 4388, RFC 6926, RFC 7724
    1: "discover",
    2: "offer",
    3: "request",
    4: "decline",
    5: "ack",
    6: "nak",
    7: "release",
    8: "inform",
    9: "forcerenew",
    10: "leasequery",
    11: "leaseunassigned",
    12: "leaseunknown",
    13: "leaseactive",
    14: "bulkleasequery",
    15: "leasequerydone",
    16: "activeleasequery",
    17: "leasequerystatus",
    18: "tls",
}
_PAD, _END, _OVERLOAD = 0, 255, 52  # RFC 2132 sections 3.1, 3.2, 9.3


def read_dhcp(message: bytes) -> Sequence[Row]:
    """The one row of a DHCPv4 or BOOTP message."""
    if len(message) < HEADER_BYTES:
        raise ValueError("shorter than a BOOTP header")
    if message[0] not in {1, 2}:
        raise ValueError("neither BOOTP request nor reply")
    if message[HEADER_BYTES : HEADER_BYTES + 4] != COOKIE:
        return (_row(message, {}, kind="bootp"),)
    options = _read_options(message)
    kind = "bootp"
    if 53 in options:
        kind = _KINDS.get(int.from_bytes(options[53], "big"), "")
        if not kind:
            raise ValueError("DHCP message type is not assigned")
    return (_row(message, options, kind=kind),)


def _row(message: bytes, options: dict[int, bytes], *, kind: str) -> Row:
    """The columns in order; fixed fields as in RFC 2131 section 2."""
    client_id = options.get(61, b"")[:MAX_CLIENT_ID_BYTES]
    return (
        kind,
        mac_text(message[28:34]) if message[2] == 6 else None,
        client_id.hex() or None,
        _text(options, 12) or _full_name(options.get(81, b"")),
        _text(options, 60),
        _user_class(options.get(77, b"")),
        ",".join(map(str, options.get(55, b"")[:255])) or None,
        ",".join(map(str, options)) or None,
        _address(options.get(50)),
        _address(message[12:16]),
        _address(message[16:20]),
        _address(options.get(54)),
        _address(options.get(1)),
        ipv4_list(options.get(3, b"")),
        ipv4_list(options.get(6, b"")),
        ipv4_list(options.get(42, b"")),
        _text(options, 15),
        int.from_bytes(options[51], "big") if len(options.get(51, b"")) == 4 else None,
        bare_url(options.get(161, b"")) or None,
    )


def _read_options(message: bytes) -> dict[int, bytes]:
    """Options in order of appearance, split ones joined (RFC 3396 section 5)."""
    parts: dict[int, list[bytes]] = {}
    _add_options(parts, message[HEADER_BYTES + 4 :])
    overload = b"".join(parts.get(_OVERLOAD, ()))[:1]
    if overload in {b"\1", b"\3"}:
        _add_options(parts, message[108:236])  # the field `file`
    if overload in {b"\2", b"\3"}:
        _add_options(parts, message[44:108])  # the field `sname`
    return {option: b"".join(values) for option, values in parts.items()}


def _add_options(parts: dict[int, list[bytes]], area: bytes) -> None:
    """Put the values of one area into `parts`; its end may be missing, as some devices leave it."""
    at = 0
    while at < len(area) and area[at] != _END:
        if area[at] == _PAD:
            at += 1
            continue
        end = at + 2 + area[at + 1] if at + 1 < len(area) else len(area) + 1
        if end > len(area):
            raise ValueError("DHCP option is cut")
        parts.setdefault(area[at], []).append(area[at + 2 : end])
        at = end


def _address(raw: bytes | None) -> str | None:
    """The address, None if it is absent, of wrong length or zero."""
    return ipv4_text(raw) if raw and len(raw) == 4 and any(raw) else None


def _text(options: dict[int, bytes], option: int) -> str | None:
    """The option as text; some devices end it with NUL (RFC 2132 section 2)."""
    return clean(options.get(option, b"").rstrip(b"\0")) or None


def _full_name(raw: bytes) -> str | None:
    """The name in option 81: bit E tells DNS wire format from ASCII (RFC 4702 section 2.1)."""
    if len(raw) > 3 and raw[0] & 4:
        return wire_name(raw[3:])
    return clean(raw[3:].rstrip(b"\0")) or None


def _user_class(raw: bytes) -> str | None:
    """The classes of RFC 3004 section 4 joined by commas, else the whole as one text."""
    classes = []
    at = 0
    while at < len(raw) and raw[at]:
        classes.append(raw[at + 1 : at + 1 + raw[at]])
        at += 1 + raw[at]
    joined = b",".join(classes) if at == len(raw) else raw.rstrip(b"\0")
    return clean(joined) or None


READER = MessageReader(name="dhcp", table=DHCP, start=lambda: read_dhcp)
