"""A capture -> the rows that reading it gives, table by table."""

import tempfile
from collections import defaultdict
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from thingwarden.capture.sources import find_captures
from thingwarden.flows.observe import Observer

from tests.home import Home

Rows = dict[str, list[dict[str, Any]]]


def observe(*contents: bytes) -> Rows:
    """Rows of captures that are read one after the other, each row as a dictionary."""
    rows: Rows = defaultdict(list)
    observer = Observer()
    with tempfile.TemporaryDirectory() as folder:
        for number, content in enumerate(contents):
            path = Path(folder) / f"{number}.pcap"
            path.write_bytes(content)
            (file,) = find_captures([path])
            observer.read(
                file,
                number,
                emit=lambda table, batch: rows[table.name].extend(batch.to_pylist()),
                hashed=False,
                progress=lambda consumed, packets: None,
            )
    return rows


def flows_of(home: Home) -> list[dict[str, Any]]:
    """The flows in a home's capture, by their first frame."""
    return sorted(observe(home.capture())["flows"], key=lambda flow: flow["frame"])


def values(rows: Sequence[dict[str, Any]], name: str) -> list[Any]:
    """One column."""
    return [row[name] for row in rows]
