"""A site's folder -> what was read, what the user said, what was concluded; one process at a time.

    DIR/facts/TABLE/NUMBER-SHA256.parquet   rows of one capture, never changed
    DIR/site.duckdb                         which captures count, what the user said, past grades
    DIR/lock                                held while a process has the site open

A capture counts once its row is in `site.duckdb`. Its files come first, so a process that is killed
leaves at most files that belong to no row; the next one deletes them.
"""

import contextlib
import fcntl
import re
import shutil
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import asdict, dataclass
from pathlib import Path
from types import TracebackType
from typing import Self

import msgspec

from thingwarden.errors import SiteError
from thingwarden.model import CaptureFacts
from thingwarden.store.facts import PARTS_PREFIX, Facts
from thingwarden.store.files import UNFINISHED, refusing, sync_folder, write_parquet
from thingwarden.store.history import History
from thingwarden.store.said import Said
from thingwarden.store.state import State
from thingwarden.tables import Table

STATE = "site.duckdb"
LOCK = "lock"
FACTS = "facts"

FACT_FILE = re.compile(
    rf"(?P<capture>\d{{6,}}-[0-9a-f]{{16}})\.parquet(\.[0-9a-f]{{8}}\{UNFINISHED})?"
)


@dataclass(frozen=True, slots=True, kw_only=True)
class _Kept:
    """A capture that counts, and its tables that have rows."""

    number: int
    sha256: str
    tables: tuple[str, ...]

    @property
    def stem(self) -> str:
        """Beginning of the names of its files."""
        return f"{self.number:06}-{self.sha256[:16]}"


class Site:
    """An open site; `Site.open` makes one."""

    def __init__(self, folder: Path, state: State, undo: contextlib.ExitStack) -> None:
        self.folder = folder
        self.said = Said(state)
        self.history = History(state)
        self._state = state
        self._undo = undo

    @classmethod
    def open(cls, folder: Path) -> Self:
        """The site in `folder`, which is made if need be; close it after use.

        Raises `SiteError` if the folder holds something else, is of another version, is in use by
        another process, is damaged, or cannot be written.
        """
        with contextlib.ExitStack() as undo:
            _take_lock(folder, undo)
            _refuse_orphans(folder)
            state = State(folder / STATE)
            undo.callback(state.close)
            site = cls(folder, state, undo)
            site._clean()  # before anybody else has it
            site._refuse_gaps()
            site._undo = undo.pop_all()
            return site

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self.close()

    def close(self) -> None:
        """End the work and let other processes have the site."""
        self._undo.close()

    def captures(self) -> list[CaptureFacts]:
        """All captures that count, by number."""
        rows = self._state.ask("select * exclude (tables) from captures order by number")
        return msgspec.convert(rows, list[CaptureFacts])

    def next_number(self) -> int:
        """The number that the next capture gets."""
        return 1 + max((kept.number for kept in self._kept()), default=-1)

    def knows(self, sha256: str) -> bool:
        """Whether this capture was read before."""
        found = self._state.ask("select 1 from captures where sha256 = $sha", {"sha": sha256})
        return bool(found)

    def add(self, capture: CaptureFacts, facts: Facts, tables: Sequence[Table]) -> bool:
        """Keep a capture and its facts, wholly or not at all; False if the site has it already.

        `capture.number` must be new here. Raises `SiteError` if it cannot be written.
        """
        assert capture.sha256, "a site knows captures by their SHA-256"
        if self.knows(capture.sha256):
            return False
        assert capture.number >= self.next_number(), f"number {capture.number} is taken"
        filled = [table for table in tables if facts.rows(table)]
        names = tuple(table.name for table in filled)
        kept = _Kept(number=capture.number, sha256=capture.sha256, tables=names)
        self._make_folders(names)
        write_parquet({self._file(kept, table.name): facts.source(table) for table in filled})
        self._state.change(
            "insert into captures values"
            " ($number, $sha256, $file, $packets, $bytes, $first_us, $last_us, $tables)",
            {**asdict(capture), "tables": list(names)},
        )
        return True

    def files(self) -> Mapping[str, Sequence[Path]]:
        """The Parquet files of all captures, by name of their table, in the order of captures."""
        listed: dict[str, list[Path]] = {}
        for kept in self._kept():
            for name in kept.tables:
                listed.setdefault(name, []).append(self._file(kept, name))
        return listed

    def _kept(self) -> list[_Kept]:
        rows = self._state.ask("select number, sha256, tables from captures order by number")
        return msgspec.convert(rows, list[_Kept])

    def _file(self, kept: _Kept, table: str) -> Path:
        return self.folder / FACTS / table / f"{kept.stem}.parquet"

    def _make_folders(self, names: Iterable[str]) -> None:
        facts = self.folder / FACTS
        for name in names:
            with refusing(facts / name):
                (facts / name).mkdir(parents=True, exist_ok=True)
        for folder in (facts, self.folder):
            with refusing(folder):
                facts.mkdir(exist_ok=True)
                sync_folder(folder)

    def _clean(self) -> None:
        """Delete what a killed process left: files of no capture, and temporary folders."""
        counted = {kept.stem for kept in self._kept()}
        for left in self.folder.glob(f"{PARTS_PREFIX}*"):
            shutil.rmtree(left, ignore_errors=True)
        for path in (self.folder / FACTS).glob("*/*"):
            found = FACT_FILE.fullmatch(path.name)
            if found and (found["capture"] not in counted or path.name.endswith(UNFINISHED)):
                with refusing(path):
                    path.unlink()

    def _refuse_gaps(self) -> None:
        """What is missing must be told: findings would go without a word."""
        for paths in self.files().values():
            for path in paths:
                if not path.is_file():
                    raise SiteError(
                        f"{path}: is missing, but its capture is in {STATE}",
                        hint="Restore the folder, or begin a new site from its captures.",
                    )


def _take_lock(folder: Path, undo: contextlib.ExitStack) -> None:
    if folder.exists() and not folder.is_dir():
        raise SiteError(f"{folder}: is not a folder, so it cannot be a site")
    with refusing(folder):
        folder.mkdir(parents=True, exist_ok=True)
        lock = undo.enter_context((folder / LOCK).open("ab"))
    try:
        fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError as error:
        raise SiteError(
            f"{folder}: this site is in use by another process",
            hint="Wait until that one has finished.",
        ) from error
    except OSError as error:
        raise SiteError(f"{folder}: cannot be locked ({error.strerror})") from error


def _refuse_orphans(folder: Path) -> None:
    """Facts without their state are not ours to delete: it may have been lost."""
    if (folder / STATE).exists():
        return
    for name in (f"{STATE}.wal", FACTS):
        if (folder / name).exists():
            raise SiteError(
                f"{folder}: is not a site, it has {name} but no {STATE}",
                hint="Name a new folder, or restore the missing file.",
            )
