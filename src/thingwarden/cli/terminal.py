"""What every command shows: sentences, tables, and a bar while it reads."""

import sys
from collections.abc import Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING

import click

if TYPE_CHECKING:
    from rich.console import Console
    from rich.progress import Progress as Bars
    from rich.progress import TaskID

    from thingwarden.capture.sources import CaptureFile
    from thingwarden.pipeline import Progress


def console() -> "Console":
    """Where tables are printed."""
    from rich.console import Console  # noqa: PLC0415

    return Console(soft_wrap=False)


def say(sentence: str) -> None:
    """A sentence beside the results, on stderr."""
    click.echo(sentence, err=True)


@contextmanager
def show_progress() -> Iterator["Progress"]:
    """A bar with packets a second and the time left, on a terminal; in a pipe nothing."""
    if not sys.stderr.isatty():
        yield lambda file, consumed, packets: None
        return
    from rich.console import Console  # noqa: PLC0415
    from rich.progress import (  # noqa: PLC0415
        BarColumn,
        Progress,
        TextColumn,
        TimeRemainingColumn,
    )

    columns = (
        TextColumn("{task.description}", markup=False),
        BarColumn(),
        TextColumn("{task.fields[rate]}", markup=False),
        TimeRemainingColumn(),
    )
    with Progress(*columns, console=Console(stderr=True), transient=True) as bars:
        yield _advance(bars)


def _advance(bars: "Bars") -> "Progress":
    """A function that moves the bar of the file being read."""
    tasks: dict[str, TaskID] = {}

    def advance(file: "CaptureFile", consumed: int, packets: int) -> None:
        key = str(file.path)
        if key not in tasks:
            tasks[key] = bars.add_task(file.name, total=file.size_bytes, rate="")
        seconds = bars.tasks[tasks[key]].elapsed or 0
        rate = f"{packets / seconds:,.0f} packets/s" if seconds > 0.2 else ""
        bars.update(tasks[key], completed=consumed, rate=rate)

    return advance
