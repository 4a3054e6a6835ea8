"""Frames and a policy -> what becomes of each frame, as the kernel of a gateway would have it.

Frames that no list tells apart are judged once: hardware addresses, addresses between the bounds of all
prefixes, ports between the bounds of all spans. What names stand for changes in time; a batch is cut there.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from thingwarden.model import ANY, DeviceId, Policy
from thingwarden.policy.entries import Way
from thingwarden.policy.proof.headers import ARP, IP4, IP6, TAGGED, Headers, Wide
from thingwarden.policy.proof.lists import DeviceLists, Line, Lists, Packet, Whom
from thingwarden.policy.proof.names import Address, NameSets, Told

DEFAULT, SPOOF = "default", "spoof"
"""Ids of what stops that no rule has: nothing fits; the sender's address is not its own."""

VERSIONS = {ARP: 4, IP4: 4, IP6: 6}

FORGETFUL = 1 << 20
"""Different packets of which the verdict is remembered: some 200 MB."""

BATCH_KEY = np.dtype([("a", np.uint64), ("b", np.uint64)])


@dataclass(frozen=True, slots=True, kw_only=True)
class Stage:
    """What one device's list said of a packet."""

    device_id: DeviceId
    way: Way
    rule: str
    """Id of a rule or patch, `DEFAULT` or `SPOOF`."""
    allow: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class Outcome:
    """What all lists said; frames that no list is about pass."""

    passes: bool
    stages: tuple[Stage, ...] = ()
    names: tuple[str, ...] = ()
    """Whose sets let it pass on its way from a device: its address lives on there."""


UNTOUCHED = Outcome(passes=True)


@dataclass(frozen=True, slots=True, kw_only=True)
class Answer:
    """What a resolver said in one frame of a batch."""

    row: int
    name: str
    addresses: tuple[Address, ...]
    source: Address
    mac: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Verdicts:
    """What became of the frames of a batch."""

    outcome: NDArray[np.int32]
    """Place in `Judge.outcomes` for each frame."""
    told: Sequence[tuple[int, Told]]
    """Before which row of the batch a name got or lost an address; in order."""


class Judge:
    """A policy, with what names stand for as time goes by."""

    def __init__(self, policy: Policy) -> None:
        self.lists = Lists(policy)
        self.names = NameSets(self.lists)
        self.outcomes: list[Outcome] = [UNTOUCHED]
        self._places: dict[Outcome, int] = {UNTOUCHED: 0}
        self.resolvers = frozenset(policy.network.resolvers)
        self._ports = _port_classes(self.lists)
        self._fixed = _fixed_bounds(self.lists)
        self._bounds: NDArray[np.uint64] = np.zeros(0, np.uint64)
        self._known: dict[tuple[int, int], int] = {}
        self._keys = np.random.default_rng().integers(1, 1 << 62, (2, 16), np.uint64) | np.uint64(1)
        self._renew()

    def judge(
        self, headers: Headers, times: NDArray[np.int64], answers: Sequence[Answer] = ()
    ) -> Verdicts:
        """Verdicts of frames in their order; `answers` are those among them, by row."""
        outcome = np.zeros(len(times), np.int32)
        told: list[tuple[int, Told]] = []
        if not len(times):
            return Verdicts(outcome=outcome, told=told)
        self.names.start(int(times[0]))
        first, waiting = 0, list(answers)
        while first < len(times):
            gone = self.names.forget(int(times[first]))
            told += [(first, each) for each in gone]
            last = self._cut(first, times, waiting)
            if gone:
                self._renew()
            self._judge_part(headers, times, outcome, slice(first, last))
            while waiting and waiting[0].row < last:
                answer = waiting.pop(0)
                new = self._hear(answer, int(times[answer.row]))
                told += [(answer.row + 1, each) for each in new]
            first = last
        return Verdicts(outcome=outcome, told=told)

    def _cut(self, first: int, times: NDArray[np.int64], waiting: Sequence[Answer]) -> int:
        """Up to where nothing that names stand for changes."""
        last = len(times)
        if waiting:
            last = waiting[0].row + 1
        due = self.names.next_end()
        late = np.flatnonzero(times[first:last] >= due)
        return max(first + int(late[0]), first + 1) if len(late) else last

    def _hear(self, answer: Answer, time_us: int) -> list[Told]:
        """An answer counts where its sender is who it says."""
        number = self.lists.by_mac.get(answer.mac)
        if number is not None:
            version, address = answer.source
            if address not in self.lists.devices[number].bound[version]:
                return []
        new = self.names.tell(answer.name, answer.addresses, time_us)
        if new:
            self._renew()
        return new

    def _renew(self) -> None:
        """Names stand for something else: what was said of packets may hold no longer."""
        told = {
            number
            for addresses in self.names.addresses().values()
            for version, number in addresses
            if version == 4
        }
        bounds = self._fixed | told | {number + 1 for number in told}
        self._bounds = np.array(sorted(bounds), np.uint64)
        self._known.clear()

    def _judge_part(
        self,
        headers: Headers,
        times: NDArray[np.int64],
        outcome: NDArray[np.int32],
        part: slice,
    ) -> None:
        keys = self._key(headers, part)
        if len(self._known) > FORGETFUL:
            self._known.clear()
        unique, rows, inverse = _unique(keys)
        places = np.zeros(len(unique), np.int32)
        for number, key in enumerate(map(tuple, unique.tolist())):
            place = self._known.get(key)
            if place is None:
                place = self._place(_packet(headers, part.start + int(rows[number])))
                self._known[key] = place
            places[number] = place
        found = places[inverse]
        outcome[part] = found
        self._use(headers, times, part, found)

    def _use(
        self, headers: Headers, times: NDArray[np.int64], part: slice, found: NDArray[np.int32]
    ) -> None:
        """Addresses of names that were used live on."""
        using = [place for place in np.unique(found).tolist() if self.outcomes[place].names]
        for place in using:
            rows = np.flatnonzero(found == place) + part.start
            targets = headers.target[rows]
            _, last = np.unique(targets[::-1], axis=0, return_index=True)
            for row in rows[len(rows) - 1 - last].tolist():
                address = _address(headers.kind[row], headers.target[row])
                for name in self.outcomes[place].names:
                    self.names.use(name, address, int(times[row]))

    def _key(self, headers: Headers, part: slice) -> NDArray[Any]:
        """128 bits for each frame, made with numbers that nobody outside knows."""
        flags = headers.kind[part].astype(np.uint64)
        for number, column in enumerate(
            (headers.whole, headers.later, headers.begins, headers.flags)
        ):
            flags |= column[part].astype(np.uint64) << np.uint64(4 + number)
        protocol = (headers.protocol[part] + 1).astype(np.uint64)
        ports = self._ports[headers.ports[part] + 1].astype(np.uint64)
        four = headers.kind[part] <= IP4
        columns = [
            headers.src_mac[part],
            headers.dst_mac[part],
            flags | (protocol << np.uint64(16)) | (ports[:, 0] << np.uint64(32)),
            ports[:, 1],
        ]
        for address in (headers.source[part], headers.target[part]):
            low = np.searchsorted(self._bounds, address[:, 1], side="right")
            columns += [address[:, 0], np.where(four, low.astype(np.uint64), address[:, 1])]
        keys = np.zeros(len(flags), BATCH_KEY)
        for number, name in enumerate(("a", "b")):
            mixed = np.zeros(len(flags), np.uint64)
            for column, odd in zip(columns, self._keys[number], strict=False):
                mixed = (mixed ^ column) * odd
                mixed ^= mixed >> np.uint64(29)
            keys[name] = mixed
        return keys

    def _place(self, packet: tuple[Packet, int, bool]) -> int:
        outcome = self._decide(*packet)
        place = self._places.setdefault(outcome, len(self.outcomes))
        if place == len(self.outcomes):
            self.outcomes.append(outcome)
        return place

    def _decide(self, packet: Packet, kind: int, whole: bool) -> Outcome:  # noqa: FBT001
        """The lists of the sender, then of the receiver."""
        stages: list[Stage] = []
        names: tuple[str, ...] = ()
        sender = self.lists.by_mac.get(packet.source_mac)
        if sender is not None and kind in (ARP, IP4, IP6, TAGGED):
            one = self.lists.devices[sender]
            if not whole or not self.lists.may_send_from(one, VERSIONS[kind], packet.source):
                stages.append(_stage(one, Way.FROM, SPOOF, allow=False))
            elif kind != ARP:
                line = self._first(one, Way.FROM, packet)
                stages.append(_say(one, Way.FROM, line))
                names = _names(line)
        receiver = self.lists.by_mac.get(packet.target_mac)
        going = not stages or stages[0].allow
        if going and receiver is not None and kind in (IP4, IP6):
            one = self.lists.devices[receiver]
            stages.append(_say(one, Way.TO, self._first(one, Way.TO, packet)))
        passes = all(stage.allow for stage in stages)
        return Outcome(passes=passes, stages=tuple(stages), names=names)

    def _first(self, one: DeviceLists, way: Way, packet: Packet) -> Line | None:
        for line in one.lines.get((way, packet.protocol), ()):
            if line.fits(packet, self.names):
                return line
        return None


def _stage(one: DeviceLists, way: Way, rule: str, *, allow: bool) -> Stage:
    return Stage(device_id=one.device.policy.device_id, way=way, rule=rule, allow=allow)


def _say(one: DeviceLists, way: Way, line: Line | None) -> Stage:
    if line is None:
        return _stage(one, way, DEFAULT, allow=False)
    return _stage(one, way, line.entry.rule, allow=line.entry.allow)


def _names(line: Line | None) -> tuple[str, ...]:
    """Names whose sets a packet refreshes; only what is let pass does."""
    return (line.whom.name,) if line and line.entry.allow and line.whom.name else ()


def _packet(headers: Headers, row: int) -> tuple[Packet, int, bool]:
    """A packet as lists see it, what kind of frame it is in, and whether its addresses are there."""
    kind = int(headers.kind[row])
    whole = bool(headers.whole[row])
    version, source = _address(kind, headers.source[row])
    packet = Packet(
        version=version if kind != ARP else 0,
        source=source,
        target=_address(kind, headers.target[row])[1],
        source_mac=int(headers.src_mac[row]),
        target_mac=int(headers.dst_mac[row]),
        protocol=int(headers.protocol[row]),
        later=bool(headers.later[row]),
        first=int(headers.ports[row, 0]),
        second=int(headers.ports[row, 1]),
        begins=bool(headers.begins[row]),
        flags=bool(headers.flags[row]),
    )
    return packet, kind, whole


def _address(kind: int, pair: Wide) -> Address:
    high, low = pair.tolist()
    return VERSIONS.get(int(kind), 0), (high << 64) | low


def _unique(keys: NDArray[Any]) -> tuple[NDArray[Any], NDArray[np.int64], NDArray[np.int64]]:
    """Different keys, where each stands first, and which each frame has; by one half, then the other."""
    order = np.lexsort((keys["b"], keys["a"]))
    ordered = keys[order]
    new = np.ones(len(keys), bool)
    new[1:] = (ordered["a"][1:] != ordered["a"][:-1]) | (ordered["b"][1:] != ordered["b"][:-1])
    inverse = np.empty(len(keys), np.int64)
    inverse[order] = np.cumsum(new) - 1
    return ordered[new], order[new], inverse


def _port_classes(lists: Lists) -> NDArray[np.int32]:
    """For each port, from -1 on, a number that ports share which no line tells apart."""
    bounds = {0, 256}
    for line in _all_lines(lists):
        spans = (line.entry.own, line.entry.peer)
        bounds |= {bound for span in spans if span != ANY for bound in (span.first, span.last + 1)}
    edges = sorted(bounds)
    classes = np.searchsorted(np.array(edges), np.arange(-1, 1 << 16), side="right")
    return classes.astype(np.int32)


def _fixed_bounds(lists: Lists) -> set[int]:
    """First addresses of IPv4 from which on some list may say something else."""
    bounds = {0, 1}
    ranges = [*lists.sources[4]]
    for line in _all_lines(lists):
        for whom in (line.whom, *line.unless):
            ranges += _ranges(whom)
    for one in lists.devices:
        ranges += [(address, address) for address in one.bound[4]]
    for first, last in ranges:
        bounds |= {first, last + 1}
    return bounds


def _ranges(whom: Whom) -> Sequence[tuple[int, int]]:
    return whom.ranges.get(4, ()) if whom.ranges else ()


def _all_lines(lists: Lists) -> Iterator[Line]:
    for one in lists.devices:
        for lines in one.lines.values():
            yield from lines
