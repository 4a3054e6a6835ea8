"""A site's small database: captures, labels, grades; whole after a kill at any time."""

import contextlib
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Any

from thingwarden.errors import SiteError
from thingwarden.store.files import UNFINISHED, first_line, refusing, sync_folder

if TYPE_CHECKING:
    import duckdb

VERSION = 1
"""Of the folder's form; another version is refused, not guessed at."""

FORM = """
    create table about (version integer not null);
    create table captures (
        number integer primary key,
        sha256 varchar not null unique,
        file varchar not null,
        packets bigint not null,
        bytes bigint not null,
        first_us bigint,
        last_us bigint,
        tables varchar[] not null
    );
    create table labels (
        device_id varchar primary key,
        name varchar,
        category varchar,
        since_us bigint
    );
"""

STATEMENTS = """
    create table if not exists statements (
        number integer primary key,
        kind varchar not null,
        first varchar not null,
        second varchar not null
    );
"""
"""The first sites lack it, until something is stated; they are read without it."""

SUPPRESSIONS = """
    create table if not exists suppressions (
        device_id varchar not null,
        "check" varchar not null,
        reason varchar not null,
        until varchar not null,
        primary key (device_id, "check")
    );
"""

ROLES = """
    create table if not exists roles (
        device_id varchar primary key,
        role varchar not null
    );
"""

PAST = """
    create table if not exists past (
        number integer not null,
        device_id varchar not null,
        last_us bigint not null,
        verdict varchar not null,
        grades varchar not null
    );
"""
"""What each inspection concluded; `grades` as JSON."""

CONFIG: dict[str, str | bool | int | float | list[str]] = {
    "threads": 1,
    "memory_limit": "64MB",
    "enable_external_access": False,
    "autoinstall_known_extensions": False,
    "autoload_known_extensions": False,
    "lock_configuration": True,
}
"""A site may come from somebody else: whatever its database holds, it reaches no other file."""


class State:
    """The open database at `path`, which is made if it is absent; raises `SiteError`."""

    def __init__(self, path: Path) -> None:
        self._path = path
        if not path.exists():
            _make(path)
        self._db = _connect(path)
        try:
            self._check_version()
        except BaseException:
            self.close()
            raise

    def ask(self, sql: str, values: Mapping[str, object] | None = None) -> list[dict[str, Any]]:
        """The rows that answer a query, by name of their columns."""
        with _refusing(self._path, "cannot be read"):
            cursor = self._db.execute(sql, dict(values or {}))
            names = [field[0] for field in cursor.description or ()]
            return [dict(zip(names, row, strict=True)) for row in cursor.fetchall()]

    def change(self, sql: str, values: Mapping[str, object]) -> None:
        """Run one statement; on disk when this returns."""
        with _refusing(self._path, "cannot be written"):
            self._db.execute(sql, dict(values))
            self._db.execute("checkpoint")

    def has(self, table: str) -> bool:
        """Whether there is such a table."""
        found = self.ask("select 1 from duckdb_tables() where table_name = $name", {"name": table})
        return bool(found)

    def close(self) -> None:
        """Let other processes have it."""
        self._db.close()

    def _check_version(self) -> None:
        with _refusing(self._path, "is not the state of a site"):
            found = self._db.execute("select version from about").fetchone()
        if found != (VERSION,):
            raise SiteError(
                f"{self._path}: a site of version {found[0] if found else 'none'},"
                f" expected {VERSION}",
                hint="Use the thingwarden that made it, or begin a new site from its captures.",
            )


def _make(path: Path) -> None:
    """An empty state, under its own name only once it is complete."""
    import duckdb  # noqa: PLC0415  # 100 ms that only a site needs

    unfinished = path.with_name(f"{path.name}{UNFINISHED}")
    for left in (unfinished, unfinished.with_name(f"{unfinished.name}.wal")):
        with refusing(left):
            left.unlink(missing_ok=True)
    with _refusing(path, "cannot be made"), duckdb.connect(unfinished, config=CONFIG) as db:
        db.execute(FORM + STATEMENTS + SUPPRESSIONS + ROLES + PAST)
        db.execute("insert into about values ($version)", {"version": VERSION})
        db.execute("checkpoint")
    with refusing(path):
        unfinished.replace(path)
        sync_folder(path.parent)


def _connect(path: Path) -> "duckdb.DuckDBPyConnection":
    import duckdb  # noqa: PLC0415  # see above

    with _refusing(path, "cannot be opened"):
        return duckdb.connect(path, config=CONFIG)


@contextlib.contextmanager
def _refusing(path: Path, what: str) -> Iterator[None]:
    """Turn whatever DuckDB says into a `SiteError`: after the disk's errors it may say anything."""
    import duckdb  # noqa: PLC0415  # see above

    try:
        yield
    except duckdb.Error as error:
        if "Could not set lock" in str(error):
            raise SiteError(f"{path}: is in use by another process") from error
        reason = first_line(error).rpartition(": ")[2]  # its parts go from what to why
        raise SiteError(f"{path}: {what} ({reason})") from error
