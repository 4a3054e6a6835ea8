"""Devices, what they are and what they are for, as frozen values."""

from dataclasses import dataclass, field
from enum import Enum
from typing import NewType

DeviceId = NewType("DeviceId", str)
"""Stable name of a device inside its site, such as `d-0017882b9a25`."""


class Role(Enum):
    """What a device is for, as its user says: the more hangs on it, the higher the bar."""

    LIFE_CRITICAL = "life-critical"
    SAFETY = "safety"
    SECURITY = "security"
    CONVENIENCE = "convenience"


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
