"""A policy and later captures of everyday life -> what would be stopped that should not be, by kind."""

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from enum import Enum
from pathlib import Path

from thingwarden.model import (
    Behaviour,
    DeviceId,
    DevicePolicy,
    Initiator,
    Peer,
    PeerKind,
    Policy,
    Rule,
)
from thingwarden.policy.learning.species import host_prefix
from thingwarden.policy.needs import TCP
from thingwarden.policy.proof.judge import SPOOF
from thingwarden.policy.proof.prove import open_files, prove
from thingwarden.policy.proof.tally import Stop

from tools.wrapping.behaviours import Seen, Study, allows, of_device

WEEK_HOURS = 168

NOT_ASKED = "the kernel was not asked"

LOCALS = (PeerKind.DEVICE, PeerKind.LOCAL, PeerKind.GATEWAY)


class Kind(Enum):
    """Why something was stopped, as far as captures tell."""

    NAME = "new name"
    RESOLVER = "named by a resolver not the site's"
    ADDRESS = "new address without a name"
    HOME = "at home"
    GROUP = "to a group"
    GAP = "answer in a gap"
    """The address has a name that was learnt, but no answer that the captures hold said so in time."""
    UNDERWAY = "open before the capture"
    """A connection whose beginning no capture holds, by a way that was learnt; nor does any hold its name."""
    NO_NEED = "no need"
    """Nobody answered, or it may not be learnt on principle."""
    LEASE = "own address new"
    """The device got another address, which the policy does not know."""


NEW = (Kind.NAME, Kind.RESOLVER, Kind.ADDRESS, Kind.HOME, Kind.GROUP)
"""What a gateway would stop, too."""

CUT = (Kind.GAP, Kind.UNDERWAY)
"""What captures with gaps hide from whoever learns names; a list of addresses stops it anywhere."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Stopped:
    """A behaviour that was stopped."""

    device: DeviceId
    kind: Kind
    behaviour: Behaviour
    packets: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Judgement:
    """What one policy does to later captures."""

    stopped: tuple[Stopped, ...]
    hours: Mapping[DeviceId, int]
    """Active hours of each device in them."""

    def count(self, *kinds: Kind) -> int:
        """Behaviours that were stopped; without kinds, all."""
        return sum(not kinds or each.kind in kinds for each in self.stopped)

    def weekly(self, count: int) -> float:
        """As many a device and a week of active hours."""
        return count * WEEK_HOURS / max(sum(self.hours.values()), 1)

    @property
    def untouched(self) -> int:
        """Devices of which nothing was stopped."""
        return len(self.hours.keys() - {each.device for each in self.stopped})

    @property
    def kinds(self) -> Counter[Kind]:
        """How many behaviours of each kind."""
        return Counter(each.kind for each in self.stopped)


def judge_later(
    policy: Policy, later: Sequence[Path], whole: Study, *, learnt: Policy, before: int
) -> Judgement:
    """What `policy` stops of captures; `whole` is what they and all earlier ones show together.

    `learnt` says which names were learnt, also for a policy that has none; hours from `before` on, which
    counts hours since 1970, are those of the later captures.
    """
    tallies = prove(policy, open_files(later), kernel=NOT_ASKED).tallies
    found: dict[tuple[DeviceId, Behaviour], Stopped] = {}
    for stop, tally in tallies.stopped.items():
        one = _explain(stop, tally.packets, whole, learnt)
        same = found.get((one.device, one.behaviour))
        packets = one.packets + (same.packets if same else 0)
        found[one.device, one.behaviour] = replace(same or one, packets=packets)
    hours = {
        device.device_id: sum(hour >= before for hour in whole.hours.get(device.device_id, ()))
        for device in policy.devices
    }
    active = {device: count for device, count in hours.items() if count}
    return Judgement(
        stopped=tuple(each for each in found.values() if each.device in active), hours=active
    )


def follow_leases(policy: Policy, whole: Study) -> Policy:
    """The policy with addresses that its devices got later, as a gateway follows leases."""
    bound = {each.device_id: each.addresses for each in whole.policy.devices}
    devices = (
        replace(each, addresses=tuple(sorted({*each.addresses, *bound.get(each.device_id, ())})))
        for each in policy.devices
    )
    return replace(policy, devices=tuple(devices))


def by_address(policy: Policy) -> Policy:
    """The same allow-list on IP level: each name is the addresses that it was seen to have."""
    return replace(policy, devices=tuple(map(_by_address, policy.devices)))


def _by_address(device: DevicePolicy) -> DevicePolicy:
    known = {each.name: each.addresses for each in device.known}
    rules: list[Rule] = []
    for rule in device.rules:
        peer = rule.behaviour.peer
        if peer.kind is not PeerKind.NAME:
            rules.append(rule)
            continue
        for number, ip in enumerate(known.get(peer.value, ())):
            to = Peer(kind=PeerKind.NETWORK, value=host_prefix(ip))
            behaviour = replace(rule.behaviour, peer=to)
            rules.append(replace(rule, id=f"{rule.id}-{number}", behaviour=behaviour))
    return replace(device, rules=tuple(rules), known=())


def _explain(stop: Stop, packets: int, whole: Study, learnt: Policy) -> Stopped:
    if stop.rule == SPOOF:
        behaviour = _unknown(replace(stop, protocol=0, service=-1))
        return Stopped(device=stop.device_id, kind=Kind.LEASE, behaviour=behaviour, packets=packets)
    own = of_device(learnt, stop.device_id)
    rules = own.rules if own else ()
    wanted = {each.behaviour for each in whole.seen.get(stop.device_id, ())}
    seen = _find(stop, whole.every.get(stop.device_id, ()), wanted, rules)
    behaviour = seen.behaviour if seen else _unknown(stop)
    kind = _kind(stop, behaviour, whole, rules) if behaviour in wanted else Kind.NO_NEED
    return Stopped(device=stop.device_id, kind=kind, behaviour=behaviour, packets=packets)


def _kind(stop: Stop, behaviour: Behaviour, whole: Study, rules: Sequence[Rule]) -> Kind:
    """Of a behaviour that leads somewhere."""
    peer = behaviour.peer
    if peer.kind is PeerKind.GROUP:
        return Kind.GROUP
    if peer.kind in LOCALS:
        return Kind.HOME
    names = whole.names.get(stop.peer, frozenset())
    called = (Peer(kind=PeerKind.NAME, value=name) for name in names)
    if any(allows(rules, replace(behaviour, peer=each)) for each in (peer, *called)):
        told = (stop.device_id, stop.peer) in whole.elsewhere
        return Kind.RESOLVER if told else Kind.GAP
    if peer.kind is not PeerKind.NETWORK:
        return Kind.NAME
    way = (behaviour.initiator, behaviour.protocol, behaviour.service)
    learnt = {(each.initiator, each.protocol, each.service) for each in _far(rules)}
    begun = behaviour.protocol != TCP or (stop.peer, behaviour.service.first) in whole.opened
    return Kind.ADDRESS if begun or way not in learnt else Kind.UNDERWAY


def _far(rules: Iterable[Rule]) -> Iterable[Behaviour]:
    far = (PeerKind.NAME, PeerKind.NETWORK)
    return (rule.behaviour for rule in rules if rule.behaviour.peer.kind in far)


def _find(
    stop: Stop, every: Iterable[Seen], wanted: set[Behaviour], rules: Sequence[Rule]
) -> Seen | None:
    """The behaviour that a stopped packet is part of; in an answer the ports are the other way round."""
    there = [
        each for each in every if stop.peer in each.ips and each.behaviour.protocol == stop.protocol
    ]
    exact = [
        each
        for each in there
        if each.behaviour.service.first <= stop.service <= each.behaviour.service.last
    ]

    def likely(each: Seen) -> tuple[bool, bool]:
        return not allows(rules, each.behaviour), each.behaviour in wanted

    return max(exact or there, key=likely, default=None)


def _unknown(stop: Stop) -> Behaviour:
    begins = Initiator.DEVICE if stop.way == "from" else Initiator.PEER
    peer = Peer(kind=PeerKind.NETWORK, value=host_prefix(stop.peer) if stop.peer else "")
    return Behaviour(initiator=begins, peer=peer, protocol=stop.protocol)
