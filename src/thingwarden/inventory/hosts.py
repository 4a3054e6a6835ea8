"""Pairs of hardware and IP address -> what stands at each: a device, the gateway, the Internet.

One device is one hardware address that sends, however many IP addresses it has. The gateway is told
by what the network announces (DHCP routers, router advertisements) and by what only a gateway does:
it sends from addresses of the Internet that are not its own.
"""

import ipaddress
from collections.abc import Sequence
from dataclasses import dataclass

import pyarrow as pa

from thingwarden.store import Store

KIND_OF_IP = """
    create or replace macro ip_kind(ip) as case
        when ip is null or ip in ('', '0.0.0.0', '::') then 'none'
        when contains(ip, ':') then case
            when starts_with(ip, 'ff') then 'group'
            when ip[:3] in ('fe8', 'fe9', 'fea', 'feb') then 'link'
            when ip[:2] in ('fc', 'fd') or ip = '::1' then 'private'
            else 'public'
        end
        when ip = '255.255.255.255' then 'group'
        when try_cast(split_part(ip, '.', 1) as integer) between 224 and 239 then 'group'
        when starts_with(ip, '10.') or starts_with(ip, '192.168.') or starts_with(ip, '127.')
            then 'private'
        when starts_with(ip, '169.254.') then 'link'
        when starts_with(ip, '172.')
            and try_cast(split_part(ip, '.', 2) as integer) between 16 and 31 then 'private'
        when starts_with(ip, '100.')
            and try_cast(split_part(ip, '.', 2) as integer) between 64 and 127 then 'private'
        else 'public'
    end
"""
"""RFC 1918, RFC 6598 (shared), RFC 3927, RFC 4291, RFC 4193, RFC 5771."""

GROUP_MAC = """
    create or replace macro is_group_mac(mac) as
        mac = 'ff:ff:ff:ff:ff:ff' or mac[2] in ('1', '3', '5', '7', '9', 'b', 'd', 'f')
"""

PAIRS = """
    create or replace temp table pairs as
    with seen as (
        select src_mac as mac, src_ip as ip, sum(src_packets) as sent, 0 as claims,
            min(time_us) as first_us, max(last_us) as last_us,
            sum(src_bytes + dst_bytes) as bytes
        from flows
        group by all
        union all
        select dst_mac, dst_ip, sum(dst_packets), 0, min(time_us), max(last_us),
            sum(src_bytes + dst_bytes)
        from flows
        group by all
        union all
        select sender_mac, sender_ip, count(*), count(*), min(time_us), max(time_us), 0
        from arp
        where src_mac = sender_mac and ip_kind(sender_ip) not in ('none', 'group')
        group by all
        union all
        select link_mac, target_ip, count(*), count(*), min(time_us), max(time_us), 0
        from ndp
        where kind = 'neighbor-advertisement' and link_mac = src_mac
        group by all
        union all
        select src_mac, '', sum(packets), 0, min(time_us), max(last_us), sum(bytes)
        from ethernet
        group by all
        union all
        select dst_mac, '', 0, 0, min(time_us), max(last_us), 0
        from ethernet
        group by all
    )
    select coalesce(mac, '') as mac, coalesce(ip, '') as ip, any_value(ip_kind(ip)) as kind,
        sum(sent)::bigint as sent, sum(claims)::bigint as claims,
        min(first_us) filter (sent > 0) as first_us, max(last_us) as last_us,
        sum(bytes)::bigint as bytes
    from seen
    group by 1, 2
"""

NETWORK = """
    create or replace table network as
    with told as (
        select capture, 'dns' as kind, unnest(dns_servers) as ip
        from dhcp where kind in ('offer', 'ack')
        union all
        select capture, 'ntp', unnest(ntp_servers) from dhcp where kind in ('offer', 'ack')
        union all
        select capture, 'router', unnest(routers) from dhcp where kind in ('offer', 'ack')
        union all
        select capture, 'dns', unnest(dns_servers) from ndp where kind = 'router-advertisement'
        union all
        select capture, 'dns', unnest(dns_servers) from dhcpv6 where kind in ('advertise', 'reply')
        union all
        select capture, 'router', src_ip from ndp
        where kind = 'router-advertisement' and router_seconds > 0
    )
    select distinct capture, kind, ip from told where ip is not null order by all
"""

SENDERS = """
    select mac,
        count(*) filter (kind = 'public' and sent > 0 and claims = 0 and not contains(ip, ':'))
            as strange_v4,
        count(*) filter (kind = 'public' and sent > 0 and contains(ip, ':')) as public_v6,
        count(*) filter (kind in ('private', 'link') and sent > 0) as inside,
        coalesce(bool_or(ip in (select ip from network where kind = 'router') and sent > 0), false)
            as announced,
        coalesce(list(ip order by sent desc, ip) filter (kind = 'public' and contains(ip, ':')
            and sent > 0), [])[:64] as v6_addresses
    from pairs
    where mac <> '' and not is_group_mac(mac)
    group by mac
    having sum(sent) > 0
    order by mac
"""

VIRTUAL_ROUTERS = ("00:00:5e:00:01:", "00:00:5e:00:02:", "00:00:0c:07:ac:", "00:00:0c:9f:f")
"""VRRP (RFC 9568 section 7.3) and HSRP: an address that routers share."""

HOSTS = """
    create or replace table hosts as
    with judged as (
        select mac, ip, kind, sent, claims,
            mac in (select mac from gateways) as is_gateway,
            is_group_mac(mac) or kind = 'group' as is_group,
            kind in ('private', 'link', 'none') or claims > 0
                or ip in (select ip from inside_addresses) as is_inside,
            sum(sent) over (partition by mac) as mac_sent,
            count(*) filter (kind in ('private', 'link')) over (partition by mac) as inside_of_mac
        from (select * from pairs union by name select distinct mac, '' as ip, 'none' as kind,
            0 as sent, 0 as claims, null as first_us, null as last_us, 0 as bytes
            from pairs where mac not in (select mac from pairs where ip = ''))
    ), placed as (
        select *, case
            when mac = '' and ip = '' then 'none'
            when is_group then 'group'
            when mac = '' then case
                when kind = 'public' then 'internet' when sent > 0 then 'device' else 'local' end
            when is_gateway then case
                when kind = 'public' and not is_inside then 'internet'
                when is_inside and (claims > 0 or inside_of_mac <= 3 or kind = 'none'
                    or ip in (select ip from network)) then 'gateway'
                else 'local' end
            when not is_inside and kind = 'public' then 'internet'
            when mac_sent > 0 then 'device'
            else 'local'
        end as place
        from judged
    )
    select mac, ip, place,
        case when place = 'device' then 'd-' || case
            when mac <> '' then replace(mac, ':', '')
            else replace(replace(ip, ':', '-'), '.', '-') end
        end as device_id
    from placed
    order by mac, ip
"""

DEVICES = """
    create or replace table devices as
    select device_id, any_value(hosts.mac) as mac, coalesce(min(first_us), 0)::bigint as first_us,
        coalesce(max(last_us), 0)::bigint as last_us, coalesce(sum(sent), 0)::bigint as packets,
        coalesce(sum(bytes), 0)::bigint as bytes
    from hosts
    left join pairs using (mac, ip)
    where device_id is not null
    group by device_id
    order by device_id
"""


@dataclass(frozen=True, slots=True, kw_only=True)
class Sender:
    """What is known of a hardware address that sends."""

    mac: str
    strange_v4: int
    """Public IPv4 addresses that it sends from without claiming them by ARP."""
    public_v6: int
    inside: int
    announced: bool
    """DHCP or a router advertisement calls one of its addresses a router."""
    v6_addresses: list[str]


@dataclass(frozen=True, slots=True, kw_only=True)
class Prefix:
    """An IPv6 prefix that a router announced."""

    prefix: str


def find_hosts(store: Store) -> None:
    """Make the tables `network`, `hosts` and `devices`."""
    for statement in (KIND_OF_IP, GROUP_MAC, PAIRS, NETWORK):
        store.run(statement)
    senders = store.read(Sender, SENDERS)
    gateways = [sender.mac for sender in senders if _is_gateway(sender, senders)]
    _put_texts(store, "gateways", "mac", gateways)
    _put_texts(store, "inside_addresses", "ip", _inside_addresses(store, senders, gateways))
    store.run(HOSTS)
    store.run(DEVICES)


def _put_texts(store: Store, table: str, column: str, texts: Sequence[str]) -> None:
    store.put(table, pa.table({column: pa.array(sorted(texts), pa.string())}))


def _is_gateway(sender: Sender, senders: Sequence[Sender]) -> bool:
    """Announced, a virtual router, or a sender from addresses that cannot be its own.

    A single public address may be a device's own where nobody has an inside address.
    """
    if sender.announced or sender.mac.startswith(VIRTUAL_ROUTERS):
        return True
    strange = sender.strange_v4 + _strange_v6(sender)
    if strange > 1:
        return True
    return strange == 1 and any(other.inside for other in senders)


def _strange_v6(sender: Sender) -> int:
    """How many foreign networks it sends from: one /64 is its own where it has inside addresses."""
    networks = {_network(address) for address in sender.v6_addresses}
    own = (
        1
        if sender.inside or any(_is_eui64(text, sender.mac) for text in sender.v6_addresses)
        else 0
    )
    return max(len(networks) - own, 0)


def _network(address: str) -> int:
    return int(ipaddress.IPv6Address(address)) >> 64


def _is_eui64(address: str, mac: str) -> bool:
    """Whether the interface identifier is made from the MAC (RFC 4291 appendix A)."""
    octets = bytes.fromhex(mac.replace(":", ""))
    identifier = bytes([octets[0] ^ 2]) + octets[1:3] + b"\xff\xfe" + octets[3:]
    return ipaddress.IPv6Address(address).packed[8:] == identifier


def _inside_addresses(
    store: Store, senders: Sequence[Sender], gateways: Sequence[str]
) -> list[str]:
    """Public addresses of devices in this network: in announced prefixes, or sent from inside."""
    announced = store.read(
        Prefix,
        "select distinct unnest(prefixes) as prefix from ndp where kind = 'router-advertisement'",
    )
    networks = {
        int(network.network_address) >> 64
        for network in map(_as_network, announced)
        if network is not None
    }
    outside = set(gateways)
    lonely = not any(sender.inside for sender in senders)
    addresses = []
    for sender in senders:
        for address in sender.v6_addresses:
            if sender.mac not in outside or _network(address) in networks:
                addresses.append(address)
    if lonely:
        addresses += [row.prefix for row in store.read(Prefix, LONELY)]
    return addresses


LONELY = """
    select distinct ip as prefix from pairs
    where kind = 'public' and sent > 0 and mac <> '' and mac not in (select mac from gateways)
"""
"""Where nobody has an inside address, who sends from one public address is a device."""


def _as_network(row: Prefix) -> ipaddress.IPv6Network | None:
    try:
        return ipaddress.IPv6Network(row.prefix, strict=False)
    except ValueError:
        return None
