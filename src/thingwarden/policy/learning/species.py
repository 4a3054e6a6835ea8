"""Named conversations -> species: one for each behaviour that a device showed, with whom and how often.

A species is what is counted before anything is generalised: one side, one other end, one service.
"""

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from thingwarden.model import (
    ANY,
    DNS,
    NTP,
    Behaviour,
    DeviceId,
    Initiator,
    Network,
    Peer,
    PeerKind,
    Span,
)
from thingwarden.policy.needs import ICMP, ICMP6, TCP, UDP
from thingwarden.store import Store

MOST_SPECIES = 4_000
"""Of one device: what a flood of names or addresses adds behind is only counted."""

NUMBERS = {"tcp": TCP, "udp": UDP, "icmp": ICMP, "icmpv6": ICMP6}

ROLES = {53: (DNS, "resolvers"), 123: (NTP, "time_servers")}
"""Services that a site offers under a name of its own (RFC 8520, well-known URNs)."""

SPECIES = """
    with daily as (
        select key, day, any_value(device_id) as device_id, any_value(begins) as begins,
            any_value(where_is) as where_is, any_value(peer_mac) as peer_mac,
            any_value(peer_ip) as peer_ip, any_value(name) as name,
            any_value(basis) as basis, any_value(protocol) as protocol,
            any_value(service) as service, any_value(tunnelled) as tunnelled,
            any_value(answers_group) as answers_group, any_value(own) as own,
            bit_count(bit_or(hours)) as hours, sum(flows) as flows, sum(answered) as answered,
            min(ip) as ip, min(first_us) as first_us, max(last_us) as last_us
        from named
        group by key, day
    ), summed as (
        select key, any_value(device_id) as device_id, any_value(begins) as begins,
            any_value(where_is) as where_is, any_value(peer_mac) as peer_mac,
            any_value(peer_ip) as peer_ip, any_value(name) as name,
            any_value(basis) as basis, any_value(protocol) as protocol,
            any_value(service) as service, any_value(tunnelled) as tunnelled,
            any_value(answers_group) as answers_group, any_value(own) as own,
            count(*) as days, sum(hours)::bigint as hours, sum(flows)::bigint as flows,
            sum(answered)::bigint as answered, coalesce(min(ip), '') as ip,
            min(first_us) as first_us, max(last_us) as last_us
        from daily
        group by key
    ), met as (
        select key, list(ip order by ip) as ips
        from (select distinct key, ip from named where ip is not null)
        group by key
    )
    select summed.* exclude (key), coalesce(ips, []) as ips, summed.key::varchar as key,
        count(*) over (partition by device_id) as of_all
    from summed
    left join met using (key)
    qualify row_number() over (
        partition by device_id
        order by answered > 0 desc, days desc, hours desc, flows desc, key
    ) <= $most
    order by device_id, first_us, protocol, service, name, ip, begins, key
"""


@dataclass(frozen=True, slots=True, kw_only=True)
class Species:
    """One behaviour as it was seen."""

    key: str
    device_id: str
    begins: bool
    """The device itself began."""
    where_is: str
    """Place of the other end, see `docs/house.md`."""
    peer_mac: str | None
    """Of another device."""
    peer_ip: str | None
    """Where neither a name nor a device stands for it."""
    ip: str
    """One address of the other end, the least."""
    ips: tuple[str, ...]
    """All that it had."""
    name: str | None
    basis: str | None
    """dns: a resolver of the site gave the name; said: only the device or a certificate did."""
    protocol: str
    service: int | None
    tunnelled: bool
    answers_group: bool
    """The other end answers what the device asked a group."""
    own: bool
    """The device's own address in it is bound to it."""
    days: int
    hours: int
    flows: int
    answered: int
    first_us: int
    last_us: int
    of_all: int
    """How many species the device has, those past the limit too."""

    @property
    def number(self) -> int | None:
        """The IP protocol; None if what flows say is no number."""
        known = NUMBERS.get(self.protocol)
        return known or (int(self.protocol) if self.protocol.isdecimal() else None)

    @property
    def peer(self) -> str:
        """Whom it is with, for people."""
        return self.name or self.peer_mac or self.ip

    def __str__(self) -> str:
        port = f" {self.service}" if self.service is not None else ""
        return f"{self.protocol}{port} {'to' if self.begins else 'from'} {self.peer}"


def list_species(store: Store) -> Mapping[DeviceId, list[Species]]:
    """Species of each device, the first seen first; needs the table `named`."""
    found: dict[DeviceId, list[Species]] = defaultdict(list)
    for row in store.read(Species, SPECIES, {"most": MOST_SPECIES}):
        found[DeviceId(row.device_id)].append(row)
    return found


def behaviour_of(species: Species, network: Network) -> Behaviour:
    """What would allow exactly this species."""
    number = species.number
    assert number is not None, "refused before"
    return Behaviour(
        initiator=Initiator.DEVICE if species.begins else Initiator.PEER,
        peer=_peer(species, network),
        protocol=number,
        service=_service(species),
    )


def _service(species: Species) -> Span:
    if species.service is None:
        return ANY
    return Span(first=species.service, last=species.service)


def _peer(species: Species, network: Network) -> Peer:
    role = _role(species, network)
    if role:
        return Peer(kind=PeerKind.CONTROLLER, value=role)
    if species.where_is == "gateway":
        return Peer(kind=PeerKind.GATEWAY)
    if species.where_is == "group":
        return Peer(kind=PeerKind.GROUP, value=host_prefix(species.ip))
    if species.peer_mac:
        return Peer(kind=PeerKind.DEVICE, value=species.peer_mac)
    if species.name:
        return Peer(kind=PeerKind.NAME, value=species.name)
    return Peer(kind=PeerKind.NETWORK, value=host_prefix(species.ip))


def _role(species: Species, network: Network) -> str | None:
    """The role that the other end has here, where it is asked for what that role offers."""
    if not species.begins or species.protocol not in {"tcp", "udp"} or species.service not in ROLES:
        return None
    role, field = ROLES[species.service]
    filled: Iterable[str] = getattr(network, field)
    return role if species.ip in filled else None


def host_prefix(ip: str) -> str:
    """An address as a prefix of its own."""
    return f"{ip}/{128 if ':' in ip else 32}"
