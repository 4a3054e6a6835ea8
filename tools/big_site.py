"""A capture's facts, repeated hour by hour -> the facts of a site with many millions of flows.

    python -m tools.big_site CAPTURE FOLDER [--flows 20000000]

Each repeat is a capture of its own, later by as long as the first lasts; devices, peers and names stay
the same, as in a site that is watched for days. One Parquet file per table and repeat.
"""

import argparse
from pathlib import Path

import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq

from thingwarden.pipeline import tables_of_facts, write_facts

TIMES = ("time_us", "last_us", "first_us", "answer_us")
FLOW_NUMBERS = 10_000_000
"""Flow numbers of one repeat: more than any capture of ours has."""

PLENTIFUL = ("flows", "dns", "dns_answers", "tls", "http", "mqtt", "ntp", "quic")
"""Tables that grow with time; of the others (names, descriptions) the first repeat has it all."""


def make_site(capture: Path, folder: Path, flows: int) -> int:
    """Write the facts; the number of flows that they hold."""
    first = folder / "first"
    write_facts([capture], first)
    one = pq.read_metadata(first / "flows.parquet").num_rows
    length_us = _length_us(first / "captures.parquet")
    repeats = -(-flows // one)
    for table in tables_of_facts():
        rows = pq.read_table(first / f"{table.name}.parquet")
        times = repeats if table.name in (*PLENTIFUL, "captures") else 1
        for turn in range(times):
            part = folder / table.name / f"{turn:06}.parquet"
            part.parent.mkdir(parents=True, exist_ok=True)
            pq.write_table(_later(rows, turn, length_us), part, compression="zstd")
    return repeats * one


def list_site(folder: Path) -> dict[str, list[Path]]:
    """The files of each table."""
    return {
        table.name: sorted((folder / table.name).glob("*.parquet")) for table in tables_of_facts()
    }


def _length_us(captures: Path) -> int:
    rows = pq.read_table(captures)
    return int(pc.max(rows["last_us"]).as_py() - pc.min(rows["first_us"]).as_py()) + 1


def _later(rows: pa.Table, turn: int, length_us: int) -> pa.Table:
    """The rows of one repeat."""
    columns = {name: rows[name] for name in rows.column_names}
    for name in TIMES:
        if name in columns:
            columns[name] = pc.add(columns[name], pa.scalar(turn * length_us, pa.int64()))
    if "capture" in columns:
        columns["capture"] = pc.cast(pc.add(columns["capture"], turn), pa.int32())
    if "flow_id" in columns:
        columns["flow_id"] = pc.add(columns["flow_id"], turn * FLOW_NUMBERS)
    if "sha256" in columns:
        columns["sha256"] = pc.binary_join_element_wise(columns["sha256"], str(turn), "")
    return pa.table(columns).cast(rows.schema)


def main() -> None:
    """Make the site."""
    parser = argparse.ArgumentParser(description="Make a site with many flows.")
    parser.add_argument("capture", type=Path)
    parser.add_argument("folder", type=Path)
    parser.add_argument("--flows", type=int, default=20_000_000)
    chosen = parser.parse_args()
    print(f"{make_site(chosen.capture, chosen.folder, chosen.flows):,} flows")


if __name__ == "__main__":
    main()
