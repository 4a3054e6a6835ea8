"""Rows as dicts -> Arrow batches of a table, and the facts of a small capture."""

from collections.abc import Mapping, Sequence

import pyarrow as pa

from thingwarden.model import CaptureFacts
from thingwarden.store import Facts
from thingwarden.tables import CAPTURES, FLOWS, PROBLEMS, Table

TABLES = (CAPTURES, FLOWS, PROBLEMS)


def batch(table: Table, rows: Sequence[Mapping[str, object]]) -> pa.RecordBatch:
    """A batch of `table`; a column that a row does not name is null."""
    names = table.schema.names
    for row in rows:
        assert set(row) <= set(names), f"{table.name} has no {set(row) - set(names)}"
    filled = [{name: row.get(name) for name in names} for row in rows]
    return pa.RecordBatch.from_pylist(filled, schema=table.schema)


def flow_batch(count: int, *, capture: int = 0, start: int = 0) -> pa.RecordBatch:
    """`count` flows with numbers from `start`."""
    numbers = range(start, start + count)
    rows = [{"capture": capture, "flow_id": n, "src_ip": f"10.0.0.{n % 250}"} for n in numbers]
    return batch(FLOWS, rows)


def capture(number: int, *, sha256: str = "") -> CaptureFacts:
    """What was read of a capture; without `sha256` a made-up one that tells the number."""
    return CaptureFacts(
        number=number,
        sha256=sha256 or f"{number:064x}"[::-1],
        file=f"home-{number}.pcap",
        packets=10 + number,
        bytes=1_000,
        first_us=number * 1_000_000,
        last_us=None,
    )


def fill(facts: Facts, read: CaptureFacts, *, flows: int = 3) -> None:
    """The rows of a capture: its own, and `flows` flows."""
    row = {"capture": read.number, "sha256": read.sha256, "file": read.file, "link_types": ["x"]}
    facts.add(CAPTURES, batch(CAPTURES, [row]))
    facts.add(FLOWS, flow_batch(flows, capture=read.number))
