"""What others found in public captures, and what we find -> `build/compare.csv`.

    python -m tools.compare [--data DIR] [--sets zeek,ndpi,ja4,tshark] [--only TEXT] [--all]

Captures and truth are in `parsers` and `ja4` of the data folder (`$THINGWARDEN_DATA`, else
`../shared/data`); they are unpacked to `build/compare`. Without `--all` only differences are printed.
"""

import argparse
import csv
import os
import sys
import tarfile
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from dataclasses import asdict, dataclass, fields
from pathlib import Path

import zstandard

from tools.our_facts import Ours, find_facts
from tools.truth import (
    Endpoints,
    read_expected_ja4,
    read_ndpi,
    read_options,
    read_tshark,
    read_zeek,
    unordered,
)

ROOT = Path(__file__).parents[1]
CACHE = ROOT / "build/compare"
SHOWN = 3  # examples a difference names
TSHARK_SETS = ("zeek", "ndpi", "tcpdump", "suricata-verify")


@dataclass(frozen=True, slots=True, kw_only=True)
class Row:
    """One quantity of one capture."""

    source: str
    capture: str
    quantity: str
    theirs: str
    ours: str
    equal: bool
    note: str = ""
    """Examples of what only one of them has."""
    options: str = ""
    """How the other was told to read the capture, where that is known."""


@dataclass(frozen=True, slots=True)
class About:
    """What the rows of a comparison have in common."""

    source: str
    capture: str
    options: str = ""

    def counts(self, quantity: str, theirs: Counter[str], ours: Counter[str]) -> Row:
        """Two bags of things; equal if they are the same."""
        return Row(
            source=self.source,
            capture=self.capture,
            quantity=quantity,
            theirs=str(theirs.total()),
            ours=str(ours.total()),
            equal=theirs == ours,
            note=differences(theirs, ours),
            options=self.options,
        )

    def number(self, quantity: str, theirs: int, ours: int) -> Row:
        """Two numbers."""
        return Row(
            source=self.source,
            capture=self.capture,
            quantity=quantity,
            theirs=str(theirs),
            ours=str(ours),
            equal=theirs == ours,
            options=self.options,
        )


def differences(theirs: Counter[str], ours: Counter[str]) -> str:
    """The first things that only one side has."""
    words = []
    for who, only in (("only theirs", theirs - ours), ("only ours", ours - theirs)):
        if only:
            shown = ", ".join(sorted(only)[:SHOWN])
            words.append(f"{who} {only.total()}: {shown}"[:300])
    return "; ".join(words)


def compare_zeek(folder: Path, listed: Sequence[dict[str, str]], only: str) -> Iterator[Row]:
    """Connections, names and TLS fields of Zeek's baselines."""
    options = read_options(folder / "testing/btest")
    for entry in listed:
        logs = [
            folder / name
            for name in entry["truth"].split()
            if Path(name).name in ("conn.log", "dns.log", "ssl.log") and (folder / name).exists()
        ]
        if not logs or only not in entry["file"]:
            continue
        ours = find_facts(folder / entry["file"], CACHE / "facts")
        for log in logs:
            told = options.get(log.parent.name, "test script not found")
            about = About(f"zeek {log.parent.name}", Path(entry["file"]).name, told)
            yield from compare_zeek_log(about, log, ours)


def compare_zeek_log(about: About, log: Path, ours: Ours) -> Iterator[Row]:
    """One log against our table of that kind."""
    theirs = read_zeek(log)
    if log.name == "conn.log" and theirs.flows is not None:
        yield from compare_flows(about, theirs.flows, ours.flows)
        if theirs.packets is not None:
            yield about.number("packets in connections", theirs.packets, ours.packets)
    for quantity, values in theirs.values.items():
        yield about.counts(quantity, values, ours.values(quantity))


def compare_flows(
    about: About, theirs: Counter[Endpoints], ours: Counter[Endpoints]
) -> Iterator[Row]:
    """Connections whoever began, then who began."""
    yield about.counts("connections", unordered(theirs), unordered(ours))
    same = (theirs & ours).total()
    if unordered(theirs) == unordered(ours):
        yield about.number("connections with the same beginner", theirs.total(), same)


def compare_ndpi(folder: Path, listed: Sequence[dict[str, str]], only: str) -> Iterator[Row]:
    """Flows, packets and fingerprints of nDPI's default configuration."""
    for entry in listed:
        results = [name for name in entry["truth"].split() if "/cfgs/default/" in name]
        if not results or only not in entry["file"]:
            continue
        theirs = read_ndpi(folder / results[0])
        ours = find_facts(folder / entry["file"], CACHE / "facts")
        about = About("ndpi", Path(entry["file"]).name)
        yield about.number("flows", theirs.flows, ours.flows.total())
        yield about.number("packets in flows", theirs.packets, ours.packets)
        if theirs.ja4 or ours.values("ja4"):
            found = Counter(set(ours.values("ja4")))
            yield about.counts("different ja4", Counter(theirs.ja4), found)


def compare_ja4(folder: Path, expected: Path, only: str) -> Iterator[Row]:
    """Fingerprints stream by stream: all that either implementation reports must be ours."""
    for (capture, implementation), theirs in read_expected_ja4(expected).items():
        if only not in capture:
            continue
        ours = find_facts(folder / "pcap" / capture, CACHE / "facts")
        mine = Counter(set(ours.fingerprints) & set(theirs))
        about = About(f"ja4 {implementation}", capture)
        yield about.counts("fingerprint of each stream", Counter(set(theirs)), mine)


def compare_tshark(
    folder: Path, source: str, listed: Sequence[dict[str, str]], only: str
) -> Iterator[Row]:
    """Names in DNS and in client hellos."""
    for entry in listed:
        if only not in entry["file"]:
            continue
        capture = folder / entry["file"]
        theirs = read_tshark(capture)
        if not any(theirs.values()):
            continue
        ours = find_facts(capture, CACHE / "facts")
        for quantity, values in theirs.items():
            about = About(f"tshark {source}", entry["file"])
            found = Counter(set(ours.values(quantity)))
            if values or found:
                yield about.counts(f"different {quantity}", Counter(set(values)), found)


def unpack(archive: Path, folder: Path) -> Path:
    """The files of an archive, unpacked once; names that lead outside are refused."""
    if not folder.exists():
        folder.mkdir(parents=True)
        with (
            archive.open("rb") as packed,
            zstandard.ZstdDecompressor().stream_reader(packed) as raw,
            tarfile.open(fileobj=raw, mode="r|") as files,
        ):
            files.extractall(folder, filter="data")
    return folder


def read_index(path: Path) -> list[dict[str, str]]:
    """The rows of a CSV file."""
    with path.open(newline="") as file:
        return list(csv.DictReader(file))


def compare(data: Path, sets: Sequence[str], only: str) -> Iterator[Row]:
    """All rows, set by set."""
    parsers = data / "parsers"
    kinds: dict[str, Callable[[Path, Sequence[dict[str, str]], str], Iterator[Row]]] = {
        "zeek": compare_zeek,
        "ndpi": compare_ndpi,
    }
    for name, judge in kinds.items():
        if name in sets:
            folder = unpack(parsers / f"{name}.tar.zst", CACHE / name)
            yield from judge(folder, read_index(parsers / f"{name}.index.csv"), only)
    if "ja4" in sets:
        folder = unpack(data / "ja4/captures.tar.zst", CACHE / "ja4")
        yield from compare_ja4(folder, data / "ja4/expected_ja4.csv", only)
    if "tshark" in sets:
        for name in TSHARK_SETS:
            folder = unpack(parsers / f"{name}.tar.zst", CACHE / name)
            yield from compare_tshark(folder, name, read_index(parsers / f"{name}.index.csv"), only)


def main() -> int:
    """Compare, print, and keep the table; 1 if the data is not there."""
    parser = argparse.ArgumentParser(description="Compare with what other programs found.")
    data = Path(os.environ.get("THINGWARDEN_DATA") or ROOT / "../shared/data")
    parser.add_argument("--data", type=Path, default=data)
    parser.add_argument("--sets", default="zeek,ndpi,ja4,tshark")
    parser.add_argument("--only", default="", help="captures with this text in their name")
    parser.add_argument("--all", action="store_true", help="print what is equal too")
    chosen = parser.parse_args()
    if not (chosen.data / "parsers").is_dir():
        print(f"{chosen.data}: no folder parsers here; set THINGWARDEN_DATA", file=sys.stderr)
        return 1
    CACHE.mkdir(parents=True, exist_ok=True)
    found: Counter[tuple[str, str, bool]] = Counter()
    with (ROOT / "build/compare.csv").open("w", newline="") as file:
        table = csv.DictWriter(file, [field.name for field in fields(Row)])
        table.writeheader()
        for row in compare(chosen.data, chosen.sets.split(","), chosen.only):
            table.writerow(asdict(row))
            found[row.source.split()[0], row.quantity, row.equal] += 1
            if chosen.all or not row.equal:
                print(f"{row.source} | {row.capture} | {row.quantity} | {row.theirs} | {row.ours}"
                      f" | {'equal' if row.equal else row.note or 'differs'}")  # fmt: skip
    for source, quantity, _ in sorted({(s, q, True) for s, q, _ in found}):
        equal, differ = found[source, quantity, True], found[source, quantity, False]
        print(f"{source}: {quantity}: {equal} equal, {differ} different")
    return 0


if __name__ == "__main__":
    sys.exit(main())
