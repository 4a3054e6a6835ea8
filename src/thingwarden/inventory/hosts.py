"""Traces -> what stands at each pair of hardware and IP address: device, gateway, Internet, group.

One device is one hardware address that sends, however many IP addresses it has, or several of which it
is certain that one thing took them in turn; where a capture has no hardware addresses, it is one local IP
address that sends.
"""

from collections.abc import Sequence

import pyarrow as pa

from thingwarden.inventory.gateways import find_gateways
from thingwarden.inventory.through_time.devices import Links, link_devices
from thingwarden.inventory.traces import gather_traces
from thingwarden.model import Statement
from thingwarden.store import Store

MOSTLY = 2 / 3
"""Share of flows at whose end an address must stand to be the device, where none is local."""

MACS = """
    create or replace table macs as
    select mac, gateways.mac is not null as is_gateway,
        case when gateways.mac is null then coalesce(kept_id, own_id) end as device_id
    from (
        select distinct mac, 'd-' || replace(mac, ':', '') as own_id
        from ends
        where mac is not null
    )
    left join gateways using (mac)
    left join same_device on same_device.device_id = own_id
"""

LONELY = """
    with met as (
        select src_ip as ip
        from facts.flows
        where src_mac is null and dst_mac is null
        union all
        select dst_ip
        from facts.flows
        where src_mac is null and dst_mac is null
    )
    select ip
    from met
    where not exists (select 1 from ends where mac is null and kind in ('private', 'link'))
        and ip_kind(ip) = 'public'
    group by ip
    having count(*) >= $mostly * (select count(*) / 2 from met)
    order by count(*) desc, ip
    limit 1
"""

OWNERS = """
    create or replace table owners as
    with met as materialized (
        select mac, ip, ends.sent, claims.ip is not null as claimed, ip_kind(ip) as kind
        from ends
        full join claims using (mac, ip)
    ), used as (
        select *
        from met
        where kind in ('private', 'link', 'public')
    ), gateway_ips as (
        select ip, mac, sent, contains(ip, ':') as version_6,
            certain, bool_or(certain) over (partition by mac, version_6) as told,
            row_number() over (partition by mac, version_6 order by sent desc, ip) as turn
        from (
            select *, claimed or kind = 'link' or ip in (select ip from network) as certain
            from used
        )
        where mac in (select mac from gateways)
            and (kind <> 'public' or ip in (select ip from own_ips))
    ), known as (
        select ip, null as mac, null as device_id, 'gateway' as place, 0 as rank, sent
        from gateway_ips
        where certain or turn = 1 and not told
        union all
        select ip, mac, device_id, 'device', 1, sent
        from used
        join macs using (mac)
        where not is_gateway and (kind <> 'public' or ip in (select ip from own_ips))
        union all
        select ip, null, null, 'gateway', 2, sent
        from ends
        where mac is null and ip in (select ip from network where kind = 'router')
        union all
        select ip, null, coalesce(kept_id, own_id), 'device', 3, sent
        from (
            select *, 'd-' || replace(replace(ip, ':', '-'), '.', '-') as own_id
            from ends
            where mac is null
        )
        left join same_device on same_device.device_id = own_id
        where (kind in ('private', 'link') or ip in (select ip from own_ips))
    )
    select ip, place, device_id
    from known
    qualify row_number() over (partition by ip order by rank, sent desc nulls last, mac) = 1
"""
"""Who an IP address of this network belongs to, for where the hardware address does not tell."""

END = """
    case
        when {end}_by_mac.device_id is not null then 'device'
        when is_group_mac({end}_mac) or {end}_kind = 'group' then 'group'
        when {end}_mac is null and {end}_by_ip.device_id is not null then 'device'
        when {end}_kind = 'none' then case
            when {end}_by_mac.is_gateway then 'gateway'
            when {end}_mac is null then 'none'
            else 'local'
        end
        when {end}_by_ip.place = 'gateway' and coalesce({end}_by_mac.is_gateway, true)
            then 'gateway'
        when {end}_by_ip.place is not null then 'local'
        when {end}_kind = 'public' then 'internet'
        when {end}_mac is null and {end}_ip like '%.255' then 'group'
        else 'local'
    end as {end}_place,
    coalesce(
        {end}_by_mac.device_id, case when {end}_mac is null then {end}_by_ip.device_id end
    ) as {end}_device
"""

JOINS = """
    left join macs as {end}_by_mac on {end}_by_mac.mac = {end}_mac
    left join owners as {end}_by_ip on {end}_by_ip.ip = {end}_ip
"""

HOSTS = f"""
    create or replace table hosts as
    with pairs as (
        select mac as own_mac, ip as own_ip
        from ends
        union
        select mac, ip
        from claims
    )
    select own_mac as mac, own_ip as ip, own_device as device_id, own_place as place
    from (
        select *, {END.format(end="own")}
        from (select *, ip_kind(own_ip) as own_kind from pairs)
        {JOINS.format(end="own")}
    )
    order by mac, ip
"""

DEVICES = """
    create or replace table devices as
    select hosts.device_id, any_value(ends.mac) as mac, min(first_us) as first_us,
        max(last_us) as last_us, sum(packets)::bigint as packets, sum(bytes)::bigint as bytes
    from ends
    join hosts on hosts.mac is not distinct from ends.mac and hosts.ip is not distinct from ends.ip
    where hosts.device_id is not null
    group by hosts.device_id
    order by hosts.device_id
"""


def find_hosts(store: Store, statements: Sequence[Statement] = ()) -> Links:
    """Make the tables `network`, `hosts` and `devices`, and those that `JOINS` needs.

    `statements`: what the user said of which addresses are one device.
    """
    gather_traces(store)
    gateways, own = find_gateways(store)
    bare = store.rows("select 1 from ends where mac is null limit 1")
    lonely = [ip for (ip,) in store.rows(LONELY, {"mostly": MOSTLY})] if bare else []
    store.put("gateways", pa.table({"mac": pa.array(gateways, pa.string())}))
    store.put("own_ips", pa.table({"ip": pa.array([*own, *lonely], pa.string())}))
    links = link_devices(store, statements)
    for statement in (MACS, OWNERS, HOSTS, DEVICES):
        store.run(statement)
    return links
