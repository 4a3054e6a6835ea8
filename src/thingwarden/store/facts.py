"""Rows of facts, in memory while they are few, else in Parquet files of a temporary folder."""

import shutil
import tempfile
from collections import defaultdict
from collections.abc import Iterator, Sequence
from pathlib import Path
from types import TracebackType

import pyarrow as pa

from thingwarden.errors import SiteError
from thingwarden.store.files import write_parquet
from thingwarden.tables import Table

MEMORY_BYTES = 64 << 20
"""Facts held in memory; more is spilled, the largest table first."""


class Facts:
    """The facts of one inspection; closes to nothing."""

    def __init__(self, *, memory_bytes: int = MEMORY_BYTES) -> None:
        self._memory_bytes = memory_bytes
        self._batches: dict[str, list[pa.RecordBatch]] = defaultdict(list)
        self._sizes: dict[str, int] = defaultdict(int)
        self._parts: dict[str, list[Path]] = defaultdict(list)
        self._folder: Path | None = None

    def __enter__(self) -> "Facts":
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self.close()

    def add(self, table: Table, batch: pa.RecordBatch) -> None:
        """Take in rows; their schema is the table's."""
        if not len(batch):
            return
        self._batches[table.name].append(batch)
        self._sizes[table.name] += batch.nbytes
        while sum(self._sizes.values()) > self._memory_bytes:
            self._spill(max(self._sizes, key=self._sizes.__getitem__))

    def batches(self, table: Table) -> list[pa.RecordBatch]:
        """The rows that are in memory."""
        return self._batches[table.name]

    def parts(self, table: Table) -> list[Path]:
        """Parquet files with the rows that are not."""
        return self._parts[table.name]

    def folder(self) -> Path:
        """A temporary folder that goes when this is closed."""
        if self._folder is None:
            try:
                self._folder = Path(tempfile.mkdtemp(prefix="thingwarden-"))
            except OSError as error:
                raise SiteError(f"no temporary folder can be made ({error.strerror})") from error
        return self._folder

    def write_to(self, folder: Path, tables: Sequence[Table]) -> None:
        """Write `<table>.parquet` for each of `tables`, empty ones too; raises `SiteError`."""
        try:
            folder.mkdir(parents=True, exist_ok=True)
        except OSError as error:
            raise SiteError(f"{folder}: cannot be made ({error.strerror})") from error
        for table in tables:
            write_parquet(folder / f"{table.name}.parquet", table.schema, self._all(table))

    def close(self) -> None:
        """Forget everything."""
        self._batches.clear()
        self._sizes.clear()
        self._parts.clear()
        if self._folder is not None:
            shutil.rmtree(self._folder, ignore_errors=True)
            self._folder = None

    def _all(self, table: Table) -> Iterator[pa.RecordBatch]:
        import pyarrow.parquet as pq  # noqa: PLC0415  # only where facts are written

        for part in self._parts[table.name]:
            with pq.ParquetFile(part) as file:
                yield from file.iter_batches()
        yield from self._batches[table.name]

    def _spill(self, name: str) -> None:
        batches = self._batches.pop(name)
        self._sizes[name] = 0
        path = self.folder() / f"{name}-{len(self._parts[name])}.parquet"
        write_parquet(path, batches[0].schema, batches)
        self._parts[name].append(path)
