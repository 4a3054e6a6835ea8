"""Packets -> flows: the tracker that keeps the records, gives room and tells what has ended."""

import secrets
from typing import Protocol

import numpy as np
from numpy.typing import NDArray

from thingwarden.capture.packets import BATCH_ROWS, Packets
from thingwarden.flows import records
from thingwarden.flows.feed_kernel import feed_segments
from thingwarden.flows.records import (
    LATEST_US,
    N_FLOWS,
    N_FREE,
    N_PIECES,
    N_READY,
    N_SEGMENTS,
    NEXT_ID,
    ROW,
)
from thingwarden.flows.track_kernel import compact, track

FIRST_ROOM = 16_384
MOST_ROOM = 262_144
"""Flows at a time, 90 MB; a flood of more is told as it comes, oldest first (`room`)."""
IDS_PER_CAPTURE = 1 << 32
LATE_US = 5_000_000
"""Packets that come this late to a closed connection still belong to it."""
RST = 4
CROSSING = (6, 17)
"""Protocols whose flows may begin in one capture and end in the next."""


class Listener(Protocol):
    """What the tracker tells, as it goes on."""

    def windows(
        self, slots: NDArray[np.void], numbers: NDArray[np.int32], windows: NDArray[np.uint8]
    ) -> None:
        """Heads of messages in the rows `numbers` of `windows`, with their slots."""
        ...

    def pieces(self, packets: Packets, pieces: NDArray[np.void]) -> None:
        """Messages that lie whole in packets."""
        ...

    def ended(self, flows: NDArray[np.void], sides: NDArray[np.void]) -> None:
        """Flows that got their last packet; two sides a flow."""
        ...


class FlowTracker:
    """Follows every flow of a site's captures, one capture after the other."""

    def __init__(self, listener: Listener) -> None:
        self._listener = listener
        self._counters = np.zeros(records.COUNTERS, np.int64)
        self._counters[records.SEED_A] = secrets.randbits(62)
        self._counters[records.SEED_B] = secrets.randbits(62)
        self._flows = np.zeros(FIRST_ROOM, records.FLOW)
        self._sides = np.zeros(2 * FIRST_ROOM, records.SIDE)
        self._table = np.full(4 * FIRST_ROOM, -1, np.int32)
        self._segments = np.zeros(2 * BATCH_ROWS, records.SEGMENT)
        self._slots = np.zeros(records.WINDOWS, records.SLOT)
        self._windows = np.zeros((records.WINDOWS + 1, records.WINDOW_BYTES), np.uint8)
        self._free = np.arange(records.WINDOWS, dtype=np.int32)
        self._ready = np.zeros(records.READY, np.int32)
        self._pieces = np.zeros(records.PIECES, records.PIECE)
        self._counters[N_FREE] = records.WINDOWS
        self._work = (
            self._free,
            self._slots,
            self._ready,
            self._pieces,
            self._counters,
            self._windows,
        )

    def begin(self, capture: int) -> None:
        """Go on with another capture: its flows get numbers of their own."""
        self._counters[NEXT_ID] = capture * IDS_PER_CAPTURE
        self._counters[LATEST_US] = 0

    def add(self, packets: Packets) -> None:
        """Take in a batch; fills in its column `flow_id`."""
        start = 0
        while True:
            self._counters[N_SEGMENTS] = 0
            why = track(
                packets.rows,
                start,
                packets.first_frame,
                self._table,
                self._flows,
                self._sides,
                self._segments,
                self._counters,
            )
            start = int(self._counters[ROW])
            self._read_streams(packets)
            if why == records.ALL_DONE:
                return
            self._make_room()

    def finish(self) -> None:
        """End all flows of this capture; who began those that go on is remembered for the next."""
        flows = self._flows[: self._counters[N_FLOWS]]
        still = flows["ended"] == records.OPEN
        closed = still & self._closed()
        flows["ended"][still] = records.CAPTURE_END
        flows["ended"][closed] = records.CLOSED
        going_on = still & ~closed & np.isin(flows["protocol"], CROSSING)
        self._tell_and_compact(dormant=going_on | (flows["ended"] == records.DORMANT))

    def _read_streams(self, packets: Packets) -> None:
        start, why = 0, records.NEED_SERVICE
        while why != records.ALL_DONE:
            why = feed_segments(
                packets.data,
                packets.rows,
                start,
                packets.first_frame,
                self._segments,
                self._flows,
                self._sides,
                *self._work,
            )
            start = int(self._counters[ROW])
            if self._counters[N_PIECES]:
                self._listener.pieces(packets, self._pieces[: self._counters[N_PIECES]])
                self._counters[N_PIECES] = 0
            self._hand_over()
            if self._counters[N_FREE] < 16:
                self._take_windows()

    def _hand_over(self) -> None:
        """Give the windows that are ready to the listener, and free them."""
        count = int(self._counters[N_READY])
        if not count:
            return
        numbers = self._ready[:count].copy()
        self._listener.windows(self._slots, numbers, self._windows)
        self._slots["state"][numbers] = 0
        free = int(self._counters[N_FREE])
        self._free[free : free + count] = numbers
        self._counters[N_FREE] += count
        self._counters[N_READY] = 0

    def _take_windows(self) -> None:
        """Read the quarter of the windows that is silent longest as it is."""
        taken = np.argsort(self._slots["last_us"], kind="stable")[: records.WINDOWS // 4]
        sides = self._sides[: 2 * self._counters[N_FLOWS]]
        holders = np.flatnonzero(np.isin(sides["window"], taken))
        self._close_windows(holders, mode=records.LOST)

    def _close_windows(self, holders: NDArray[np.int64], *, mode: int) -> None:
        """Hand over the windows that these sides hold, whole or not."""
        for part in np.array_split(holders, max(1, -(-len(holders) // (records.READY // 2)))):
            numbers = self._sides["window"][part]
            self._sides["window"][part] = -1
            self._sides["mode"][part] = mode
            self._ready[: len(numbers)] = numbers
            self._counters[N_READY] = len(numbers)
            self._hand_over()

    def _closed(self) -> NDArray[np.bool_]:
        count = int(self._counters[N_FLOWS])
        a, b = self._sides[0 : 2 * count : 2], self._sides[1 : 2 * count : 2]
        reset = (a["flags"] | b["flags"]) & RST != 0
        closed: NDArray[np.bool_] = reset | ((a["fin"] != 0) & (b["fin"] != 0))
        return closed

    def _make_room(self) -> None:
        """Tell flows that have ended; take more room if most go on."""
        flows = self._flows[: self._counters[N_FLOWS]]
        still = flows["ended"] == records.OPEN
        silent_us = self._counters[LATEST_US] - flows["last_us"]
        idle = still & (silent_us > records.IDLE_US)
        flows["ended"][idle] = records.IDLE
        flows["ended"][still & self._closed() & (silent_us > LATE_US)] = records.CLOSED
        lasting = (flows["ended"] == records.DORMANT) & (silent_us < records.DORMANT_US)
        remembered = lasting | (idle & (flows["ended"] == records.IDLE) & (flows["protocol"] == 6))
        if remembered.sum() > len(self._flows) // 4:
            remembered[:] = False
        self._tell_and_compact(dormant=remembered)
        if self._counters[N_FLOWS] * 2 > len(self._flows):
            self._grow()

    def _grow(self) -> None:
        if len(self._flows) >= MOST_ROOM:
            flows = self._flows[: self._counters[N_FLOWS]]
            oldest = np.argsort(flows["last_us"], kind="stable")[: MOST_ROOM // 4]
            ending = oldest[flows["ended"][oldest] == records.OPEN]
            flows["ended"][ending] = records.NO_ROOM
            self._tell_and_compact(dormant=np.zeros(len(flows), bool))
            return
        self._flows = np.concatenate([self._flows, np.zeros_like(self._flows)])
        self._sides = np.concatenate([self._sides, np.zeros_like(self._sides)])
        self._table = np.full(2 * len(self._table), -1, np.int32)
        self._tell_and_compact(
            dormant=self._flows["ended"][: self._counters[N_FLOWS]] == records.DORMANT
        )

    def _tell_and_compact(self, *, dormant: NDArray[np.bool_]) -> None:
        """Tell what has ended; keep what is open, and what is to be remembered as `dormant`."""
        count = int(self._counters[N_FLOWS])
        flows, sides = self._flows[:count], self._sides[: 2 * count]
        told = (flows["ended"] > records.OPEN) & (flows["ended"] < records.DORMANT)
        pairs = np.repeat(told, 2)
        self._close_windows(np.flatnonzero(pairs & (sides["window"] >= 0)), mode=records.WAITING)
        if told.any():
            self._listener.ended(flows[told], sides[pairs])
        flows["ended"][dormant] = records.DORMANT
        keep = (flows["ended"] == records.OPEN) | dormant
        compact(self._flows, self._sides, keep, self._table, self._counters)
