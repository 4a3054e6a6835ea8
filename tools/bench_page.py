"""What was measured -> the text of `docs/benchmarks.md`."""

import os
import platform
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from importlib.metadata import version
from pathlib import Path

from tools.measure import Cost, Duel, middle
from tools.peers import Missing, Peer

HEAD = """# Benchmarks

Written by `make bench`. Each comparison was made turn by turn in one run: ours, theirs, ours, theirs.
CPU seconds are user and system time of all processes of a program; memory is the largest resident
size of one process. Ours is `thingwarden facts`: flows and all protocols, every table written as
Parquet. A ratio is the other's CPU time over ours, from the pairs: smallest, median, largest.
"""

SLOWEST = 6
"""Checks that are named."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Comparison:
    """One peer on one capture."""

    capture: str
    size: int
    """Bytes of the file."""
    peer: Peer
    duel: Duel


@dataclass(frozen=True, slots=True, kw_only=True)
class Bar:
    """Something to reach, and what was measured."""

    what: str
    bar: float
    unit: str
    measured: float
    at_least: bool = False
    """True if more is better."""

    @property
    def reached(self) -> bool:
        """Whether the measured value is on the good side."""
        return self.measured >= self.bar if self.at_least else self.measured <= self.bar


@dataclass(frozen=True, slots=True, kw_only=True)
class Judging:
    """What all checks cost on one capture or site; see `tools.check_costs`."""

    name: str
    decode_s: float
    """0 where facts were there already."""
    know_s: float
    checks_s: float
    peak_mib: float
    each_s: Mapping[str, float]
    """Of every check alone, slowest first."""


def write_page(
    comparisons: Sequence[Comparison],
    bars: Sequence[Bar],
    judgings: Sequence[Judging],
    missing: Sequence[Missing],
    *,
    rounds: int,
) -> str:
    """The whole page as Markdown."""
    sections = (
        [HEAD],
        ["## Machine", "", *describe_machine(), f"- {rounds} rounds each", ""],
        ["## Bars", "", *show_bars(bars), ""],
        ["## Checks", "", *show_judgings(judgings), ""],
        ["## Peers", "", *show_comparisons(comparisons), ""],
        ["## What the peers did", "", *show_tasks(comparisons), ""],
        ["## Not measured", "", *show_missing(missing), ""],
    )
    return "\n".join(line for section in sections for line in section)


def describe_machine() -> Iterator[str]:
    """What the numbers depend on."""
    cpu = "unknown processor"
    for line in Path("/proc/cpuinfo").read_text().splitlines():
        if line.startswith("model name"):
            cpu = line.partition(":")[2].strip()
            break
    memory = os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES") / 2**30
    yield f"- {cpu}, {os.cpu_count()} cores, {memory:.0f} GiB of memory"
    yield f"- {platform.system()} {platform.release()}, Python {platform.python_version()}"
    yield "- " + ", ".join(
        f"{name} {version(name)}" for name in ("numba", "numpy", "pyarrow", "duckdb")
    )


def show_bars(bars: Sequence[Bar]) -> Iterator[str]:
    """Each with what was measured and whether it was reached."""
    yield "| what | bar | measured | |"
    yield "|---|---|---|---|"
    for bar in bars:
        sign = "at least" if bar.at_least else "at most"
        answer = "reached" if bar.reached else "**not reached**"
        yield f"| {bar.what} | {sign} {bar.bar:.3g} {bar.unit} | {bar.measured:.3g} {bar.unit} | {answer} |"


def show_judgings(judgings: Sequence[Judging]) -> Iterator[str]:
    """What judging costs beside decoding, and the checks that take longest."""
    yield "Knowing is finding devices and summing what they do; the checks run two at a time."
    yield ""
    yield "| what | decoding s | knowing s | all checks s | MiB | slowest, each alone |"
    yield "|---|---:|---:|---:|---:|---|"
    for one in judgings:
        decoding = f"{one.decode_s:.2f}" if one.decode_s else "-"
        slow = ", ".join(
            f"{check} {seconds:.2f}" for check, seconds in list(one.each_s.items())[:SLOWEST]
        )
        cells = (decoding, f"{one.know_s:.2f}", f"{one.checks_s:.2f}", f"{one.peak_mib:.0f}", slow)
        yield f"| {one.name} | {' | '.join(cells)} |"


def show_comparisons(comparisons: Sequence[Comparison]) -> Iterator[str]:
    """Medians of both sides, and the ratios."""
    yield (
        "| capture | MB | peer | our CPU s | their CPU s | our wall s | their wall s"
        " | our MiB | their MiB | ratio min | median | max |"
    )
    yield "|---|" + "---:|" + "---|" + "---:|" * 9
    for one in comparisons:
        ours, theirs, ratios = one.duel.ours, one.duel.theirs, one.duel.ratios
        cells = (
            one.capture,
            f"{one.size / 1e6:.0f}",
            one.peer.name,
            *(f"{value:.2f}" for value in (cpu(ours), cpu(theirs), wall(ours), wall(theirs))),
            *(f"{max(cost.peak_mib for cost in side):.0f}" for side in (ours, theirs)),
            *(f"{value:.1f}" for value in (ratios[0], middle(ratios), ratios[-1])),
        )
        yield f"| {' | '.join(cells)} |"


def show_tasks(comparisons: Sequence[Comparison]) -> Iterator[str]:
    """Each peer once, with its version."""
    yield from dict.fromkeys(
        f"- {one.peer.name} {one.peer.version}: {one.peer.does}" for one in comparisons
    )


def show_missing(missing: Sequence[Missing]) -> Iterator[str]:
    """What is left out, and why."""
    for one in missing:
        yield f"- {one.name}: {one.reason}"
    if not missing:
        yield "Nothing was left out."


def cpu(costs: Sequence[Cost]) -> float:
    """Median CPU seconds."""
    return middle([cost.cpu_s for cost in costs])


def wall(costs: Sequence[Cost]) -> float:
    """Median wall seconds."""
    return middle([cost.wall_s for cost in costs])
