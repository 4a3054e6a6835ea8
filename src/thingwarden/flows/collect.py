"""Rows of the protocols' tables, gathered until there are enough for a batch."""

from collections.abc import Callable, Sequence

import numpy as np
import pyarrow as pa
from numpy.typing import NDArray

from thingwarden.flows.texts import ip_texts, mac_texts, nullable
from thingwarden.tables import EXCHANGE_COLUMNS, MESSAGE_COLUMNS, SMALL, WHOLE, Table

BATCH_ROWS = 16_384

CONTEXT = np.dtype(
    [
        ("time_us", np.int64),
        ("frame", np.int64),
        ("flow_id", np.int64),
        ("src_hi", np.uint64),
        ("src_lo", np.uint64),
        ("dst_hi", np.uint64),
        ("dst_lo", np.uint64),
        ("src_mac", np.uint64),
        ("dst_mac", np.uint64),
        ("src_port", np.uint16),
        ("dst_port", np.uint16),
        ("ip_version", np.uint8),
        ("protocol", np.uint8),
    ],
    align=True,
)
"""Where a row comes from; `protocol` 0 where there are no ports."""

SHARED = (
    "time_us",
    "flow_id",
    "src_hi",
    "src_lo",
    "dst_hi",
    "dst_lo",
    "src_mac",
    "dst_mac",
    "src_port",
    "dst_port",
    "ip_version",
)

Emit = Callable[[Table, pa.RecordBatch], None]


def context_of(
    records: NDArray[np.void], frames: NDArray[np.int64], protocol: int
) -> NDArray[np.void]:
    """Context of packet rows or window slots."""
    context = np.zeros(len(records), CONTEXT)
    for name in SHARED:
        context[name] = records[name]
    context["frame"] = frames
    context["protocol"] = protocol
    return context


def each(contexts: NDArray[np.void]) -> list[bytes]:
    """The records one by one, as bytes: a tenth of the work of Python numbers."""
    data, size = contexts.tobytes(), CONTEXT.itemsize
    return [data[at : at + size] for at in range(0, len(data), size)]


def turned(context: bytes) -> bytes:
    """Context of an answer, seen from who asked."""
    answer = np.frombuffer(context, CONTEXT)
    asked = answer.copy()
    for end, other in (("src", "dst"), ("dst", "src")):
        for part in ("hi", "lo", "mac", "port"):
            asked[f"{end}_{part}"] = answer[f"{other}_{part}"]
    return asked.tobytes()


class Collector:
    """Rows of one table: contexts, with either columns of Arrow values or Python rows."""

    def __init__(self, table: Table, emit: Emit) -> None:
        self._table = table
        self._emit = emit
        self._exchange = "answer_frame" in table.schema.names
        self._shared = EXCHANGE_COLUMNS if self._exchange else MESSAGE_COLUMNS
        self._own = table.schema.names[len(self._shared) :]
        self._contexts: list[NDArray[np.void]] = []
        self._columns: list[Sequence[pa.Array]] = []
        self._rows: list[tuple[object, ...]] = []
        self._single: list[bytes] = []
        self._count = 0
        self.capture = 0

    def add_columns(self, contexts: NDArray[np.void], columns: Sequence[pa.Array]) -> None:
        """Add rows whose own values are columns already."""
        self._contexts.append(contexts)
        self._columns.append(columns)
        self._count += len(contexts)
        if self._count >= BATCH_ROWS:
            self.flush()

    def add_row(self, context: bytes, row: tuple[object, ...]) -> None:
        """Add one row; `context` is a record of dtype `CONTEXT`."""
        self._single.append(context)
        self._rows.append(row)
        self._count += 1
        if self._count >= BATCH_ROWS:
            self.flush()

    def flush(self) -> None:
        """Emit what was gathered."""
        if self._rows:
            contexts = np.frombuffer(bytearray().join(self._single), CONTEXT)
            self._give(contexts, self._own_columns())
        if self._contexts:
            contexts = np.concatenate(self._contexts)
            chunks = zip(*self._columns, strict=True)
            self._give(contexts, [pa.concat_arrays(list(chunk)) for chunk in chunks])
        self._contexts, self._columns, self._rows, self._single = [], [], [], []
        self._count = 0

    def _own_columns(self) -> list[pa.Array]:
        """Python rows -> Arrow columns; of an exchange, the answer's columns come first."""
        fields = list(self._table.schema)[len(MESSAGE_COLUMNS) :]
        values = zip(*self._rows, strict=True)
        return [pa.array(column, field.type) for column, field in zip(values, fields, strict=True)]

    def _give(self, contexts: NDArray[np.void], own: Sequence[pa.Array]) -> None:
        columns = [*context_columns(self.capture, contexts), *own]
        self._emit(self._table, pa.RecordBatch.from_arrays(columns, schema=self._table.schema))


def context_columns(capture: int, contexts: NDArray[np.void]) -> list[pa.Array]:
    """The columns that every message's row begins with (`MESSAGE_COLUMNS`)."""
    version, ported = contexts["ip_version"], contexts["protocol"] != 0
    flow_id = contexts["flow_id"]
    return [
        pa.array(np.full(len(contexts), capture, np.int32)),
        pa.array(contexts["frame"]),
        pa.array(contexts["time_us"]),
        nullable(flow_id, flow_id >= 0, WHOLE),
        mac_texts(contexts["src_mac"]),
        mac_texts(contexts["dst_mac"]),
        ip_texts(contexts["src_hi"], contexts["src_lo"], version),
        ip_texts(contexts["dst_hi"], contexts["dst_lo"], version),
        nullable(contexts["src_port"], ported, SMALL),
        nullable(contexts["dst_port"], ported, SMALL),
    ]
