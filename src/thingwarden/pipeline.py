"""The whole story, from captures to a report: read this first."""

from collections.abc import Callable, Sequence
from pathlib import Path

from thingwarden.capture.sources import CaptureFile, find_captures
from thingwarden.store import Facts

Progress = Callable[[CaptureFile, int, int], None]
"""Called with the file being read, bytes of it consumed, and packets read from it."""


def _silent(file: CaptureFile, consumed: int, packets: int) -> None:
    """Nobody watches."""


def write_facts(paths: Sequence[Path], folder: Path, *, progress: Progress = _silent, hashed: bool = False) -> None:
    """Read captures and write one Parquet file per table to `folder`; no judgement."""
    from thingwarden.flows.observe import TABLES, Observer, order_by_time

    observer = Observer()
    with Facts() as facts:
        for number, file in enumerate(order_by_time(find_captures(paths))):
            observer.read(
                file, number, emit=facts.add, hashed=hashed,
                progress=lambda consumed, packets, file=file: progress(file, consumed, packets),
            )
        facts.write_to(folder, TABLES)
