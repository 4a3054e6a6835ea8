"""What a device may do on its network, where that was learnt, and what narrows it."""

from dataclasses import dataclass, field
from enum import Enum

from thingwarden.model.things import DeviceId, Role


class Initiator(Enum):
    """Who begins a conversation."""

    DEVICE = "device"
    PEER = "peer"


class PeerKind(Enum):
    """How the other end of a behaviour is told apart from everyone else."""

    NAME = "name"
    """A name of the DNS; `*.` before it stands for one label or more."""
    NETWORK = "network"
    """An address or prefix, where there is no name."""
    DEVICE = "device"
    """Another thing of the site, by hardware address."""
    GATEWAY = "gateway"
    """Whoever routes for the site; value is empty."""
    CONTROLLER = "controller"
    """A role that the site fills, by URI, such as `urn:ietf:params:mud:dns` (RFC 8520, well-known URNs)."""
    LOCAL = "local"
    """Anything on the site's own networks; value is empty."""
    GROUP = "group"
    """A multicast or broadcast address or prefix."""
    ANYONE = "anyone"
    """Every address; value is empty."""


class Origin(Enum):
    """Why a rule is there."""

    LEARNT = "learnt"
    NEEDED = "needed"
    """What no device works without, such as an address from DHCP."""
    MUD = "mud"
    """Its maker says so."""
    USER = "user"
    INVARIANT = "invariant"
    """A safety invariant demands it."""


DNS = "urn:ietf:params:mud:dns"
NTP = "urn:ietf:params:mud:ntp"
"""Controllers that every site fills by itself (RFC 8520, well-known URNs)."""


@dataclass(frozen=True, slots=True, kw_only=True, order=True)
class Span:
    """Ports, or ICMP types, from `first` to `last`, both included."""

    first: int
    last: int


ANY = Span(first=0, last=65535)


@dataclass(frozen=True, slots=True, kw_only=True)
class Peer:
    """The other end of a behaviour."""

    kind: PeerKind
    value: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Behaviour:
    """One thing that a device does: the unit that is learnt, allowed and counted."""

    initiator: Initiator
    peer: Peer
    protocol: int
    """As IP numbers it: 6 TCP, 17 UDP, 1 ICMP, 58 ICMPv6, 2 IGMP."""
    service: Span = ANY
    """Ports of whoever is reached: the peer's, or the device's own where the peer begins. For ICMP the
    types that the initiator sends."""
    version: int | None = None
    """4 or 6 where only that IP may carry it; None: both."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Learnt:
    """What a rule rests on."""

    days: int
    hours: int
    """Distinct hours in which it was seen."""
    flows: int
    first_us: int
    last_us: int
    capture: str
    """SHA-256 of the capture with the first frame."""
    frame: int
    examples: tuple[str, ...] = ()
    """Names or addresses that a pattern or prefix stands for, at most some."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Rule:
    """A behaviour that is allowed."""

    id: str
    """Unique inside its device, of letters, digits and hyphens, such as `r03`; made from what it
    allows, so that it stays the same when others come and go."""
    behaviour: Behaviour
    origin: Origin
    firm: bool = True
    """False: seen on one day only, or in one network only where its model is known from several."""
    confidence: float = 1.0
    """Probability that it is seen again tomorrow."""
    learnt: Learnt | None = None
    note: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Patch:
    """What is stopped although a rule would allow it, since something there is vulnerable."""

    id: str
    behaviour: Behaviour
    """What the vulnerability exposes, seen like a rule's behaviour."""
    still: tuple[Peer, ...]
    """Who must still reach it."""
    reason: str
    until: str
    """When it may go, in words: "firmware 1.2.3 or newer"."""
    holes: tuple[str, ...] = ()
    """Ids of the vulnerabilities, such as CVE-2020-12345. The device stays affected by them."""


@dataclass(frozen=True, slots=True, kw_only=True)
class WatchTime:
    """How far the learning of a device has come: what of it is still to be seen."""

    active_hours: int
    """Hours in which the device did anything."""
    days: int
    once: int
    """Rules that were seen in exactly one of these hours."""
    surprises: float
    """New behaviours a week that are still to be expected at most, with 95 % confidence."""
    hours_to_go: int | None
    """Further active hours until at most one a week, if nothing new comes; None: never at this rate."""
    homes: int
    """How many homes with this model would be enough today."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Known:
    """Addresses that a name had when last seen: they hold until the resolver says more."""

    name: str
    addresses: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class DevicePolicy:
    """All that one device may do; everything else is stopped."""

    device_id: DeviceId
    macs: tuple[str, ...]
    addresses: tuple[str, ...]
    """Addresses that it may send from, besides link-local ones."""
    name: str = ""
    vendor: str = ""
    model: str = ""
    category: str = ""
    role: Role | None = None
    rules: tuple[Rule, ...] = ()
    patches: tuple[Patch, ...] = ()
    known: tuple[Known, ...] = ()
    watch_time: WatchTime | None = None
    not_learnt: tuple[str, ...] = ()
    """What was seen and left out, and why, in words."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Network:
    """What the devices of a site share."""

    locals: tuple[str, ...]
    """Prefixes of the site, without a way to the Internet."""
    gateways: tuple[str, ...]
    """Hardware addresses of whoever routes."""
    gateway_addresses: tuple[str, ...]
    resolvers: tuple[str, ...]
    """Addresses whose DNS answers count: those that the network itself announced, or its gateway."""
    time_servers: tuple[str, ...] = ()
    controllers: tuple[tuple[str, tuple[str, ...]], ...] = ()
    """Other roles, by URI, and the addresses that fill them."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Policy:
    """What every device of a site may do."""

    network: Network
    devices: tuple[DevicePolicy, ...]
    captures: tuple[str, ...] = field(default=())
    """SHA-256 of what it was learnt from."""
    version: str = ""
    """Of thingwarden."""
