"""Bytes of a capture file -> batches of packets, with constant memory."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field

import numpy as np

from thingwarden.capture import formats, kinds, resync
from thingwarden.capture.frames_kernel import FRAGMENT_SLOTS
from thingwarden.capture.links import link_name
from thingwarden.capture.packets import BATCH_ROWS, PACKET, PADDING, Packets
from thingwarden.capture.records_kernel import DAMAGED, NEED_BYTES, NEED_PYTHON, walk
from thingwarden.capture.sources import ByteSource
from thingwarden.errors import CaptureError

BUFFER_BYTES = 16 << 20  # 4 MiB costs a quarter more: every batch has its fixed costs
RESYNC_BYTES = 1 << 20  # searched behind damage, a step at a time
MOST_DAMAGED_PLACES = 10_000  # then it is made to take our time: each takes 0.4 ms
LARGEST_BUFFER = (1 << 25) + (1 << 20)  # holds the largest block that the kernel believes

Note = Callable[[int | None, str, int], None]
"""Called with a frame (None: the file itself), what could not be read, and how often."""


@dataclass(slots=True)
class CaptureStream:
    """One capture, read from front to back; `packets_seen` and the rest grow as it is read."""

    source: ByteSource
    name: str
    note: Note
    packets_seen: int = 0
    wire_bytes: int = 0
    first_us: int | None = None
    last_us: int | None = None
    link_types: set[int] = field(default_factory=set)
    damaged_places: int = 0
    most_damaged_places: int = MOST_DAMAGED_PLACES
    buffer_bytes: int = BUFFER_BYTES
    _data: np.ndarray = field(default_factory=lambda: np.zeros(PADDING, np.uint8))
    _start: int = 0
    _end: int = 0
    _ended: bool = False

    def batches(self) -> Iterator[Packets]:
        """Batches in order, each valid until the next is asked for.

        Raises `CaptureError` if it is no capture; damage is noted and what follows is read.
        """
        self._data = np.zeros(self.buffer_bytes + PADDING, np.uint8)
        self._fill(24)
        head = bytes(self._data[: min(self._end, 24)])
        state, self._start = formats.read_head(head, self.name)
        self.link_types = state.link_types
        rows = np.zeros(BATCH_ROWS, PACKET)
        fragments = np.zeros((FRAGMENT_SLOTS, 2), np.uint64)
        stopped = np.zeros(2, np.int64)
        while True:
            count = walk(
                self._data,
                self._start,
                self._end,
                state.form,
                state.interfaces,
                rows,
                fragments,
                stopped,
            )
            self._start, why = stopped.tolist()
            if count:
                yield self._batch(rows[:count])
            if why == NEED_BYTES and not self._more():
                return
            if why == NEED_PYTHON and not self._describe(state):
                return
            if why == DAMAGED and not self._skip_damage(state):
                return

    def _batch(self, rows: np.ndarray) -> Packets:
        times = rows["time_us"]
        earliest, latest = int(times.min()), int(times.max())
        self.first_us = earliest if self.first_us is None else min(self.first_us, earliest)
        self.last_us = latest if self.last_us is None else max(self.last_us, latest)
        first_frame = self.packets_seen + 1
        self.packets_seen += len(rows)
        self.wire_bytes += int(rows["wire"].sum())
        self._note_flaws(rows, first_frame)
        return Packets(data=self._data, rows=rows, first_frame=first_frame)

    def _note_flaws(self, rows: np.ndarray, first_frame: int) -> None:
        flawed = np.flatnonzero(rows["flaw"])
        if not len(flawed):
            return
        flaws = rows["flaw"][flawed].astype(np.int64) << 16
        flaws |= np.where(flaws >> 16 == kinds.FLAW_LINK_TYPE, rows["ethertype"][flawed], 0)
        for code, first, count in zip(
            *np.unique(flaws, return_index=True, return_counts=True), strict=True
        ):
            words = kinds.FLAWS[int(code) >> 16].format(detail=link_name(int(code) & 0xFFFF))
            self.note(first_frame + int(flawed[first]), words, int(count))

    def _more(self) -> bool:
        """Read on; False at the end, having said what was left over."""
        wanted = self._end - self._start + 1
        if self._fill(wanted):
            return True
        left = self._end - self._start
        if left and wanted > LARGEST_BUFFER:
            self.note(self.packets_seen + 1, "a record too large to be one", 1)
        elif left:
            self.note(
                self.packets_seen + 1, f"the file ends inside a record ({left} bytes of it)", 1
            )
        return False

    def _fill(self, wanted: int) -> bool:
        """Whether `wanted` unused bytes are there; if not yet, move them to the front and read."""
        unused = self._end - self._start
        if unused >= wanted:
            return True
        if self._ended or wanted > LARGEST_BUFFER:
            return False
        if wanted > len(self._data) - PADDING:
            bigger = np.zeros(
                min(max(wanted, 2 * len(self._data)), LARGEST_BUFFER) + PADDING, np.uint8
            )
            bigger[:unused] = self._data[self._start : self._end]
            self._data = bigger
        elif self._start:
            self._data[:unused] = self._data[self._start : self._end].copy()
        self._start, self._end = 0, unused
        while self._end < wanted and self._read_once():
            pass
        return self._end >= wanted

    def _read_once(self) -> bool:
        """Read what the source gives; False at its end."""
        if self._ended:
            return False
        room = self._data.data[self._end : len(self._data) - PADDING]
        try:
            size = self.source.readinto(room)
        except CaptureError as error:
            self.note(None, str(error), 1)
            size = 0
        except OSError as error:
            self.note(None, f"reading failed: {error.strerror}", 1)
            size = 0
        self._ended = size == 0
        self._end += size
        return not self._ended

    def _describe(self, state: formats.Format) -> bool:
        """Take in the block that the kernel stopped at; False at the end of the file."""
        if not self._fill(12):
            return self._more()
        try:
            start = self._data[self._start : self._start + 12].tobytes()
            if start[:4] == formats.PCAPNG_MAGIC:
                length = formats.read_section(start, state)
            else:
                length = int.from_bytes(start[4:8], "big" if state.form[1] else "little")
            if not self._fill(length):
                return self._more()
            block = self._data[self._start : self._start + length]
            formats.read_block(block.tobytes(), state)
        except ValueError as error:
            self.note(self.packets_seen + 1, str(error), 1)
            return self._skip_damage(state)
        self._start += length
        return True

    def _skip_damage(self, state: formats.Format) -> bool:
        """Go on behind damaged bytes; False if no record follows."""
        find = resync.find_block if state.form[0] else resync.find_record
        frame, skipped, self._start = self.packets_seen + 1, 1, self._start + 1
        self.damaged_places += 1
        if self.damaged_places > self.most_damaged_places:
            most = self.most_damaged_places
            self.note(frame, f"damaged in more than {most} places; not read on", 1)
            return False
        while True:
            self._fill(RESYNC_BYTES)
            at = find(self._data[self._start : self._end], state.form)
            if at >= 0:
                break
            left = 0 if self._ended else min(self._end - self._start, 1 << 16)
            skipped += self._end - self._start - left
            self._start = self._end - left
            if self._ended:
                self.note(frame, f"{skipped} damaged bytes, and no record behind them", 1)
                return False
        self._start += at
        self.note(frame, f"{skipped + at} damaged bytes were passed over", 1)
        return True
