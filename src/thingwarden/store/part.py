"""Rows of one table -> a Parquet file that grows until it is finished."""

import contextlib
from collections.abc import Sequence
from pathlib import Path

import pyarrow as pa

from thingwarden.store.files import ROW_GROUP, open_writer, refusing
from thingwarden.tables import Table


class Part:
    """A temporary file that takes row groups; it can be read once it is finished.

    Every method that writes raises `SiteError` if the disk is full; then the part is of no use.
    """

    def __init__(self, path: Path, table: Table) -> None:
        self.path = path
        self._schema = table.schema
        with refusing(path):
            self._file = path.open("xb")
        self._writer = open_writer(self._file, self._schema)

    def add(self, batches: Sequence[pa.RecordBatch]) -> None:
        """Write rows behind those that are there."""
        try:
            with refusing(self.path):
                rows = pa.Table.from_batches(batches, self._schema)
                self._writer.write_table(rows, row_group_size=ROW_GROUP)
        except BaseException:
            self.abandon()
            raise

    def finish(self) -> None:
        """Make it a whole file."""
        try:
            with refusing(self.path):
                self._writer.close()
                self._file.close()
        except BaseException:
            self.abandon()
            raise

    def abandon(self) -> None:
        """Let go of the file as it is; what it lacks nobody will miss."""
        with contextlib.suppress(OSError, pa.ArrowException):
            self._writer.close()
        self._writer.is_open = False  # else it tries once more, and complains, when it is freed
        with contextlib.suppress(OSError):
            self._file.close()
