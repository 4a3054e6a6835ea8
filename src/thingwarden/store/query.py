"""Facts -> answers: SQL over rows in memory and in Parquet files, read as values."""

import contextlib
import itertools
import tempfile
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from types import TracebackType
from typing import Any, Self, TypeVar

import msgspec
import pyarrow as pa

from thingwarden.errors import SiteError
from thingwarden.store.facts import Facts
from thingwarden.store.files import first_line
from thingwarden.tables import Column, Table

T = TypeVar("T")

THREADS = 2
FEW_ROWS = 20_000
"""Up to here planning costs more than answering, and is a fifth less work for copies than for views."""

MEMORY = "160MB"
"""What queries may hold; beyond it they use the temporary folder."""

SETTINGS = {
    "autoinstall_known_extensions": "false",
    "autoload_known_extensions": "false",
    "python_enable_replacements": "false",
    "preserve_insertion_order": "false",
    "parquet_metadata_cache": "true",
}
"""Nothing is fetched, no Python variable is taken for a table, order is what `order by` says, and
the ends of a site's many files, which never change, are read once.
"""

TYPES = {
    pa.bool_(): "boolean",
    pa.int32(): "integer",
    pa.int64(): "bigint",
    pa.string(): "varchar",
    pa.list_(pa.string()): "varchar[]",
}
"""How DuckDB calls the types of columns."""

FEW_SETTINGS = {
    "threads": "1",
    "disabled_optimizers": "'compressed_materialization,statistics_propagation'",
}
"""Where rows are few: threads that wait, and plans for much, cost more than they save."""

LOCKED = {"enable_external_access": "false", "lock_configuration": "true"}
"""Once the views are made: no file but those of facts can be reached, and that is not undone."""


class Reader:
    """Answers one question at a time; several answer at once."""

    def __init__(self, connection: Any) -> None:  # noqa: ANN401  # the seam
        self._connection = connection

    def read(self, shape: type[T], sql: str, values: Mapping[str, object] | None = None) -> list[T]:
        """Run one query with named values (`$name`); one `shape` a row.

        The query's column names are the fields of `shape`. Raises `msgspec.ValidationError` when
        they do not fit: a bug, not bad input.
        """
        with _refusing():
            cursor = self._connection.execute(sql, dict(values or {}))
            found = cursor.fetchall()
        names = [field[0] for field in cursor.description or ()]
        rows = [dict(zip(names, row, strict=True)) for row in found]
        return msgspec.convert(rows, list[shape])  # type: ignore[valid-type]  # made at run time

    def rows(self, sql: str, values: Mapping[str, object] | None = None) -> list[tuple[Any, ...]]:
        """Run one query; its rows as they are, a third of the cost of `read`."""
        with _refusing():
            found: list[tuple[Any, ...]] = self._connection.execute(
                sql, dict(values or {})
            ).fetchall()
        return found


class Store:
    """Tables of facts under their own names, and whatever inventory makes of them.

    The facts lie in the schema `facts`, which is searched after `main`: there, a table of the same
    name that knows more columns hides one.
    """

    def __init__(
        self,
        tables: Sequence[Table],
        *,
        facts: Sequence[Facts] = (),
        files: Mapping[str, Sequence[Path]] | None = None,
    ) -> None:
        import duckdb  # noqa: PLC0415  # 100 ms that only questions need

        self.tables = tuple(tables)
        self._folder = tempfile.TemporaryDirectory(
            prefix="thingwarden-", ignore_cleanup_errors=True
        )
        self._numbers = itertools.count()
        self._rows = {
            table.name: sum(each.rows(table) for each in facts)
            for table in self.tables
            if table.name not in (files or {})
        }
        """Of tables that need not be counted."""
        self._db = duckdb.connect(
            ":memory:",
            config={
                "threads": THREADS,
                "memory_limit": MEMORY,
                "temp_directory": self._folder.name,
            },
        )
        self.readers: tuple[Reader, ...] = (Reader(self._db),)
        """Each for one thread at a time. The first is that of `read`; others know no table `temp`."""
        try:
            self._fill(facts, files or {})
        except BaseException:
            self.close()
            raise

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
        """Run one query, as a `Reader` does."""
        return self.readers[0].read(shape, sql, values)

    def rows(self, sql: str, values: Mapping[str, object] | None = None) -> list[tuple[Any, ...]]:
        """Run one query; its rows as they are."""
        return self.readers[0].rows(sql, values)

    def count(self, tables: Sequence[Table]) -> Mapping[str, int]:
        """How many rows of facts each table has, by name."""
        unknown = [table.name for table in tables if table.name not in self._rows]
        asked = " union all ".join(
            f"select '{name}', count(*) from facts.{name}" for name in unknown
        )
        self._rows |= dict(self.rows(asked)) if unknown else {}
        return {table.name: self._rows[table.name] for table in tables}

    def run(self, sql: str, values: Mapping[str, object] | None = None) -> None:
        """Run one statement that answers nothing, such as `create table`."""
        self._execute(sql, values)

    def arrow(self, sql: str, values: Mapping[str, object] | None = None) -> pa.Table:
        """Run one query with named values; its rows as an Arrow table."""
        with _refusing():
            return self._db.sql(sql, params=dict(values or {})).to_arrow_table()

    def put(self, name: str, rows: pa.Table) -> None:
        """Make a table `name`, in place of what had that name, out of rows computed outside SQL."""
        waiting = f"put_{next(self._numbers)}"
        self._db.register(waiting, rows)
        try:
            self._execute(f"create or replace table {name} as select * from {waiting}", None)
        finally:
            self._db.unregister(waiting)

    def create(self, name: str, columns: Sequence[Column]) -> None:
        """Make a table `name` without rows, at half the cost of a question for none."""
        listed = ", ".join(f'"{each.name}" {TYPES[each.type]}' for each in columns)
        self._execute(f"create table {name} ({listed})", None)

    def close(self) -> None:
        """End the connection and delete its temporary files."""
        self._db.close()
        self._folder.cleanup()

    def _execute(self, sql: str, values: Mapping[str, object] | None) -> Any:  # noqa: ANN401  # the seam
        with _refusing():
            return self._db.execute(sql, dict(values or {}))

    def _fill(self, facts: Sequence[Facts], files: Mapping[str, Sequence[Path]]) -> None:
        few = not files and sum(self._rows.values()) <= FEW_ROWS
        for name, value in (SETTINGS | (FEW_SETTINGS if few else {})).items():
            self._db.execute(f"set {name} = {value}")
        self._db.execute("create schema facts")
        connections = [self._db, *(self._db.cursor() for _ in range(1, THREADS))]
        for connection in connections:
            connection.execute("set search_path = 'main,facts'")
        self.readers = tuple(map(Reader, connections))
        paths: list[Path] = []
        for table in self.tables:
            parts = [part.absolute() for each in facts for part in each.parts(table)]
            parts += [path.absolute() for path in files.get(table.name, ())]
            held = [batch for each in facts for batch in each.held(table)]
            if not held and not parts:
                self.create(f"facts.{table.name}", table.columns)
                continue
            rows = pa.Table.from_batches(held, table.schema)
            if few:
                self._copy(table, rows, parts)
            else:
                self._show(table, rows, parts, connections)
            paths += parts
        allowed = ", ".join(_quoted(str(path)) + ", " + _pattern(path) for path in paths)
        self._db.execute(f"set allowed_paths = [{allowed}]")
        for name, value in LOCKED.items():
            self._db.execute(f"set {name} = {value}")

    def _copy(self, table: Table, rows: pa.Table, parts: Sequence[Path]) -> None:
        """Make a table of the rows of one."""
        self._db.register("held", rows)
        with _refusing(damaged=True):
            query = _all_rows(table, "held", parts)
            self._db.execute(f"create table facts.{table.name} as {query}")
        self._db.unregister("held")

    def _show(
        self,
        table: Table,
        rows: pa.Table,
        parts: Sequence[Path],
        connections: Sequence[Any],
    ) -> None:
        """Make the view of one table, whose rows stay where they are."""
        held = f"held_{table.name}"
        for connection in connections:
            connection.register(held, rows)
        with _refusing(damaged=True):
            query = _all_rows(table, held, parts)
            self._db.execute(f"create view facts.{table.name} as {query}")


def _all_rows(table: Table, held: str, parts: Sequence[Path]) -> str:
    """Rows in memory and in files; those of an older thingwarden may lack a column: it is null there."""
    columns = ", ".join(f'"{column.name}"' for column in table.columns)
    query = f"select * from {held}"
    if parts:
        listed = ", ".join(map(_pattern, parts))
        query += f" union all by name select * from read_parquet([{listed}], union_by_name = true)"
    return f"select {columns} from ({query})"


@contextlib.contextmanager
def _refusing(*, damaged: bool = False) -> Iterator[None]:
    """Turn an error of the disk into a `SiteError`; `damaged`: so is a file that is no Parquet.

    A file that went away is told as one that may not be reached.
    """
    import duckdb  # noqa: PLC0415  # 100 ms that only questions need

    told = (duckdb.IOException, duckdb.OutOfMemoryException, duckdb.PermissionException)
    try:
        yield
    except (*told, duckdb.InvalidInputException) as error:
        if not damaged and not isinstance(error, told):
            raise
        raise SiteError(
            f"the facts cannot be read ({first_line(error)})",
            hint="Look whether the disk for temporary files is full, or a site's file is damaged.",
        ) from error


def _quoted(text: str) -> str:
    return "'" + text.replace("'", "''") + "'"


def _pattern(path: Path) -> str:
    """A quoted pattern that stands for this one file, whatever its folders are called."""
    return _quoted("".join(f"[{one}]" if one in "*?[" else one for one in str(path)))
