"""Verdicts, batch by batch -> for each device what passed by which rule, and what was stopped, in numbers."""

from collections.abc import Iterable
from dataclasses import dataclass, field
from ipaddress import IPv4Address, IPv6Address

import numpy as np
from numpy.typing import NDArray

from thingwarden.model import DeviceId
from thingwarden.policy.entries import Way
from thingwarden.policy.proof.headers import ARP, Headers
from thingwarden.policy.proof.judge import VERSIONS, Judge, Stage

MOST_STOPS = 2_000
"""Different things that are told of one device; what comes later is only counted."""

EPHEMERAL = 1024


@dataclass(slots=True, kw_only=True)
class Tally:
    """Packets, and when."""

    packets: int = 0
    first_us: int = 0
    last_us: int = 0
    confirmed: int = 0
    """Of the packets: those of which the kernel says the same."""

    def add(self, packets: int, first_us: int, last_us: int, confirmed: int = 0) -> None:
        """Some more."""
        self.confirmed += confirmed
        self.first_us = first_us if not self.packets else min(self.first_us, first_us)
        self.last_us = max(self.last_us, last_us)
        self.packets += packets


@dataclass(frozen=True, slots=True, kw_only=True, order=True)
class Stop:
    """What was stopped, told apart by who, whom and what."""

    device_id: DeviceId
    way: str
    rule: str
    """Id of a patch, `default` or `spoof`."""
    peer: str
    """Address of the other end; where the source is spoofed, that source."""
    protocol: int
    """-1: not to be told; ARP has 0."""
    service: int
    """The port that is reached, as far as that can be told; the type of ICMP; -1: none."""


@dataclass(slots=True, kw_only=True)
class Tallies:
    """All that was judged of some captures."""

    passed: dict[tuple[DeviceId, str, str], Tally] = field(default_factory=dict)
    """By device, way and rule."""
    stopped: dict[Stop, Tally] = field(default_factory=dict)
    more: dict[DeviceId, int] = field(default_factory=dict)
    """Packets stopped that are told apart no more."""
    frames: int = 0
    foreign: int = 0
    """Frames of no device of the policy."""
    untested: dict[str, int] = field(default_factory=dict)
    """Frames that could not be judged, by the reason."""
    _stops: dict[DeviceId, int] = field(default_factory=dict)

    def add(
        self,
        judge: Judge,
        headers: Headers,
        outcome: NDArray[np.int32],
        times: NDArray[np.int64],
        confirmed: NDArray[np.bool_] | None = None,
    ) -> None:
        """A batch; `confirmed`: of which frames the kernel says the same, None where it was not asked."""
        if confirmed is None:
            confirmed = np.zeros(len(outcome), bool)
        self.frames += len(outcome)
        for place in np.unique(outcome).tolist():
            rows = np.flatnonzero(outcome == place)
            stages = judge.outcomes[place].stages
            if not stages:
                self.foreign += len(rows)
                continue
            for stage in stages:
                if stage.allow:
                    key = (stage.device_id, stage.way.value, stage.rule)
                    _add(self.passed.setdefault(key, Tally()), times[rows], confirmed[rows])
            if not stages[-1].allow:
                self._add_stops(stages[-1], headers, rows, times[rows], confirmed[rows])

    def _add_stops(
        self,
        stage: Stage,
        headers: Headers,
        rows: NDArray[np.int64],
        times: NDArray[np.int64],
        confirmed: NDArray[np.bool_],
    ) -> None:
        """`times` and `confirmed` are of `rows`."""
        columns = _columns(stage, headers, rows)
        unique, inverse = np.unique(columns, axis=0, return_inverse=True)
        order = np.argsort(inverse, kind="stable")
        for part, row in zip(_split(order, inverse), unique.tolist(), strict=True):
            stop = _stop(stage, row)
            if stop not in self.stopped:
                count = self._stops.get(stage.device_id, 0)
                if count >= MOST_STOPS:
                    self.more[stage.device_id] = self.more.get(stage.device_id, 0) + len(part)
                    continue
                self._stops[stage.device_id] = count + 1
            _add(self.stopped.setdefault(stop, Tally()), times[part], confirmed[part])

    def leave_out(self, reason: str, packets: int) -> None:
        """Frames that could not be judged."""
        if packets:
            self.untested[reason] = self.untested.get(reason, 0) + packets


def _add(tally: Tally, times: NDArray[np.int64], confirmed: NDArray[np.bool_]) -> None:
    tally.add(len(times), int(times.min()), int(times.max()), int(np.count_nonzero(confirmed)))


def _split(order: NDArray[np.int64], inverse: NDArray[np.int64]) -> Iterable[NDArray[np.int64]]:
    edges = np.flatnonzero(np.diff(inverse[order])) + 1
    return np.split(order, edges)


def _columns(stage: Stage, headers: Headers, rows: NDArray[np.int64]) -> NDArray[np.uint64]:
    """Kind, halves of the other end's address, protocol and service, each as a number."""
    inward = stage.way is Way.TO or stage.rule == "spoof"
    peer = (headers.source if inward else headers.target)[rows]
    protocol = headers.protocol[rows].astype(np.int64)
    ports = headers.ports[rows].astype(np.int64)
    asked = ports[:, 1]
    low = np.where((ports[:, 0] < EPHEMERAL) & (asked >= EPHEMERAL), ports[:, 0], asked)
    service = np.where(headers.begins[rows], asked, low)
    service = np.where(np.isin(protocol, (6, 17)), service, ports[:, 0])
    return np.column_stack(
        (
            headers.kind[rows].astype(np.uint64),
            peer,
            (protocol + 1).astype(np.uint64),
            (service + 1).astype(np.uint64),
        )
    )


def _stop(stage: Stage, row: list[int]) -> Stop:
    kind, high, low, protocol, service = row
    return Stop(
        device_id=stage.device_id,
        way=stage.way.value,
        rule=stage.rule,
        peer=_say_address(kind, (high << 64) | low),
        protocol=0 if kind == ARP else protocol - 1,
        service=service - 1,
    )


def _say_address(kind: int, number: int) -> str:
    version = VERSIONS.get(kind)
    if version is None:
        return ""
    return str(IPv4Address(number) if version == 4 else IPv6Address(number))
