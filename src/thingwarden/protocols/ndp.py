"""IPv6 neighbour discovery messages -> addresses, routers and prefixes (RFC 4861)."""

from collections.abc import Iterator, Sequence

from thingwarden.protocols.addresses import (
    MAX_LISTED,
    ipv6_list,
    ipv6_text,
    mac_text,
    prefix_text,
)
from thingwarden.protocols.reader import MessageReader, Row
from thingwarden.tables import LIST, SMALL, TEXT, column, message_table

NDP = message_table(
    "ndp",
    "one row per neighbour discovery message",
    (
        column(
            "kind",
            TEXT,
            "router-solicitation, router-advertisement, neighbor-solicitation, "
            "neighbor-advertisement or redirect",
        ),
        column(
            "target_ip",
            TEXT,
            "address asked for, advertised or redirected; null for router messages",
        ),
        column(
            "link_mac",
            TEXT,
            "link-layer address option of the sender or target; null if absent",
        ),
        column("flags", SMALL, "flags octet of advertisements; null for others"),
        column(
            "router_seconds",
            SMALL,
            "router lifetime of a router advertisement; null for others",
        ),
        column("prefixes", LIST, "prefixes announced, such as 2001:db8::/64"),
        column("dns_servers", LIST, "recursive DNS servers announced (RFC 8106)"),
    ),
)

_KINDS = {
    133: "router-solicitation",
    134: "router-advertisement",
    135: "neighbor-solicitation",
    136: "neighbor-advertisement",
    137: "redirect",
}
_OPTIONS_AT = {133: 8, 134: 16, 135: 24, 136: 24, 137: 40}  # RFC 4861 sections 4.1 to 4.5
_LINK_ADDRESSES = (1, 2)  # RFC 4861 section 4.6.1: of the source, of the target
_PREFIX = 3  # RFC 4861 section 4.6.2
_DNS_SERVERS = 25  # RFC 8106 section 5.1


def read_ndp(message: bytes) -> Sequence[Row]:
    """The one row of an ICMPv6 message of type 133 to 137."""
    kind = message[0] if message else 0
    if kind not in _KINDS:
        raise ValueError("not neighbour discovery")
    options_at = _OPTIONS_AT[kind]
    if len(message) < options_at:
        raise ValueError("neighbour discovery message is cut")
    router_seconds = int.from_bytes(message[6:8], "big") if kind == 134 else None
    target_ip = ipv6_text(message[8:24]) if kind >= 135 else None
    return ((_KINDS[kind], target_ip, *_told(message, kind, router_seconds)),)


def _told(message: bytes, kind: int, router_seconds: int | None) -> Row:
    """What flags and options tell: the columns from `link_mac` on."""
    link_mac = None
    prefixes: list[str] = []
    dns_servers: list[str] = []
    for option, value in _options(message, _OPTIONS_AT[kind]):
        if option in _LINK_ADDRESSES and len(value) == 6:
            link_mac = link_mac or mac_text(value)
        elif option == _PREFIX and len(value) == 30:
            prefixes.append(prefix_text(value[14:30], value[0]))
        elif option == _DNS_SERVERS:
            dns_servers += ipv6_list(value[6:])
    flags = {134: message[5], 136: message[4]}.get(kind)
    listed = tuple(prefixes[:MAX_LISTED]), tuple(dns_servers[:MAX_LISTED])
    return link_mac, flags, router_seconds, *listed


def _options(message: bytes, at: int) -> Iterator[tuple[int, bytes]]:
    """Type and value of each option from `at` on (RFC 4861 section 4.6)."""
    while at < len(message):
        end = at + message[at + 1] * 8 if at + 2 <= len(message) else at
        if end == at or end > len(message):
            raise ValueError("neighbour discovery option is empty or cut")
        yield message[at], message[at + 2 : end]
        at = end


READER = MessageReader(name="ndp", table=NDP, start=lambda: read_ndp)
