"""Entries -> boxes of packets, and what is left of boxes where another is cut out.

A box has an interval on each axis: the other end, the device's port (of ICMP the type), the other end's port,
and whether a packet begins a TCP connection. Whoever is told by name or hardware address stands at one place
of the first axis: who is meant is compared in `ends.py`.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from thingwarden.policy.entries import Entry
from thingwarden.policy.needs import ICMP, ICMP6, TCP

Interval = tuple[int, int]
"""First and last, both included."""

Box = tuple[Interval, Interval, Interval, Interval]
"""Other end, own port, the peer's port, beginning: 1 for SYN without ACK, 0 for all else."""

WHOEVER: Interval = (0, 0)
"""Where those stand who are told by name or hardware address."""

ANY_KIND, GOES_ON = (0, 1), (0, 0)

MOST_TYPE = 255


@dataclass(frozen=True, slots=True, kw_only=True)
class Ports:
    """First and last ports of entries, side by side: most entries are ruled out at once."""

    bounds: NDArray[np.int32]
    """Rows of own first and last, peer's first and last."""

    def meeting(self, entry: Entry) -> NDArray[np.int64]:
        """Places of the entries whose ports meet those of another, in order."""
        own, peer = _own(entry), entry.peer
        low_own, high_own, low_peer, high_peer = self.bounds.T
        fits = (low_own <= own[1]) & (own[0] <= high_own)
        fits &= (low_peer <= peer.last) & (peer.first <= high_peer)
        return np.flatnonzero(fits)


def ports_of(entries: Sequence[Entry]) -> Ports:
    """Ports of entries of one protocol, in their order."""
    rows = [(*_own(one), one.peer.first, one.peer.last) for one in entries]
    return Ports(bounds=np.array(rows, np.int32).reshape(-1, 4))


def box_of(entry: Entry, where: Interval) -> Box:
    """The whole packets that fit an entry, with those at `where`."""
    kind = ANY_KIND if entry.protocol == TCP and entry.opens else GOES_ON
    return (where, _own(entry), (entry.peer.first, entry.peer.last), kind)


def meet(one: Box, other: Box) -> Box | None:
    """What two boxes share."""
    shared = (
        _meet(one[0], other[0]),
        _meet(one[1], other[1]),
        _meet(one[2], other[2]),
        _meet(one[3], other[3]),
    )
    return None if any(low > high for low, high in shared) else shared


def without(boxes: Iterable[Box], away: Box) -> list[Box]:
    """What is left of boxes: each falls into at most two for each axis."""
    return [part for box in boxes for part in _cut(box, away)]


def _cut(box: Box, away: Box) -> list[Box]:
    shared = meet(box, away)
    if shared is None:
        return [box]
    parts: list[Box] = []
    for axis, (first, last) in enumerate(shared):
        low, high = box[axis]
        for part in ((low, first - 1), (last + 1, high)):
            if part[0] <= part[1]:
                sides = [*shared[:axis], part, *box[axis + 1 :]]
                parts.append((sides[0], sides[1], sides[2], sides[3]))
    return parts


def _meet(one: Interval, other: Interval) -> Interval:
    return max(one[0], other[0]), min(one[1], other[1])


def _own(entry: Entry) -> Interval:
    last = min(entry.own.last, MOST_TYPE) if entry.protocol in (ICMP, ICMP6) else entry.own.last
    return (entry.own.first, last)
