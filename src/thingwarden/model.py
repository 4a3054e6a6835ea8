"""The few things with meaning, as frozen values: devices, evidence, findings, grades, reports."""

from dataclasses import dataclass, field
from enum import Enum
from typing import NewType

DeviceId = NewType("DeviceId", str)
"""Stable name of a device inside its site, such as `d-0017882b9a25`."""


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


class Role(Enum):
    """What a device is for, as its user says: the more hangs on it, the higher the bar."""

    LIFE_CRITICAL = "life-critical"
    SAFETY = "safety"
    SECURITY = "security"
    CONVENIENCE = "convenience"


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
class Guess:
    """A statement about what a device is; its reasons are shown."""

    value: str
    confidence: float
    """Probability that it is right, 0 to 1; 1 only for a user's own label."""
    because: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Clue:
    """One thing that a device said or did, and what that tells of what it is."""

    channel: str
    """Kind of evidence, see `docs/identity.md`."""
    says: str
    """What was seen, in words: "calls itself hs110 when it asks for an address"."""
    points_to: str
    """What it speaks for: a maker, kind, family or model."""
    weight: float
    """How much more probable it makes that, in natural logarithm of odds."""
    capture: int
    frame: int
    """Where it was seen first."""
    time_us: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Candidate:
    """One thing that a device may be."""

    value: str
    confidence: float


@dataclass(frozen=True, slots=True, kw_only=True)
class Identity:
    """What a device is, as deep as is known; None: not known."""

    vendor: Guess | None = None
    category: Guess | None = None
    family: Guess | None = None
    """Line of products or platform, such as Hue or Chromecast."""
    model: Guess | None = None
    clues: tuple[Clue, ...] = ()
    """What tells most comes first."""
    conflicts: tuple[str, ...] = ()
    """What does not fit together, in words: a spoof, an implant or a repair."""
    candidates: tuple[Candidate, ...] = ()
    """Where no model is certain: the set that holds the right one as often as `calibration` says."""
    settle: tuple[str, ...] = ()
    """What would settle what is not certain, in words."""
    chip: str | None = None
    """Who was assigned the prefix of its hardware address: often the maker of the radio only."""
    calibration: str = ""
    """On how much the confidence rests, in words."""

    @property
    def level(self) -> str:
        """The deepest level that is certain: model, family, vendor, category or unknown."""
        for name in ("model", "family", "vendor", "category"):
            if getattr(self, name):
                return name
        return "unknown"


@dataclass(frozen=True, slots=True, kw_only=True)
class Statement:
    """What a user said of which addresses are one device; later ones win."""

    kind: str
    """same (`first` and `second` are one), apart (`first` is one device for each of its addresses) or
    alone (`first`, one address, is a device of its own)."""
    first: DeviceId
    second: DeviceId = DeviceId("")


@dataclass(frozen=True, slots=True, kw_only=True)
class Sight:
    """A frame in which something was seen."""

    capture: int
    frame: int
    time_us: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Link:
    """Two sets of addresses that are, or may be, one device."""

    other: str
    """The hardware address, or the device's id, that it is linked with."""
    confidence: float
    because: tuple[str, ...]
    joined: bool
    """False: it is only perhaps the same, and shown as a device of its own."""
    by_user: bool = False
    sights: tuple[Sight, ...] = ()
    """Where both showed what links them most."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Accessory:
    """A thing behind a hub: it has no address of its own on this network."""

    name: str
    kind: str
    """What it is, as far as is told; may be empty."""
    says: str
    """How it is known, in words."""
    capture: int
    frame: int
    time_us: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Device:
    """One thing on the network, out of its many addresses."""

    id: DeviceId
    macs: tuple[str, ...]
    addresses: tuple[str, ...]
    """IP addresses that it used, the most used first."""
    names: tuple[str, ...]
    """Names that it gave itself (DHCP, mDNS), or its user's label first."""
    identity: Identity = field(default_factory=Identity)
    random_mac: bool = False
    links: tuple[Link, ...] = ()
    """Other addresses that are the same device, or perhaps are."""
    accessories: tuple[Accessory, ...] = ()
    """Things behind it."""
    role: Role | None = None
    """What the user says that it is for; None: nobody said."""
    first_us: int = 0
    last_us: int = 0
    packets: int = 0
    bytes: int = 0
    """Bytes sent and received in flows."""


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
class CaptureFacts:
    """A capture that was read."""

    number: int
    sha256: str
    file: str
    packets: int
    bytes: int
    first_us: int | None
    last_us: int | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Problem:
    """Something that could not be read."""

    capture: int | None
    frame: int | None
    part: str
    problem: str
    count: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Contact:
    """What a device exchanged with one peer, both directions together."""

    device_id: DeviceId
    peer: str
    """Name of the peer if one was seen, else its address; a device's id for a device."""
    peer_device: DeviceId | None
    """The peer, where it is a device of this site."""
    place: str
    """device, gateway, internet, local or group (multicast and broadcast)."""
    country: str | None
    """ISO 3166 alpha-2 where the address is registered; None inside the site or unknown."""
    provider: str | None
    """Name of the network operator (AS) that announces the address; None if unknown."""
    app: str
    """Application protocol, or transport and port."""
    encrypted: bool | None
    """True for TLS, QUIC and SSH, False for a known plain protocol, None if not known."""
    flows: int
    sent_bytes: int
    received_bytes: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Activity:
    """Bytes of one device in one slice of time, for pictures of when it spoke."""

    device_id: DeviceId
    start_us: int
    bytes: int


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


@dataclass(frozen=True, slots=True, kw_only=True)
class Report:
    """The result of an inspection: every renderer reads this and nothing else."""

    captures: tuple[CaptureFacts, ...]
    assessments: tuple[Assessment, ...]
    """Those that need action first."""
    gateways: tuple[Device, ...]
    """Routers: shown, but not judged."""
    contacts: tuple[Contact, ...]
    """Largest first."""
    activity: tuple[Activity, ...]
    """Ordered by device and time."""
    slice_us: int
    """Length of each slice in `activity`; 0 if there is none."""
    checks: tuple[CheckFacts, ...]
    problems: tuple[Problem, ...]
    version: str
    """Version of thingwarden."""
    statements: tuple[Statement, ...] = ()
    """What the user said of which addresses are one device."""
    suppressions: tuple[Suppression, ...] = ()
    """What the user accepts, in force or not."""
    history: tuple[PastAssessment, ...] = ()
    """Earlier inspections of this site, by device and time; without those that changed nothing."""
