"""Tables -> Parquet files that are there whole or not at all."""

import contextlib
import os
from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path

import pyarrow as pa

from thingwarden.errors import SiteError
from thingwarden.tables import Table

ROW_GROUP = 122_880
"""Rows that DuckDB reads at a time from its own files; a reader then skips or loads whole groups."""

UNFINISHED = ".unfinished"
"""End of the temporary names; a file that bears it was never complete."""


def write_parquet(targets: Mapping[Path, tuple[Table, Iterable[pa.RecordBatch]]]) -> None:
    """Write each path's table; all are complete on disk before the first gets its name.

    Raises `SiteError` when that is not possible; then every path is as it was.
    """
    unfinished = {path: path.with_name(f"{path.name}{UNFINISHED}") for path in targets}
    try:
        for path, (table, batches) in targets.items():
            with refusing(path.parent):
                _write_one(unfinished[path], table, batches)
        for path, temporary in unfinished.items():
            with refusing(path.parent):
                temporary.replace(path)
    except BaseException:
        _remove(unfinished.values())
        raise
    for folder in {path.parent for path in targets}:
        with refusing(folder):
            sync_folder(folder)


def read_parquet(path: Path) -> Iterator[pa.RecordBatch]:
    """The rows of a file that `write_parquet` wrote, a group at a time."""
    import pyarrow.parquet as pq

    with pq.ParquetFile(path) as file:
        yield from file.iter_batches(batch_size=ROW_GROUP, use_threads=False)


def sync_folder(folder: Path) -> None:
    """Have the names in `folder` on disk, as `fsync` does for what is in a file."""
    number = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(number)
    finally:
        os.close(number)


@contextlib.contextmanager
def refusing(folder: Path) -> Iterator[None]:
    """Turn an error of the disk into a `SiteError` that names the folder."""
    try:
        yield
    except OSError as error:
        reason = os.strerror(error.errno) if error.errno else str(error).partition("\n")[0]
        raise SiteError(
            f"{folder}: cannot write there ({reason})",
            hint="Choose a folder that you may write to, on a disk with room.",
        ) from error


def _write_one(path: Path, table: Table, batches: Iterable[pa.RecordBatch]) -> None:
    import pyarrow.parquet as pq

    schema = table.schema
    with path.open("wb") as file:
        with pq.ParquetWriter(file, schema, compression="zstd") as writer:
            for batch in _gather(batches, schema):
                writer.write_table(batch, row_group_size=ROW_GROUP)
        file.flush()
        os.fsync(file.fileno())


def _gather(batches: Iterable[pa.RecordBatch], schema: pa.Schema) -> Iterator[pa.Table]:
    """Many small batches as tables of about one row group."""
    waiting: list[pa.RecordBatch] = []
    rows = 0
    for batch in batches:
        waiting.append(batch)
        rows += batch.num_rows
        if rows >= ROW_GROUP:
            yield pa.Table.from_batches(waiting, schema)
            waiting, rows = [], 0
    if waiting:
        yield pa.Table.from_batches(waiting, schema)


def _remove(paths: Iterable[Path]) -> None:
    for path in paths:
        with contextlib.suppress(OSError):
            path.unlink(missing_ok=True)
