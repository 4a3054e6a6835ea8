"""Entry -> the matches of nftables that it stands for, one for each way in which a packet can fit."""

from collections.abc import Iterable, Iterator
from functools import lru_cache

from thingwarden.model import ANY, Span
from thingwarden.policy.entries import Ends, Entry, Way
from thingwarden.policy.gateway.ground import BRIDGE, Ground, prefixes_of
from thingwarden.policy.gateway.names import REMEMBERED, network_set, read_mac, read_name, set_name
from thingwarden.policy.needs import ICMP, ICMP6, TCP, UDP

PORTS = {TCP: "tcp", UDP: "udp"}

VERSIONS = {4: "ip", 6: "ip6"}
"""Versions of IP, and what nft calls their headers."""

SIDES = {Way.FROM: "daddr", Way.TO: "saddr"}
"""Where the other end stands in a packet from the device, or to it."""

NO_BEGINNING = "tcp flags & (syn | ack) != syn "


def whole_matches(entry: Entry, ground: Ground) -> Iterator[str]:
    """Packets that the entry fits; none where the entry cannot fit any."""
    what = _what(entry)
    if what is not None:
        for who in ends_matches(entry.ends, entry, ground):
            yield f"{who}{what}"


def fragment_matches(entry: Entry, ground: Ground) -> Iterator[str]:
    """Later fragments that the entry fits: they show ends and protocol alone."""
    if _what(entry) is not None:
        for who in ends_matches(entry.ends, entry, ground):
            yield f"{who}meta l4proto {entry.protocol} "


def ends_matches(ends: Ends, entry: Entry, ground: Ground) -> Iterator[str]:
    """Who is at the other end of a packet that goes the way of `entry`, in each version of IP."""
    versions = [entry.version] if entry.version in VERSIONS else list(VERSIONS)
    macs, networks = _ends(ends, ground)
    link = _link(macs, entry.way)
    if link is None:
        return
    if networks is None and ends.name is None:
        if entry.version in VERSIONS:
            yield f"meta protocol {VERSIONS[versions[0]]} {link}"
        else:
            yield link
        return
    for version in versions:
        there = _addresses(networks, ends.name, version, ground)
        if there is not None:
            header = VERSIONS[version]
            yield f"{link}{header} {SIDES[entry.way]} {there} "


def refresh(ends: Ends, match: str) -> str:
    """What lets the address of a name live on, since a packet to it is on its way."""
    name = ends.name and read_name(ends.name)
    if not name:
        return ""
    version = 6 if "ip6 daddr @" in match else 4
    return f"update @{set_name(name, version)} {{ {VERSIONS[version]} daddr }} "


def networks_in_sets(ends: Iterable[Ends], ground: Ground) -> dict[tuple[str, ...], str]:
    """Prefixes that need a set of their own, and its name without version: those without a role."""
    found: dict[tuple[str, ...], str] = {}
    for one in ends:
        networks = _ends(one, ground)[1]
        if networks and networks not in ground.roles and _is_many(networks):
            found[networks] = network_set(networks)
    return found


def can_be_written(entry: Entry) -> bool:
    """Whether packets can fit the entry at all: ports, types and protocol are in range."""
    return _what(entry) is not None


def _what(entry: Entry) -> str | None:
    """Protocol, ports, types and flags; None where no packet fits."""
    return _write_what(entry.protocol, entry.way, (entry.own, entry.peer), entry.opens)


@lru_cache(REMEMBERED)
def _write_what(protocol: int, way: Way, spans: tuple[Span, Span], opens: object) -> str | None:
    if not 0 <= protocol <= 255 or not all(map(_is_sound, spans)):
        return None
    if protocol in PORTS:
        return _ports(PORTS[protocol], way, spans) + (
            "" if opens or protocol != TCP else NO_BEGINNING
        )
    if protocol not in (ICMP, ICMP6):
        return f"meta l4proto {protocol} " if spans == (ANY, ANY) else None
    types = Span(first=spans[0].first, last=min(spans[0].last, 255))
    return f"meta l4proto {protocol} @th,0,8 {_span(types)} " if types.first < 256 else None


def _ports(name: str, way: Way, spans: tuple[Span, Span]) -> str:
    """Ports; where all fit, one is looked at nevertheless, so that a cut header fits nothing."""
    sides = ("sport", "dport") if way is Way.FROM else ("dport", "sport")
    parts = [
        f"{name} {side} {_span(span)} "
        for side, span in zip(sides, spans, strict=True)
        if span != ANY
    ]
    return "".join(parts) or f"{name} dport 0-65535 "


def _is_sound(span: Span) -> bool:
    return 0 <= span.first <= span.last <= 65535


def _span(span: Span) -> str:
    return str(span.first) if span.first == span.last else f"{span.first}-{span.last}"


def _ends(ends: Ends, ground: Ground) -> tuple[tuple[str, ...] | None, tuple[str, ...] | None]:
    """Hardware addresses and prefixes; where packets are routed, addresses stand for the former."""
    if ground.family == BRIDGE or ends.macs is None or ends.networks is not None:
        return ends.macs if ground.family == BRIDGE else None, ends.networks
    known = (ground.peers.get(read_mac(mac) or "", ()) for mac in ends.macs)
    return None, tuple(address for addresses in known for address in addresses)


def _link(macs: tuple[str, ...] | None, way: Way) -> str | None:
    """Match of hardware addresses, empty for all; None: nobody."""
    if macs is None:
        return ""
    found = sorted({mac for mac in map(read_mac, macs) if mac})
    if not found:
        return None
    some = found[0] if len(found) == 1 else f"{{ {', '.join(found)} }}"
    return f"ether {SIDES[way]} {some} "


def _addresses(
    networks: tuple[str, ...] | None, name: str | None, version: int, ground: Ground
) -> str | None:
    """What an address is compared with; None: nobody has this version."""
    if name is not None:
        sound = read_name(name)
        return f"@{set_name(sound, version)}" if sound else None
    assert networks is not None
    prefixes = prefixes_of(networks, version)
    role = ground.roles.get(networks)
    if not prefixes:
        return None
    if role or _is_many(networks):
        return f"@{role or network_set(networks)}_{version}"
    only = prefixes[0]
    if not only.prefixlen:
        return f"{only[0]}-{only[-1]}"
    return str(only.network_address if only.prefixlen == only.max_prefixlen else only)


def _is_many(networks: tuple[str, ...]) -> bool:
    return any(len(prefixes_of(networks, version)) > 1 for version in VERSIONS)
