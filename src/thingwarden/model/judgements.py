"""Evidence, findings, grades and verdicts, as frozen values."""

from dataclasses import dataclass
from enum import Enum

from thingwarden.model.things import Device, DeviceId


class Concern(Enum):
    """What a judgement is about; a check belongs to exactly one."""

    OPERATING_SYSTEM = "operating-system"
    SUPPLY_CHAIN = "supply-chain"
    CODE_AGE = "code-age"
    VENDOR = "vendor"
    VULNERABILITY_POLICY = "vulnerability-policy"
    PROVIDER = "provider"
    PROTECTED_COMMUNICATION = "protected-communication"
    RELIABLE_COMMUNICATION = "reliable-communication"
    EXPOSURE = "exposure"
    CONDUCT = "conduct"
    PORTABILITY = "portability"


class Severity(Enum):
    """How bad it is if it is true."""

    INFO = "info"
    LOW = "low"
    MEDIUM = "medium"
    HIGH = "high"
    CRITICAL = "critical"

    @property
    def rank(self) -> int:
        """0 for info up to 4 for critical."""
        return list(Severity).index(self)


class Confidence(Enum):
    """How sure it is that it is true."""

    GUESS = "guess"
    LIKELY = "likely"
    CERTAIN = "certain"


class Verdict(Enum):
    """The answer to the question whether one would depend on it."""

    DEPEND = "depend"
    DEPEND_WRAPPED = "depend-wrapped"
    DO_NOT_DEPEND = "do-not-depend"
    NOT_ENOUGH_SEEN = "not-enough-seen"


@dataclass(frozen=True, slots=True, kw_only=True)
class Source:
    """Where a rule or a number comes from."""

    title: str
    url: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Evidence:
    """One place in a capture that anyone can look up again, and what it shows."""

    device_id: DeviceId
    capture: int
    """Number of the capture in this site; reports print its SHA-256."""
    frame: int
    time_us: int
    says: str
    about: str = ""
    """What the row concerns, such as a peer: rows about the same thing belong together."""
    amount: float = 1
    """How much the row stands for, in the check's own unit."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Judgement:
    """What a check concludes from evidence; bound to that evidence it becomes a `Finding`."""

    severity: Severity
    confidence: Confidence
    statement: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Suppression:
    """What a user accepts of a device: it is listed in every report, and counts in no grade."""

    device_id: DeviceId
    check: str
    """The behaviour: id of the check that finds it."""
    reason: str
    until: str
    """The last day on which it holds, ISO 8601 in UTC; held against the time of the packets."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Finding:
    """A judgement with the evidence that it rests on; cannot be built without."""

    id: str
    """Stable over runs: made from check and device."""
    check: str
    device_id: DeviceId
    concern: Concern
    severity: Severity
    confidence: Confidence
    statement: str
    remedy: str
    evidence: tuple[Evidence, ...]
    evidence_total: int
    """How many pieces of evidence there were; a report names the first of them."""
    suppressed: Suppression | None = None
    """Accepted by the user: it counts in no grade."""

    def __post_init__(self) -> None:
        if not self.evidence:
            raise ValueError(f"{self.check}: a finding without evidence")


@dataclass(frozen=True, slots=True, kw_only=True)
class NotJudged:
    """A check that could not be applied to a device, and what would be needed."""

    check: str
    device_id: DeviceId
    concern: Concern
    needs: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Grade:
    """How a device does in one concern; `grade` None: too little examined to say."""

    concern: Concern
    grade: str | None
    coverage: float
    """How much of what could be examined was examined, 0 to 1."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Assessment:
    """Everything concluded about one device."""

    device: Device
    verdict: Verdict
    reason: str
    """The verdict's reason in one sentence."""
    grades: tuple[Grade, ...]
    """All eleven concerns, in the order of `Concern`."""
    findings: tuple[Finding, ...]
    """Worst first, those that are suppressed last."""
    not_judged: tuple[NotJudged, ...]
    steps: tuple[str, ...] = ()
    """What would have to be done to examine more, in words, what helps most first."""


@dataclass(frozen=True, slots=True, kw_only=True)
class PastAssessment:
    """What an earlier inspection of a site concluded about a device."""

    device_id: DeviceId
    last_us: int
    """Last packet that it knew of."""
    verdict: Verdict
    grades: tuple[Grade, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class CheckFacts:
    """What a report prints of each check that was applied."""

    id: str
    title: str
    concern: Concern
    sources: tuple[Source, ...]
    limits: tuple[str, ...]
    bears_on: tuple[str, ...] = ()
    """Provisions of ETSI EN 303 645 V3.1.3 that it speaks for or against."""
    failed: str = ""
    """Why it could not judge any device; empty if it could."""
