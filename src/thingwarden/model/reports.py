"""What was read and what it came to, as frozen values: a whole report."""

from dataclasses import dataclass

from thingwarden.model.judgements import Assessment, CheckFacts, PastAssessment, Suppression
from thingwarden.model.things import Device, DeviceId, Statement


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
