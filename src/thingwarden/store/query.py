"""Facts -> answers to SQL; the one place where rows become values."""

from collections.abc import Mapping, Sequence
from pathlib import Path
from types import TracebackType
from typing import Any, TypeVar

import pyarrow as pa

from thingwarden.store.facts import Facts
from thingwarden.tables import Table

Shape = TypeVar("Shape")

MEMORY_LIMIT = "192MB"
"""What DuckDB may hold; beyond it, it goes to the temporary folder."""


class Store:
    """Answers SQL over facts: every table is there under its name, also if it is empty."""

    def __init__(self, facts: Facts, tables: Sequence[Table], *, more: Sequence[Path] = ()) -> None:
        """`more` are folders of a site: `<table>/*.parquet` in them counts too."""
        import duckdb  # noqa: PLC0415  # 100 ms that only questions need

        self._database = duckdb.connect(":memory:")
        self._database.execute(f"set memory_limit = '{MEMORY_LIMIT}'")
        self._database.execute("set threads = 2")
        self._database.execute("set preserve_insertion_order = false")
        self._database.execute(
            "set temp_directory = $folder", {"folder": str(facts.folder() / "duckdb")}
        )
        for table in tables:
            self._show(facts, table, more)

    def __enter__(self) -> "Store":
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self._database.close()

    def read(self, shape: type[Shape], sql: str, values: Mapping[str, object] | None = None) -> list[Shape]:
        """Run one query with named values (`$name`); one `shape` a row.

        The query's column names are the fields of `shape`. Raises `msgspec.ValidationError` when
        they do not fit: a bug, not bad input.
        """
        import msgspec  # noqa: PLC0415  # see above

        cursor = self._database.execute(sql, dict(values or {}))
        names = [field[0] for field in cursor.description or ()]
        rows = [dict(zip(names, row, strict=True)) for row in cursor.fetchall()]
        return msgspec.convert(rows, list[shape])  # type: ignore[valid-type]  # shape is a type

    def run(self, sql: str, values: Mapping[str, object] | None = None) -> None:
        """Run a statement that answers nothing."""
        self._database.execute(sql, dict(values or {}))

    def arrow(self, sql: str, values: Mapping[str, object] | None = None) -> pa.Table:
        """The answer as an Arrow table."""
        cursor: Any = self._database.execute(sql, dict(values or {}))
        return cursor.fetch_arrow_table()

    def put(self, name: str, rows: pa.Table) -> None:
        """Make `rows` a table of this store; a table of that name goes."""
        self._database.register("incoming", rows)
        self._database.execute(f'create or replace table "{name}" as select * from incoming')
        self._database.unregister("incoming")

    def _show(self, facts: Facts, table: Table, more: Sequence[Path]) -> None:
        """A view of all rows of a table, wherever they are."""
        name = table.name
        memory = f"{name}_memory"
        rows = pa.Table.from_batches(facts.batches(table), table.schema)
        self._database.register(memory, rows)
        sources = [f'select * from "{memory}"']
        files = [*facts.parts(table)]
        files += [file for folder in more for file in sorted((folder / name).glob("*.parquet"))]
        if files:
            listed = ", ".join("'" + str(file).replace("'", "''") + "'" for file in files)
            sources.append(f"select * from read_parquet([{listed}])")
        self._database.execute(f'create view "{name}" as {" union all by name ".join(sources)}')
