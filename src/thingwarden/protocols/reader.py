"""The forms of a protocol reader, and the packets and rows that it meets.

A reader gets bytes that a network sent, so every access is bounded, and what it cannot read raises
`ValueError("short reason")`, which becomes a row in `problems`. It never sees where the bytes came
from: frame, time, addresses and flow are joined to its rows by `thingwarden.flows.events`.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass

import numpy as np
import pyarrow as pa
from numpy.typing import NDArray

from thingwarden.tables import EXCHANGE_COLUMNS, MESSAGE_COLUMNS, Table

Row = tuple[object, ...]
"""Values of a table's own columns, in order, without the columns that every table begins with."""


@dataclass(frozen=True, slots=True, kw_only=True)
class MessageReader:
    """Reads one datagram, or one message of a stream, into rows; equal bytes give equal rows."""

    name: str
    table: Table
    start: Callable[[], Callable[[bytes], Sequence[Row]]]
    """Makes the function that reads; most return a plain function, one with memory a bound method."""
    remembers: bool = False
    """True if what it returns depends on earlier messages: then equal bytes are read again."""

    @property
    def width(self) -> int:
        """How many values a row has."""
        return len(self.table.columns) - len(MESSAGE_COLUMNS)


@dataclass(frozen=True, slots=True, kw_only=True)
class ExchangeReader:
    """Reads the two halves of an exchange on a stream: what the client sent, what came back.

    A row is client half, server half and ending, one after the other. A half that was not seen is
    all None.
    """

    name: str
    table: Table
    read_client: Callable[[bytes], Row]
    read_server: Callable[[bytes], Row]
    client_width: int
    server_width: int
    blank: Callable[[NDArray[np.uint8], NDArray[np.int64], NDArray[np.int64]], None] | None = None
    """Zeroes, in messages from start to end of a buffer, what no reading looks at: then they repeat."""
    read_ending: Callable[[int], Row] | None = None
    """From the stream's notes (bits that the flow tracker set), once the flow has ended."""

    @property
    def ending_width(self) -> int:
        """How many values the ending has."""
        own = len(self.table.columns) - len(EXCHANGE_COLUMNS)
        return own - self.client_width - self.server_width


@dataclass(frozen=True, slots=True, kw_only=True)
class Payloads:
    """Many payloads of one protocol at once, as they lie in a shared buffer."""

    data: NDArray[np.uint8]
    """The buffer; at least 64 bytes follow the last payload, so wide loads stay inside."""
    start: NDArray[np.int64]
    """First byte of each payload."""
    end: NDArray[np.int64]
    """One past the last captured byte of each payload."""
    hint: NDArray[np.uint8]
    """What the reader was promised: ICMP: IP version; MQTT: protocol level, 0 if not known; else 0."""
    stream: bool = False
    """True if the payloads come from TCP."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Records:
    """Rows for one table: its own columns, and which payload each row came from."""

    table: Table
    source: NDArray[np.int64]
    """Index of the payload of each row, not falling."""
    columns: tuple[pa.Array, ...]
    """The table's own columns, in order, without those that every table begins with."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Readings:
    """What a `ColumnReader` made of its payloads."""

    records: tuple[Records, ...]
    unread: tuple[tuple[int, str], ...]
    """Payloads that could not be read (wholly), by index, and the short reason of each."""


@dataclass(frozen=True, slots=True, kw_only=True)
class ColumnReader:
    """Reads all payloads of a batch at once, for protocols that come by the hundred thousand."""

    name: str
    tables: tuple[Table, ...]
    read: Callable[[Payloads], Readings]
