"""Spoils captures and inspects them: anything but an answer is kept in `build/fuzz`, and exit is 1.

    python -m tools.fuzz [--seconds 60] [--seed N] [--memory 768] [--patience 60] [CAPTURE…]

Seeds are the sample, a small generated network, an outage, and what lies in `$THINGWARDEN_DATA` or
`../shared/data`. Try N of a run has the seed `SEED-N`; what it found is kept as a capture, with the
seed in its name and what happened beside it.
"""

import argparse
import gzip
import os
import random
import select
import subprocess
import sys
import time
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from tools.big_capture import generate
from tools.mutations import MOST_BYTES, mutate
from tools.outage_capture import Outage

ROOT = Path(__file__).parents[1]
KEPT = ROOT / "build/fuzz"
WORKER = (sys.executable, "-m", "tools.fuzz_worker")
STEP_SECONDS = 0.05
FIRST_PATIENCE = 300.0  # the first answer may wait for kernels to compile
SEEDS_A_FOLDER = 60
CAPTURE_NAMES = (".pcap", ".pcapng", ".cap", ".pcap.gz", ".cap.gz")


@dataclass(frozen=True, slots=True, kw_only=True)
class Limits:
    """What a try may take."""

    seconds: float
    memory_mib: int


class Worker:
    """A process that inspects one capture after another, watched from outside."""

    def __init__(self, limits: Limits) -> None:
        self.limits = limits
        self.errors = KEPT / "worker.log"
        self.process = self._begin()

    def inspect(self, path: Path) -> str:
        """Empty if all went well, else what happened; then the next try has a fresh worker."""
        said = self._ask(f"{path}\n".encode(), self.limits.seconds)
        if said.startswith("fine"):
            return ""
        if self.process.poll() is not None or not said.startswith('"'):
            self.end()
            said += "\n" + self.errors.read_text(errors="replace")[-4000:]
            self.process = self._begin()
        return said

    def end(self) -> None:
        """Stop the process."""
        self.process.kill()
        self.process.wait()

    def _begin(self) -> subprocess.Popen[bytes]:
        with self.errors.open("wb") as log:
            self.process = subprocess.Popen(
                WORKER, stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=log, cwd=ROOT
            )
        said = self._ask(f"{ROOT / 'samples/home.pcap'}\n".encode(), FIRST_PATIENCE)
        if not said.startswith("fine"):
            raise SystemExit(f"the sample cannot be inspected: {said}\n{self.errors.read_text()}")
        return self.process

    def _ask(self, line: bytes, seconds: float) -> str:
        """The worker's answer to a line, or what became of it."""
        assert self.process.stdin
        assert self.process.stdout
        try:
            self.process.stdin.write(line)
            self.process.stdin.flush()
        except BrokenPipeError:
            return f"died: {self.process.wait()}"
        deadline = time.monotonic() + seconds
        while time.monotonic() < deadline:
            if select.select([self.process.stdout], [], [], STEP_SECONDS)[0]:
                said = self.process.stdout.readline().decode()
                return self._judge_peak(said) if said else f"died: {self.process.wait()}"
            if self._peak_mib() > self.limits.memory_mib:
                self.process.kill()
                return f"memory: more than {self.limits.memory_mib} MiB"
        self.process.send_signal(6)  # SIGABRT: faulthandler tells where it hangs
        self.process.wait()
        return f"hang: no answer in {seconds:.0f} s"

    def _judge_peak(self, said: str) -> str:
        """An answer that took too much memory is none."""
        peak = self._peak_mib()
        if said.startswith("fine") and peak > self.limits.memory_mib:
            return f"memory: {peak} MiB"
        return said

    def _peak_mib(self) -> int:
        """Largest resident size since the try began."""
        try:
            status = Path(f"/proc/{self.process.pid}/status").read_text()
        except OSError:
            return 0
        peak = status.partition("VmHWM:")[2].split()
        return int(peak[0]) // 1024 if peak else 0


def gather_seeds(data: Path, named: Sequence[Path], dice: random.Random) -> list[bytes]:
    """Captures to spoil: those named, or else ours and some of every folder of data."""
    if named:
        return [unpack(path) for path in named]
    seeds = [unpack(ROOT / "samples/home.pcap")] * 3
    seeds.append(b"".join(generate(devices=12, minutes=2, seed=1)))
    seeds.append(Outage(seed=1, hours=0.05).tell().capture())
    for folder in sorted(data.glob("*")) if data.is_dir() else ():
        found = [path for path in sorted(folder.rglob("*")) if path.name.endswith(CAPTURE_NAMES)]
        seeds += [unpack(path) for path in dice.sample(found, min(SEEDS_A_FOLDER, len(found)))]
    for folder in (ROOT / "build/compare").glob("*"):  # unpacked by tools/compare.py
        found = [path for path in sorted(folder.rglob("*.pcap*")) if path.is_file()]
        seeds += [unpack(path) for path in dice.sample(found, min(SEEDS_A_FOLDER, len(found)))]
    return seeds


def unpack(path: Path) -> bytes:
    """The first bytes of a capture, without gzip."""
    with gzip.open(path) if path.suffix == ".gz" else path.open("rb") as file:
        return file.read(MOST_BYTES)


def tries(seed: int, seeds: Sequence[bytes]) -> Iterator[tuple[str, bytes]]:
    """For ever: a name with the try's own seed and what was done, and the spoilt capture."""
    number = 0
    while True:
        dice = random.Random(f"{seed}-{number}")
        done, data = mutate(dice.choice(seeds), dice)
        yield f"{seed}-{number}-{done}", data
        number += 1


def fuzz(worker: Worker, todo: Iterator[tuple[str, bytes]], seconds: float) -> Counter[str]:
    """Try until time is up; what went wrong is kept and printed."""
    wrong: Counter[str] = Counter()
    current = KEPT / "current.pcap"
    ends, shown, number = time.monotonic() + seconds, time.monotonic(), 0
    for number, (name, data) in enumerate(todo, start=1):
        current.write_bytes(data)
        said = worker.inspect(current)
        if said:
            kind = last_words(said)
            wrong[kind] += 1
            print(f"{name}: {kind}", flush=True)
            if wrong[kind] <= 3:  # more of the same teach nothing
                current.replace(KEPT / f"{name}.pcap")
                (KEPT / f"{name}.txt").write_text(said.replace("\\n", "\n"))
        now = time.monotonic()
        if now > shown + 10:
            print(f"{number} tries, {wrong.total()} went wrong", file=sys.stderr, flush=True)
            shown = now
        if now > ends:
            break
    print(f"{number} tries, {wrong.total()} went wrong")
    return wrong


def last_words(said: str) -> str:
    """The last line of a traceback, or the first line of anything else."""
    if said.startswith('"'):
        return said.strip().strip('"').removesuffix("\\n").rpartition("\\n")[2][:200]
    return said.partition("\n")[0][:200]


def main() -> int:
    """Fuzz for a while; 1 if anything went wrong."""
    parser = argparse.ArgumentParser(description="Inspect spoilt captures.")
    parser.add_argument("captures", nargs="*", type=Path, help="seeds in place of the usual ones")
    parser.add_argument("--seconds", type=float, default=60)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--memory", type=int, default=768, help="MiB a try may take")
    parser.add_argument("--patience", type=float, default=60, help="seconds a try may take")
    data = Path(os.environ.get("THINGWARDEN_DATA") or ROOT / "../shared/data")
    parser.add_argument("--data", type=Path, default=data)
    chosen = parser.parse_args()
    KEPT.mkdir(parents=True, exist_ok=True)
    seeds = gather_seeds(chosen.data, chosen.captures, random.Random(chosen.seed))
    worker = Worker(Limits(seconds=chosen.patience, memory_mib=chosen.memory))
    try:
        wrong = fuzz(worker, tries(chosen.seed, seeds), chosen.seconds)
    finally:
        worker.end()
    return 1 if wrong else 0


if __name__ == "__main__":
    sys.exit(main())
