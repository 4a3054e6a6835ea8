"""DHCPv6 messages -> who joins, its names and what it is told (RFC 8415)."""

from collections.abc import Iterator, Sequence

from thingwarden.protocols.addresses import (
    MAX_LISTED,
    ipv6_list,
    ipv6_text,
    mac_text,
    prefix_text,
)
from thingwarden.protocols.reader import MessageReader, Row
from thingwarden.protocols.text import bare_url, clean
from thingwarden.protocols.wire_name import wire_name
from thingwarden.tables import LIST, TEXT, WHOLE, column, message_table

DHCPV6 = message_table(
    "dhcpv6",
    "one row per DHCPv6 message; a relayed message is read inside",
    (
        column("kind", TEXT, "solicit, advertise, request, ... as in RFC 8415 section 7.3"),
        column("duid", TEXT, "client identifier as hex; null if absent"),
        column("duid_mac", TEXT, "hardware address inside the client identifier; null if none"),
        column("hostname", TEXT, "client FQDN option 39"),
        column("vendor_class", TEXT, "vendor class option 16, printable"),
        column("enterprise", WHOLE, "enterprise number of option 16 or 17"),
        column("requested_options", TEXT, "option request option 6 in order, such as 23,24"),
        column("addresses", LIST, "addresses in identity associations"),
        column("prefixes", LIST, "delegated prefixes"),
        column("dns_servers", LIST, "DNS servers option 23"),
        column("mud_url", TEXT, "MUD URL option 112 (RFC 8520), without query"),
    ),
)

MAX_RELAYS = 8  # RFC 8415 section 7.6: HOP_COUNT_LIMIT
MAX_DUID_BYTES = 130  # RFC 8415 section 11.1: a type and at most 128 bytes
MAX_REQUESTED = 128  # options asked for; honest clients ask for fewer than 30
_KINDS = {  # RFC 8415 section 7.3, RFC 5007, RFC 5460, RFC 7341
    1: "solicit",
    2: "advertise",
    3: "request",
    4: "confirm",
    5: "renew",
    6: "rebind",
    7: "reply",
    8: "release",
    9: "decline",
    10: "reconfigure",
    11: "information-request",
    14: "leasequery",
    15: "leasequery-reply",
    16: "leasequery-done",
    17: "leasequery-data",
    18: "reconfigure-request",
    19: "reconfigure-reply",
    20: "dhcpv4-query",
    21: "dhcpv4-response",
}
_RELAYS = (12, 13)
_RELAY_HEADER_BYTES = 34  # RFC 8415 section 9: type, hops, link address, peer address
_RELAYED = 9
_ASSOCIATIONS = {3: 12, 4: 4, 25: 12}  # IA_NA, IA_TA, IA_PD -> where options begin inside


def read_dhcpv6(message: bytes) -> Sequence[Row]:
    """The one row of a message; inside relay messages, of the message that they carry."""
    for _ in range(MAX_RELAYS + 1):
        if not message:
            raise ValueError("empty DHCPv6 message")
        if message[0] not in _RELAYS:
            return (_row(message),)
        message = _relayed(message)
    raise ValueError("DHCPv6 message was relayed too often")


def _relayed(message: bytes) -> bytes:
    if len(message) < _RELAY_HEADER_BYTES:
        raise ValueError("DHCPv6 relay message is cut")
    for option, value in _options(message, _RELAY_HEADER_BYTES):
        if option == _RELAYED:
            return value
    raise ValueError("DHCPv6 relay message carries no message")


def _row(message: bytes) -> Row:
    kind = _KINDS.get(message[0])
    if kind is None or len(message) < 4:
        raise ValueError("DHCPv6 message is cut or of unknown type")
    options: dict[int, bytes] = {}
    addresses: list[str] = []
    prefixes: list[str] = []
    for option, value in _options(message, 4):
        options.setdefault(option, value)
        if option in _ASSOCIATIONS:
            _read_association(value, _ASSOCIATIONS[option], addresses, prefixes)
    duid = options.get(1, b"")[:MAX_DUID_BYTES]
    return (
        kind,
        duid.hex() or None,
        _duid_mac(duid),
        wire_name(options.get(39, b"")[1:]),
        _vendor_class(options.get(16, b"")),
        _enterprise(options),
        _requested(options.get(6, b"")),
        tuple(addresses[:MAX_LISTED]),
        tuple(prefixes[:MAX_LISTED]),
        ipv6_list(options.get(23, b"")),
        bare_url(options.get(112, b"")) or None,
    )


def _options(message: bytes, at: int) -> Iterator[tuple[int, bytes]]:
    """Code and value of each option from `at` on (RFC 8415 section 21.1)."""
    while at < len(message):
        end = at + 4 + int.from_bytes(message[at + 2 : at + 4], "big")
        if end > len(message):
            raise ValueError("DHCPv6 option is cut")
        yield int.from_bytes(message[at : at + 2], "big"), message[at + 4 : end]
        at = end


def _read_association(
    value: bytes, options_at: int, addresses: list[str], prefixes: list[str]
) -> None:
    """Add what an identity association holds (RFC 8415 sections 21.4 to 21.6, 21.21, 21.22)."""
    for option, lease in _options(value, options_at):
        if option == 5 and len(lease) >= 24:
            addresses.append(ipv6_text(lease[:16]))
        elif option == 26 and len(lease) >= 25:
            prefixes.append(prefix_text(lease[9:25], lease[8]))


def _duid_mac(duid: bytes) -> str | None:
    """The Ethernet address in a DUID of type LLT or LL (RFC 8415 sections 11.2, 11.4)."""
    if duid[:4] == b"\0\1\0\1" and len(duid) == 14:
        return mac_text(duid[8:])
    if duid[:4] == b"\0\3\0\1" and len(duid) == 10:
        return mac_text(duid[4:])
    return None


def _vendor_class(raw: bytes) -> str | None:
    """The classes behind the enterprise number joined by commas (RFC 8415 section 21.16)."""
    classes = []
    at = 4
    while at + 2 <= len(raw):
        end = at + 2 + int.from_bytes(raw[at : at + 2], "big")
        classes.append(raw[at + 2 : end])
        at = end
    return clean(b",".join(classes)) or None


def _enterprise(options: dict[int, bytes]) -> int | None:
    raw = options.get(16) or options.get(17) or b""
    return int.from_bytes(raw[:4], "big") if len(raw) >= 4 else None


def _requested(raw: bytes) -> str | None:
    """The codes asked for, in order (RFC 8415 section 21.7)."""
    stop = min(len(raw), 2 * MAX_REQUESTED) - 1
    codes = (int.from_bytes(raw[at : at + 2], "big") for at in range(0, stop, 2))
    return ",".join(map(str, codes)) or None


READER = MessageReader(name="dhcpv6", table=DHCPV6, start=lambda: read_dhcpv6)
