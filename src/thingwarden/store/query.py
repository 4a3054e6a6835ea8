"""Facts -> answers: SQL over rows in memory and in Parquet files, read as values."""

import itertools
import tempfile
from collections.abc import Mapping, Sequence
from pathlib import Path
from types import TracebackType
from typing import TYPE_CHECKING, Any, Self, TypeVar

import msgspec
import pyarrow as pa

from thingwarden.errors import SiteError
from thingwarden.store.facts import Facts
from thingwarden.tables import Table

if TYPE_CHECKING:
    import duckdb

T = TypeVar("T")

THREADS = 2
MEMORY = "256MB"
"""What queries may hold; beyond it they use the temporary folder."""

SETTINGS = {
    "autoinstall_known_extensions": "false",
    "autoload_known_extensions": "false",
    "python_enable_replacements": "false",
    "preserve_insertion_order": "false",
}
"""Nothing is fetched, no Python variable is taken for a table, and order is what `order by` says."""

LOCKED = {"enable_external_access": "false", "lock_configuration": "true"}


class Store:
    """Tables of facts under their own names, and whatever inventory makes of them.

    The facts lie in the schema `facts`; a view of the same name stands for each, and may be
    replaced by one that knows more columns.
    """

    def __init__(
        self,
        tables: Sequence[Table],
        *,
        facts: Sequence[Facts] = (),
        files: Mapping[str, Sequence[Path]] | None = None,
    ) -> None:
        import duckdb

        self.tables = tuple(tables)
        self._folder = tempfile.TemporaryDirectory(
            prefix="thingwarden-", ignore_cleanup_errors=True
        )
        self._numbers = itertools.count()
        self._db = duckdb.connect(
            ":memory:",
            config={
                "threads": THREADS,
                "memory_limit": MEMORY,
                "temp_directory": self._folder.name,
            },
        )
        self._fill(facts, files or {})

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self.close()

    def read(self, shape: type[T], sql: str, values: Mapping[str, object] | None = None) -> list[T]:
        """Run one query with named values (`$name`); one `shape` a row.

        The query's column names are the fields of `shape`. Raises `msgspec.ValidationError` when
        they do not fit: a bug, not bad input.
        """
        cursor = self._execute(sql, values)
        names = [field[0] for field in cursor.description or ()]
        rows = [dict(zip(names, row, strict=True)) for row in cursor.fetchall()]
        return msgspec.convert(rows, list[shape])  # type: ignore[valid-type]  # made at run time

    def run(self, sql: str, values: Mapping[str, object] | None = None) -> None:
        """Run one statement that answers nothing, such as `create table`."""
        self._execute(sql, values)

    def arrow(self, sql: str, values: Mapping[str, object] | None = None) -> pa.Table:
        """Run one query with named values; its rows as an Arrow table."""
        return self._db.sql(sql, params=dict(values or {})).to_arrow_table()

    def put(self, name: str, rows: pa.Table) -> None:
        """Make a table `name`, in place of what had that name, out of rows computed outside SQL."""
        waiting = f"put_{next(self._numbers)}"
        self._db.register(waiting, rows)
        try:
            self._db.execute(f"create or replace table {name} as select * from {waiting}")
        finally:
            self._db.unregister(waiting)

    def close(self) -> None:
        """End the connection and delete its temporary files."""
        self._db.close()
        self._folder.cleanup()

    def _execute(self, sql: str, values: Mapping[str, object] | None) -> Any:  # noqa: ANN401  # the seam
        import duckdb

        try:
            return self._db.execute(sql, dict(values or {}))
        except (duckdb.IOException, duckdb.OutOfMemoryException) as error:
            raise SiteError(
                f"a question about the facts could not be answered ({_first_line(error)})",
                hint="Look whether the disk for temporary files is full.",
            ) from error

    def _fill(self, facts: Sequence[Facts], files: Mapping[str, Sequence[Path]]) -> None:
        for name, value in SETTINGS.items():
            self._db.execute(f"set {name} = {value}")
        paths = []
        self._db.execute("create schema facts")
        for table in self.tables:
            parts = [part for each in facts for part in each.parts(table)]
            parts += files.get(table.name, ())
            held = [batch for each in facts for batch in each.held(table)]
            self._show(table, held, parts)
            paths += parts
        allowed = ", ".join(_quoted(path) for path in paths)
        self._db.execute(f"set allowed_paths = [{allowed}]")
        for name, value in LOCKED.items():
            self._db.execute(f"set {name} = {value}")

    def _show(self, table: Table, held: Sequence[pa.RecordBatch], parts: Sequence[Path]) -> None:
        """Make the views of one table; empty ones still have their columns."""
        columns = ", ".join(f'"{column.name}"' for column in table.columns)
        sources = []
        if held or not parts:
            rows = f"held_{table.name}"
            self._db.register(rows, pa.Table.from_batches(held, table.schema))
            sources.append(f"select {columns} from {rows}")
        if parts:
            listed = ", ".join(_quoted(path) for path in parts)
            sources.append(f"select {columns} from read_parquet([{listed}])")
        query = " union all ".join(sources)
        self._db.execute(f"create view facts.{table.name} as {query}")
        self._db.execute(f"create view main.{table.name} as select * from facts.{table.name}")


def _quoted(path: Path) -> str:
    return "'" + str(path).replace("'", "''") + "'"


def _first_line(error: "duckdb.Error") -> str:
    return str(error).partition("\n")[0]
