"""Payloads of MQTT -> rows of the packets that connect, name a topic or end.

It brings Numba with it: the reader imports it when it is first used.
"""

from dataclasses import dataclass

import numpy as np
import pyarrow as pa
from numpy.typing import NDArray

from thingwarden.protocols import columns
from thingwarden.protocols import mqtt_kernel as kernel
from thingwarden.protocols.logins import is_default
from thingwarden.protocols.reader import Payloads, Readings, Records
from thingwarden.tables import Table

REASONS = (
    "",
    "packet cut",
    "length of more than 4 bytes",
    "reserved packet type",
    "reserved flags",
    "not MQTT 3.1, 3.1.1 or 5",
    "string past its packet",
    "quality of service 3",
    "no topic",
)
"""In the order of the kernel's numbers."""

KINDS = (
    *("reserved", "connect", "connack", "publish", "puback", "pubrec", "pubrel", "pubcomp"),
    *("subscribe", "suback", "unsubscribe", "unsuback", "pingreq", "pingresp"),
    *("disconnect", "auth"),
)
"""OASIS MQTT 5.0 section 2.1.2."""

MAX_ROWS = 65_536  # made at a time: what a batch of packets rarely exceeds
MAX_TEXT_BYTES = 4 << 20


@dataclass(frozen=True, slots=True, kw_only=True)
class _Room:
    """Memory that the kernel writes to, see `mqtt_kernel`."""

    progress: NDArray[np.int64]
    rows: NDArray[np.int32]
    pool: NDArray[np.uint8]

    def clear(self) -> None:
        """Forget all rows and texts, but not how far the payloads were read."""
        third = self.pool.size // 3
        self.progress[kernel.ROWS :] = (0, 0, third, 2 * third)


def read_packets(payloads: Payloads, table: Table) -> Readings:
    """Rows for the table MQTT."""
    room = _make_room(payloads)
    reasons = np.zeros(len(payloads.start), dtype=np.uint8)
    parts: list[tuple[NDArray[np.int64], tuple[pa.Array, ...]]] = []
    done = False
    while not done:
        room.clear()
        done = bool(
            kernel.read_packets(
                *(
                    payloads.data,
                    payloads.start,
                    payloads.end,
                    payloads.hint,
                    room.progress,
                    reasons,
                ),
                *(room.rows, room.pool),
            )
        )
        parts.append(_take_rows(room, payloads))
    records = Records(
        table=table,
        source=np.concatenate([source for source, _ in parts]),
        columns=columns.joined([values for _, values in parts]),
    )
    unread = tuple((int(at), REASONS[reasons[at]]) for at in np.flatnonzero(reasons))
    return Readings(records=(records,), unread=unread)


def _make_room(payloads: Payloads) -> _Room:
    size = int((payloads.end - payloads.start).sum())
    rows = min(size // 2, MAX_ROWS) + 1
    text = min(size, MAX_TEXT_BYTES) + kernel.MAX_TEXT
    return _Room(
        progress=np.zeros(kernel.PLACES, dtype=np.int64),
        rows=np.empty(rows * kernel.WIDTH, dtype=np.int32),
        pool=np.empty(3 * text, dtype=np.uint8),
    )


def _take_rows(room: _Room, payloads: Payloads) -> tuple[NDArray[np.int64], tuple[pa.Array, ...]]:
    count = int(room.progress[kernel.ROWS])
    rows = room.rows[: count * kernel.WIDTH].reshape(count, kernel.WIDTH).T.copy()
    third = room.pool.size // 3

    def known(column: int) -> NDArray[np.bool_]:
        is_known: NDArray[np.bool_] = rows[kernel.KNOWN] >> column & 1 != 0
        return is_known

    def number(column: int) -> pa.Array:
        return columns.small(rows[column], known(column))

    def flag(bit: int) -> pa.Array:
        return columns.flags(rows[kernel.BITS] & bit != 0, known(kernel.BITS))

    def text(nth: int, column: int) -> pa.Array:
        return columns.text(room.pool, nth * third, rows[column], known(column))

    return rows[kernel.SOURCE].astype(np.int64), (
        columns.choices(rows[kernel.KIND], KINDS),
        number(kernel.LEVEL),
        text(0, kernel.CLIENT_END),
        flag(kernel.USER_NAME),
        flag(kernel.PASSWORD),
        flag(kernel.CLEAN),
        number(kernel.KEEP_ALIVE),
        text(1, kernel.WILL_END),
        number(kernel.CODE),
        text(2, kernel.NAME_END),
        number(kernel.TOPICS),
        number(kernel.QOS),
        columns.flags(rows[kernel.RETAIN] != 0, known(kernel.RETAIN)),
        columns.whole(rows[kernel.SIZE], known(kernel.SIZE)),
        columns.flags(_are_default(payloads, rows, known(kernel.LOGIN)), known(kernel.LOGIN)),
    )


def _are_default(
    payloads: Payloads, rows: NDArray[np.int32], known: NDArray[np.bool_]
) -> NDArray[np.bool_]:
    """Whether makers ship the login of each row that has one; the kernel saw that it is whole."""
    are = np.zeros(len(known), dtype=np.bool_)
    for row in np.flatnonzero(known):
        at = int(payloads.start[rows[kernel.SOURCE, row]]) + int(rows[kernel.LOGIN, row])
        user, at = _read_string(payloads.data, at)
        password, _ = _read_string(payloads.data, at)
        are[row] = is_default(user, password)
    return are


def _read_string(data: NDArray[np.uint8], at: int) -> tuple[bytes, int]:
    """The string at `at`, and the place after it (OASIS MQTT 5.0 section 1.5.4)."""
    end = at + 2 + int.from_bytes(data[at : at + 2].tobytes(), "big")
    return data[at + 2 : end].tobytes(), end
