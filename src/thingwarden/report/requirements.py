"""A `Report` and a framework of requirements -> a table on the terminal, CSV, values for JSON."""

import csv
import io
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from rich.console import Console
from rich.padding import Padding
from rich.table import Table
from rich.text import Text

from thingwarden.checks.requirements import (
    EN_303_645,
    FRAMEWORKS,
    Basis,
    Clause,
    ClauseStatus,
    DeviceRequirements,
    Status,
    judge_requirements,
    read_clauses,
)
from thingwarden.model import Finding, Report
from thingwarden.report.letters import plain, sound
from thingwarden.report.naming import label_devices
from thingwarden.report.words import count

NARROW = 76
"""Columns below which three columns of text hold no words any more."""

WIDEST = 110
"""Columns beyond which lines become hard to follow."""

MOST_DEVICES = 100
"""More tables than this nobody reads on a terminal."""

MOST_FINDINGS = 3
MOST_FRAMES = 3
"""What a line on the terminal names; CSV has all that the report names."""

MOST_CELL = 32_000
"""Letters of one cell of CSV: spreadsheets hold 32,767."""

MOST_LETTERS = 600
"""Letters of one sentence: more than any check says of an honest device."""

MARK = "*"
"""What stands behind a clause that was not checked against the standard's text."""

STARTS_FORMULA = ("=", "+", "-", "@")
"""Cells that begin so are run by spreadsheets, not shown (OWASP, CSV injection)."""

STATUSES = {
    Status.REFUTED: ("Refuted", "bold red"),
    Status.SIGNS_AGAINST: ("Signs against it", "bold yellow"),
    Status.MET_SO_FAR: ("Met so far", ""),
    Status.NOT_EXAMINED: ("Not examined", "dim"),
}
"""In words, and how they look; nothing is green, since nothing here is ever proved."""

RESEARCHED = "2026-11"

LIMITS = (
    "Never proof of conformity: traffic can refute, and what it does not refute is open.",
    "Whether a clause applies to this product at all is not decided here.",
)
LINKED = (
    "Which provisions of EN 303 645 stand for a clause is our reading: the clause stands where the worst "
    "of them stands, and refuted means that one of them is, not that a law is broken."
)
SECONDARY = (
    "EN 303 645, and clauses whose basis is `secondary`, were learnt from what others write of them, not "
    "from the texts."
)
UNVERIFIED = f"{MARK} not checked against the standard's text."

COLUMNS = (
    "device", "name", "framework", "clause", "obligation", "provisions", "provisions_v211", "title",
    "condition", "status", "through", "reason", "needs", "findings", "evidence", "checks", "basis",
)  # fmt: skip


@dataclass(frozen=True, slots=True, kw_only=True)
class RequirementEntry:
    """Where one clause stands for one device: the form in a JSON report."""

    device: str
    framework: str
    clause: str
    provisions: tuple[str, ...]
    """Those of EN 303 645 V3.1.3 that decide, by id."""
    title: str
    status: str
    findings: tuple[str, ...]
    """Ids of those that speak against it."""
    checks: tuple[str, ...]
    reason: str
    needs: tuple[str, ...]
    """Evidence besides traffic that would settle it."""
    basis: str
    """read, secondary or unverified: how what is said of the clause was learnt."""


@dataclass(frozen=True, slots=True, kw_only=True)
class _Places:
    """Where to look up what a clause rests on."""

    files: Mapping[int, str]
    findings: Mapping[str, Finding]


def render_requirements(
    report: Report, framework: str, console: Console, *, everything: bool = False
) -> None:
    """Print where the clauses of `framework` stand, device by device.

    Those that were not examined are counted in one line, or with `everything` listed with the rest.
    """
    _print(console, Text(FRAMEWORKS[framework], style="bold"))
    judged = judge_requirements(report, framework)
    if not judged:
        _print(console, Text("No devices were seen."))
    names, places = label_devices(report), _find_places(report)
    for each in judged[:MOST_DEVICES]:
        _print(console, Text(f"\n{names[each.device.id]}", style="bold"))
        shown = [one for one in each.clauses if everything or not _is_open(one)]
        _render_clauses(shown, places, console)
        _print(console, Text(_say_totals(each)))
        if not everything:
            _print(console, Text(_say_open(each), style="dim"))
    more = len(judged) - MOST_DEVICES
    if more > 0:
        _print(console, Text(f"\n{count(more, 'more device')} not shown here; CSV has them."))
    _print(console, Text("\n" + " ".join(_footer(framework)), style="dim"))


def write_requirements_csv(report: Report, framework: str) -> str:
    """One line a device and clause, those that were not examined too; first the names of `COLUMNS`."""
    out = io.StringIO()
    writer = csv.writer(out, lineterminator="\n")
    writer.writerow(COLUMNS)
    names, places = label_devices(report), _find_places(report)
    for each in judge_requirements(report, framework):
        who = {
            "device": each.device.id,
            "name": names[each.device.id],
            "framework": framework,
        }
        for one in each.clauses:
            row = who | _row(one, places)
            writer.writerow([_cell(row[column]) for column in COLUMNS])
    return out.getvalue()


def list_requirement_entries(report: Report, framework: str) -> tuple[RequirementEntry, ...]:
    """The values of a JSON report: each device in its order, each clause in the framework's."""
    return tuple(
        RequirementEntry(
            device=each.device.id,
            framework=framework,
            clause=one.id,
            provisions=one.through,
            title=one.title,
            status=one.status.value,
            findings=one.findings,
            checks=one.checks,
            reason=sound(one.reason),
            needs=one.clause.needs,
            basis=one.clause.basis.value,
        )
        for each in judge_requirements(report, framework)
        for one in each.clauses
    )


def _find_places(report: Report) -> _Places:
    return _Places(
        files={capture.number: capture.file for capture in report.captures},
        findings={
            finding.id: finding for entry in report.assessments for finding in entry.findings
        },
    )


def _print(console: Console, text: Text) -> None:
    console.print(text, highlight=False, soft_wrap=False)


def _is_open(one: ClauseStatus) -> bool:
    return one.status is Status.NOT_EXAMINED


def _render_clauses(shown: Sequence[ClauseStatus], places: _Places, console: Console) -> None:
    if not shown:
        return
    if console.width < NARROW:
        for one in shown:
            _print(console, _status(one))
            for text in (_clause(one.clause), _evidence(one, places)):
                console.print(Padding(text, (0, 0, 0, 2)), highlight=False)
        return
    table = Table(box=None, padding=(0, 3, 0, 0), pad_edge=False, header_style="dim", expand=True)
    table.width = min(console.width, WIDEST)
    table.add_column("Status", no_wrap=True)
    table.add_column("Clause", ratio=2, overflow="fold", min_width=17)
    table.add_column("What it asks, and what was seen", ratio=6, overflow="fold")
    for one in shown:
        table.add_row(_status(one), _clause(one.clause), _evidence(one, places))
    console.print(table, highlight=False)


def _status(one: ClauseStatus) -> Text:
    words, style = STATUSES[one.status]
    return Text(words, style=style)


def _clause(clause: Clause) -> Text:
    """Its id, and of a provision the status and the id of the edition before."""
    mark = f" {MARK}" if clause.basis is Basis.UNVERIFIED else ""
    text = Text(f"{clause.id}{mark}")
    text.append("".join(f"\n{line}" for line in _editions(clause)), style="dim")
    return text


def _editions(clause: Clause) -> Iterable[str]:
    for provision in clause.provisions:
        if provision.id == clause.id:
            yield provision.status
            old = f"{provision.id_v211} {provision.status_v211}".strip()
            yield f"V2.1.1: {old or 'none'}"


def _evidence(one: ClauseStatus, places: _Places) -> Text:
    text = Text(one.title)
    if one.through and one.findings and one.through != (one.id,):
        text.append(f"\nBy EN 303 645 {', '.join(one.through)}:", style="dim")
    for id_ in one.findings[:MOST_FINDINGS]:
        finding = places.findings[id_]
        text.append(f"\n{plain(finding.statement, MOST_LETTERS)} ")
        text.append(f"({_say_frames(finding, places, MOST_FRAMES)})", style="dim")
    more = len(one.findings) - MOST_FINDINGS
    if more > 0:
        text.append(f"\nAnd {count(more, 'more finding')}.", style="dim")
    if not one.findings:
        text.append(f"\n{plain(one.reason, MOST_LETTERS)}", style="dim")
    return text


def _say_frames(finding: Finding, places: _Places, limit: int) -> str:
    """`home.pcap frame 12, 40 and 7 more`: a file is named where it begins."""
    shown = finding.evidence[:limit]
    named, last = [], None
    for row in shown:
        file = plain(places.files.get(row.capture, f"capture {row.capture}"))
        named.append(f"{row.frame}" if row.capture == last else f"{file} frame {row.frame}")
        last = row.capture
    more = finding.evidence_total - len(shown)
    return ", ".join(named) + (f" and {more:,} more" if more > 0 else "")


def _say_totals(each: DeviceRequirements) -> str:
    """How many clauses stand where: `1 refuted, 0 signs against it, …, of 78.`."""
    parts = [f"{each.count(status)} {words.lower()}" for status, (words, _) in STATUSES.items()]
    return f"{', '.join(parts)}, of {len(each.clauses)}."


def _say_open(each: DeviceRequirements) -> str:
    """What those would need that were not examined; one may be settled by several."""
    left = [one for one in each.clauses if _is_open(one)]
    lanes = Counter(lane for one in left for lane in one.clause.needs)
    needs = ", ".join(f"{lane} {times}" for lane, times in lanes.most_common())
    if not left:
        return "All were examined, which proves none of them."
    return f"Not examined is not a pass. What would settle those {len(left)}: {needs}."


def _footer(framework: str) -> Iterable[str]:
    """What the table cannot say, and how sure it is of the framework."""
    clauses = read_clauses(framework)
    linked = any(clause.provisions for clause in clauses)
    bases = {clause.basis for clause in clauses}
    yield from LIMITS
    if linked and framework != EN_303_645:
        yield LINKED
    if linked or Basis.SECONDARY in bases:
        yield SECONDARY
    if Basis.UNVERIFIED in bases:
        yield UNVERIFIED
    yield f"State of research: {RESEARCHED}."


def _row(one: ClauseStatus, places: _Places) -> dict[str, str]:
    own = [provision for provision in one.clause.provisions if provision.id == one.id]
    old = [provision.id_v211 for provision in one.clause.provisions if provision.id_v211]
    found = [places.findings[id_] for id_ in one.findings]
    return {
        "clause": one.id,
        "obligation": own[0].status if own else "",
        "provisions": " ".join(provision.id for provision in one.clause.provisions),
        "provisions_v211": " ".join(dict.fromkeys(old)),
        "title": one.title,
        "condition": own[0].condition if own else "",
        "status": one.status.value,
        "through": " ".join(one.through),
        "reason": plain(one.reason, MOST_LETTERS),
        "needs": "; ".join(one.clause.needs),
        "findings": " ".join(one.findings),
        "evidence": "; ".join(
            _say_frames(finding, places, len(finding.evidence)) for finding in found
        ),
        "checks": " ".join(one.checks),
        "basis": one.clause.basis.value,
    }


def _cell(text: str) -> str:
    """Text that a spreadsheet shows, and neither runs nor is steered by."""
    shown = plain(text, MOST_CELL)
    return f"'{shown}" if shown.startswith(STARTS_FORMULA) else shown
