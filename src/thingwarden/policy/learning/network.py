"""Facts of a site -> what its devices share: prefixes, gateways, resolvers, time servers.

Whom the network itself announced counts, and its gateway. A resolver that a device chose by itself
does not: its answers would let the device say what its own rules mean.
"""

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from ipaddress import (
    IPv4Address,
    IPv4Network,
    IPv6Network,
    collapse_addresses,
    ip_address,
    ip_network,
)

from thingwarden.model import Device, DeviceId, Network
from thingwarden.store import Store

Prefix = IPv4Network | IPv6Network

USUAL = 24
"""Prefix of a home where nobody told the mask."""

WIDEST = 8
"""The largest private network (RFC 1918); a mask that says more is a mistake."""

LINK4 = IPv4Network("169.254.0.0/16")

ENOUGH_ASKERS = 2

TOLD = """
    with told as (
        select 'dns' as kind, 4 as version, unnest(dns_servers) as value, src_device
        from dhcp
        where kind in ('offer', 'ack')
        union all
        select 'ntp', 4, unnest(ntp_servers), src_device
        from dhcp
        where kind in ('offer', 'ack')
        union all
        select 'network', 4, coalesce(your_ip, routers[1]) || '/' || subnet_mask, src_device
        from dhcp
        where kind in ('offer', 'ack') and subnet_mask is not null
        union all
        select 'dns', 6, unnest(dns_servers), src_device
        from ndp
        where kind = 'router-advertisement'
        union all
        select 'network', 6, unnest(prefixes), src_device
        from ndp
        where kind = 'router-advertisement'
        union all
        select 'dns', 6, unnest(dns_servers), src_device
        from dhcpv6
        where kind in ('advertise', 'reply')
        union all
        select if(port = 53, 'dns', 'ntp'), 0, peer_ip, null
        from talks
        where side = 'client' and peer_place = 'gateway' and answered > 0 and port in (53, 123)
            and protocol = 'udp'
    )
    select distinct kind, value
    from (
        select *, bool_or(src_device is null) over (partition by kind, version) as by_gateway
        from told
        where value is not null and coalesce(src_device not in (select unnest($rogues)), true)
    )
    where src_device is null or not by_gateway and (kind <> 'dns' or exists (
        select 1
        from lookups
        where resolver_ip = value and answered > 0 and device_id <> src_device
    ))
    order by kind, value
"""
"""What a device tells counts where the gateway tells nothing of the kind; a resolver of which only a
device tells must have answered another: nobody tells what its own rules mean."""

CHOSEN = """
    with asked as (
        select resolver_ip as value, count(distinct device_id) as askers
        from lookups
        where answered > 0
        group by resolver_ip
    )
    select 'dns' as kind, value
    from asked
    where askers >= $enough
        and askers * 2 > (select count(distinct device_id) from lookups where answered > 0)
    order by value
"""
"""Where nobody announced a resolver: the one that most devices ask was announced before."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Said:
    """One thing that the network told of itself."""

    kind: str
    value: str


def find_network(
    store: Store,
    gateways: Sequence[Device],
    *,
    addresses: Mapping[DeviceId, Sequence[str]],
    rogues: Collection[DeviceId] = (),
) -> Network:
    """What the devices of a site share; `rogues` are those that pretend to run the network."""
    told = store.read(Said, TOLD, {"rogues": sorted(rogues)})
    told += [] if _values(told, "dns") else store.read(Said, CHOSEN, {"enough": ENOUGH_ASKERS})
    routed = {ip for gateway in gateways for ip in gateway.addresses}
    used = {ip for ips in addresses.values() for ip in ips} | routed
    return Network(
        locals=tuple(map(str, _locals(_values(told, "network"), used))),
        gateways=tuple(sorted({mac for gateway in gateways for mac in gateway.macs})),
        gateway_addresses=_sorted(routed),
        resolvers=_sorted(_values(told, "dns")),
        time_servers=_sorted(_values(told, "ntp")),
    )


def _values(told: Iterable[Said], kind: str) -> set[str]:
    return {each.value for each in told if each.kind == kind}


def _sorted(ips: Iterable[str]) -> tuple[str, ...]:
    known = filter(_is_address, ips)
    return tuple(sorted(known, key=lambda ip: (ip_address(ip).version, int(ip_address(ip)))))


def _is_address(text: str) -> bool:
    try:
        return not ip_address(text).is_unspecified
    except ValueError:
        return False


def _locals(told: Iterable[str], used: Iterable[str]) -> list[Prefix]:
    """Prefixes that were told, and the usual one around each address that is in none of them."""
    known = [prefix for prefix in map(_prefix, told) if prefix is not None]
    for text in sorted(used):
        address = ip_address(text.partition("%")[0])
        if not any(address in prefix for prefix in known if prefix.version == address.version):
            around = _around(text)
            known += [around] if around else []
    four = collapse_addresses(each for each in known if isinstance(each, IPv4Network))
    six = collapse_addresses(each for each in known if isinstance(each, IPv6Network))
    return [*four, *six]


def _prefix(text: str) -> Prefix | None:
    """A prefix that was told, if it is one that a site can have."""
    try:
        prefix = ip_network(text, strict=False)
    except ValueError:
        return None
    fits = prefix.prefixlen >= (WIDEST if prefix.version == 4 else 2 * USUAL)
    return prefix if fits and not prefix.is_multicast and not prefix.is_loopback else None


def _around(text: str) -> Prefix | None:
    address = ip_address(text)
    if isinstance(address, IPv4Address):
        if address in LINK4:
            return LINK4
        length = USUAL if address.is_private else 32
        return IPv4Network((int(address) >> (32 - length) << (32 - length), length))
    if address.is_link_local:
        return None
    return IPv6Network((int(address) >> 64 << 64, 64))
