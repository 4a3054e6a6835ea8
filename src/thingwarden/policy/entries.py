"""Rules -> entries: the one form that the kernel's rules, the judge and the prover are made from.

Entries look at one packet and the sets of addresses alone, at no memory of connections: who began a TCP
connection shows in its first packet, which has SYN without ACK (RFC 9293 section 3.5). So a
narrower policy stops what is already open, and a rule set that is loaded anew cuts nothing.
`docs/decisions/0012-no-memory-of-connections.md` has the measurements.
"""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from enum import Enum

from thingwarden.model import (
    ANY,
    DNS,
    NTP,
    Behaviour,
    DevicePolicy,
    Initiator,
    Network,
    Patch,
    Peer,
    PeerKind,
    Rule,
    Span,
)
from thingwarden.policy.needs import ICMP, ICMP6, NEEDED, SITE_LINK, UDP

EPHEMERAL = Span(first=1024, last=65535)
"""Ports from which a device asks: below lie services (RFC 6335 section 6)."""

SYMMETRIC = frozenset({67, 123, 137, 138, 500, 547})
"""UDP services that may be asked from their own port: DHCP, NTP (RFC 5905 section 9.1), NetBIOS, IKE."""

ECHO = {ICMP: (8, 0), ICMP6: (128, 129)}
"""ICMP types that ask, and those that answer."""


class Way(Enum):
    """Where a packet goes, seen from the device."""

    FROM = "from"
    TO = "to"


@dataclass(frozen=True, slots=True, kw_only=True)
class Ends:
    """Whom an entry is about; every field that is not None must fit, and None fits everyone."""

    macs: tuple[str, ...] | None = None
    """Hardware addresses, on the same link."""
    networks: tuple[str, ...] | None = None
    """Prefixes, of either version of IP. Empty: nobody."""
    name: str | None = None
    """Addresses that the site's resolver gave for this name or pattern."""


ANYONE = Ends()


@dataclass(frozen=True, slots=True, kw_only=True)
class Entry:
    """One line of a device's list: packets that it fits pass, or with `allow` False are stopped.

    A later fragment has neither ports nor flags nor types: it fits by its ends and protocol alone.
    """

    rule: str
    """Id of the rule or patch that it comes from."""
    way: Way
    ends: Ends
    protocol: int
    own: Span = ANY
    """The device's port; for ICMP the type."""
    peer: Span = ANY
    opens: bool = True
    """False: a TCP packet with SYN and without ACK does not fit."""
    version: int | None = None
    allow: bool = True
    unless: tuple[Ends, ...] = ()
    """Who is left to the entries behind this one."""


def list_entries(policy: DevicePolicy, network: Network) -> tuple[Entry, ...]:
    """Entries of one device in the order in which they are tried: patches, then rules.

    What fits none is stopped. Order matters only between those that stop and those that allow.
    """
    return (
        *(_patch_entry(patch, network) for patch in policy.patches),
        *(entry for rule in NEEDED for entry in rule_entries(rule, network)),
        *(entry for rule in policy.rules for entry in rule_entries(rule, network)),
    )


def rule_entries(rule: Rule, network: Network) -> Iterator[Entry]:
    """What a rule lets pass, both ways."""
    behaviour = rule.behaviour
    ends = find_ends(behaviour.peer, network)
    for way, own, peer, opens in _shapes(behaviour):
        yield Entry(
            rule=rule.id,
            way=way,
            ends=ends,
            protocol=behaviour.protocol,
            own=own,
            peer=peer,
            opens=opens,
            version=behaviour.version,
        )


def find_ends(peer: Peer, network: Network) -> Ends:
    """Whom a peer stands for in this network."""
    if peer.kind is PeerKind.NAME:
        return Ends(name=peer.value)
    if peer.kind is PeerKind.DEVICE:
        return Ends(macs=(peer.value,))
    if peer.kind is PeerKind.GATEWAY:
        return Ends(networks=(*network.gateway_addresses, *SITE_LINK), macs=network.gateways)
    if peer.kind is PeerKind.LOCAL:
        return Ends(networks=(*network.locals, *SITE_LINK))
    if peer.kind is PeerKind.CONTROLLER:
        return Ends(networks=_fill(network).get(peer.value, ()))
    return ANYONE if peer.kind is PeerKind.ANYONE else Ends(networks=(peer.value,))


def _fill(network: Network) -> Mapping[str, tuple[str, ...]]:
    return dict(network.controllers) | {DNS: network.resolvers, NTP: network.time_servers}


def _shapes(behaviour: Behaviour) -> Iterable[tuple[Way, Span, Span, bool]]:
    """Way, own port, the peer's port, and whether a TCP connection may begin so."""
    there, back = (Way.FROM, Way.TO) if _begins(behaviour) else (Way.TO, Way.FROM)
    service, group = behaviour.service, behaviour.peer.kind is PeerKind.GROUP
    if behaviour.protocol in ECHO:
        asks, answers = ECHO[behaviour.protocol]
        yield there, service, ANY, True
        if service.first <= asks <= service.last and not group:
            yield back, Span(first=answers, last=answers), ANY, True
        return
    yield (there, *_ports(behaviour, ANY), True)
    if not group:
        yield from ((back, own, peer, False) for own, peer in _answers(behaviour))


def _begins(behaviour: Behaviour) -> bool:
    return behaviour.initiator is Initiator.DEVICE


def _ports(behaviour: Behaviour, asking: Span) -> tuple[Span, Span]:
    """Own port and the peer's, where whoever asks does so from `asking`."""
    service = behaviour.service
    return (asking, service) if _begins(behaviour) else (service, asking)


def _answers(behaviour: Behaviour) -> Iterator[tuple[Span, Span]]:
    """UDP answers go to where questions come from: no service of the device, unless it is the same."""
    if behaviour.protocol != UDP or not _begins(behaviour) or behaviour.service == ANY:
        yield _ports(behaviour, ANY)
        return
    yield _ports(behaviour, EPHEMERAL)
    if behaviour.service.first in SYMMETRIC:
        yield _ports(behaviour, behaviour.service)


def _patch_entry(patch: Patch, network: Network) -> Entry:
    """What exposes the hole is stopped, but for those who must still reach it."""
    own, peer = _ports(patch.behaviour, ANY)
    return Entry(
        rule=patch.id,
        way=Way.FROM if _begins(patch.behaviour) else Way.TO,
        ends=find_ends(patch.behaviour.peer, network),
        protocol=patch.behaviour.protocol,
        own=own,
        peer=peer,
        version=patch.behaviour.version,
        allow=False,
        unless=tuple(find_ends(still, network) for still in patch.still),
    )
