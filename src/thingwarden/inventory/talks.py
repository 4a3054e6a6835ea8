"""Flows and DNS messages -> who speaks with whom, and who asks for which names, summed once.

Dozens of checks ask for sums of the same flows: these tables hold them, a row for thousands of flows.
"""

from thingwarden.inventory.views import PLACED
from thingwarden.store import Store

FIRST = "min((time_us::hugeint << 64) | (capture::hugeint << 44) | frame)"
"""The first of many places as one number: the least time, then the least capture and frame."""

OPENED = "('established', 'closed', 'half-closed')"

WAYS = f"""
    create or replace temp table ways as
    select src_mac, dst_mac, src_ip, dst_ip, protocol, dst_port, app,
        began_by = 'syn' or protocol <> 'tcp' as began_seen,
        {FIRST} as first,
        {FIRST} filter (dst_payload_bytes > 0) as first_answer,
        max(last_us) as last_us,
        count(*) as flows,
        count(*) filter (case when protocol = 'tcp'
            then tcp_state in {OPENED} or tcp_state = 'reset' and dst_payload_bytes > 0
            else dst_packets > 0
        end) as opened,
        count(*) filter (dst_payload_bytes > 0) as answered,
        count(*) filter (case when protocol = 'tcp'
            then tcp_state in ('attempt', 'rejected') and src_payload_bytes = 0
            else dst_packets = 0
        end) as in_vain,
        sum(src_packets)::bigint as src_packets, sum(dst_packets)::bigint as dst_packets,
        sum(src_bytes)::bigint as src_bytes, sum(dst_bytes)::bigint as dst_bytes,
        sum(src_payload_bytes)::bigint as src_payload_bytes,
        sum(dst_payload_bytes)::bigint as dst_payload_bytes,
        sum(coalesce(src_retransmissions, 0))::bigint as src_retransmissions,
        sum(coalesce(dst_retransmissions, 0))::bigint as dst_retransmissions
    from facts.flows
    group by all
"""
"""By address first, which is fast; who has them is joined to the sums."""

PLACED_WAYS = f"""
    create or replace temp table placed_ways as
    {PLACED.format(table="ways", src_ip="src_ip", dst_ip="dst_ip")}
"""

SIDE = """
    select {own}_device as device_id, '{side}' as side,
        {peer}_device as peer_device, {peer}_ip as peer_ip, {peer}_place as peer_place,
        {own}_ip as own_ip, {own}_mac as own_mac, {peer}_mac as peer_mac,
        protocol, dst_port as port, app, began_seen,
        first, first_answer, last_us, flows, opened, answered, in_vain,
        {own}_packets as sent_packets, {peer}_packets as received_packets,
        {own}_bytes as sent_bytes, {peer}_bytes as received_bytes,
        {own}_payload_bytes as sent_payload_bytes, {peer}_payload_bytes as received_payload_bytes,
        {own}_retransmissions as sent_retransmissions,
        {peer}_retransmissions as received_retransmissions
    from placed_ways
    where {own}_device is not null and coalesce({own}_ip not in ('0.0.0.0', '::'), true)
"""
"""Who has no address yet shares one with all who have none: such a flow is nobody's."""

TALKS = f"""
    create or replace table talks as
    with sides as (
        {SIDE.format(own="src", peer="dst", side="client")}
        union all
        {SIDE.format(own="dst", peer="src", side="server")}
    )
    select sides.* exclude (first, first_answer),
        (first & 17592186044415)::bigint as frame, ((first >> 44) & 1048575)::int as capture,
        (first >> 64)::bigint as time_us,
        (first_answer & 17592186044415)::bigint as answered_frame,
        ((first_answer >> 44) & 1048575)::int as answered_capture,
        (first_answer >> 64)::bigint as answered_us,
        peers.name as peer_name, peers.country, peers.provider
    from sides
    left join peers on peers.ip = peer_ip and peer_place = 'internet'
"""

QUESTIONS = f"""
    create or replace temp table questions as
    select src_mac, dst_mac, src_ip, dst_ip, response, rcode, name, type, count(*) as times,
        {FIRST} as first, max(time_us) as last_us
    from facts.dns
    where name is not null and if(response, src_port, dst_port) = 53
    group by all
"""

LOOKUPS = f"""
    create or replace table lookups as
    with sides as (
        {PLACED.format(table="questions", src_ip="src_ip", dst_ip="dst_ip")}
    ), asked as (
        select if(response, dst_device, src_device) as device_id,
            if(response, src_ip, dst_ip) as resolver_ip,
            if(response, src_place, dst_place) as resolver_place,
            name, type, response, rcode, times, first, last_us
        from sides
    ), summed as (
        select device_id, resolver_ip, resolver_place, name, type,
            coalesce(sum(times) filter (not response), 0)::bigint as asked,
            coalesce(sum(times) filter (response), 0)::bigint as answered,
            coalesce(sum(times) filter (response and rcode = 0), 0)::bigint as resolved,
            coalesce(sum(times) filter (response and rcode = 3), 0)::bigint as unknown,
            coalesce(sum(times) filter (response and rcode not in (0, 3)), 0)::bigint as failed,
            min(first) as first, max(last_us) as last_us
        from asked
        where device_id is not null
        group by all
    )
    select * exclude (first), (first & 17592186044415)::bigint as frame,
        ((first >> 44) & 1048575)::int as capture, (first >> 64)::bigint as time_us
    from summed
"""

FEWEST_FAILURES = 5
"""More in half an hour are kept: half of the shortest series that a check looks for, cut in two."""

HALF_HOUR_US = 1_800_000_000

FAILED_WAYS = f"""
    create or replace table failed_ways as
    select src_mac as own_mac, dst_mac as peer_mac, src_ip as own_ip, dst_ip as peer_ip,
        dst_port as port, time_us // {HALF_HOUR_US} as half_hour, count(*) as failed
    from facts.flows
    where protocol = 'tcp' and began_by = 'syn' and tcp_state not in {OPENED}
    group by all
    having failed > {FEWEST_FAILURES}
"""

FAILED = f"""
    select if(response, dst_mac, src_mac) as mac, if(response, dst_ip, src_ip) as ip, name, type,
        {{when}},
        count(*) filter (not response) - count(*) filter (response and rcode = 0) as failed
    from facts.dns
    where name is not null and if(response, src_port, dst_port) = 53 {{where}}
    group by all
    having failed > {FEWEST_FAILURES}
"""

FAILED_DAYS = f"""
    create or replace temp table failed_days as
    {FAILED.format(when="time_us // 86400000000 as day", where="")}
"""
"""Days first: there are few of them beside half-hours, of which memory would not hold all."""

FAILED_NAMES = f"""
    create or replace table failed_names as
    {
    FAILED.format(
        when=f"time_us // {HALF_HOUR_US} as half_hour",
        where='''and (name, if(response, dst_ip, src_ip), time_us // 86400000000) in (
            select (name, ip, day)
            from failed_days
        )''',
    )
}
"""
"""Half-hours in which tries in vain come in series, so that checks of series read little else."""

RESOLVED = """
    create or replace table resolved as
    select distinct value as ip
    from facts.dns_answers
    where type in (1, 28) and value is not null
    union
    select distinct value
    from facts.mdns_answers
    where type in (1, 28) and value is not null
"""


def sum_talks(store: Store) -> None:
    """Make the tables `talks`, `lookups`, `resolved` and those of failures; needs hosts, peers and the views."""
    for statement in (
        WAYS,
        PLACED_WAYS,
        TALKS,
        QUESTIONS,
        LOOKUPS,
        RESOLVED,
        FAILED_WAYS,
        FAILED_DAYS,
        FAILED_NAMES,
    ):
        store.run(statement)
    for table in ("placed_ways", "ways", "questions", "failed_days"):
        store.run(f"drop table {table}")
