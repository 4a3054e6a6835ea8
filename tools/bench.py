"""Measures thingwarden against its peers, and its own starts -> `docs/benchmarks.md`.

    python -m tools.bench [--rounds 3] [--devices 900] [--minutes 60] [--flows 20000000]
        [--data DIR] [--page FILE]

Every comparison is made turn by turn in one run. Captures and peers lie in `build/bench`; captures
of `--data` (`$THINGWARDEN_DATA`, else `../shared/data`) are used if that folder is there. The facts
of a site with `--flows` flows are made of the generated capture; 0 leaves them out.
"""

import argparse
import os
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from functools import partial
from pathlib import Path

import msgspec

from tools.bench_page import Bar, Comparison, Judging, write_page
from tools.measure import Cost, Duel, FailedError, measure, middle
from tools.peers import Missing, Peer, find_peers

ROOT = Path(__file__).parents[1]
CACHE = ROOT / "build/bench"
OURS = ROOT / ".venv/bin/thingwarden"
TINY = ROOT / "samples/home.pcap"
TABLES = CACHE / "tables"
GENERATED = "generated network"
LARGE = 500_000_000  # bytes; the rate of smaller captures is mostly that of starting
SHARE = 0.3  # of the time of decoding, for all checks together
SITE_SECONDS = 5.0  # for all checks together, on the facts of a site
WRAPPING = (
    ("judge_m_per_s", "frames that the judge in Python sees, headers read", 1, "M/s"),
    ("load_s", "loading rules for 5,000 devices of 50 models", 3, "s"),
    ("change_s", "changing the rules of one of 5,000 devices", 0.1, "s"),
    ("prover_s", "proving a safety invariant at 5,000 rules, their list ready", 0.01, "s"),
)
"""Keys of `tools.wrapping.costs`, what they are, and what is to be reached."""

FOUND_OR_NOT = (0, 1)  # exit codes of inspect: nothing found, something found


@dataclass(slots=True)
class Bench:
    """What was measured so far."""

    rounds: int
    comparisons: list[Comparison] = field(default_factory=list)
    bars: list[Bar] = field(default_factory=list)
    missing: list[Missing] = field(default_factory=list)
    judgings: list[Judging] = field(default_factory=list)

    def starts(self) -> None:
        """How long until the program does something."""
        facts = [str(OURS), "facts", str(TINY), "--to", str(TABLES)]
        fresh = CACHE / "kernels"
        shutil.rmtree(fresh, ignore_errors=True)
        first = measure(facts, environment={"XDG_CACHE_HOME": str(fresh)})
        measure(facts)
        warm = middle([measure(facts).wall_s for _ in range(self.rounds)])
        shown = middle([measure([str(OURS), "--help"]).wall_s for _ in range(self.rounds)])
        self.bars += [
            Bar(what="`thingwarden --help`", bar=0.3, unit="s", measured=shown),
            Bar(what="warm start: all tables of the sample", bar=1, unit="s", measured=warm),
            Bar(
                what="first start with kernels to compile: all tables of the sample",
                bar=20,
                unit="s",
                measured=first.wall_s,
            ),
        ]

    def duels(self, name: str, capture: Path, peers: Sequence[Peer], *, binding: bool) -> None:
        """One capture, every peer; bars count where `binding`."""
        for peer in peers:
            self.tries(
                f"{peer.name} on {name}",
                partial(self._duel, name, capture, peer, binding=binding),
            )

    def whole(self, name: str, capture: Path) -> None:
        """`inspect` with reports against `facts`, by wall clock; and memory."""
        files = [CACHE / "report.json", CACHE / "report.html"]
        reports = ["--json", str(files[0]), "--html", str(files[1])]
        inspect = [str(OURS), "inspect", str(capture), *reports]
        decoding: list[Cost] = []
        inspecting: list[Cost] = []
        for _ in range(self.rounds):
            for file in files:
                file.unlink(missing_ok=True)
            decoding.append(decode(capture))
            inspecting.append(measure(inspect, output=CACHE / "inspect.out", accepts=FOUND_OR_NOT))
            if not all(file.exists() for file in files):  # a crash ends with 1 too
                raise FailedError("inspect wrote no reports")
        decoded = middle([cost.wall_s for cost in decoding])
        inspected = middle([cost.wall_s for cost in inspecting])
        size = capture.stat().st_size
        rate = inspected * 1e9 / size
        peak = max(cost.peak_mib for cost in (*decoding, *inspecting))
        self.bars += [
            Bar(
                what=f"`inspect` with both reports, {name}; bar: twice the decoding plus 2 s",
                bar=2 * decoded + 2,
                unit="s",
                measured=inspected,
            ),
            *(
                [
                    Bar(
                        what=f"`inspect`, 1 GB at the rate of {name}",
                        bar=20,
                        unit="s",
                        measured=rate,
                    )
                ]
                if size >= LARGE
                else []
            ),
            Bar(what=f"peak memory, {name}", bar=512, unit="MiB", measured=peak),
        ]

    def judging(self, name: str, *which: str) -> None:
        """All checks together, and each alone; `which` are the words for `tools.check_costs`."""
        answer = CACHE / "check_costs.json"
        measure([sys.executable, "-m", "tools.check_costs", *which], output=answer)
        judging = msgspec.convert(
            {"name": name, **msgspec.json.decode(answer.read_bytes())}, Judging
        )
        self.judgings.append(judging)
        what, bar = f"all checks together, {name}", SITE_SECONDS
        if "--site" not in which:
            what += f"; bar: {SHARE:.0%} of the decoding".replace("%", " %")
            bar = SHARE * judging.decode_s
        self.bars.append(Bar(what=what, bar=bar, unit="s", measured=judging.checks_s))

    def wrapping(self, capture: Path, site: Path | None) -> None:
        """What learning, writing, judging and loading policies costs; see `tools.wrapping.costs`."""
        answer = CACHE / "wrapping_costs.json"
        more = ["--site", str(site)] if site else []
        measure([sys.executable, "-m", "tools.wrapping.costs", str(capture), *more], output=answer)
        found = msgspec.json.decode(answer.read_bytes())
        devices = f"{found['devices']:,} devices"
        self.bars.append(
            Bar(
                what=f"learning and writing policies, {devices}, once these are known",
                bar=30,
                unit="s",
                measured=found.get("learn_s", 0) + found["write_s"],
            )
        )
        for key, what, bar, unit in WRAPPING:
            if key in found:
                self.bars.append(
                    Bar(what=what, bar=bar, unit=unit, measured=found[key], at_least=unit == "M/s")
                )

    def tries(self, name: str, act: Callable[[], None]) -> None:
        """Measure one thing; if it fails, the page says so and the rest goes on."""
        print(name, file=sys.stderr, flush=True)
        try:
            act()
        except FailedError as error:
            self.missing.append(Missing(name=name, reason=str(error)))

    def _duel(self, name: str, capture: Path, peer: Peer, *, binding: bool) -> None:
        ours, theirs = [], []
        for _ in range(self.rounds):
            ours.append(decode(capture))
            command = peer.command(capture, CACHE)
            theirs.append(measure(command, output=CACHE / f"{peer.name}.out"))
        duel = Duel(ours=tuple(ours), theirs=tuple(theirs))
        size = capture.stat().st_size
        self.comparisons.append(Comparison(capture=name, size=size, peer=peer, duel=duel))
        if binding and peer.bar:
            what = f"CPU time of {peer.name} as a multiple of ours, {name}"
            measured = middle(duel.ratios)
            bar = Bar(what=what, bar=peer.bar, unit="x", measured=measured, at_least=True)
            self.bars.append(bar)


def decode(capture: Path) -> Cost:
    """All tables of a capture, written as Parquet; raises `FailedError`."""
    shutil.rmtree(TABLES, ignore_errors=True)
    return measure(
        [str(OURS), "facts", str(capture), "--to", str(TABLES)], output=CACHE / "ours.out"
    )


def make_captures(chosen: argparse.Namespace) -> dict[str, Path]:
    """The generated capture, and those of the data folder merged to one file each."""
    big = CACHE / f"big-{chosen.devices}-{chosen.minutes}.pcap"
    if not big.exists():
        size = ["--devices", str(chosen.devices), "--minutes", str(chosen.minutes)]
        made = [sys.executable, "-m", "tools.big_capture", str(big), *size]
        subprocess.run(made, check=True, cwd=ROOT)
    captures = {GENERATED: big}
    for name, pattern in (
        ("iot-sentinel", "iot-sentinel/*/*.pcap.gz"),
        ("madea", "madea/*/*.cap.gz"),
    ):
        merged = CACHE / f"{name}.pcap"
        files = sorted(chosen.data.glob(pattern))
        if files and not merged.exists() and shutil.which("mergecap"):
            merge(files, merged)
        if merged.exists():
            captures[name] = merged
    return captures


def make_facts(capture: Path, flows: int) -> Path:
    """The facts of a site with that many flows, made of a capture."""
    site = CACHE / f"site-{capture.stem}-{flows}"
    if not site.exists():
        making = site.with_suffix(".making")
        shutil.rmtree(making, ignore_errors=True)
        words = [str(capture), str(making), "--flows", str(flows)]
        subprocess.run([sys.executable, "-m", "tools.big_site", *words], check=True, cwd=ROOT)
        making.replace(site)
    return site


def merge(files: Sequence[Path], merged: Path) -> None:
    """All packets of many captures in order of time, as one pcap file.

    mergecap gives up where a file is cut short, so each goes through editcap, which does not.
    """
    with tempfile.TemporaryDirectory(dir=CACHE) as name:
        parts = [str(Path(name) / f"{number}.pcap") for number in range(len(files))]
        for file, part in zip(files, parts, strict=True):
            command = ["editcap", "-F", "pcap", str(file), part]
            subprocess.run(command, check=False, capture_output=True)
        whole = str(Path(name) / "merged")
        subprocess.run(
            ["mergecap", "-F", "pcap", "-w", whole, *parts], check=True, capture_output=True
        )
        Path(whole).replace(merged)


def main() -> None:
    """Measure all there is, and write the page."""
    parser = argparse.ArgumentParser(description="Measure thingwarden and its peers.")
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--devices", type=int, default=900)
    parser.add_argument("--minutes", type=int, default=60)
    parser.add_argument("--flows", type=int, default=20_000_000)
    data = Path(os.environ.get("THINGWARDEN_DATA") or ROOT / "../shared/data")
    parser.add_argument("--data", type=Path, default=data)
    parser.add_argument("--page", type=Path, default=ROOT / "docs/benchmarks.md")
    chosen = parser.parse_args()
    CACHE.mkdir(parents=True, exist_ok=True)
    captures = make_captures(chosen)
    found = find_peers(CACHE)
    bench = Bench(rounds=chosen.rounds)
    bench.missing += [peer for peer in found if isinstance(peer, Missing)]
    bench.missing += [
        Missing(name=f"captures of {name}", reason="the data folder or mergecap is not there")
        for name in ("iot-sentinel", "madea")
        if name not in captures
    ]
    bench.tries("starts", bench.starts)
    for name, capture in captures.items():
        peers = [peer for peer in found if isinstance(peer, Peer)]
        bench.duels(name, capture, peers, binding=name == GENERATED)
        bench.tries(f"inspect on {name}", partial(bench.whole, name, capture))
    bench.tries("checks", partial(bench.judging, GENERATED, str(captures[GENERATED])))
    site = None
    if chosen.flows:
        site = make_facts(captures[GENERATED], chosen.flows)
        name = f"site of {chosen.flows / 1e6:.0f} M flows"
        bench.tries(f"checks on a {name}", partial(bench.judging, name, "--site", str(site)))
    bench.tries("wrapping", partial(bench.wrapping, captures[GENERATED], site))
    page = write_page(
        bench.comparisons, bench.bars, bench.judgings, bench.missing, rounds=chosen.rounds
    )
    chosen.page.write_text(page)
    print(page)


if __name__ == "__main__":
    main()
