"""Captures -> what is learnt from them, and each behaviour by itself, as it was before rules were made."""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from ipaddress import IPv4Network, IPv6Network, ip_network
from pathlib import Path

from thingwarden.model import Behaviour, DeviceId, DevicePolicy, Peer, PeerKind, Policy, Rule
from thingwarden.pipeline import read_captures, tables_of_facts
from thingwarden.policy.learning.species import Species, behaviour_of, list_species
from thingwarden.settings import SPILL_BYTES
from thingwarden.store import Facts, Store
from thingwarden.wrapping import learn_facts

HOUR_US = 3_600_000_000
DAY_HOURS = 24

HOURS = """
    select device_id, day, bit_or(hours)::int as hours
    from sides
    group by device_id, day
    order by device_id, day
"""

ASSIGNED = """
    select key::varchar as key, rule
    from assigned
"""

ADDRESSES = """
    with recursive told as (
        select distinct name, type, value
        from facts.dns_answers
        where section = 'answer' and type in (1, 5, 28) and value is not null
    ), up as (
        select value as ip, name, 0 as steps
        from told
        where type in (1, 28)
        union
        select ip, told.name, steps + 1
        from up
        join told on told.type = 5 and told.value = up.name
        where steps < 8
    )
    select ip, name
    from up
    union
    select ip, name
    from peers
    where name is not null
    order by ip, name
"""
"""Every name that an answer gave to an address, aliases followed, or that somebody said on the way there."""

ELSEWHERE = """
    select distinct dst_device as device_id, value as ip
    from dns_answers
    where section = 'answer' and type in (1, 28) and value is not null and src_port = 53
        and dst_device is not null and src_ip not in (select unnest($resolvers))
    order by device_id, ip
"""
"""Addresses that a device was told by a resolver which is not the site's."""

OPENED = """
    select distinct dst_ip as ip, dst_port as port
    from facts.flows
    where began_by = 'syn' and dst_ip is not null
    order by ip, port
"""


@dataclass(frozen=True, slots=True, kw_only=True)
class Seen:
    """A behaviour as it was seen, before anything is generalised but ports that are chosen anew."""

    behaviour: Behaviour
    ips: frozenset[str]
    """Addresses that the other end had."""
    first_us: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Study:
    """All that some captures show."""

    policy: Policy
    seen: Mapping[DeviceId, Sequence[Seen]]
    """What may become a rule; an alarm or a try that leads nowhere is not in it."""
    every: Mapping[DeviceId, Sequence[Seen]]
    """With what may not."""
    hours: Mapping[DeviceId, Sequence[int]]
    """Hours since 1970 in which a device did anything, in order."""
    names: Mapping[str, frozenset[str]]
    """Names of each address."""
    elsewhere: frozenset[tuple[str, str]]
    """Devices and addresses that they were told by a resolver which is not the site's."""
    opened: frozenset[tuple[str, int]]
    """Addresses and ports to which a connection was seen from its first packet on."""


@dataclass(frozen=True, slots=True, kw_only=True)
class _Day:
    device_id: str
    day: int
    hours: int


@dataclass(frozen=True, slots=True, kw_only=True)
class _Assigned:
    key: str
    rule: str


@dataclass(frozen=True, slots=True, kw_only=True)
class _Name:
    ip: str
    name: str


@dataclass(frozen=True, slots=True, kw_only=True)
class _Told:
    device_id: str
    ip: str


@dataclass(frozen=True, slots=True, kw_only=True)
class _Opened:
    ip: str
    port: int


def study(paths: Sequence[Path]) -> Study:
    """Learn from captures, and keep what rules are made from; raises a `ThingwardenError`."""
    with Facts(memory_bytes=SPILL_BYTES) as facts:
        read_captures(paths, facts)
        with Store(tables_of_facts(), facts=[facts]) as store:
            policy = learn_facts(store)
            species = list_species(store)
            rules = {row.key: row.rule for row in store.read(_Assigned, ASSIGNED)}
            hours: dict[DeviceId, list[int]] = defaultdict(list)
            for row in store.read(_Day, HOURS):
                hours[DeviceId(row.device_id)] += _hours_of(row)
            names: dict[str, set[str]] = defaultdict(set)
            for named in store.read(_Name, ADDRESSES):
                names[named.ip].add(named.name)
            resolvers = {"resolvers": list(policy.network.resolvers)}
            elsewhere = {(row.device_id, row.ip) for row in store.read(_Told, ELSEWHERE, resolvers)}
            opened = {(row.ip, row.port) for row in store.read(_Opened, OPENED)}
    return Study(
        policy=policy,
        seen={
            one: _list_seen((each for each in found if each.key in rules), policy, one, rules)
            for one, found in species.items()
        },
        every={one: _list_seen(found, policy, one, rules) for one, found in species.items()},
        hours=hours,
        names={ip: frozenset(found) for ip, found in names.items()},
        elsewhere=frozenset(elsewhere),
        opened=frozenset(opened),
    )


def uncovered(seen: Iterable[Seen], policy: DevicePolicy | None) -> list[Seen]:
    """What no rule allows; each behaviour once."""
    rules = policy.rules if policy else ()
    fresh = {each.behaviour: each for each in seen if not allows(rules, each.behaviour)}
    return list(fresh.values())


def allows(rules: Iterable[Rule], behaviour: Behaviour) -> bool:
    """Whether a rule stands for a behaviour, by its words: names are not looked up."""
    return any(_covers(rule.behaviour, behaviour) for rule in rules)


def of_device(policy: Policy, device: DeviceId) -> DevicePolicy | None:
    """What one device may do; None: nothing is known of it."""
    return next((each for each in policy.devices if each.device_id == device), None)


def _hours_of(row: _Day) -> list[int]:
    return [row.day * DAY_HOURS + hour for hour in range(DAY_HOURS) if row.hours >> hour & 1]


def _list_seen(
    species: Iterable[Species], policy: Policy, device: DeviceId, rules: Mapping[str, str]
) -> list[Seen]:
    own = of_device(policy, device)
    spans = {rule.id: rule.behaviour.service for rule in own.rules} if own else {}
    found: dict[Behaviour, Seen] = {}
    for each in species:
        if each.number is None or not each.ip:
            continue
        behaviour = behaviour_of(each, policy.network)
        span = spans.get(rules.get(each.key, ""), behaviour.service)
        behaviour = replace(behaviour, service=span)
        before = found.get(behaviour)
        found[behaviour] = Seen(
            behaviour=behaviour,
            ips=frozenset(each.ips) | (before.ips if before else frozenset()),
            first_us=min(each.first_us, before.first_us if before else each.first_us),
        )
    return list(found.values())


def _covers(rule: Behaviour, seen: Behaviour) -> bool:
    return (
        rule.initiator is seen.initiator
        and rule.protocol == seen.protocol
        and rule.service.first <= seen.service.first
        and seen.service.last <= rule.service.last
        and _includes(rule.peer, seen.peer)
    )


def _includes(wide: Peer, peer: Peer) -> bool:
    if wide == peer or wide.kind is PeerKind.ANYONE:
        return True
    if wide.kind is PeerKind.NAME:
        return peer.kind is PeerKind.NAME and below(wide.value, peer.value)
    if wide.kind is PeerKind.LOCAL:
        return peer.kind in {PeerKind.DEVICE, PeerKind.GATEWAY}
    ranges = {PeerKind.NETWORK, PeerKind.GROUP}
    return wide.kind in ranges and wide.kind is peer.kind and _inside(wide.value, peer.value)


def below(pattern: str, name: str) -> bool:
    """Whether a name is `pattern`, or one that `*.` before it stands for."""
    return name == pattern or (pattern.startswith("*.") and name.endswith(pattern[1:]))


def _inside(wide: str, narrow: str) -> bool:
    one, other = ip_network(wide), ip_network(narrow)
    if isinstance(one, IPv4Network) and isinstance(other, IPv4Network):
        return other.subnet_of(one)
    if isinstance(one, IPv6Network) and isinstance(other, IPv6Network):
        return other.subnet_of(one)
    return False
