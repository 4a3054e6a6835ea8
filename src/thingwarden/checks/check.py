"""The form of a check: a query that finds, a function that judges, and where the rule comes from."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from thingwarden.model import Concern, Device, Evidence, Judgement, Source


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
    """Pure; None: too little seen to say."""
    examined: str
    """SQL: `device_id` of every device for which there was something to examine."""
    needs: str
    """What would have to be seen for the others, as a sentence a person can act on."""
    remedy: str
    """What to do, for a person who is no engineer."""
    sources: tuple[Source, ...]
    limits: tuple[str, ...]

    def __post_init__(self) -> None:
        if not self.sources:
            raise ValueError(f"{self.id}: a check without a source")
