"""Members of a MUD file -> where they are not of the kind that RFC 8520 and RFC 8519 give them."""

import re
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import TypeAlias, TypeGuard
from urllib.parse import urlsplit

from thingwarden.policy.gateway.names import read_name, read_network
from thingwarden.policy.mud.terms import ACLDNS, ACLS, FROM, LEAST_CACHE, MOST_CACHE, MUD, TO

Place = tuple[str | int, ...]
"""Names of members and numbers of entries, from the root on."""
Problem = tuple[Place, str]


@dataclass(frozen=True, slots=True, kw_only=True)
class Leaf:
    """A value without members."""

    fits: Callable[[object], bool]
    otherwise: str
    """What is wrong with a value that does not fit."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Entries:
    """A list of things of one shape."""

    each: "Shape"


Shape: TypeAlias = "Leaf | Entries | Mapping[str, Shape]"

MOST_PORT, MOST_BYTE, MOST_SHORT, MOST_LONG = 65535, 255, 65535, 2**32 - 1
LONGEST_EXTENSION = 40

MOMENT = re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d+)?(Z|[+-]\d\d:\d\d)", re.ASCII)
DOMAIN = re.compile(
    r"(?:[a-z0-9_](?:[a-z0-9_-]{0,61}[a-z0-9])?\.)*[a-z0-9_](?:[a-z0-9_-]*[a-z0-9])?"
)
"""RFC 6991 section 4, `domain-name`."""
LENGTH = re.compile(r"/\d{1,3}", re.ASCII)
HARDWARE = re.compile(r"[0-9a-fA-F]{2}(:[0-9a-fA-F]{2}){5}")


def misfits(node: object, shape: Shape, place: Place = (), *, unknown: bool) -> Iterator[Problem]:
    """Places below `node`; members that the shape does not have count with `unknown`."""
    if isinstance(shape, Leaf):
        if not shape.fits(node):
            yield place, shape.otherwise
    elif isinstance(shape, Entries):
        if not isinstance(node, list):
            yield place, "is no list"
            return
        for number, one in enumerate(node):
            yield from misfits(one, shape.each, (*place, number), unknown=unknown)
    elif not isinstance(node, dict):
        yield place, "is no object"
    else:
        for name, value in node.items():
            if name in shape:
                yield from misfits(value, shape[name], (*place, name), unknown=unknown)
            elif unknown:
                yield (*place, name), "is not known here"


def is_host(value: object) -> bool:
    """Whether this is a whole name that YANG knows as a host."""
    name = read_name(value) if isinstance(value, str) else None
    return name is not None and DOMAIN.fullmatch(name) is not None


def is_number(value: object, most: int, least: int = 0) -> TypeGuard[int]:
    """Whether this is a number of JSON, and not `true`."""
    return isinstance(value, int) and not isinstance(value, bool) and least <= value <= most


def is_prefix(value: object, version: int) -> bool:
    """Whether this is a prefix, or an address, of one version of IP."""
    network = read_network(value) if isinstance(value, str) else None
    return network is not None and network.version == version


def _number(most: int, least: int = 0) -> Leaf:
    return Leaf(
        fits=lambda value: is_number(value, most, least),
        otherwise=f"is not {least} to {most}" if least else f"is no number up to {most}",
    )


def _one_of(*words: str, module: str = "") -> Leaf:
    known = {*words, *(f"{module}:{word}" for word in words if module)}
    return Leaf(
        fits=lambda value: isinstance(value, str) and value in known,
        otherwise=f"is none of {', '.join(words)}",
    )


def _some_of(*words: str) -> Leaf:
    def fits(value: object) -> bool:
        told = value.split() if isinstance(value, str) else None
        return told is not None and len(set(told)) == len(told) and set(told) <= set(words)

    return Leaf(fits=fits, otherwise=f"are not some of {', '.join(words)}")


def _prefix(version: int, *, whole: bool) -> Leaf:
    """With `whole` an address alone will not do."""

    def fits(value: object) -> bool:
        return is_prefix(value, version) and (not whole or LENGTH.search(str(value)) is not None)

    return Leaf(fits=fits, otherwise="is no prefix")


def _is_moment(value: object) -> bool:
    if not isinstance(value, str) or not MOMENT.fullmatch(value):
        return False
    try:
        datetime.fromisoformat(value)
    except ValueError:
        return False
    return True


def _is_https(value: object) -> bool:
    try:
        parts = urlsplit(value) if isinstance(value, str) else None
        return parts is not None and parts.scheme == "https" and bool(parts.hostname)
    except ValueError:
        return False


TEXT = Leaf(fits=lambda value: isinstance(value, str), otherwise="is no text")
BASE64 = Leaf(
    fits=lambda value: (
        isinstance(value, str)
        and re.fullmatch(r"(?:[\w+/]{4})*[\w+/]{0,3}={0,2}", value) is not None
    ),
    otherwise="is no base64",
)
PRESENT = Leaf(fits=lambda value: value == [None], otherwise="is not [null]")
HOST = Leaf(fits=is_host, otherwise="is no name of the DNS")
MAC = Leaf(
    fits=lambda value: isinstance(value, str) and HARDWARE.fullmatch(value) is not None,
    otherwise="is no hardware address",
)
ANY_OBJECT = Leaf(fits=lambda value: isinstance(value, dict), otherwise="is no object")

OPERATORS = ("eq", "neq", "lte", "gte")
RANGE = "range"
"""An operator of drafts, beside what a span says today by its members alone."""

PORTS = ("source-port", "destination-port")
NAMES: dict[str, Shape] = {f"{ACLDNS}:{side}-dnsname": HOST for side in ("src", "dst")}
ANY_IP: dict[str, Shape] = NAMES | {
    "dscp": _number(63),
    "ecn": _number(3),
    "length": _number(MOST_SHORT),
    "ttl": _number(MOST_BYTE),
    "protocol": _number(MOST_BYTE),
}


def _shape_of_ports(*operators: str) -> dict[str, Shape]:
    numbers = {name: _number(MOST_PORT) for name in ("port", "lower-port", "upper-port")}
    return {side: {"operator": _one_of(*operators), **numbers} for side in PORTS}


def _shape_of_matches(*, whole: bool) -> Mapping[str, Shape]:
    """RFC 8519 section 4.2, with what RFC 8520 section 7 adds; less than `whole` are those of drafts."""
    ports = _shape_of_ports(*OPERATORS) if whole else _shape_of_ports(*OPERATORS, RANGE)
    four, six = (
        {
            f"{side}-ipv{version}-network": _prefix(version, whole=whole)
            for side in ("source", "destination")
        }
        for version in (4, 6)
    )
    return {
        "eth": {
            **{f"{side}-mac-address": MAC for side in ("source", "destination")},
            **{f"{side}-mac-address-mask": MAC for side in ("source", "destination")},
            "ethertype": TEXT,
        },
        "ipv4": ANY_IP
        | four
        | {
            "ihl": _number(60, 5),
            "flags": _some_of("reserved", "fragment", "more"),
            "offset": _number(MOST_SHORT, 20),
            "identification": _number(MOST_SHORT),
        },
        "ipv6": ANY_IP | six | {"flow-label": _number(2**20 - 1)},
        "tcp": ports
        | {
            "sequence-number": _number(MOST_LONG),
            "acknowledgement-number": _number(MOST_LONG),
            "data-offset": _number(15, 5),
            "reserved": _number(MOST_BYTE),
            "flags": _some_of("cwr", "ece", "urg", "ack", "psh", "rst", "syn", "fin"),
            "window-size": _number(MOST_SHORT),
            "urgent-pointer": _number(MOST_SHORT),
            "options": BASE64,
            "ietf-mud:direction-initiated": _one_of("from-device", "to-device"),
        },
        "udp": ports | {"length": _number(MOST_SHORT)},
        "icmp": {
            "type": _number(MOST_BYTE),
            "code": _number(MOST_BYTE),
            "rest-of-header": BASE64,
        },
        MUD: {
            "manufacturer": HOST,
            "model": TEXT,
            "controller": TEXT,
            **dict.fromkeys(("same-manufacturer", "local-networks", "my-controller"), PRESENT),
        },
    }


MATCHES = _shape_of_matches(whole=True)
MATCHES_OF_OTHERS = _shape_of_matches(whole=False)

POLICY: Shape = {"access-lists": {"access-list": Entries(each={"name": TEXT})}}


def _shape_of_file(matches: Shape, kinds: Shape) -> Mapping[str, Shape]:
    """RFC 8520 section 7 and RFC 8519 section 4."""
    ace: Shape = {
        "name": TEXT,
        "matches": matches,
        "actions": {
            "forwarding": _one_of("accept", "drop", "reject", module="ietf-access-control-list"),
            "logging": _one_of("log-syslog", "log-none", module="ietf-access-control-list"),
        },
    }
    acl: Shape = {"name": TEXT, "type": kinds, "aces": {"ace": Entries(each=ace)}}
    return {MUD: HEAD, ACLS: {"acl": Entries(each=acl)}}


HEAD: Shape = {
    "mud-version": Leaf(
        fits=lambda value: is_number(value, 1, 1), otherwise="only version 1 is known"
    ),
    "mud-url": Leaf(fits=_is_https, otherwise="is no https URL"),
    "last-update": Leaf(fits=_is_moment, otherwise="is no date and time of RFC 3339"),
    "mud-signature": TEXT,
    "cache-validity": Leaf(
        fits=lambda value: is_number(value, MOST_CACHE, LEAST_CACHE),
        otherwise=f"is not {LEAST_CACHE} to {MOST_CACHE} hours",
    ),
    "is-supported": Leaf(
        fits=lambda value: isinstance(value, bool), otherwise="is neither true nor false"
    ),
    **dict.fromkeys(("systeminfo", "mfg-name", "model-name"), TEXT),
    **dict.fromkeys(("firmware-rev", "software-rev", "documentation"), TEXT),
    "extensions": Entries(
        each=Leaf(
            fits=lambda value: isinstance(value, str) and 1 <= len(value) <= LONGEST_EXTENSION,
            otherwise=f"is no name of 1 to {LONGEST_EXTENSION} letters",
        )
    ),
    FROM: POLICY,
    TO: POLICY,
}

KINDS = {
    "ipv4": ("ipv4-acl-type", "mixed-eth-ipv4-acl-type", "mixed-eth-ipv4-ipv6-acl-type"),
    "ipv6": ("ipv6-acl-type", "mixed-eth-ipv6-acl-type", "mixed-eth-ipv4-ipv6-acl-type"),
    "eth": (
        "eth-acl-type",
        "mixed-eth-ipv4-acl-type",
        "mixed-eth-ipv6-acl-type",
        "mixed-eth-ipv4-ipv6-acl-type",
    ),
}
"""Types of an access list whose entries may have these matches (RFC 8519 section 4.1)."""

TYPES = _one_of(
    *dict.fromkeys(kind for some in KINDS.values() for kind in some),
    module="ietf-access-control-list",
)

FILE = _shape_of_file(MATCHES, TYPES)
FILE_OF_OTHERS = _shape_of_file(ANY_OBJECT, TEXT)
"""An entry whose matches are not understood is left to the reader, as are types of drafts."""
