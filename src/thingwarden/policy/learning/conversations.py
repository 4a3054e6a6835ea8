"""Flows -> who begins what with whom, summed by day: the table `conversations`.

Who began is what flows say where a SYN was seen. Else ports and the other flows decide: an answer
that begins a capture, one to a question that went to a group, a keep-alive of a server after a pause are
no behaviours of their own.
"""

from thingwarden.inventory.views import PLACED
from thingwarden.store import Store

DAY_US = 86_400_000_000
"""Days are those of UTC: the same for all who look, and at most a night is cut in two."""

SUMS = f"""
    create or replace temp table sums as
    select src_mac, dst_mac, src_ip, dst_ip, protocol, dst_port,
        case
            when protocol in ('icmp', 'icmpv6')
                or began_by <> 'syn' and dst_port >= 1024 then src_port
        end as src_port,
        began_by = 'syn' as begun, tunnel is not null as tunnelled,
        time_us // {DAY_US} as day,
        bit_or(1::int << ((time_us // 3600000000) % 24)::int) as hours,
        count(*) as flows,
        count(*) filter (dst_packets > 0
            and coalesce(tcp_state not in ('attempt', 'rejected'), true)) as answered,
        min(time_us) as first_us, max(last_us) as last_us,
        min((time_us::hugeint << 64) | (capture::hugeint << 44) | frame) as first
    from facts.flows
    where coalesce(src_ip not in ('0.0.0.0', '::'), true)
    group by all
"""
"""One pass over all flows. A port of 1024 or more may be a client's: there, both are kept.

`hours` has a bit for each hour of the day, `first` time, capture and frame in one number. Who has no
address yet is nobody.
"""

PLACED_SUMS = f"""
    create or replace temp table placed_sums as
    select *, src_port is not null and protocol in ('tcp', 'udp') as unsure,
        coalesce(dst_place = 'group' or is_group_mac(dst_mac), false) as to_group
    from ({PLACED.format(table="sums", src_ip="src_ip", dst_ip="dst_ip")})
    where src_device is not null or dst_device is not null
"""

TURNED = """
    create or replace temp table turned as
    with asks as (
        select distinct src_mac, src_ip, src_port, day
        from placed_sums
        where to_group and unsure and protocol = 'udp' and src_port <> dst_port
    ), ways as (
        select src_ip, dst_ip, protocol, dst_port, src_port, min(first_us) as first_us
        from placed_sums
        where not to_group
        group by all
    ), counted as (
        select *,
            count(distinct dst_port) over (
                partition by src_mac, dst_mac, src_ip, dst_ip, protocol, src_port
            ) as there,
            count(distinct src_port) over (
                partition by src_mac, dst_mac, src_ip, dst_ip, protocol, dst_port
            ) as here
        from placed_sums
        where unsure and not to_group
    )
    select counted.* exclude (here, there),
        asks.src_port is not null and counted.src_port <> dst_port as answers_group,
        counted.src_port < 1024
            or answers_group
            or exists (
                select 1
                from ways
                where ways.src_ip = counted.dst_ip and ways.dst_ip = counted.src_ip
                    and ways.protocol = counted.protocol and ways.dst_port = counted.src_port
                    and (ways.src_port is null or ways.src_port = counted.dst_port
                        and ways.first_us < counted.first_us)
            )
            or there > here
            or src_place = 'internet' and here <= there and ip_kind(dst_ip) = 'private'
            as turn
    from counted
    left join asks on asks.src_mac is not distinct from counted.dst_mac
        and asks.src_ip = counted.dst_ip and asks.src_port = counted.dst_port
        and asks.day = counted.day and counted.protocol = 'udp'
"""
"""What was seen from its second packet on, and which of it really goes the other way.

The Internet cannot begin towards a private address unless its port is forwarded: then that port has
many visitors. A port that one end keeps while the other's change is a service.
"""

BEGUN = """
    select {src}_device as a_device, {src}_mac as a_mac, {src}_ip as a_ip, {src}_place as a_place,
        {dst}_device as b_device, {dst}_mac as b_mac, {dst}_ip as b_ip, {dst}_place as b_place,
        protocol, {service} as service, tunnelled, {answers} as answers_group,
        day, hours, flows, {answered} as answered, first_us, last_us, first
"""

CONVERSATIONS = f"""
    create or replace temp table conversations as
    with begun as (
        {
    BEGUN.format(
        src="src",
        dst="dst",
        answers="false",
        answered="answered",
        service='''case
                when protocol = 'icmp' then if(src_port = 0, 8, src_port)
                when protocol = 'icmpv6' then if(src_port = 129, 128, src_port)
                else dst_port
            end''',
    )
}
        from placed_sums
        where not unsure or to_group
        union all
        {
    BEGUN.format(src="src", dst="dst", answers="false", answered="answered", service="dst_port")
}
        from turned
        where not turn
        union all
        {
    BEGUN.format(
        src="dst", dst="src", answers="answers_group", answered="flows", service="src_port"
    )
}
        from turned
        where turn
    )
    select * exclude (day, hours, flows, answered, first_us, last_us, first),
        day, bit_or(hours) as hours, sum(flows)::bigint as flows, sum(answered)::bigint as answered,
        min(first_us) as first_us, max(last_us) as last_us, min(first) as first
    from begun
    group by all
"""


def sum_conversations(store: Store) -> None:
    """Make the table `conversations`: `a_…` is who begins, `b_…` whom it reaches at `service`."""
    for statement in (SUMS, PLACED_SUMS, TURNED, CONVERSATIONS):
        store.run(statement)
    for table in ("turned", "placed_sums", "sums"):
        store.run(f"drop table {table}")
