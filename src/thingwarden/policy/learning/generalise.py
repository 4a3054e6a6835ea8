"""Behaviours exactly as seen -> the rules that describe them: patterns, ranges of ports, the whole site."""

from collections import defaultdict
from collections.abc import Callable, Iterable, Mapping
from dataclasses import replace
from ipaddress import IPv4Network, ip_network
from typing import TypeVar

from thingwarden.model import Behaviour, Initiator, Peer, PeerKind, Span
from thingwarden.policy.learning.patterns import NEW, find_patterns
from thingwarden.policy.learning.species import Species
from thingwarden.policy.learning.suffixes import pool_of
from thingwarden.policy.needs import TCP, UDP

Key = TypeVar("Key")

Seen = Mapping[Behaviour, list[Species]]
"""Behaviours, and the species that each stands for."""

MANY_PORTS = 4
"""Ports of one peer that were chosen anew: fewer may be so many services."""

FLOORS = (49152, 32768, 1024)
"""Where systems begin to choose: IANA (RFC 6335 section 6), Linux, and the oldest."""

DISCOVERY = frozenset({1900, 3702, 5353, 5355})
"""SSDP, WS-Discovery, mDNS, LLMNR: whoever is there asks and answers."""

FINDERS = 2
VISITORS = 3
"""Neighbours from which on it is everyone at home that may speak with a device."""

PRIVATE_SERVICES = frozenset({22, 23, 135, 139, 445, 2323, 3389, 5555, 5900})
"""Ways to take a device over: each neighbour that may use them is named."""

DENSE_LENGTH = 24
LEAST_DENSE = 3


def generalise(seen: Seen) -> Seen:
    """The behaviours of one device, in as few rules as the evidence carries."""
    for step in (_join_ports, _join_names, _join_neighbours, _join_addresses):
        seen = _rename(seen, step(seen))
    return seen


def _rename(seen: Seen, renamed: Mapping[Behaviour, Behaviour]) -> Seen:
    found: dict[Behaviour, list[Species]] = defaultdict(list)
    for behaviour, species in seen.items():
        found[renamed.get(behaviour, behaviour)] += species
    return found


def _groups(
    behaviours: Iterable[Behaviour], key: Callable[[Behaviour], Key | None]
) -> Iterable[tuple[Key, list[Behaviour]]]:
    """Behaviours with the same key; None: it is of no group."""
    groups: dict[Key, list[Behaviour]] = defaultdict(list)
    for behaviour in behaviours:
        of = key(behaviour)
        if of is not None:
            groups[of].append(behaviour)
    return groups.items()


def _hours(species: Iterable[Species]) -> int:
    return sum(each.hours for each in species)


def _join_ports(seen: Seen) -> Mapping[Behaviour, Behaviour]:
    """Ports that a peer, or the device for it, chooses anew each time become a range."""
    renamed: dict[Behaviour, Behaviour] = {}
    for _, group in _groups(seen, _by_peer):
        once = sum(_hours(seen[each]) == 1 for each in group)
        if len(group) >= MANY_PORTS and once * 2 >= len(group):
            lowest = min(each.service.first for each in group)
            span = Span(first=next(floor for floor in FLOORS if lowest >= floor), last=65535)
            renamed |= {each: replace(each, service=span) for each in group}
    return renamed


def _by_peer(each: Behaviour) -> tuple[Initiator, Peer, int] | None:
    chosen = each.protocol in {TCP, UDP} and each.service.first >= FLOORS[-1]
    known = each.peer.kind is PeerKind.CONTROLLER
    return (each.initiator, each.peer, each.protocol) if chosen and not known else None


def _join_names(seen: Seen) -> Mapping[Behaviour, Behaviour]:
    """Names of one owner that keep changing become a pattern."""
    renamed: dict[Behaviour, Behaviour] = {}
    for _, group in _groups(seen, _by_service):
        hours = {each.peer.value: _hours(seen[each]) for each in group}
        patterns = {**find_patterns(hours), **_pools(group)}
        for each in group:
            if each.peer.value in patterns:
                peer = Peer(kind=PeerKind.NAME, value=patterns[each.peer.value])
                renamed[each] = replace(each, peer=peer)
    return renamed


def _by_service(each: Behaviour) -> tuple[Initiator, int, Span] | None:
    named = each.peer.kind is PeerKind.NAME
    return (each.initiator, each.protocol, each.service) if named else None


def _pools(group: Iterable[Behaviour]) -> Mapping[str, str]:
    """Names of a time pool: the next number comes for certain."""
    names = [each.peer.value for each in group if each.service.first == 123]
    return {name: f"*.{pool}" for name in names if (pool := pool_of(name))}


def _join_neighbours(seen: Seen) -> Mapping[Behaviour, Behaviour]:
    """What many neighbours do with a device is for all at home; what it does with many is not."""
    renamed: dict[Behaviour, Behaviour] = {}
    for (begins, protocol, service), group in _groups(seen, _by_neighbour):
        species = [each for behaviour in group for each in seen[behaviour]]
        finds = protocol == UDP and (
            service.first in DISCOVERY or all(each.answers_group for each in species)
        )
        if service.first != service.last:
            continue
        if (finds and len(group) >= FINDERS) or (not begins and _is_open(group, seen)):
            peer = Peer(kind=PeerKind.LOCAL)
            renamed |= {each: replace(each, peer=peer) for each in group}
    return renamed


def _by_neighbour(each: Behaviour) -> tuple[bool, int, Span] | None:
    begins = each.initiator is Initiator.DEVICE
    return (begins, each.protocol, each.service) if each.peer.kind is PeerKind.DEVICE else None


def _is_open(group: list[Behaviour], seen: Seen) -> bool:
    """Whether a service of the device has many visitors, and new ones come."""
    once = sum(_hours(seen[each]) == 1 for each in group)
    private = group[0].protocol == TCP and group[0].service.first in PRIVATE_SERVICES
    total = sum(_hours(seen[each]) for each in group)
    return len(group) >= VISITORS and not private and once / max(total, 1) > NEW


def _join_addresses(seen: Seen) -> Mapping[Behaviour, Behaviour]:
    """Addresses without a name become a prefix where most of it was used."""
    renamed: dict[Behaviour, Behaviour] = {}
    for _, group in _groups(seen, _by_network):
        used = {each: _address(each) for each in group}
        for length in range(DENSE_LENGTH, 32):
            for prefix, inside in _inside(used, length).items():
                if len(inside) >= LEAST_DENSE and len(inside) * 2 >= prefix.num_addresses:
                    peer = Peer(kind=PeerKind.NETWORK, value=str(prefix))
                    renamed |= {each: replace(each, peer=peer) for each in inside}
            used = {each: one for each, one in used.items() if each not in renamed}
    return renamed


def _by_network(each: Behaviour) -> tuple[Initiator, int, Span] | None:
    alone = each.peer.kind is PeerKind.NETWORK and ":" not in each.peer.value
    return (each.initiator, each.protocol, each.service) if alone else None


def _address(behaviour: Behaviour) -> IPv4Network:
    network = ip_network(behaviour.peer.value)
    assert isinstance(network, IPv4Network)
    return network


def _inside(
    used: Mapping[Behaviour, IPv4Network], length: int
) -> Mapping[IPv4Network, list[Behaviour]]:
    prefixes: dict[IPv4Network, list[Behaviour]] = defaultdict(list)
    for behaviour, network in used.items():
        prefixes[network.supernet(new_prefix=length)].append(behaviour)
    return prefixes
