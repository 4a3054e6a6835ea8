"""Real captures -> how often checks are right, how stable grades are, what is found of attacks.

    python -m tools.precision        prints the sections that `docs/evaluation.md` ends with

What a person found right or wrong, looking at packets, stands in `tools/examined.csv`; everything
else is counted here. Captures with labels are in the data folder; they only measure.
"""

import csv
import os
import re
import subprocess
import sys
import tempfile
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import pairwise
from pathlib import Path

from thingwarden.checks import CHECKS
from thingwarden.errors import ThingwardenError
from thingwarden.model import Assessment, Finding, Report, Severity
from thingwarden.pipeline import inspect_captures

ROOT = Path(__file__).resolve().parents[1]
EXAMINED = ROOT / "tools" / "examined.csv"
DATE = re.compile(r"_(\d{4}-\d+-\d+)_")
"""Day in the name of a MADEA capture."""

ENOUGH_US = 1_800_000_000
"""Half an hour: a device seen for less on a day is not compared."""

CHECKED = """## How often checks are right

Everyday captures: MADEA (16 devices, 5 days), IoT-23 (a Hue bridge, a day) and IoT Sentinel (set-ups of 25 devices of 2016, as one
network). *Examined* findings were looked up in the packets by a person, drawn at random where there are more than ten;
*right* says that the packets show what the finding says, at its severity. {silent} of {checks} checks find nothing in them.
"""

DAYS = """## Whether a device gets the same grade tomorrow

MADEA, each day inspected on its own; a device counts that was seen for half an hour on both days of a pair. A letter that is not given
on one of the days is no change of mind, but less to go on.
"""

ATTACKED = """## Attacks

Every unit among the attack scenarios of the data folder. What is judged is who does something, not who suffers it. Logs of Zeek, Argus,
NetFlow and Suricata hold no packets and are not read: what they tell of is missed.
"""


@dataclass(frozen=True, slots=True, kw_only=True)
class Looked:
    """What a person found."""

    check: str
    examined: int
    right: int
    note: str


def write_sections(data: Path) -> Iterator[str]:
    """The lines of all sections for which there is data."""
    yield from _checked(list(_everyday(data)))
    yield from _days(data / "madea")
    yield from _attacks(data / "attacks")


def _everyday(data: Path) -> Iterator[tuple[str, Report]]:
    for name in ("madea", "iot23-benign", "iot-sentinel"):
        paths = sorted((data / name).rglob("*.pcap*")) + sorted((data / name).rglob("*.cap*"))
        if paths:
            yield name, inspect_captures(sorted(set(paths)))


def _checked(reports: Sequence[tuple[str, Report]]) -> Iterator[str]:
    counts: dict[str, Counter[str]] = defaultdict(Counter)
    severities: dict[str, set[Severity]] = defaultdict(set)
    for name, report in reports:
        for finding in (one for entry in report.assessments for one in entry.findings):
            counts[finding.check][name] += 1
            severities[finding.check].add(finding.severity)
    looked = {one.check: one for one in read_examined()}
    yield CHECKED.format(silent=len(CHECKS) - len(counts), checks=len(CHECKS))
    yield (
        "| check | severity | "
        + " | ".join(name for name, _ in reports)
        + " | examined | right | note |"
    )
    yield "|---|---|" + "---:|" * (len(reports) + 2) + "---|"
    for check in (each.id for each in CHECKS if each.id in counts):
        worst = max(severities[check], key=lambda one: one.rank).value
        found = " | ".join(str(counts[check][name]) for name, _ in reports)
        one = looked.get(check)
        seen = f"{one.examined} | {one.right} | {one.note}" if one else "- | - | not examined"
        yield f"| {check} | {worst} | {found} | {seen} |"
    yield ""
    yield _sum_up(looked, severities)
    yield ""


def _sum_up(looked: Mapping[str, Looked], severities: Mapping[str, set[Severity]]) -> str:
    """How many were right, of all and of those that are high or worse."""
    grave = [
        check
        for check, found in severities.items()
        if max(one.rank for one in found) >= Severity.HIGH.rank
    ]
    every = _share(looked[check] for check in severities if check in looked)
    worst = _share(looked[check] for check in grave if check in looked)
    return f"Right: {every} of all that were examined; {worst} of checks that reach high or worse."


def _share(looked: Iterable[Looked]) -> str:
    listed = list(looked)
    right, examined = sum(one.right for one in listed), sum(one.examined for one in listed)
    return (
        f"{right} of {examined} ({right / examined:.1%})".replace("%", " %") if examined else "none"
    )


def read_examined() -> list[Looked]:
    """What a person found, by check."""
    rows = csv.DictReader(EXAMINED.read_text(encoding="utf-8").splitlines())
    return [
        Looked(
            check=row["check"],
            examined=int(row["examined"]),
            right=int(row["right"]),
            note=row["note"],
        )
        for row in rows
    ]


def _days(folder: Path) -> Iterator[str]:
    by_day: dict[str, list[Path]] = defaultdict(list)
    for path in folder.glob("*/*.cap*"):
        found = DATE.search(path.name)
        if found:
            year, month, day = map(int, found[1].split("-"))
            by_day[f"{year}-{month:02}-{day:02}"].append(path)
    if not by_day:
        return
    yield DAYS
    yield "| days | devices | same verdict | letters on both days | same letter | what changed |"
    yield "|---|---:|---:|---:|---:|---|"
    days = {day: inspect_captures(sorted(by_day[day])) for day in sorted(by_day)}
    for (first, before), (second, after) in pairwise(days.items()):
        yield _compare_days(f"{first}, {second}", before, after)
    yield ""


def _compare_days(name: str, before: Report, after: Report) -> str:
    then, now = _long_enough(before), _long_enough(after)
    both = sorted(then.keys() & now.keys())
    verdicts = sum(then[id_].verdict is now[id_].verdict for id_ in both)
    pairs = [
        (one, other)
        for id_ in both
        for one, other in zip(then[id_].grades, now[id_].grades, strict=True)
        if one.grade and other.grade
    ]
    same = sum(one.grade == other.grade for one, other in pairs)
    changed = Counter(finding.check for id_ in both for finding in _differing(then[id_], now[id_]))
    why = ", ".join(f"{check} ({times})" for check, times in changed.most_common(6))
    return f"| {name} | {len(both)} | {verdicts} | {len(pairs)} | {same} | {why or 'nothing'} |"


def _long_enough(report: Report) -> dict[str, Assessment]:
    return {
        entry.device.id: entry
        for entry in report.assessments
        if entry.device.last_us - entry.device.first_us >= ENOUGH_US
    }


def _differing(one: Assessment, other: Assessment) -> Iterator[Finding]:
    """Findings of one day only that count in a grade."""
    first = {finding.check: finding for finding in one.findings if finding.severity.rank}
    second = {finding.check: finding for finding in other.findings if finding.severity.rank}
    for check in sorted(first.keys() ^ second.keys()):
        yield first.get(check) or second[check]


def _attacks(folder: Path) -> Iterator[str]:
    archive = folder / "attacks.tar.zst"
    if not archive.exists():
        return
    labels = csv.DictReader((folder / "labels.csv").read_text(encoding="utf-8").splitlines())
    claims = {row["unit"]: row["claim"] for row in labels}
    yield ATTACKED
    yield "| unit | what it holds | devices | findings of conduct and exposure, or why there is none |"
    yield "|---|---|---:|---|"
    with tempfile.TemporaryDirectory() as name:
        subprocess.run(["tar", "--zstd", "-xf", str(archive), "-C", name], check=True)
        captures = {path.name: path for path in Path(name).rglob("*.pcap*")}
        for unit, claim in claims.items():
            path = captures.get(re.split("[:/]", unit)[-1])
            yield f"| {unit} | {claim} | {_attack(path) if path else '- | missed: logs only'} |"
    yield ""


def _attack(path: Path) -> str:
    try:
        report = inspect_captures([path])
    except ThingwardenError as error:
        return f"0 | cannot be read: {error}"
    found = [
        f"{finding.check} ({finding.severity.value}): {finding.statement}"
        for entry in report.assessments
        for finding in entry.findings
        if finding.concern.value in ("conduct", "exposure") and finding.severity.rank
    ]
    return f"{len(report.assessments)} | {'; '.join(found) or _why_nothing(report)}"


def _why_nothing(report: Report) -> str:
    """What a capture would have to show for somebody to be judged."""
    if not report.assessments:
        return "nothing: all addresses are public, so no device of a home is in it"
    if not sum(contact.sent_bytes for contact in report.contacts):
        return "nothing: its devices only receive"
    return "missed: nothing that its devices do is telling"


def main() -> None:
    """Print the sections."""
    data = Path(os.environ.get("THINGWARDEN_DATA") or ROOT.parent / "shared" / "data")
    for line in write_sections(data):
        sys.stdout.write(f"{line}\n")


if __name__ == "__main__":
    main()
