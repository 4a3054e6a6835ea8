"""Captures -> the findings of every check, with the frames that they name, to be looked at by hand.

    python -m tools.judged_samples SET=PATH... [--most 10] [--check ID]

For every check that fires: how many findings in each set, and a sample with the lines that tshark has
for the first frames of its evidence. What was found right or wrong goes to `tools/examined.csv`.
"""

import argparse
import hashlib
import random
import shutil
import subprocess
from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path

from thingwarden.model import Finding, Report
from thingwarden.pipeline import inspect_captures

SEED = 1
FRAMES = 2
"""Frames of a finding that are shown."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Case:
    """A finding, and where it was found."""

    set: str
    device: str
    finding: Finding
    files: tuple[tuple[int, Path], ...]
    """Number and path of the captures."""


def find_cases(name: str, paths: Sequence[Path]) -> Iterable[Case]:
    """Every finding in one inspection."""
    report = inspect_captures(paths)
    files = tuple(_paths(report, paths))
    for entry in report.assessments:
        called = " / ".join((*entry.device.names[:1], *entry.device.macs[:1]))
        for finding in entry.findings:
            yield Case(set=name, device=called, finding=finding, files=files)


def _paths(report: Report, paths: Sequence[Path]) -> Iterable[tuple[int, Path]]:
    """Captures by content: files of one name are frequent."""
    listed = [file for path in paths for file in ([path] if path.is_file() else path.rglob("*"))]
    names = {capture.file for capture in report.captures}
    by_content = {
        hashlib.sha256(file.read_bytes()).hexdigest(): file
        for file in listed
        if file.is_file() and file.name in names
    }
    for capture in report.captures:
        if capture.sha256 in by_content:
            yield capture.number, by_content[capture.sha256]


def show(case: Case) -> None:
    """The finding, its first rows of evidence, and what tshark says of their frames."""
    finding = case.finding
    sure = f"{finding.severity.value}, {finding.confidence.value}"
    print(f"  [{case.set}] {case.device} ({sure}): {finding.statement}")
    files = dict(case.files)
    for row in finding.evidence[:FRAMES]:
        file = files.get(row.capture)
        print(f"      {file.name if file else '?'} frame {row.frame}: {row.says}")
        if file and shutil.which("tshark"):
            words = ["tshark", "-r", str(file), "-Y", f"frame.number=={row.frame}"]
            done = subprocess.run(words, capture_output=True, check=False, text=True)
            print(f"        tshark: {done.stdout.strip()[:200]}")


def main() -> None:
    """Print the samples."""
    parser = argparse.ArgumentParser(description="Show findings to be examined by hand.")
    parser.add_argument("sets", nargs="+", help="NAME=PATH; paths of one name are one network")
    parser.add_argument("--most", type=int, default=10)
    parser.add_argument("--check", default="")
    parser.add_argument("--count-only", action="store_true")
    chosen = parser.parse_args()
    networks: dict[str, list[Path]] = defaultdict(list)
    for word in chosen.sets:
        name, _, path = word.partition("=")
        networks[name].append(Path(path))
    by_check: dict[str, list[Case]] = defaultdict(list)
    for name, paths in networks.items():
        for case in find_cases(name, paths):
            by_check[case.finding.check].append(case)
    dice = random.Random(SEED)
    for check, cases in sorted(by_check.items()):
        if chosen.check in ("", check):
            severities = sorted({case.finding.severity.value for case in cases})
            print(f"{check}: {len(cases)} ({', '.join(severities)})")
            if not chosen.count_only:
                for case in dice.sample(cases, min(chosen.most, len(cases))):
                    show(case)


if __name__ == "__main__":
    main()
