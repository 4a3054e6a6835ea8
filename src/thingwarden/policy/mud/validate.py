"""A MUD file -> what RFC 8520 does not allow in it, with its place.

Some of it the YANG modules say (RFC 8520 section 7, RFC 8519 section 4), the rest only the text.
"""

import re
from collections.abc import Iterator
from datetime import datetime
from itertools import islice

from thingwarden.errors import PolicyError
from thingwarden.policy.gateway.names import read_name, read_network
from thingwarden.policy.mud.parse import (
    MOST_ACES,
    Node,
    line_of,
    list_of,
    members,
    parse_mud,
    text_of,
)
from thingwarden.policy.mud.terms import (
    ACLDNS,
    ACLS,
    FROM,
    IP_NODES,
    LEAST_CACHE,
    LONGEST_INFO,
    MOST_CACHE,
    MUD,
    TO,
)
from thingwarden.policy.wording import printable

MOST_PROBLEMS = 100
"""Told at once: whoever wrote more puts these right first."""

MANDATORY = ("mud-version", "mud-url", "last-update", "is-supported")

ZONE = re.compile(r"(Z|[+-]\d\d:\d\d)$")

PORTS = ("source-port", "destination-port")
OPERATORS = ("eq", "neq", "lte", "gte")
DIRECTIONS = ("from-device", "to-device")
MOST_PORT, MOST_TYPE, MOST_VERSION = 65535, 255, 1


def validate_mud(data: bytes, *, drafts: bool = False) -> tuple[str, ...]:
    """Problems with their line; none for a strict file.

    With `drafts`, as files of others are read: names of drafts and a long `systeminfo` are none, nor is an
    entry that cannot be understood, as it allows nothing.
    """
    try:
        document, renamed = parse_mud(data)
    except PolicyError as error:
        return (str(error),)
    told = () if drafts else tuple(f"{name!r} is a name of a draft" for name in renamed)
    problems = islice(_problems(document, strict=not drafts), MOST_PROBLEMS)
    return (*told, *(_place(data, *problem) for problem in problems))


def _place(data: bytes, where: str, what: str) -> str:
    line = line_of(data, where.rsplit("/", maxsplit=1)[-1]) if where else 1
    return f"line {line}: {printable(where)}: {what}"


def _problems(document: Node, *, strict: bool) -> Iterator[tuple[str, str]]:
    mud = members(document, MUD)
    if not isinstance(mud, dict):
        yield MUD, "is missing"
        return
    yield from _head(mud)
    if strict and len(text_of(mud, "systeminfo")) > LONGEST_INFO:
        yield "systeminfo", f"has more than {LONGEST_INFO} letters"
    acls = list_of(document, ACLS, "acl")
    yield from _names(mud, acls)
    if sum(len(list_of(acl, "aces", "ace")) for acl in acls) > MOST_ACES:
        yield ACLS, f"more than {MOST_ACES} entries"
        return
    for acl in acls:
        yield from _acl(acl, strict=strict)


def _names(mud: Node, acls: list[Node]) -> Iterator[tuple[str, str]]:
    """Policies and access lists name each other."""
    names = [text_of(acl, "name") for acl in acls]
    used = {
        text_of(entry, "name")
        for policy in (FROM, TO)
        for entry in list_of(mud, policy, "access-lists", "access-list")
    }
    for name in sorted(used - set(names)):
        yield name, "no access list has this name"
    for name in sorted(set(names) - used):
        yield name, "no policy names this access list"
    if len(set(names)) < len(names):
        yield ACLS, "two access lists have one name"


def _head(mud: Node) -> Iterator[tuple[str, str]]:
    for name in MANDATORY:
        if name not in mud:
            yield name, "is missing"
    if mud.get("mud-version", MOST_VERSION) != MOST_VERSION:
        yield "mud-version", "only version 1 is known"
    if "mud-url" in mud and not text_of(mud, "mud-url").startswith("https://"):
        yield "mud-url", "is no https URL"
    if "last-update" in mud and not _is_moment(text_of(mud, "last-update")):
        yield "last-update", "is no date and time of RFC 3339"
    hours = mud.get("cache-validity", LEAST_CACHE)
    if not isinstance(hours, int) or not LEAST_CACHE <= hours <= MOST_CACHE:
        yield "cache-validity", f"is not {LEAST_CACHE} to {MOST_CACHE} hours"
    if not isinstance(mud.get("is-supported", True), bool):
        yield "is-supported", "is neither true nor false"


def _acl(acl: Node, *, strict: bool) -> Iterator[tuple[str, str]]:
    name = text_of(acl, "name")
    aces = list_of(acl, "aces", "ace")
    if not aces:
        yield name, "has no entries"
    seen: set[str] = set()
    for ace in aces:
        own = text_of(ace, "name")
        where = f"{name}/{own}"
        if not own or own in seen:
            yield where, "an entry without a name of its own"
        seen.add(own)
        if text_of(ace, "actions", "forwarding").split(":")[-1] not in ("accept", "drop"):
            yield where, "forwarding is neither accept nor drop"
        for what in match_problems(members(ace, "matches")) if strict else ():
            yield where, what


def match_problems(matches: object) -> Iterator[str]:
    """Why the matches of an entry are none of RFC 8519 and RFC 8520."""
    if not isinstance(matches, dict):
        yield "has no matches"
        return
    for name, node in matches.items():
        if not isinstance(node, dict):
            yield f"{name} is no object"
            return
    if all(node in matches for node in IP_NODES.values()):
        yield "matches IPv4 and IPv6 at once"
    for version, node in IP_NODES.items():
        yield from _ip(matches.get(node, {}), version)
    yield from _transport(matches)


def _transport(matches: Node) -> Iterator[str]:
    for node in ("tcp", "udp"):
        for side in PORTS:
            port = members(matches, node, side)
            if port is not None and not _is_port(port):
                yield f"{node} {side} is no port and no span of ports"
    direction = members(matches, "tcp", "ietf-mud:direction-initiated")
    if direction is not None and direction not in DIRECTIONS:
        yield "direction-initiated is neither from-device nor to-device"
    kind = members(matches, "icmp", "type")
    if kind is not None and not _is_number(kind, MOST_TYPE):
        yield "type of ICMP is no number up to 255"


def _ip(node: object, version: int) -> Iterator[str]:
    protocol = members(node, "protocol")
    if protocol is not None and not _is_number(protocol, MOST_TYPE):
        yield "protocol is no number up to 255"
    for side in ("source", "destination"):
        text = members(node, f"{side}-ipv{version}-network")
        network = read_network(text) if isinstance(text, str) else None
        if text is not None and (network is None or network.version != version):
            yield f"{side}-ipv{version}-network is no prefix"
    for side in ("src", "dst"):
        name = members(node, f"{ACLDNS}:{side}-dnsname")
        if name is not None and (
            not isinstance(name, str) or "*" in name or read_name(name) is None
        ):
            yield f"{side}-dnsname is no name of the DNS"


def _is_port(port: object) -> bool:
    if not isinstance(port, dict):
        return False
    if "lower-port" in port:
        low, high = port["lower-port"], port.get("upper-port", port["lower-port"])
        return _is_number(low, MOST_PORT) and _is_number(high, MOST_PORT) and low <= high
    return port.get("operator", "eq") in OPERATORS and _is_number(port.get("port"), MOST_PORT)


def _is_number(value: object, most: int) -> bool:
    return isinstance(value, int) and not isinstance(value, bool) and 0 <= value <= most


def _is_moment(text: str) -> bool:
    try:
        datetime.fromisoformat(text)
    except ValueError:
        return False
    return ZONE.search(text) is not None
