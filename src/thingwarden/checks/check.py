"""The form of a check: a query that finds, a function that judges, and where the rule comes from."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field

from thingwarden.model import (
    CheckFacts,
    Concern,
    Device,
    Evidence,
    Judgement,
    Severity,
    Source,
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Check:
    """One judgement about devices; its id is its file's name with `-` for `_`."""

    id: str
    title: str
    """What is wrong when it fires, in a few words."""
    concern: Concern
    evidence: str
    """SQL over facts, once for all devices: columns as in `Evidence`, ordered by device and time."""
    judge: Callable[[Device, Sequence[Evidence]], Judgement | None]
    """Pure; None: too little seen to say. Gets the rows that `judge_all` kept, spread over `about`."""
    examined: str
    """SQL: `device_id` of every device for which there was something to examine."""
    needs: str
    """What would have to be seen for the others, as a sentence a person can act on."""
    remedy: str
    """What to do, for a person who is no engineer."""
    sources: tuple[Source, ...]
    limits: tuple[str, ...]
    bears_on: tuple[str, ...]
    """Provisions of ETSI EN 303 645 V3.1.3 that it speaks for or against, such as 5.5-1."""
    values: Mapping[str, object] = field(default_factory=dict)
    """What stands for each `$name` in `evidence`; `examined` may name the same."""
    watch_us: int = 0
    """How long a device must have been seen before it says anything that nothing was found."""

    def __post_init__(self) -> None:
        if not self.sources:
            raise ValueError(f"{self.id}: a check without a source")
        if not self.bears_on:
            raise ValueError(f"{self.id}: a check that bears on no requirement")

    def facts(self, failed: str = "") -> CheckFacts:
        """What a report prints of it; `failed`: why it could not judge."""
        return CheckFacts(
            id=self.id,
            title=self.title,
            concern=self.concern,
            sources=self.sources,
            limits=self.limits,
            bears_on=self.bears_on,
            failed=failed,
        )


def worst_severity(evidence: Sequence[Evidence]) -> Severity:
    """The severity of the worst row, for checks whose `amount` is a severity's rank."""
    return list(Severity)[int(max(row.amount for row in evidence))]


def abouts(evidence: Sequence[Evidence], limit: int = 3) -> str:
    """What the rows are about, the worst first: 'a, b, c and 4 more'."""
    worst: dict[str, float] = {}
    for row in evidence:
        worst[row.about] = max(row.amount, worst.get(row.about, row.amount))
    ordered = sorted(worst, key=lambda about: -worst[about])
    more = len(ordered) - limit
    return ", ".join(ordered[:limit]) + (f" and {more} more" if more > 0 else "")
