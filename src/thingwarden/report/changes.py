"""An earlier report and a new one -> what changed: devices, verdicts, grades, findings, parties."""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from thingwarden.model import Concern, Report, Verdict
from thingwarden.report.document import make_document
from thingwarden.report.letters import plain
from thingwarden.report.shape import ContactEntry, DeviceEntry, Document, FindingEntry
from thingwarden.report.words import CONCERNS, VERDICTS, count, listed

if TYPE_CHECKING:
    from rich.console import Console

TRUST = (Verdict.DO_NOT_DEPEND, Verdict.DEPEND_WRAPPED, Verdict.NOT_ENOUGH_SEEN, Verdict.DEPEND)
"""From the worst verdict to the best."""

SHOWN_PARTIES = 4
MOST_CHANGES = 200
"""Changes that a terminal shows; the count says how many there are."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Change:
    """One thing that is not as it was."""

    kind: str
    """device, verdict, grade, finding or party."""
    device: str
    says: str
    worse: bool
    """True for what one has to look at: a worse verdict or grade, a new or worse finding."""
    finding: str = ""
    """Id of the finding that it is about; empty if none."""


def compare_reports(before: Document, report: Report) -> tuple[Change, ...]:
    """Everything that changed from `before` to `report`; what is worse comes first."""
    after = make_document(report)
    then = {device.id: device for device in before.devices}
    now = {device.id: device for device in after.devices}
    changes = [
        *_devices(then, now),
        *_verdicts(then, now),
        *_grades(then, now),
        *_findings(before, after),
        *_parties(before, after, set(then) & set(now)),
    ]
    return tuple(sorted(changes, key=lambda one: not one.worse))


def render_changes(changes: Sequence[Change], names: Mapping[str, str], console: "Console") -> None:
    """One line a change, with the name of its device; then how many there are."""
    from rich.text import Text  # noqa: PLC0415  # only those who print pay for it

    console.print(Text("What changed since the earlier report", style="bold"))
    for change in changes[:MOST_CHANGES]:
        mark = "worse  " if change.worse else "       "
        who = plain(names.get(change.device, change.device), 60)
        console.print(Text(plain(f"{mark}{who}: {change.says}", 500)), highlight=False)
    worse = sum(change.worse for change in changes)
    left = len(changes) - MOST_CHANGES
    if left > 0:
        console.print(Text(f"And {left:,} more."))
    console.print(Text(f"{count(len(changes), 'change')}, {worse:,} for the worse.", style="dim"))


def _devices(then: Mapping[str, DeviceEntry], now: Mapping[str, DeviceEntry]) -> Iterable[Change]:
    for id_ in sorted(now.keys() - then.keys()):
        bad = now[id_].verdict in (Verdict.DO_NOT_DEPEND.value, Verdict.DEPEND_WRAPPED.value)
        says = f"new here: {VERDICTS[Verdict(now[id_].verdict)].short.lower()}"
        yield Change(kind="device", device=id_, says=says, worse=bad)
    for id_ in sorted(then.keys() - now.keys()):
        yield Change(kind="device", device=id_, says="was not seen this time", worse=False)


def _verdicts(then: Mapping[str, DeviceEntry], now: Mapping[str, DeviceEntry]) -> Iterable[Change]:
    for id_ in sorted(then.keys() & now.keys()):
        old, new = _verdict(then[id_]), Verdict(now[id_].verdict)
        if old and old is not new:
            says = f"{VERDICTS[old].short} -> {VERDICTS[new].short}: {now[id_].reason}"
            worse = TRUST.index(new) < TRUST.index(old)
            yield Change(kind="verdict", device=id_, says=says, worse=worse)


def _verdict(device: DeviceEntry) -> Verdict | None:
    """None for a verdict that this version does not know."""
    return next((each for each in Verdict if each.value == device.verdict), None)


def _grades(then: Mapping[str, DeviceEntry], now: Mapping[str, DeviceEntry]) -> Iterable[Change]:
    for id_ in sorted(then.keys() & now.keys()):
        old = {entry.concern: entry.grade for entry in then[id_].concerns}
        for entry in now[id_].concerns:
            before = old.get(entry.concern)
            if before != entry.grade:
                name = CONCERNS[Concern(entry.concern)][0]
                says = f"{name}: {before or 'no grade'} -> {entry.grade or 'no grade'}"
                worse = entry.grade is not None and entry.grade > (before or "B")
                yield Change(kind="grade", device=id_, says=says, worse=worse)


def _findings(before: Document, after: Document) -> Iterable[Change]:
    then = {finding.id: finding for finding in before.findings}
    now = {finding.id: finding for finding in after.findings}
    unseen = {f"{gap.check}:{gap.device}" for gap in after.not_judged}
    for id_ in sorted(now.keys() - then.keys()):
        yield _change(now[id_], "new", worse=now[id_].severity != "info")
    for id_ in sorted(then.keys() - now.keys()):
        how = "could not be examined this time" if id_ in unseen else "no longer found"
        yield _change(then[id_], how, worse=False)
    for id_ in sorted(now.keys() & then.keys()):
        old, new = _rank(then[id_]), _rank(now[id_])
        if old != new:
            how = f"{then[id_].severity} -> {now[id_].severity}, {now[id_].confidence}"
            yield _change(now[id_], how, worse=new > old)


def _change(finding: FindingEntry, how: str, *, worse: bool) -> Change:
    return Change(
        kind="finding",
        device=finding.device,
        says=f"{finding.check} ({how}): {finding.statement}",
        worse=worse and not finding.suppressed,
        finding=finding.id,
    )


def _rank(finding: FindingEntry) -> tuple[int, int]:
    severities = ("info", "low", "medium", "high", "critical")
    confidences = ("guess", "likely", "certain")
    return _index(severities, finding.severity), _index(confidences, finding.confidence)


def _index(words: Sequence[str], word: str) -> int:
    """-1 for a word that this version does not know."""
    return words.index(word) if word in words else -1


def _parties(before: Document, after: Document, devices: set[str]) -> Iterable[Change]:
    """New peers, countries and readable protocols of devices that both reports know."""
    for what, old, new in (
        ("new parties", _by_device(before, _peer), _by_device(after, _peer)),
        ("new countries", _by_device(before, _country), _by_device(after, _country)),
        ("new ways of speaking", _by_device(before, _way), _by_device(after, _way)),
    ):
        for id_ in sorted(devices):
            fresh = sorted(new[id_] - old[id_])
            if fresh:
                says = f"{what}: {listed(fresh, SHOWN_PARTIES)}"
                yield Change(kind="party", device=id_, says=says, worse=False)


def _by_device(document: Document, value: "_Value") -> defaultdict[str, set[str]]:
    found: defaultdict[str, set[str]] = defaultdict(set)
    for contact in document.contacts:
        said = value.of(contact)
        if said:
            found[contact.device].add(said)
    return found


@dataclass(frozen=True, slots=True)
class _Value:
    """A field of contacts with the Internet, as a set."""

    field: str

    def of(self, contact: ContactEntry) -> str:
        """Empty for what is not told, or is not on the Internet."""
        if contact.place != "internet":
            return ""
        value = getattr(contact, self.field)
        return str(value) if value else ""


_peer, _country, _way = _Value("peer"), _Value("country"), _Value("app")
