"""A site's folder -> what was read before and how the user labelled it; one writer at a time.

    DIR/facts/TABLE/CAPTURE.parquet   rows of one capture, never changed
    DIR/site.duckdb                   which captures count, and the labels
    DIR/lock                          held while a process has the site open

A capture counts once its row is in `site.duckdb`. Its files come first, so a process that is killed
leaves at most files that belong to no row; the next one deletes them.
"""

import contextlib
import fcntl
import shutil
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from pathlib import Path
from types import TracebackType
from typing import TYPE_CHECKING, Self

import msgspec

from thingwarden.errors import LabelError, SiteError
from thingwarden.model import CaptureFacts, DeviceId
from thingwarden.store.facts import PARTS_PREFIX, Facts
from thingwarden.store.files import UNFINISHED, refusing, sync_folder, write_parquet
from thingwarden.tables import Table

if TYPE_CHECKING:
    import duckdb

VERSION = 1
"""Of the folder's form; another version is refused, not guessed at."""

STATE = "site.duckdb"
LOCK = "lock"
PREFIX = 32
"""Digits of the SHA-256 in file names: 128 bits, so two captures never share one."""

LABEL_LIMIT = 100
"""Characters of a label: more do not fit a line of the report."""

FORM = """
    create table about (version integer not null);
    create table captures (
        number integer primary key,
        sha256 varchar not null unique,
        file varchar not null,
        packets bigint not null,
        bytes bigint not null,
        first_us bigint,
        last_us bigint
    );
    create table labels (
        device_id varchar primary key,
        name varchar,
        category varchar
    );
"""


@dataclass(frozen=True, slots=True, kw_only=True)
class Label:
    """What a user says about a device; None: nothing said."""

    device_id: DeviceId
    name: str | None
    category: str | None


def open_site(path: Path) -> "Site":
    """The site in the folder `path`, which is made if need be; close it after use.

    Raises `SiteError` if the folder holds something else, is of another version, is open in another
    process, or cannot be written.
    """
    return Site(path)


class Site:
    """An open site."""

    def __init__(self, path: Path) -> None:
        self.path = path
        with contextlib.ExitStack() as undo:
            self._take_lock(undo)
            self._db = self._open_state()
            undo.callback(self._db.close)
            self._check_version()
            self._clean()
            self._undo = undo.pop_all()

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self.close()

    @property
    def next_capture_number(self) -> int:
        """The number that the next capture gets."""
        return 1 + max((capture.number for capture in self.captures()), default=-1)

    def has(self, sha256: str) -> bool:
        """Whether this capture was read before."""
        found = self._db.execute("select 1 from captures where sha256 = ?", [sha256])
        return found.fetchone() is not None

    def captures(self) -> list[CaptureFacts]:
        """All captures that count, by number."""
        found = self._db.execute("select * from captures order by number")
        names = [field[0] for field in found.description]
        rows = [dict(zip(names, row, strict=True)) for row in found.fetchall()]
        return msgspec.convert(rows, list[CaptureFacts])

    def commit(self, capture: CaptureFacts, facts: Facts, tables: Sequence[Table]) -> None:
        """Keep a capture and its facts, wholly or not at all; does nothing if the site has it."""
        if self.has(capture.sha256):
            return
        filled = [table for table in tables if facts.rows(table)]
        targets = {self._file(table, capture.sha256): table for table in filled}
        for path in targets:
            with refusing(path.parent):
                path.parent.mkdir(exist_ok=True)
        write_parquet({path: (table, facts.batches(table)) for path, table in targets.items()})
        with refusing(self._facts):
            sync_folder(self._facts)
        self._change(
            "insert into captures values"
            " ($number, $sha256, $file, $packets, $bytes, $first_us, $last_us)",
            asdict(capture),
        )

    def files(self, tables: Sequence[Table]) -> Mapping[str, Sequence[Path]]:
        """The Parquet files of each table, by its name, in the order of the captures."""
        known = [capture.sha256 for capture in self.captures()]
        paths = {table.name: [self._file(table, sha256) for sha256 in known] for table in tables}
        return {name: [path for path in listed if path.exists()] for name, listed in paths.items()}

    def labels(self) -> Mapping[DeviceId, Label]:
        """What the user said, by device."""
        found = self._db.execute("select device_id, name, category from labels order by device_id")
        return {
            DeviceId(device_id): Label(device_id=DeviceId(device_id), name=name, category=category)
            for device_id, name, category in found.fetchall()
        }

    def set_label(
        self, device_id: DeviceId, *, name: str | None = None, category: str | None = None
    ) -> None:
        """Keep what the user says; None leaves what was said before, an empty text takes it back."""
        for value in (name, category):
            if value and (len(value) > LABEL_LIMIT or not value.isprintable()):
                raise LabelError(
                    f"{value[:LABEL_LIMIT]!r}: a label is at most {LABEL_LIMIT} characters,"
                    " on one line"
                )
        self._change(
            "insert into labels values ($device_id, nullif($name, ''), nullif($category, ''))"
            " on conflict do update set"
            " name = nullif(coalesce($name, name), ''),"
            " category = nullif(coalesce($category, category), '')",
            {"device_id": device_id, "name": name, "category": category},
        )

    def close(self) -> None:
        """End the work and let other processes have the site."""
        self._undo.close()

    @property
    def _facts(self) -> Path:
        return self.path / "facts"

    def _file(self, table: Table, sha256: str) -> Path:
        return self._facts / table.name / f"{sha256[:PREFIX]}.parquet"

    def _change(self, sql: str, values: Mapping[str, object]) -> None:
        import duckdb

        try:
            self._db.execute(sql, dict(values))
        except duckdb.IOException as error:
            raise SiteError(f"{self.path}: cannot write there ({_first_line(error)})") from error

    def _take_lock(self, undo: contextlib.ExitStack) -> None:
        with refusing(self.path):
            self.path.mkdir(parents=True, exist_ok=True)
            self._refuse_other_folder()
            lock = undo.enter_context((self.path / LOCK).open("a"))
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except OSError as error:
            raise SiteError(
                f"{self.path}: this site is open in another thingwarden",
                hint="Wait until that one has finished.",
            ) from error

    def _refuse_other_folder(self) -> None:
        """So that a slip of the keyboard does not fill somebody's documents."""
        names = {entry.name for entry in self.path.iterdir()}
        ours = {STATE, LOCK, "facts", f"{STATE}.wal", f"{STATE}{UNFINISHED}"}
        if STATE not in names and names - ours - {f"{STATE}{UNFINISHED}.wal"}:
            raise SiteError(
                f"{self.path}: this folder is not a site, and not empty",
                hint="Name a new folder, or one that thingwarden made.",
            )

    def _open_state(self) -> "duckdb.DuckDBPyConnection":
        import duckdb

        path = self.path / STATE
        try:
            if not path.exists():
                self._make_state(path)
            return duckdb.connect(path, config={"threads": 1, "memory_limit": "64MB"})
        except duckdb.Error as error:
            raise SiteError(f"{path}: cannot be opened ({_first_line(error)})") from error

    def _make_state(self, path: Path) -> None:
        """The empty state, under its own name only once it is complete."""
        import duckdb

        unfinished = path.with_name(f"{STATE}{UNFINISHED}")
        for left in (unfinished, unfinished.with_name(f"{unfinished.name}.wal")):
            left.unlink(missing_ok=True)
        with refusing(self.path):
            self._facts.mkdir(exist_ok=True)
        with duckdb.connect(unfinished) as db:
            db.execute(FORM)
            db.execute("insert into about values (?)", [VERSION])
            db.execute("checkpoint")
        with refusing(self.path):
            unfinished.replace(path)
            sync_folder(self.path)

    def _check_version(self) -> None:
        import duckdb

        try:
            found = self._db.execute("select version from about").fetchone()
        except duckdb.Error as error:
            raise SiteError(f"{self.path / STATE}: not the state of a site") from error
        if found != (VERSION,):
            raise SiteError(
                f"{self.path}: a site of version {found[0] if found else 'none'},"
                f" expected {VERSION}",
                hint="Use the thingwarden that made it, or begin a new site from its captures.",
            )

    def _clean(self) -> None:
        """Delete what a killed process left: files of no capture, and temporary folders."""
        counted = {f"{capture.sha256[:PREFIX]}.parquet" for capture in self.captures()}
        with refusing(self.path):
            self._facts.mkdir(exist_ok=True)
            for left in self.path.glob(f"{PARTS_PREFIX}*"):
                shutil.rmtree(left, ignore_errors=True)
            for path in self._facts.glob("*/*"):
                if path.name not in counted:
                    path.unlink()


def _first_line(error: "duckdb.Error") -> str:
    return str(error).partition("\n")[0]
