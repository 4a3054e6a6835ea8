"""Batches of rows -> facts: in memory while they are few, else in Parquet parts in a folder."""

import itertools
import shutil
import tempfile
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from types import TracebackType
from typing import Self

import pyarrow as pa

from thingwarden.errors import SiteError
from thingwarden.store.files import Source, first_line, read_parquet, refusing, write_parquet
from thingwarden.store.part import Part
from thingwarden.tables import Table

MEMORY_BYTES = 64 << 20
"""With the working memory of DuckDB and of the reader this stays well under half a gigabyte."""

PARTS_PREFIX = ".facts-"
"""Beginning of the temporary folder's name: what a killed process left can be told by it."""


class Facts:
    """Rows of many tables, and the temporary folder with those that memory does not hold.

    The folder is made inside `folder` (None: where the system keeps temporary files) when it is
    first needed, and deleted by `close`.
    """

    def __init__(self, folder: Path | None = None, *, memory_bytes: int = MEMORY_BYTES) -> None:
        self._folder = folder
        self._memory_bytes = memory_bytes
        self._batches: dict[str, list[pa.RecordBatch]] = {}
        self._sizes: dict[str, int] = {}
        self._tables: dict[str, Table] = {}
        self._parts: dict[str, list[Path]] = {}
        self._growing: dict[str, Part] = {}
        self._numbers = itertools.count()
        self._rows: dict[str, int] = {}
        self._temporary: tempfile.TemporaryDirectory[str] | None = None

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self.close()

    def add(self, table: Table, rows: pa.RecordBatch | pa.Table) -> None:
        """Keep rows of exactly the table's columns; raises `SiteError` if the disk is full."""
        schema = table.schema
        if not rows.schema.equals(schema):
            raise ValueError(f"{table.name}: columns {rows.schema.names} are not {schema.names}")
        if not rows.num_rows:
            return
        batches = rows.to_batches() if isinstance(rows, pa.Table) else [rows]
        name = table.name
        self._tables[name] = table
        self._batches.setdefault(name, []).extend(batches)
        self._sizes[name] = self._sizes.get(name, 0) + rows.nbytes
        self._rows[name] = self._rows.get(name, 0) + rows.num_rows
        if sum(self._sizes.values()) > self._memory_bytes:
            self._spill_largest()

    def rows(self, table: Table) -> int:
        """How many rows there are."""
        return self._rows.get(table.name, 0)

    def held(self, table: Table) -> Sequence[pa.RecordBatch]:
        """The batches that are in memory."""
        return self._batches.get(table.name, ())

    def parts(self, table: Table) -> Sequence[Path]:
        """The Parquet files with the rows that are not in memory; these grow no more."""
        growing = self._growing.pop(table.name, None)
        if growing:
            growing.finish()
            self._parts.setdefault(table.name, []).append(growing.path)
        return self._parts.get(table.name, ())

    def source(self, table: Table) -> Source:
        """What a file with all rows of a table is written from, at the least cost."""
        name = table.name
        if name in self._growing and name not in self._parts:
            self._spill(name)
        parts = self.parts(table)
        if len(parts) == 1 and self.owns(parts[0]) and not self.held(table):
            return parts[0]
        return table, self.batches(table)

    def owns(self, path: Path) -> bool:
        """Whether this file goes with `close`."""
        return self._temporary is not None and path.parent == Path(self._temporary.name)

    def batches(self, table: Table) -> Iterator[pa.RecordBatch]:
        """All rows, those in files first; raises `SiteError` if a file is damaged."""
        for path in self.parts(table):
            yield from read_parquet(path, table)
        yield from self.held(table)

    def take(self, other: "Facts") -> None:
        """Take over all rows of `other`, which is closed; its files are moved, not copied."""
        for table in list(other._tables.values()):  # noqa: SLF001  # of the same class
            for path in other.parts(table):
                kept = self._move(path, table) if other.owns(path) else path
                self._parts.setdefault(table.name, []).append(kept)
            self._tables[table.name] = table
            held = pa.Table.from_batches(other.held(table), table.schema)
            self._rows[table.name] = self.rows(table) + other.rows(table) - held.num_rows
            self.add(table, held)
        other.close()

    def include(self, files: Mapping[str, Sequence[Path]], tables: Sequence[Table]) -> None:
        """Count Parquet files in, by name of their table; they stay where they are."""
        import pyarrow.parquet as pq  # noqa: PLC0415  # only with a site

        for table in tables:
            for path in files.get(table.name, ()):
                try:
                    rows = pq.read_metadata(path).num_rows
                except (OSError, pa.ArrowException) as error:
                    raise SiteError(f"{path}: cannot be read ({first_line(error)})") from error
                self._tables[table.name] = table
                self._parts.setdefault(table.name, []).append(path)
                self._rows[table.name] = self.rows(table) + rows

    def write_to(self, folder: Path, tables: Sequence[Table]) -> None:
        """Write `<table>.parquet` for each table, also for those without rows.

        Raises `SiteError` if that cannot be done; then what was in `folder` is as it was.
        """
        with refusing(folder):
            folder.mkdir(parents=True, exist_ok=True)
        write_parquet({folder / f"{table.name}.parquet": self.source(table) for table in tables})

    def close(self) -> None:
        """Forget all rows and delete the temporary folder."""
        for part in self._growing.values():
            part.abandon()
        self._growing.clear()
        for kept in (self._batches, self._sizes, self._tables, self._parts, self._rows):
            kept.clear()
        if self._temporary:
            self._temporary.cleanup()
            self._temporary = None

    def _spill_largest(self) -> None:
        """Write the largest tables to files until half of the memory is free."""
        while sum(self._sizes.values()) > self._memory_bytes // 2:
            self._spill(max(self._sizes, key=lambda each: self._sizes[each]))

    def _spill(self, name: str) -> None:
        """Write what is in memory of a table to the file that grows."""
        if name not in self._growing:
            self._growing[name] = Part(self._next_part(name), self._tables[name])
        self._growing[name].add(self._batches.pop(name, ()))
        self._sizes.pop(name, None)

    def _move(self, path: Path, table: Table) -> Path:
        moved = self._next_part(table.name)
        with refusing(moved):
            shutil.move(path, moved)
        return moved

    def _next_part(self, name: str) -> Path:
        return self._parts_folder() / f"{name}-{next(self._numbers)}.parquet"

    def _parts_folder(self) -> Path:
        if not self._temporary:
            try:
                self._temporary = tempfile.TemporaryDirectory(
                    prefix=PARTS_PREFIX, dir=self._folder, ignore_cleanup_errors=True
                )
            except OSError as error:
                raise SiteError(
                    f"no room for temporary files in {self._folder or 'the temporary folder'}"
                    f" ({error.strerror})"
                ) from error
        return Path(self._temporary.name)
