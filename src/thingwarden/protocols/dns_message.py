"""Payloads of DNS, Multicast DNS or LLMNR -> rows of messages and of their records (RFC 1035).

It brings Numba with it: the readers import it when they are first used.
"""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import pyarrow as pa
from numpy.typing import NDArray

from thingwarden.protocols import columns
from thingwarden.protocols import dns_kernel as kernel
from thingwarden.protocols.reader import Payloads, Readings, Records
from thingwarden.tables import Table

REASONS = (
    "",
    "shorter than a DNS header",
    "not a DNS message",
    "name cut",
    "compression loop",
    "compression into the header",
    "more than 16 compression hops",
    "label of an unknown kind",
    "name over 255 bytes",
    "value does not fit its record",
    "more than 256 records or 16 KiB of text",
    "question cut",
    "record cut",
    "message cut",
)
"""In the order of the kernel's numbers."""

SECTIONS = ("answer", "authority", "additional")
MAX_ROWS = 65_536  # made at a time: what a batch of packets rarely exceeds
MAX_TEXT_BYTES = 4 << 20


_Part = tuple[NDArray[np.int64], tuple[pa.Array, ...]]
"""Which payload each row came from, and the columns."""


@dataclass(frozen=True, slots=True, kw_only=True)
class _Room:
    """Memory that the kernel writes to, see `dns_kernel`."""

    progress: NDArray[np.int64]
    messages: NDArray[np.int32]
    records: NDArray[np.int32]
    pool: NDArray[np.uint8]

    def clear(self) -> None:
        """Forget all rows and texts, but not how far the payloads were read."""
        third = self.pool.size // 3
        self.progress[kernel.MESSAGES :] = (0, 0, 0, third, 2 * third)


def read_messages(
    payloads: Payloads, tables: tuple[Table, Table], *, keep_utf8: bool = False
) -> Readings:
    """Rows for a table of `dns.MESSAGE_FIELDS` and one of `dns.RECORD_FIELDS`.

    Names are escaped as in RFC 1035 section 5.1; `keep_utf8` leaves visible characters beyond
    ASCII as they are.
    """
    room = _make_room(payloads)
    options = kernel.STREAM * payloads.stream | kernel.KEEP_UTF8 * keep_utf8
    reasons = np.zeros(len(payloads.start), dtype=np.uint8)
    names_seen = np.empty(kernel.REMEMBERED, dtype=np.int64)
    parts: list[tuple[_Part, _Part]] = []
    done = False
    while not done:
        room.clear()
        done = bool(
            kernel.read_messages(
                *(payloads.data, payloads.start, payloads.end, options, room.progress, reasons),
                *(room.messages, room.records, room.pool, names_seen),
            )
        )
        parts.append((_take_messages(room, payloads), _take_records(room)))
    messages, records = zip(*parts, strict=True)
    return Readings(
        records=(_join(tables[0], messages), _join(tables[1], records)),
        unread=tuple((int(at), REASONS[reasons[at]]) for at in np.flatnonzero(reasons)),
    )


def _make_room(payloads: Payloads) -> _Room:
    size = int((payloads.end - payloads.start).sum())
    messages = size // 14 if payloads.stream else len(payloads.start)
    questions = min(messages, MAX_ROWS) + kernel.MAX_QUESTIONS
    records = min(size // 11, MAX_ROWS) + kernel.MAX_RECORDS
    text = min(2 * size, MAX_TEXT_BYTES) + kernel.ROOM
    return _Room(
        progress=np.zeros(kernel.PLACES, dtype=np.int64),
        messages=np.empty(questions * kernel.MESSAGE_WIDTH, dtype=np.int32),
        records=np.empty(records * kernel.RECORD_WIDTH, dtype=np.int32),
        pool=np.empty(3 * text, dtype=np.uint8),
    )


def _take_messages(room: _Room, payloads: Payloads) -> _Part:
    count = int(room.progress[kernel.MESSAGES])
    width = kernel.MESSAGE_WIDTH
    rows = room.messages[: count * width].reshape(count, width).T.copy()
    bits = rows[kernel.FLAGS]
    has_name = rows[kernel.KNOWN] & kernel.HAS_NAME != 0
    has_type = rows[kernel.KNOWN] & kernel.HAS_TYPE != 0
    return rows[kernel.SOURCE].astype(np.int64), (
        columns.small(rows[kernel.ID]),
        columns.flags(bits & 0x8000 != 0),
        columns.small(bits >> 11 & 15),
        columns.small(bits & 15),
        columns.small(bits),
        columns.text(room.pool, 0, rows[kernel.ASKED_END], has_name),
        columns.small(rows[kernel.TYPE], has_type),
        columns.small(rows[kernel.CLASS], has_type),
        columns.small(rows[kernel.QUESTION]),
        columns.small(rows[kernel.QUESTIONS]),
        columns.small(rows[kernel.ANSWERS]),
        columns.same("tcp" if payloads.stream else "udp", count),
    )


def _take_records(room: _Room) -> _Part:
    count = int(room.progress[kernel.RECORDS])
    third = room.pool.size // 3
    width = kernel.RECORD_WIDTH
    rows = room.records[: count * width].reshape(count, width).T.copy()
    has_value = rows[kernel.HAS_VALUE] != 0
    return rows[kernel.RECORD_SOURCE].astype(np.int64), (
        columns.choices(rows[kernel.SECTION], SECTIONS),
        columns.text(room.pool, third, rows[kernel.OWNER_END]),
        columns.small(rows[kernel.RECORD_TYPE]),
        columns.small(rows[kernel.RECORD_CLASS]),
        columns.whole(rows[kernel.TTL].view(np.uint32)),
        columns.text(room.pool, 2 * third, rows[kernel.VALUE_END], has_value),
    )


def _join(table: Table, parts: Sequence[_Part]) -> Records:
    source = np.concatenate([part[0] for part in parts])
    return Records(table=table, source=source, columns=columns.joined([part[1] for part in parts]))
