"""Rows and text -> files that are there whole or not at all."""

import contextlib
import os
import secrets
import shutil
from collections.abc import Callable, Iterable, Iterator, Mapping
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, BinaryIO

import pyarrow as pa

from thingwarden.errors import SiteError
from thingwarden.tables import Table

if TYPE_CHECKING:
    import pyarrow.parquet as pq

ROW_GROUP = 122_880
"""Rows that DuckDB reads at a time from its own files; a reader then skips or loads whole groups."""

RISING = frozenset(
    {
        *("frame", "time_us", "last_frame", "last_us", "flow_id"),
        *("answer_frame", "answer_us", "handshake_us"),
    }
)
"""Columns of numbers near their neighbours: differences take the least room and time."""

DISTINCT = RISING | {"community_id"}
"""Columns whose values seldom repeat: looking for repeats costs half of the writing."""

COPY_BYTES = 1 << 20  # at a time; more gains nothing

UNFINISHED = ".unfinished"
"""End of the temporary names; a file that bears it was never complete."""

Write = Callable[[BinaryIO], object]
"""Puts into a file what it shall hold."""


Source = Path | tuple[Table, Iterable[pa.RecordBatch]]
"""What a Parquet file shall hold: a whole file that is copied, or rows of a table."""


def write_parquet(targets: Mapping[Path, Source]) -> None:
    """Write a file for each path; all are complete on disk before the first gets its name.

    Raises `SiteError` when that is not possible; then every path is as it was.
    """
    _write_together({path: partial(_put_source, source) for path, source in targets.items()})


def open_writer(file: BinaryIO, schema: pa.Schema) -> "pq.ParquetWriter":
    """A writer to which row groups can be added; level 1 takes half the time of level 3."""
    import pyarrow.parquet as pq  # noqa: PLC0415  # 40 ms that --help need not pay

    names = schema.names
    return pq.ParquetWriter(
        file,
        schema,
        compression="zstd",
        compression_level=1,
        write_statistics=["time_us"] if "time_us" in names else False,
        use_dictionary=[name for name in names if name not in DISTINCT],
        column_encoding={name: "DELTA_BINARY_PACKED" for name in names if name in RISING},
    )


def write_text(path: Path, text: str) -> None:
    """Write a text file whole or not at all; raises `SiteError` if that fails.

    A link stays and its target is replaced; a device or a pipe is written to as it is.
    """
    content = text.encode("utf-8")
    if path.exists() and not path.is_file():
        with refusing(path):
            path.write_bytes(content)
        return
    _write_together({path.resolve(): lambda file: file.write(content)})


def write_files(files: Mapping[Path, bytes]) -> None:
    """Write files, all complete on disk before the first gets its name; raises `SiteError`.

    Folders that are not there are made.
    """
    for folder in {path.parent for path in files}:
        with refusing(folder):
            folder.mkdir(parents=True, exist_ok=True)
    _write_together({path: partial(_put_bytes, data) for path, data in files.items()})


def _put_bytes(data: bytes, file: BinaryIO) -> None:
    file.write(data)


def read_parquet(path: Path, table: Table) -> Iterator[pa.RecordBatch]:
    """The rows of a file in the columns of `table`, a group at a time; null where it has none.

    Raises `SiteError` if the file is damaged.
    """
    import pyarrow.dataset as ds  # noqa: PLC0415  # only where files are read again

    try:
        found = ds.dataset(path, schema=table.schema, format="parquet")
        yield from found.to_batches(batch_readahead=1, fragment_readahead=1)
    except (OSError, pa.ArrowException) as error:
        raise SiteError(f"{path}: cannot be read ({first_line(error)})") from error


def sync_folder(folder: Path) -> None:
    """Have the names in `folder` on disk, as `fsync` does for what is in a file."""
    number = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(number)
    finally:
        os.close(number)


def first_line(error: Exception) -> str:
    """What a library says went wrong, without its advice."""
    return str(error).partition("\n")[0]


@contextlib.contextmanager
def refusing(path: Path) -> Iterator[None]:
    """Turn an error of the disk into a `SiteError` that names the file or folder."""
    try:
        yield
    except OSError as error:
        reason = os.strerror(error.errno) if error.errno else first_line(error)
        raise SiteError(
            f"{path}: cannot be written ({reason})",
            hint="Choose a place that you may write to, on a disk with room.",
        ) from error


def _write_together(files: Mapping[Path, Write]) -> None:
    """Write files under temporary names; only when all are whole on disk, rename them.

    Whatever ends it early, the temporary files go. Their names cannot be known before, so that
    nobody who shares the folder can lay a link there.
    """
    names = {path: f"{path.name}.{secrets.token_hex(4)}{UNFINISHED}" for path in files}
    unfinished = {path: path.with_name(name) for path, name in names.items()}
    try:
        for path, write in files.items():
            with refusing(path):
                _write_one(unfinished[path], write, like=path)
        for path, temporary in unfinished.items():
            with refusing(path):
                temporary.replace(path)
    except BaseException:
        _remove(unfinished.values())
        raise
    for folder in {path.parent for path in files}:
        with refusing(folder):
            sync_folder(folder)


def _write_one(temporary: Path, write: Write, *, like: Path) -> None:
    """Write a new file and wait until it is on disk; who may read it stays as it was."""
    with temporary.open("xb") as file:
        if like.exists():
            temporary.chmod(like.stat().st_mode & 0o777)
        write(file)
        file.flush()
        os.fsync(file.fileno())


def _put_source(source: Source, file: BinaryIO) -> None:
    if isinstance(source, Path):
        with source.open("rb") as whole:
            shutil.copyfileobj(whole, file, COPY_BYTES)
        return
    table, batches = source
    with open_writer(file, table.schema) as writer:
        for rows in _gather(batches, table.schema):
            writer.write_table(rows, row_group_size=ROW_GROUP)


def _gather(batches: Iterable[pa.RecordBatch], schema: pa.Schema) -> Iterator[pa.Table]:
    """The rows as tables of one row group each, and a last one with what is left."""
    waiting: list[pa.RecordBatch] = []
    rows = 0
    for batch in batches:
        waiting.append(batch)
        rows += batch.num_rows
        while rows >= ROW_GROUP:
            gathered = pa.Table.from_batches(waiting, schema)
            yield gathered.slice(0, ROW_GROUP)
            waiting, rows = gathered.slice(ROW_GROUP).to_batches(), rows - ROW_GROUP
    if rows:
        yield pa.Table.from_batches(waiting, schema)


def _remove(paths: Iterable[Path]) -> None:
    for path in paths:
        with contextlib.suppress(OSError):
            path.unlink(missing_ok=True)
