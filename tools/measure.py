"""A command -> what it cost: CPU seconds, wall seconds and peak memory, its children included."""

import os
import subprocess
import sys
import tempfile
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from statistics import median

LAUNCHER = Path(__file__).with_name("run_once.py")


@dataclass(frozen=True, slots=True, kw_only=True)
class Cost:
    """What one run took."""

    cpu_s: float
    """User and system time of the process and of all children that it waited for."""
    wall_s: float
    peak_mib: float
    """Largest resident size of any one process among them."""
    exit_code: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Duel:
    """Runs of two programs on one capture, turn by turn, so that both meet the same machine."""

    ours: tuple[Cost, ...]
    theirs: tuple[Cost, ...]

    @property
    def ratios(self) -> list[float]:
        """How many times our CPU time the other needed, pair by pair, smallest first."""
        pairs = zip(self.ours, self.theirs, strict=True)
        return sorted(theirs.cpu_s / max(ours.cpu_s, 0.001) for ours, theirs in pairs)


class FailedError(Exception):
    """A command that was to be measured did not work; the text is its last words."""


def measure(
    command: Sequence[str],
    *,
    output: Path | None = None,
    environment: Mapping[str, str] | None = None,
    accepts: Sequence[int] = (0,),
) -> Cost:
    """Run `command` to its end, with standard output to a file; raises `FailedError`."""
    with tempfile.TemporaryDirectory() as name:
        result, log = Path(name) / "result", Path(name) / "log"
        small = (sys.executable, "-I", "-S", str(LAUNCHER), str(result))
        words = (*small, str(output or os.devnull), str(log), *command)
        subprocess.run(words, check=True, env={**os.environ, **(environment or {})})
        code, user_s, system_s, wall_s, peak_kib = map(float, result.read_text().split())
        if code not in accepts:
            said = log.read_text(errors="replace")[-300:].strip()
            raise FailedError(f"{Path(command[0]).name} ended with {code:.0f}: {said}")
    return Cost(
        cpu_s=user_s + system_s, wall_s=wall_s, peak_mib=peak_kib / 1024, exit_code=int(code)
    )


def middle(values: Sequence[float]) -> float:
    """The median."""
    return float(median(values))
