"""Parquet files that are there whole or not at all."""

import os
from collections.abc import Iterable, Iterator
from contextlib import suppress
from pathlib import Path

import pyarrow as pa

from thingwarden.errors import SiteError

GROUP_ROWS = 131_072
"""Rows that are written together: few enough to hold, enough to be read fast."""

PARTIAL = ".partial"
"""Ends the name of a file that is being written."""


def write_parquet(path: Path, schema: pa.Schema, batches: Iterable[pa.RecordBatch]) -> None:
    """Write `path` under a temporary name, sync and rename it; raises `SiteError` if that fails."""
    import pyarrow.parquet as pq  # noqa: PLC0415  # 40 ms that --help need not pay

    temporary = path.with_name(path.name + PARTIAL)
    try:
        with (
            temporary.open("wb") as file,
            pq.ParquetWriter(file, schema, compression="zstd", compression_level=1) as writer,
        ):
            for rows in _groups(schema, batches):
                writer.write_table(rows, row_group_size=GROUP_ROWS)
        sync_and_rename(temporary, path)
    except OSError as error:
        with suppress(OSError):
            temporary.unlink(missing_ok=True)
        raise SiteError(
            f"{path}: cannot be written ({error.strerror or error})",
            "Nothing that was there before was changed.",
        ) from error


def _groups(schema: pa.Schema, batches: Iterable[pa.RecordBatch]) -> Iterator[pa.Table]:
    """Small batches together, so that a file does not become a heap of tiny row groups."""
    waiting: list[pa.RecordBatch] = []
    for batch in batches:
        waiting.append(batch)
        if sum(map(len, waiting)) >= GROUP_ROWS:
            yield pa.Table.from_batches(waiting, schema)
            waiting = []
    if waiting:
        yield pa.Table.from_batches(waiting, schema)


def sync_and_rename(temporary: Path, path: Path) -> None:
    """Make sure that the bytes are on the disk, then give the file its name."""
    sync(temporary)
    temporary.rename(path)
    sync(path.parent)


def sync(path: Path) -> None:
    """Wait until a file or folder is on the disk."""
    handle = os.open(path, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)
