"""A policy and invariants -> whether it keeps them, or the packet that breaks one.

Each list of a device is held against the invariant's own entries, box by box: what must pass is what no entry
before a stop lets go, what must never is whatever an entry may let pass. Where it cannot be told who a name leads to,
what must always pass counts as stopped and what must never as passing under that condition, which is told.
"""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from functools import cached_property
from hashlib import sha256

from thingwarden.errors import PolicyError
from thingwarden.model import (
    Behaviour,
    DevicePolicy,
    Initiator,
    Network,
    Origin,
    Peer,
    PeerKind,
    Policy,
    Rule,
)
from thingwarden.policy.entries import Ends, Entry, Way, list_entries, rule_entries
from thingwarden.policy.gateway.chains import DEFAULT, written
from thingwarden.policy.gateway.matches import can_be_written
from thingwarden.policy.needs import ICMP, ICMP6, NEEDED, TCP
from thingwarden.policy.safety.boxes import Box, Interval, Ports, box_of, meet, ports_of, without
from thingwarden.policy.safety.ends import Site, covers_name, perhaps, places, site_of, surely
from thingwarden.policy.safety.invariants import Demand, Invariant, read_invariants

__all__ = ["Breach", "Proved", "prove", "read_invariants", "require"]

VERSIONS = (4, 6)
ICMP_OF = {ICMP: 4, ICMP6: 6}

ADDRESSING = tuple(rule.behaviour for rule in NEEDED if rule.id.startswith("need-dhcp"))
"""Without an address nothing passes (RFC 2131, RFC 8415)."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Breach:
    """A packet that breaks an invariant."""

    device: DevicePolicy
    """Whose list decides."""
    entry: Entry
    """What the invariant says of such packets."""
    version: int
    box: Box
    """All packets like it."""
    rule: str
    """Id of the rule or patch that decides; `default` where none does."""
    passes: bool = False
    """Whether it is let pass, and must not be."""
    by: Ends | None = None
    """Whom the rule or patch that decides is about."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Proved:
    """What became of an invariant."""

    invariant: Invariant
    breaches: tuple[Breach, ...]
    devices: int
    """It was held against so many; none means that nothing was proved."""
    provided: tuple[str, ...] = ()
    """Names of which it holds only as long as they lead elsewhere."""

    @property
    def kept(self) -> bool:
        """Whether it holds."""
        return not self.breaches and self.devices > 0


def prove(policy: Policy, invariants: Iterable[Invariant]) -> tuple[Proved, ...]:
    """One answer for each invariant, in their order."""
    prover = Prover(policy)
    return tuple(prover.prove(each) for each in invariants)


def require(policy: Policy, invariants: Iterable[Invariant]) -> None:
    """Raises `PolicyError` with the first packet that breaks one, or for one that is about nobody."""
    from thingwarden.policy.safety.packets import say_breach  # noqa: PLC0415  # only where it is broken

    for proved in prove(policy, invariants):
        name = proved.invariant.name
        if not proved.devices:
            raise PolicyError(f"{name}: no device of the policy is {proved.invariant.device!r}")
        if not proved.kept:
            raise PolicyError(
                f"the policy breaks “{name}”: {say_breach(proved.breaches[0], policy)}",
                hint="docs/safety.md says how an invariant is written and what may be done.",
            )


def demanded(policy: Policy, invariants: Iterable[Invariant]) -> Policy:
    """The policy with a rule for each thing that must always pass and does not yet."""
    some = tuple(invariants)
    prover = Prover(policy)
    devices = []
    for device in policy.devices:
        more = tuple(
            _demanded_rule(behaviour, each)
            for each in some
            if each.demand is Demand.ALWAYS and each.is_about(device)
            for behaviour in (each.behaviour, *each.needs)
            if any(prover.missing(device, behaviour))
        )
        new = {rule.id: rule for rule in (*device.rules, *more)}
        devices.append(replace(device, rules=tuple(new.values())))
    return replace(policy, devices=tuple(devices))


class _List:
    """Entries of one way and protocol in their order, and their ports side by side."""

    def __init__(self, entries: Iterable[Entry]) -> None:
        self.entries = tuple(entries)

    @cached_property
    def ports(self) -> Ports:
        return ports_of(self.entries)

    def meeting(self, entry: Entry) -> Iterator[Entry]:
        for place in self.ports.meeting(entry).tolist():
            yield self.entries[place]


EMPTY = _List(())


class Prover:
    """A policy, made ready once."""

    def __init__(self, policy: Policy) -> None:
        self._network: Network = policy.network
        self._devices = policy.devices
        self._site: Site = site_of(policy)
        self._lists: dict[str, dict[tuple[Way, int], _List]] = {}
        self._by_mac = {mac: one for one in policy.devices for mac in one.macs}

    def prove(self, invariant: Invariant) -> Proved:
        about = [one for one in self._devices if invariant.is_about(one)]
        if invariant.demand is Demand.ALWAYS:
            wanted = (invariant.behaviour, *invariant.needs, *ADDRESSING)
            breaches = tuple(
                found
                for one in about
                for behaviour in wanted
                for found in self.missing(one, behaviour)
            )
            return Proved(invariant=invariant, breaches=breaches, devices=len(about))
        found = [each for one in about for each in self._passing(one, invariant.behaviour)]
        return Proved(
            invariant=invariant,
            breaches=tuple(each for each in found if isinstance(each, Breach)),
            devices=len(about),
            provided=tuple(dict.fromkeys(each for each in found if isinstance(each, str))),
        )

    def missing(self, device: DevicePolicy, behaviour: Behaviour) -> Iterator[Breach]:
        """Packets of a behaviour that a list on their way stops."""
        for entry, version in _wanted(behaviour, self._network):
            yield from self._stopped(device, entry, version)
        other = self._by_mac.get(behaviour.peer.value)
        if behaviour.peer.kind is PeerKind.DEVICE and other is not None and other != device:
            for mac in device.macs:
                for entry, version in _wanted(_turned(behaviour, mac), self._network):
                    yield from self._stopped(other, entry, version)

    def _stopped(self, device: DevicePolicy, entry: Entry, version: int) -> Iterator[Breach]:
        left = [box_of(entry, where) for where in places(entry.ends, version)]
        for line in self._list(device, entry).meeting(entry):
            if not left:
                return
            if line.version not in (None, version):
                continue
            if line.allow:
                for where in surely(line.ends, entry.ends, version, self._site):
                    left = without(left, box_of(line, where))
                continue
            for box in self._hit(line, entry, version, left):
                yield Breach(
                    device=device,
                    entry=entry,
                    version=version,
                    box=box,
                    rule=line.rule,
                    by=line.ends,
                )
                return
        if left:
            yield Breach(device=device, entry=entry, version=version, box=left[0], rule=DEFAULT)

    def _hit(self, line: Entry, entry: Entry, version: int, left: Sequence[Box]) -> Iterator[Box]:
        """What a stop may take of boxes, without those whom it surely spares."""
        if not self._stops_anyone(line, version):
            return
        taken = [
            shared
            for where in perhaps(line.ends, entry.ends, version)
            for box in left
            if (shared := meet(box, box_of(line, where)))
        ]
        for ends in line.unless:
            for where in surely(ends, entry.ends, version, self._site):
                taken = without(taken, box_of(line, where))
        yield from taken

    def _stops_anyone(self, line: Entry, version: int) -> bool:
        """Whether a stop does not spare all whom it means."""
        left = [box_of(line, where) for where in places(line.ends, version)]
        for ends in line.unless:
            for where in surely(ends, line.ends, version, self._site):
                left = without(left, box_of(line, where))
        return bool(left)

    def _passing(self, device: DevicePolicy, behaviour: Behaviour) -> Iterator[Breach | str]:
        """Packets of a behaviour that a list lets pass, or names that may lead to them."""
        for entry, version in _wanted(behaviour, self._network):
            if not _asks(entry, behaviour):
                continue
            left = [_beginning(entry, where) for where in places(entry.ends, version)]
            for line in self._list(device, entry).meeting(entry):
                if line.version not in (None, version):
                    continue
                if not line.allow:
                    left = self._spared(line, entry, version, left)
                    continue
                yield from self._let_pass(device, line, entry, version, left)

    def _spared(self, line: Entry, entry: Entry, version: int, left: list[Box]) -> list[Box]:
        """What a stop surely leaves; whom it spares stays."""
        if line.unless:
            return left
        for where in surely(line.ends, entry.ends, version, self._site):
            left = without(left, box_of(line, where))
        return left

    def _let_pass(
        self, device: DevicePolicy, line: Entry, entry: Entry, version: int, left: Sequence[Box]
    ) -> Iterator[Breach | str]:
        for where in perhaps(line.ends, entry.ends, version):
            for box in left:
                shared = meet(box, box_of(line, where))
                if shared is None:
                    continue
                name = line.ends.name or entry.ends.name
                if name is not None and not self._is_named(line, entry, version):
                    yield name
                else:
                    yield Breach(
                        device=device,
                        entry=entry,
                        version=version,
                        box=shared,
                        rule=line.rule,
                        passes=True,
                        by=line.ends,
                    )
                return

    def _is_named(self, line: Entry, entry: Entry, version: int) -> bool:
        """Whether whom a line names is meant in any case, and not only where a name leads there."""
        covered = surely(line.ends, entry.ends, version, self._site)
        return bool(covered) or _is_anyone(entry) or _within(line, entry)

    def _list(self, device: DevicePolicy, entry: Entry) -> _List:
        key = str(device.device_id)
        if key not in self._lists:
            found: dict[tuple[Way, int], list[Entry]] = {}
            for one in map(written, list_entries(device, self._network)):
                if can_be_written(one):
                    found.setdefault((one.way, one.protocol), []).append(one)
            self._lists[key] = {way: _List(entries) for way, entries in found.items()}
        return self._lists[key].get((entry.way, entry.protocol), EMPTY)


def _wanted(behaviour: Behaviour, network: Network) -> Iterator[tuple[Entry, int]]:
    """Entries of a behaviour, in each version of IP in which there is somebody."""
    rule = _demanded_rule(behaviour, None)
    for entry in rule_entries(rule, network):
        for version in VERSIONS:
            own = ICMP_OF.get(behaviour.protocol, version)
            fits = behaviour.version in (None, version) and own == version
            if fits and places(entry.ends, version):
                yield entry, version


def _beginning(entry: Entry, where: Interval) -> Box:
    """What must not pass: of TCP what begins a connection, since without it there is none."""
    there, own, peer, kind = box_of(entry, where)
    return (there, own, peer, (1, 1) if entry.protocol == TCP else kind)


def _asks(entry: Entry, behaviour: Behaviour) -> bool:
    """Whether an entry is of the side that begins: without its packets there is no answer."""
    begins = Way.FROM if behaviour.initiator is Initiator.DEVICE else Way.TO
    return entry.way is begins


def _is_anyone(entry: Entry) -> bool:
    ends = entry.ends
    return ends.networks is None and ends.macs is None and ends.name is None


def _within(line: Entry, entry: Entry) -> bool:
    """Whether all names of a line are among those of an entry."""
    name, pattern = line.ends.name, entry.ends.name
    return name is not None and pattern is not None and covers_name(pattern, name)


def _turned(behaviour: Behaviour, mac: str) -> Behaviour:
    begins = behaviour.initiator is Initiator.DEVICE
    return replace(
        behaviour,
        initiator=Initiator.PEER if begins else Initiator.DEVICE,
        peer=Peer(kind=PeerKind.DEVICE, value=mac),
    )


def _demanded_rule(behaviour: Behaviour, invariant: Invariant | None) -> Rule:
    digest = sha256(repr(behaviour).encode()).hexdigest()[:12]
    note = invariant.name if invariant else ""
    return Rule(id=f"i{digest}", behaviour=behaviour, origin=Origin.INVARIANT, note=note)
