"""Findings and what was examined -> where each clause of a framework of requirements stands.

Traffic can refute a provision of ETSI EN 303 645; it never proves one. So, for one device:

- A finding of severity low or worse speaks against every provision that its check bears on. Where traffic
  can decide (passive lane 2) and the finding is medium or worse, and likely or certain, the provision is
  *refuted*; where traffic is only a hint (lane 1), or the finding is low or a guess, there are *signs
  against* it.
- A finding of severity info speaks neither for nor against.
- Else, where a check that bears on it was applied and found nothing at all, it is *met so far*.
- Else it is *not examined*, which is never a pass; so is all of which traffic tells nothing (lane 0).
- What a user accepts counts here all the same: a provision is refuted whether or not somebody minds.
- A clause of another framework stands where the worst of the provisions linked with it stands: refuted,
  then signs against, then met so far, then not examined.

So a further finding, or a worse one, never improves anything.
"""

import csv
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from enum import Enum
from functools import cache
from importlib import resources

from thingwarden.model import (
    Assessment,
    CheckFacts,
    Confidence,
    Device,
    Finding,
    Report,
    Severity,
)

EN_303_645 = "en303645"

FRAMEWORKS: Mapping[str, str] = {
    EN_303_645: "ETSI EN 303 645 V3.1.3 (2024-09), with the ids of V2.1.1 (2020-06)",
    "psti": "UK PSTI regime, SI 2023/1007, Schedule 1",
    "cra": "EU Cyber Resilience Act, Regulation (EU) 2024/2847, Annex I",
    "nist8259a": "NIST IR 8259A, capabilities of IoT devices",
    "nist8425": "NIST IR 8425, consumer IoT products",
    "iec62443": "IEC 62443-4-2:2019, requirements of components",
    "fda524b": "FD&C Act section 524B (21 U.S.C. 360n-2), medical cyber devices",
    "unr155": "UN Regulation No. 155, cybersecurity of vehicles",
    "unr156": "UN Regulation No. 156, software updates of vehicles",
}
"""Id and title of every framework that a report can be held against."""

DECIDES = 2
"""The rating of a lane of evidence that can decide, or firmly refute; 1 is a hint, 0 nothing."""

MOST_NAMED = 3
"""Checks that a reason names."""


class Status(Enum):
    """Where a clause stands, the worst first; none of them says that it is complied with."""

    REFUTED = "refuted"
    SIGNS_AGAINST = "signs-against"
    MET_SO_FAR = "met-so-far"
    NOT_EXAMINED = "not-examined"


class Basis(Enum):
    """How what we say of a clause was learnt."""

    READ = "read"
    """In the text, or a copy of it word for word."""
    SECONDARY = "secondary"
    """In what others write of it: translations, tables and notes."""
    UNVERIFIED = "unverified"
    """Background knowledge, not checked against the standard's text."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Provision:
    """A provision of ETSI EN 303 645, in our words."""

    id: str
    """In V3.1.3."""
    status: str
    """M or R, and the condition as the standard writes it, such as `M F(a)`."""
    id_v211: str
    """In V2.1.1; empty: it has none there."""
    status_v211: str
    title: str
    """What it asks for."""
    passive: int
    """How much traffic tells of it, 0 to 2; see `DECIDES`. The lanes are our judgement, not ETSI's."""
    active: int
    firmware: int
    documents: int
    condition: str
    """When it applies at all; empty: always."""

    @property
    def needs(self) -> tuple[str, ...]:
        """Lanes besides traffic that can decide, or else those that give a hint."""
        lanes = {
            "active test": self.active,
            "firmware": self.firmware,
            "documents": self.documents,
        }
        best = max(lanes.values())
        return tuple(name for name, rating in lanes.items() if rating == best)


@dataclass(frozen=True, slots=True, kw_only=True)
class Clause:
    """What a framework asks for in one place, and which provisions stand for it."""

    id: str
    title: str
    """What it asks for, in our words."""
    provisions: tuple[Provision, ...]
    """Empty: traffic never reaches it."""
    needs: tuple[str, ...]
    """Lanes of evidence besides traffic that would settle it."""
    basis: Basis


@dataclass(frozen=True, slots=True, kw_only=True)
class ClauseStatus:
    """Where a clause stands for one device, and on what that rests."""

    clause: Clause
    status: Status
    findings: tuple[str, ...]
    """Ids of those that speak against it, what decides first; empty unless something does."""
    checks: tuple[str, ...]
    """Ids of those that made the findings, or that found nothing; empty if nothing was examined."""
    through: tuple[str, ...]
    """Provisions that decide, by id; of what was not examined, all that stand for it."""
    reason: str

    @property
    def id(self) -> str:
        """The clause's id in its framework."""
        return self.clause.id

    @property
    def title(self) -> str:
        """What the clause asks for, in our words."""
        return self.clause.title


@dataclass(frozen=True, slots=True, kw_only=True)
class DeviceRequirements:
    """Where every clause of a framework stands for one device, in the framework's order."""

    device: Device
    framework: str
    clauses: tuple[ClauseStatus, ...]

    def count(self, status: Status) -> int:
        """How many clauses stand there."""
        return sum(clause.status is status for clause in self.clauses)


@dataclass(frozen=True, slots=True, kw_only=True)
class _Seen:
    """What is known of one device, by check."""

    checks: Mapping[str, Sequence[CheckFacts]]
    """Of each provision."""
    findings: Mapping[str, Sequence[Finding]]
    gaps: Mapping[str, str]
    """Checks that were not applied, and what they need."""


def judge_requirements(report: Report, framework: str) -> Sequence[DeviceRequirements]:
    """Every assessed device of `report`, in its order; `framework` is an id of `FRAMEWORKS`."""
    return tuple(
        judge_device(framework, report.checks, assessment) for assessment in report.assessments
    )


def judge_device(
    framework: str, checks: Sequence[CheckFacts], assessment: Assessment
) -> DeviceRequirements:
    """Where each clause of `framework` stands for one device, by the rules above."""
    seen = _collect(checks, assessment)
    return DeviceRequirements(
        device=assessment.device,
        framework=framework,
        clauses=tuple(_judge_clause(clause, seen) for clause in read_clauses(framework)),
    )


@cache
def read_clauses(framework: str) -> tuple[Clause, ...]:
    """All clauses of a framework; of EN 303 645, each provision of V3.1.3 is one."""
    if framework == EN_303_645:
        return tuple(_own_clause(provision) for provision in read_provisions().values())
    return tuple(_read_clause(row) for row in _rows("crosswalk") if row["framework"] == framework)


@cache
def read_provisions() -> Mapping[str, Provision]:
    """All provisions of EN 303 645 V3.1.3 by id, in its order."""
    return {row["id"]: _read_provision(row) for row in _rows("provisions")}


def _rows(table: str) -> Iterator[Mapping[str, str]]:
    path = resources.files("thingwarden") / "data" / "requirements" / f"{table}.csv"
    yield from csv.DictReader(path.read_text(encoding="ascii").splitlines())


def _read_provision(row: Mapping[str, str]) -> Provision:
    return Provision(
        id=row["id"],
        status=row["status"],
        id_v211=row["id_v211"],
        status_v211=row["status_v211"],
        title=row["title"],
        passive=int(row["passive"]),
        active=int(row["active"]),
        firmware=int(row["firmware"]),
        documents=int(row["documents"]),
        condition=row["condition"],
    )


def _read_clause(row: Mapping[str, str]) -> Clause:
    provisions = tuple(read_provisions()[id_] for id_ in row["provisions"].split())
    lanes = {lane: None for provision in provisions for lane in provision.needs}
    return Clause(
        id=row["clause"],
        title=row["title"],
        provisions=provisions,
        needs=tuple(row["needs"].split("; ")) if row["needs"] else tuple(lanes),
        basis=Basis(row["basis"]),
    )


def _own_clause(provision: Provision) -> Clause:
    """Ids and letters of the standard were read in copies of it only."""
    return Clause(
        id=provision.id,
        title=provision.title,
        provisions=(provision,),
        needs=provision.needs,
        basis=Basis.SECONDARY,
    )


def _collect(checks: Sequence[CheckFacts], assessment: Assessment) -> _Seen:
    by_provision: dict[str, list[CheckFacts]] = defaultdict(list)
    for check in checks:
        for id_ in check.bears_on:
            by_provision[id_].append(check)
    by_check: dict[str, list[Finding]] = defaultdict(list)
    for finding in assessment.findings:
        by_check[finding.check].append(finding)
    gaps = {check.id: f"Could not judge: {check.failed}." for check in checks if check.failed}
    gaps |= {gap.check: gap.needs for gap in assessment.not_judged}
    return _Seen(checks=by_provision, findings=by_check, gaps=gaps)


def _judge_clause(clause: Clause, seen: _Seen) -> ClauseStatus:
    """The worst of its provisions, and all those that are as bad."""
    found = [(provision, _judge_provision(provision, seen)) for provision in clause.provisions]
    if not found:
        return _not_examined(clause, [], seen)
    worst = min((each.status for _, each in found), key=list(Status).index)
    decide = [(provision, each) for provision, each in found if each.status is worst]
    if worst is Status.NOT_EXAMINED:
        return _not_examined(clause, [provision for provision, _ in decide], seen)
    first, through = decide[0][1], tuple(provision.id for provision, _ in decide)
    itself = through == (clause.id,)
    return ClauseStatus(
        clause=clause,
        status=worst,
        findings=_unique(one for _, each in decide for one in each.findings),
        checks=_unique(one for _, each in decide for one in each.checks),
        through=through,
        reason=first.reason if itself else f"EN 303 645 {', '.join(through)}: {first.reason}",
    )


def _judge_provision(provision: Provision, seen: _Seen) -> ClauseStatus:
    clause = _own_clause(provision)
    bearing = seen.checks.get(provision.id, ()) if provision.passive else ()
    against = sorted(
        (
            finding
            for check in bearing
            for finding in seen.findings.get(check.id, ())
            if finding.severity is not Severity.INFO
        ),
        key=lambda one: (not _is_firm(one, provision), -one.severity.rank, one.id),
    )
    if against:
        firm = _is_firm(against[0], provision)
        return ClauseStatus(
            clause=clause,
            status=Status.REFUTED if firm else Status.SIGNS_AGAINST,
            findings=_unique(finding.id for finding in against),
            checks=_unique(finding.check for finding in against),
            through=(provision.id,),
            reason=against[0].statement,
        )
    silent = [
        check.id for check in bearing if check.id not in seen.gaps and check.id not in seen.findings
    ]
    if silent:
        return ClauseStatus(
            clause=clause,
            status=Status.MET_SO_FAR,
            findings=(),
            checks=_unique(silent),
            through=(provision.id,),
            reason=_say_silent(silent),
        )
    return _not_examined(clause, [provision], seen)


def _is_firm(finding: Finding, provision: Provision) -> bool:
    sure = finding.confidence is not Confidence.GUESS
    return provision.passive == DECIDES and sure and finding.severity.rank >= Severity.MEDIUM.rank


def _not_examined(clause: Clause, provisions: Sequence[Provision], seen: _Seen) -> ClauseStatus:
    """What would be needed: other evidence, and more traffic where a check waits for it."""
    waiting = _unique(
        seen.gaps[check.id]
        for provision in provisions
        if provision.passive
        for check in seen.checks.get(provision.id, ())
        if check.id in seen.gaps
    )
    reason = f"What would settle it: {', '.join(clause.needs)}."
    if waiting:
        reason += f" What traffic lacks: {' '.join(waiting[:MOST_NAMED])}"
    return ClauseStatus(
        clause=clause,
        status=Status.NOT_EXAMINED,
        findings=(),
        checks=(),
        through=tuple(provision.id for provision in provisions),
        reason=reason,
    )


def _say_silent(checks: Sequence[str]) -> str:
    named = ", ".join(checks[:MOST_NAMED])
    more = len(checks) - MOST_NAMED
    also = f" and {more} more" if more > 0 else ""
    return f"Nothing was found against it by {named}{also}, which proves nothing."


def _unique(ids: Iterable[str]) -> tuple[str, ...]:
    return tuple(dict.fromkeys(ids))
