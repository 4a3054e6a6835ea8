"""Traces -> which hardware addresses are gateways, and which public addresses are of this network.

The network's own words come first (DHCP, router advertisements). Else a gateway is told by what only
a gateway does: it sends from addresses of the Internet that are not its own. Conversations count, not
single packets, since a device may forge the addresses that it sends from.
"""

import ipaddress
from collections import Counter
from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass

from thingwarden.store import Store

VIRTUAL_ROUTERS = ("00:00:5e:00:01:", "00:00:5e:00:02:", "00:00:0c:07:ac:", "00:00:0c:9f:f")
"""VRRP (RFC 9568 section 7.3) and HSRP: an address that routers share."""

MANY = 3
"""Public addresses that a hardware address must send from where no conversation was seen at all."""

OWN_NETWORKS = 2
"""IPv6 networks that a device may have unannounced: the old prefix and the new."""

SENDERS = """
    select ends.mac,
        coalesce(bool_or(ip in (select ip from network where kind = 'router')), false)
            or ends.mac in (
                select mac
                from claims
                where ip in (select ip from network where kind = 'router')
            ) as announced,
        coalesce(bool_or(ip in (select ip from network where kind = 'dns')), false)
            or ends.mac in (select src_mac from facts.dhcp where kind in ('offer', 'ack')) as serves,
        ends.mac in (
            select client_mac
            from facts.dhcp
            where kind in ('discover', 'request') and src_mac = client_mac
        ) as asks,
        count(*) filter (kind in ('private', 'link')) > 0 as inside,
        coalesce(list({'ip': ip, 'answered': answered > 0, 'claimed': claims.ip is not null}
            order by answered desc, ip) filter (kind = 'public'), [])[:256] as publics
    from ends
    left join claims using (mac, ip)
    where mac is not null
    group by ends.mac
    order by ends.mac
"""

BEGINNERS = """
    select distinct src_mac as mac, src_ip as ip
    from facts.flows
    where src_mac in (select unnest($macs))
        and ip_kind(src_ip) = 'public' and ip_kind(dst_ip) = 'public'
"""

ANNOUNCED = """
    select distinct unnest(prefixes) as prefix
    from facts.ndp
    where kind = 'router-advertisement'
"""


@dataclass(frozen=True, slots=True, kw_only=True)
class Public:
    """A public address that a sender used."""

    ip: str
    answered: bool
    """It took part in a conversation, so it was not invented."""
    claimed: bool
    """The sender says by ARP, neighbour discovery or DHCP that it is its own."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Sender:
    """What is known of a hardware address that sent something."""

    mac: str
    announced: bool
    """DHCP or a router advertisement calls one of its addresses a router."""
    serves: bool
    """It gives addresses, or DHCP calls it a resolver."""
    asks: bool
    """It asks for an address by DHCP, as no gateway does in the network that it serves."""
    inside: bool
    """It has a private or link-local address."""
    publics: list[Public]


@dataclass(frozen=True, slots=True, kw_only=True)
class Begun:
    """An address that began a flow between public addresses."""

    mac: str
    ip: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Prefix:
    """An IPv6 prefix that a router announced."""

    prefix: str


def find_gateways(store: Store) -> tuple[list[str], list[str]]:
    """Hardware addresses of gateways, and the public addresses that are of this network."""
    senders = store.read(Sender, SENDERS)
    certain = {sender.mac for sender in senders if _is_named(sender)}
    begun = _read_beginners(store, [sender for sender in senders if sender.mac not in certain])
    heard = any(public.answered for sender in senders for public in sender.publics)
    own = {public.ip for sender in senders for public in sender.publics if public.claimed}
    own |= {ip for sender in senders for ip in _own_ipv4(sender, begun)}
    certain |= {each.mac for each in senders if _carries(each, own, ":", heard=heard)}
    networks = _announced(store) | _own_networks(senders, certain, begun)
    own |= {
        public.ip
        for sender in senders
        for public in sender.publics
        if ":" in public.ip and _network(public.ip) in networks
    }
    certain |= {each.mac for each in senders if _carries(each, own, ".", heard=heard)}
    return sorted(certain), sorted(own)


def _is_named(sender: Sender) -> bool:
    """Called a router; but a thing that is set up through a network of its own calls itself one."""
    return (sender.announced and not sender.asks) or sender.mac.startswith(VIRTUAL_ROUTERS)


def _read_beginners(store: Store, senders: Iterable[Sender]) -> set[str]:
    """Public addresses that began flows to others, among senders that are not yet understood."""
    macs = [sender.mac for sender in senders if sender.publics]
    return {row.ip for row in store.read(Begun, BEGINNERS, {"macs": macs})} if macs else set()


def _own_ipv4(sender: Sender, begun: Collection[str]) -> list[str]:
    """The one public address of a device that has no other, and began what it did."""
    found = [public.ip for public in sender.publics if ":" not in public.ip]
    alone = len(found) == 1 and not sender.inside and not sender.serves
    return found if alone and found[0] in begun else []


def _carries(sender: Sender, own: Collection[str], without: str, *, heard: bool) -> bool:
    """Whether it sends for others from the Internet; `without` leaves one IP version out."""
    foreign = [
        public for public in sender.publics if public.ip not in own and without not in public.ip
    ]
    if heard:
        return any(public.answered for public in foreign)
    return len(foreign) >= (1 if sender.serves else MANY)


def _announced(store: Store) -> set[int]:
    """The /64 networks that routers announced."""
    networks = set()
    for row in store.read(Prefix, ANNOUNCED):
        try:
            networks.add(int(ipaddress.IPv6Network(row.prefix, strict=False)[0]) >> 64)
        except ValueError:
            continue
    return networks


def _own_networks(
    senders: Sequence[Sender], gateways: Collection[str], begun: Collection[str]
) -> set[int]:
    """The /64 networks that are of this network by how their addresses are used."""
    told: set[int] = set()
    guessed: set[int] = set()
    users: Counter[int] = Counter()
    for sender in senders:
        publics = [public for public in sender.publics if ":" in public.ip]
        told |= {_network(public.ip) for public in publics if _is_own(sender.mac, public)}
        used = {_network(public.ip) for public in publics}
        if sender.mac not in gateways:
            users.update(used)
            if len(used) <= OWN_NETWORKS:
                guessed |= {_network(public.ip) for public in publics if public.ip in begun}
    shared = {network for network, count in users.items() if count > 1}
    return told | shared or guessed


def _is_own(mac: str, public: Public) -> bool:
    return public.claimed or _is_made_from(mac, public.ip)


def _network(ip: str) -> int:
    return int(ipaddress.IPv6Address(ip)) >> 64


def _is_made_from(mac: str, ip: str) -> bool:
    """Whether the interface identifier is made from the MAC (RFC 4291 appendix A)."""
    octets = bytes.fromhex(mac.replace(":", ""))
    identifier = bytes([octets[0] ^ 2]) + octets[1:3] + b"\xff\xfe" + octets[3:]
    return ipaddress.IPv6Address(ip).packed[8:] == identifier
