"""The values of a JSON report: the field names here are those of the file (`docs/report.md`).

Fields with a default came later: reports of earlier versions lack them, and can still be read.
"""

from dataclasses import dataclass

SCHEMA = "thingwarden-report/1"


@dataclass(frozen=True, slots=True, kw_only=True)
class CaptureEntry:
    """A capture file that was read."""

    sha256: str
    file: str
    packets: int
    bytes: int
    first_us: int | None
    last_us: int | None


@dataclass(frozen=True, slots=True, kw_only=True)
class GuessEntry:
    """A statement about what a device is."""

    value: str
    confidence: float
    because: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class ClueEntry:
    """One thing that a device said or did, and what it speaks for."""

    channel: str
    says: str
    points_to: str
    capture: str
    """SHA-256 of the capture."""
    frame: int
    time_us: int


@dataclass(frozen=True, slots=True, kw_only=True)
class CandidateEntry:
    """One thing that a device may be."""

    value: str
    confidence: float


@dataclass(frozen=True, slots=True, kw_only=True)
class IdentityEntry:
    """What a device is, as deep as is known."""

    vendor: GuessEntry | None
    category: GuessEntry | None
    model: GuessEntry | None
    family: GuessEntry | None = None
    level: str = "unknown"
    clues: tuple[ClueEntry, ...] = ()
    conflicts: tuple[str, ...] = ()
    candidates: tuple[CandidateEntry, ...] = ()
    settle: tuple[str, ...] = ()
    chip: str | None = None
    calibration: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class SightEntry:
    """A frame in which something was seen."""

    capture: str
    """SHA-256 of the capture."""
    frame: int
    time_us: int


@dataclass(frozen=True, slots=True, kw_only=True)
class StatementEntry:
    """What the user said of which addresses are one device."""

    kind: str
    first: str
    second: str


@dataclass(frozen=True, slots=True, kw_only=True)
class LinkEntry:
    """Addresses that are, or may be, the same device."""

    other: str
    confidence: float
    because: tuple[str, ...]
    joined: bool
    by_user: bool
    sights: tuple[SightEntry, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class AccessoryEntry:
    """A thing behind a hub."""

    name: str
    kind: str
    says: str
    capture: str
    """SHA-256 of the capture."""
    frame: int
    time_us: int


@dataclass(frozen=True, slots=True, kw_only=True)
class ConcernEntry:
    """How a device does in one concern."""

    concern: str
    grade: str | None
    coverage: float


@dataclass(frozen=True, slots=True, kw_only=True)
class GatewayEntry:
    """A router: shown, not judged."""

    id: str
    macs: tuple[str, ...]
    addresses: tuple[str, ...]
    names: tuple[str, ...]
    identity: IdentityEntry
    random_mac: bool
    first_us: int
    last_us: int
    packets: int
    bytes: int
    links: tuple[LinkEntry, ...] = ()
    accessories: tuple[AccessoryEntry, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class DeviceEntry(GatewayEntry):
    """A device, and what was concluded about it."""

    verdict: str
    reason: str
    concerns: tuple[ConcernEntry, ...]
    role: str | None = None
    """What the user says that it is for; null: nobody said, and convenience is taken for it."""
    steps: tuple[str, ...] = ()
    """What would let more be examined."""


@dataclass(frozen=True, slots=True, kw_only=True)
class EvidenceEntry:
    """One place in a capture, and what it shows."""

    capture: str
    """SHA-256 of the capture."""
    frame: int
    time_us: int
    says: str


@dataclass(frozen=True, slots=True, kw_only=True)
class FindingEntry:
    """A judgement about a device, with its evidence."""

    id: str
    check: str
    device: str
    concern: str
    severity: str
    confidence: str
    statement: str
    remedy: str
    evidence: tuple[EvidenceEntry, ...]
    evidence_total: int
    suppressed: bool = False
    """Accepted by the user, see `suppressions`: it counts in no grade."""


@dataclass(frozen=True, slots=True, kw_only=True)
class NotJudgedEntry:
    """A check that could not be applied to a device."""

    check: str
    device: str
    concern: str
    needs: str


@dataclass(frozen=True, slots=True, kw_only=True)
class ContactEntry:
    """What a device exchanged with one peer."""

    device: str
    peer: str
    peer_device: str | None
    place: str
    country: str | None
    provider: str | None
    app: str
    encrypted: bool | None
    flows: int
    sent_bytes: int
    received_bytes: int


@dataclass(frozen=True, slots=True, kw_only=True)
class ActivityEntry:
    """Bytes of a device in one slice of time."""

    device: str
    start_us: int
    bytes: int


@dataclass(frozen=True, slots=True, kw_only=True)
class SourceEntry:
    """Where a check's rule comes from."""

    title: str
    url: str


@dataclass(frozen=True, slots=True, kw_only=True)
class CheckEntry:
    """A check that was applied."""

    id: str
    title: str
    concern: str
    sources: tuple[SourceEntry, ...]
    limits: tuple[str, ...]
    bears_on: tuple[str, ...] = ()
    """Provisions of ETSI EN 303 645 V3.1.3."""
    failed: str = ""
    """Why it could not judge any device; empty if it could."""


@dataclass(frozen=True, slots=True, kw_only=True)
class ProblemEntry:
    """Something that could not be read."""

    capture: str | None
    frame: int | None
    part: str
    problem: str
    count: int


@dataclass(frozen=True, slots=True, kw_only=True)
class SuppressionEntry:
    """What the user accepts of a device."""

    device: str
    check: str
    reason: str
    until: str
    """Last day on which it holds."""
    in_force: bool
    applied: bool
    """Whether there is a finding that it marks."""


@dataclass(frozen=True, slots=True, kw_only=True)
class PastEntry:
    """What an earlier inspection of the site concluded about a device."""

    device: str
    last_us: int
    verdict: str
    concerns: tuple[ConcernEntry, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Document:
    """A whole JSON report."""

    schema: str
    version: str
    captures: tuple[CaptureEntry, ...]
    devices: tuple[DeviceEntry, ...]
    gateways: tuple[GatewayEntry, ...]
    findings: tuple[FindingEntry, ...]
    not_judged: tuple[NotJudgedEntry, ...]
    checks: tuple[CheckEntry, ...]
    contacts: tuple[ContactEntry, ...]
    slice_us: int
    activity: tuple[ActivityEntry, ...]
    problems: tuple[ProblemEntry, ...]
    statements: tuple[StatementEntry, ...] = ()
    suppressions: tuple[SuppressionEntry, ...] = ()
    history: tuple[PastEntry, ...] = ()
