"""A JSON report and a fresh `Report` of the same captures -> what still holds, and why not.

What a person told (a label, a link) and where files lie is in no capture, and is not compared.
"""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, fields
from typing import TYPE_CHECKING, TypeVar

from thingwarden.model import Report
from thingwarden.report.document import make_document
from thingwarden.report.letters import plain
from thingwarden.report.shape import (
    CaptureEntry,
    DeviceEntry,
    Document,
    EvidenceEntry,
    FindingEntry,
    GatewayEntry,
    GuessEntry,
    IdentityEntry,
    LinkEntry,
)
from thingwarden.report.words import count, exact_moment, listed

if TYPE_CHECKING:
    from rich.console import Console

Gateway = TypeVar("Gateway", bound=GatewayEntry)

LEVELS = ("vendor", "category", "family", "model")

LABEL_CONFIDENCE = 1.0
"""Only a user's own label is that sure; see `model.Guess`."""

FINDING_FIELDS = (
    "check", "device", "concern", "severity", "confidence", "statement", "remedy", "evidence_total",
    "suppressed",
)  # fmt: skip

DEVICE_FIELDS = (
    "macs", "addresses", "random_mac", "first_us", "last_us", "packets", "bytes",
)  # fmt: skip

SECTIONS = ("not_judged", "checks", "contacts", "slice_us", "activity", "problems", "suppressions")
"""Parts of a report that are compared as a whole."""

NO_FINDINGS = "There are no findings in it."

MAX_REASONS = 8
"""Reasons kept for one thing; the first say enough."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Verification:
    """Whether one thing in a report is what the captures say."""

    kind: str
    """capture, finding, device, gateway or section."""
    id: str
    """SHA-256 of the capture, id of the finding or device, or name of the section."""
    about: str
    """The statement or the name, for people."""
    reasons: tuple[str, ...]
    """Why it does not hold; empty if it does."""

    @property
    def holds(self) -> bool:
        """True if nothing speaks against it."""
        return not self.reasons


def compare_report(document: Document, fresh: Report) -> tuple[Verification, ...]:
    """Everything that `document` says, held against `fresh`, derived from the captures given."""
    derived = make_document(fresh)
    return (
        *_verify_captures(document, derived),
        *_verify_findings(document, derived),
        *_verify_devices(document, derived),
        *_verify_gateways(document, derived),
        *_verify_sections(document, derived),
    )


def render_verification(results: Sequence[Verification], console: "Console") -> None:
    """A line for each finding, and for whatever else does not hold; then the sum."""
    for result in results:
        if result.kind == "finding" or not result.holds:
            _say(console, f"{'holds' if result.holds else 'DOES NOT HOLD':<14}{result.about}")
            for reason in result.reasons:
                _say(console, f"{'':<14}- {reason}")
    findings = [result for result in results if result.kind == "finding"]
    holding = sum(result.holds for result in findings)
    other = sum(not result.holds for result in results if result.kind != "finding")
    _say(console, "")
    _say(console, f"{holding:,} of {len(findings):,} findings hold." if findings else NO_FINDINGS)
    if other:
        verb = "is" if other == 1 else "are"
        things = count(other, "other thing")
        _say(console, f"{things} in the report {verb} not what the captures say.")
    elif holding == len(findings):
        _say(console, "The report is what the captures say.")


def _say(console: "Console", line: str) -> None:
    from rich.text import Text  # noqa: PLC0415  # only those who print pay for it

    console.print(Text(plain(line, 1000)), highlight=False)


def _verify_captures(document: Document, derived: Document) -> Iterable[Verification]:
    given = {capture.sha256: capture for capture in derived.captures}
    named = {capture.sha256 for capture in document.captures}
    for capture in document.captures:
        found = given.get(capture.sha256)
        reasons = (
            [_absent(capture.sha256)]
            if found is None
            else _differences(
                capture, found, [name.name for name in fields(CaptureEntry) if name.name != "file"]
            )
        )
        yield _verification("capture", capture.sha256, f"capture {capture.file}", reasons)
    for sha256, capture in given.items():
        if sha256 not in named:
            reason = "the report does not name this capture, so what it says is not of this one"
            yield _verification("capture", sha256, f"capture {capture.file}", [reason])


def _verify_findings(document: Document, derived: Document) -> Iterable[Verification]:
    given = {capture.sha256 for capture in derived.captures}
    found = {finding.id: finding for finding in derived.findings}
    for finding in _once(document.findings):
        reasons = _finding_reasons(finding, found.get(finding.id), given)
        yield _verification("finding", finding.id, finding.statement, reasons)
    reported = {finding.id for finding in document.findings}
    for finding in derived.findings:
        if finding.id not in reported:
            reason = "the captures show this, but it was left out of the report"
            yield _verification("finding", finding.id, finding.statement, [reason])
    for finding in _repeated(document.findings):
        reason = "the report has this id twice"
        yield _verification("finding", finding.id, finding.statement, [reason])


def _finding_reasons(
    finding: FindingEntry, found: FindingEntry | None, given: set[str]
) -> Sequence[str]:
    missing = sorted({place.capture for place in finding.evidence} - given)
    reasons = [_absent(sha256) for sha256 in missing]
    if found is None:
        return [*reasons, "the captures given do not lead to this finding"]
    if not finding.evidence:
        return [*reasons, "the report gives no evidence for it"]
    return [
        *reasons,
        *_evidence_reasons(finding.evidence, found.evidence, given),
        *_differences(finding, found, FINDING_FIELDS),
    ]


def _evidence_reasons(
    reported: Sequence[EvidenceEntry], derived: Sequence[EvidenceEntry], given: set[str]
) -> Iterable[str]:
    """What differs, place by place; each place may show several things."""
    shown: dict[tuple[str, int], list[EvidenceEntry]] = {}
    for place in derived:
        shown.setdefault((place.capture, place.frame), []).append(place)
    for place in reported:
        there = shown.get((place.capture, place.frame), [])
        if place.capture not in given or place in there:
            continue
        if not there:
            yield f"frame {place.frame} is not among the evidence"
        elif all(place.time_us != other.time_us for other in there):
            times = exact_moment(place.time_us), exact_moment(there[0].time_us)
            yield f"frame {place.frame}: the time is {times[0]} in the report, {times[1]} in truth"
        else:
            yield f"frame {place.frame} shows '{there[0].says}', not '{place.says}'"
    said = set(reported)
    for place in derived:
        if place not in said:
            yield f"frame {place.frame} is evidence too, but was left out of the report"


def _verify_devices(document: Document, derived: Document) -> Iterable[Verification]:
    found = {device.id: device for device in derived.devices}
    yield from _verify_list("device", document.devices, found, _device_reasons)


def _verify_gateways(document: Document, derived: Document) -> Iterable[Verification]:
    found = {device.id: device for device in derived.gateways}
    yield from _verify_list("gateway", document.gateways, found, _gateway_reasons)


def _verify_list(
    kind: str,
    reported: Sequence[Gateway],
    found: Mapping[str, Gateway],
    differ: Callable[[Gateway, Gateway], Sequence[str]],
) -> Iterable[Verification]:
    for entry in reported:
        about = f"{kind} {listed([*entry.names, entry.id], 1)}"
        other = found.get(entry.id)
        reasons = differ(entry, other) if other else [f"there is no such {kind} in the captures"]
        yield _verification(kind, entry.id, about, reasons)
    named = {entry.id for entry in reported}
    for id_ in found:
        if id_ not in named:
            yield _verification(kind, id_, f"{kind} {id_}", ["it was left out of the report"])
    if len(named) < len(reported):
        yield _verification(kind, "", f"the {kind}s", ["the report names one of them twice"])


def _device_reasons(reported: DeviceEntry, derived: DeviceEntry) -> Sequence[str]:
    grades = {entry.concern: entry for entry in derived.concerns}
    reasons = [
        *_gateway_reasons(reported, derived),
        *_differences(reported, derived, ("verdict", "reason", "role", "steps")),
    ]
    for entry in reported.concerns:
        other = grades.pop(entry.concern, None)
        if other is None:
            reasons.append(f"the concern {entry.concern} is not one, or is there twice")
        else:
            reasons += [
                f"{entry.concern}: {reason}"
                for reason in _differences(entry, other, ("grade", "coverage"))
            ]
    return [*reasons, *(f"the concern {concern} was left out" for concern in grades)]


def _gateway_reasons(reported: GatewayEntry, derived: GatewayEntry) -> Sequence[str]:
    reasons = list(_differences(reported, derived, DEVICE_FIELDS))
    if derived.names not in (reported.names, reported.names[1:]):  # a label stands first
        reasons += _differences(reported, derived, ("names",))
    return [
        *reasons,
        *_identity_reasons(reported.identity, derived.identity),
        *_list_reasons(_seen_links(reported), _seen_links(derived), "links"),
        *_list_reasons(reported.accessories, derived.accessories, "accessories"),
    ]


def _identity_reasons(reported: IdentityEntry, derived: IdentityEntry) -> Iterable[str]:
    labelled = {name for name in LEVELS if _is_label(getattr(reported, name))}
    yield from _differences(reported, derived, [name for name in LEVELS if name not in labelled])
    yield from _differences(reported, derived, ("chip", "calibration"))
    for name in ("clues", "conflicts"):
        yield from _list_reasons(getattr(reported, name), getattr(derived, name), name)
    if not labelled:  # else they say what is certain, and what is not, beside the label
        yield from _differences(reported, derived, ("level",))
        for name in ("candidates", "settle"):
            yield from _list_reasons(getattr(reported, name), getattr(derived, name), name)


def _is_label(guess: GuessEntry | None) -> bool:
    return guess is not None and guess.confidence == LABEL_CONFIDENCE


def _seen_links(entry: GatewayEntry) -> tuple[LinkEntry, ...]:
    """What no capture tells, since a person said it, is left out."""
    return tuple(link for link in entry.links if not link.by_user)


def _list_reasons(said: tuple[object, ...], true: tuple[object, ...], name: str) -> Iterable[str]:
    if said != true:
        yield f"{name}: {_section_reason(said, true)}"


def _verify_sections(document: Document, derived: Document) -> Iterable[Verification]:
    for name in SECTIONS:
        said, true = getattr(document, name), getattr(derived, name)
        reasons = [] if said == true else [_section_reason(said, true)]
        yield _verification("section", name, f"the part {name} of the report", reasons)


def _section_reason(said: object, true: object) -> str:
    if not isinstance(said, tuple) or not isinstance(true, tuple):
        return f"{said!r} in the report, {true!r} in truth"
    others = set(true)
    wrong = sum(entry not in others for entry in said)
    known = set(said)
    missing = sum(entry not in known for entry in true)
    if wrong or missing:
        return f"{wrong:,} entries are not what the captures say, {missing:,} are missing"
    return "the entries are in another order or are there twice"


def _differences(reported: object, derived: object, names: Iterable[str]) -> list[str]:
    return [
        f"{name} is {_show(getattr(reported, name))} in the report, "
        f"{_show(getattr(derived, name))} in truth"
        for name in names
        if getattr(reported, name) != getattr(derived, name)
    ]


def _show(value: object) -> str:
    if value is None:
        return "empty"
    if isinstance(value, tuple):
        return plain("[" + ", ".join(map(str, value)) + "]", 100)
    return plain(f"'{value}'" if isinstance(value, str) else str(getattr(value, "value", value)))


def _once(findings: Iterable[FindingEntry]) -> Iterable[FindingEntry]:
    return {finding.id: finding for finding in findings}.values()


def _repeated(findings: Iterable[FindingEntry]) -> Iterable[FindingEntry]:
    seen: set[str] = set()
    for finding in findings:
        if finding.id in seen:
            yield finding
        seen.add(finding.id)


def _absent(sha256: str) -> str:
    return f"capture {plain(sha256, 16)} was not given, or was changed"


def _verification(kind: str, id_: str, about: str, reasons: Iterable[str]) -> Verification:
    kept = tuple(reasons)
    more = len(kept) - MAX_REASONS
    if more > 0:
        kept = (*kept[:MAX_REASONS], f"and {more:,} more")
    return Verification(kind=kind, id=id_, about=about, reasons=kept)
