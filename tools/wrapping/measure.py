"""Captures of the data folder -> all that is measured of wrapping."""

import csv
import tempfile
from collections import defaultdict
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from thingwarden.model import DeviceId, Policy

from tools.wrapping.behaviours import study
from tools.wrapping.pieces import cut_by_hour, first_hour, in_order
from tools.wrapping.rehoming import Outcome, generated, list_captured, rehome_all
from tools.wrapping.stops import Judgement, by_address, follow_leases, judge_later
from tools.wrapping.watching import Kept, follow

Say = Callable[[str], None]

LEARNT_HOURS = 12


@dataclass(frozen=True, slots=True, kw_only=True)
class Judged:
    """One policy and what it does to later days."""

    learnt: str
    policy: str
    made: Policy
    judgement: Judgement
    plain: Judgement | None = None
    """Without following leases."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Attacked:
    """An attack on all devices."""

    name: str
    claim: str
    """What the data folder says of it; empty: generated."""
    outcome: Outcome


@dataclass(frozen=True, slots=True, kw_only=True)
class Measured:
    """All of it."""

    judged: tuple[Judged, ...]
    attacked: tuple[Attacked, ...]
    kept: tuple[Kept, ...]
    names: Mapping[DeviceId, str]
    """What the data folder calls devices."""


@dataclass(frozen=True, slots=True, kw_only=True)
class _Cut:
    """Captures in order of time, and how many of them are learnt from."""

    name: str
    paths: Sequence[Path]
    learnt: int
    first: int
    """How many are of the first day; 0: there is one day only."""


def measure(data: Path, say: Say, *, learnt_hours: int = LEARNT_HOURS) -> Measured:
    """Measure; sets that are not in the data folder are left out.

    `learnt_hours`: of the one day of IoT-23, from its beginning.
    """
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        madea = in_order(sorted((data / "madea").glob("*/*.cap*")))
        day = sorted((data / "iot23-benign").rglob("*.pcap*"))
        hours = cut_by_hour(day[0], folder) if day else []
        judged: list[Judged] = []
        for cut in _cuts(madea, hours, learnt_hours):
            say(f"later days: {cut.name}")
            judged += _judge(cut)
        say("attacks on each device")
        attacked = tuple(_attack(data / "attacks", judged, folder))
        say("what certificates say")
        return Measured(
            judged=tuple(judged),
            attacked=attacked,
            kept=tuple(_follow_all(data / "iot-sentinel", madea, hours)),
            names=_names(data / "madea" / "Device_MAC_Name_Mapping.csv"),
        )


def _cuts(madea: Sequence[Path], hours: Sequence[Path], learnt: int) -> Iterator[_Cut]:
    first = sum("_2023-5-25_" in path.name for path in madea)
    for name, last in (
        ("MADEA, 25 and 26 May", "training"),
        ("MADEA, 25, 26 and 31 May", "2023-5-"),
    ):
        days = sum(last in path.name for path in madea)
        if madea:
            yield _Cut(name=name, paths=madea, learnt=days, first=first)
    if hours:
        yield _Cut(name=f"IoT-23, {learnt} hours", paths=hours, learnt=learnt, first=0)


def _judge(cut: _Cut) -> Iterator[Judged]:
    whole, later = study(cut.paths), cut.paths[cut.learnt :]
    plain, before = study(cut.paths[: cut.learnt]).policy, first_hour(later[0])

    def judged(policy: Policy, learnt: Policy = plain) -> Judgement:
        return judge_later(policy, later, whole, learnt=learnt, before=before)

    ours = follow_leases(plain, whole)
    yield Judged(
        learnt=cut.name,
        policy="names",
        made=ours,
        judgement=judged(ours),
        plain=judged(plain),
    )
    listed = by_address(ours)
    yield Judged(learnt=cut.name, policy="addresses", made=listed, judgement=judged(listed))
    if cut.first:
        early = follow_leases(study(cut.paths[: cut.first]).policy, whole)
        yield Judged(
            learnt=cut.name,
            policy="names, first day only",
            made=early,
            judgement=judged(early, early),
        )


def _attack(folder: Path, judged: Sequence[Judged], room: Path) -> Iterator[Attacked]:
    """On every device of the policies that were learnt longest."""
    longest = {one.learnt.partition(",")[0]: one.made for one in judged if one.policy == "names"}
    unpacked = room / "attacks"
    unpacked.mkdir()
    captured = {unit: (claim, made) for unit, claim, made in list_captured(folder, unpacked)}
    attacks = {**generated(), **{unit: made for unit, (_, made) in captured.items()}}
    for name, outcome in rehome_all(list(longest.values()), attacks, room).items():
        claim = captured[name][0] if name in captured else ""
        yield Attacked(name=name, claim=claim, outcome=outcome)


def _follow_all(sentinel: Path, madea: Sequence[Path], hours: Sequence[Path]) -> Iterator[Kept]:
    for name, paths in (("MADEA", madea), ("IoT-23", hours)):
        if paths:
            yield Kept(name=name, splits=tuple(follow(paths)))
    splits = tuple(
        split
        for device, paths in _set_ups(sentinel).items()
        for split in follow(in_order(paths), [device])
    )
    if splits:
        yield Kept(name="IoT Sentinel", splits=splits)


def _set_ups(folder: Path) -> Mapping[DeviceId, list[Path]]:
    """Captures of each device that is set up again and again; accessories count as their hub."""
    found: dict[DeviceId, list[Path]] = defaultdict(list)
    if folder.is_dir():
        rows = csv.DictReader((folder / "labels.csv").read_text(encoding="utf-8").splitlines())
        for row in rows:
            found[_device(row["mac"])].append(folder / row["file"])
    return found


def _names(file: Path) -> Mapping[DeviceId, str]:
    if not file.exists():
        return {}
    rows = csv.DictReader(file.read_text(encoding="utf-8").splitlines())
    return {_device(row["MAC Address"]): row["Device Name"] for row in rows}


def _device(mac: str) -> DeviceId:
    return DeviceId(f"d-{mac.replace(':', '')}")
