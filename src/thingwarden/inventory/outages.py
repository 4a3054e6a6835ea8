"""Flows and DNS -> when the network's Internet failed, and which devices tried in vain meanwhile.

An outage is told from the traffic of all: nobody gets an answer from the Internet, while several
devices that did before and do afterwards try in vain.
"""

from thingwarden.store import Store

OUTAGE_US = 300_000_000
"""Five minutes without an answer for anybody; a router restarts in less."""

DEVICES = 3
"""So many must try in vain, so that it is the network's Internet and not one service."""

TRIES = """
    create or replace table outage_tries as
    with reached as (
        select time_us // 60000000 as minute, min(time_us) as first_us, max(last_us) as last_us
        from facts.flows
        where dst_payload_bytes > 0 and dst_ip in (select ip from peers)
        group by minute
    ), pauses as (
        select first_us as to_us, max(last_us) over (
                order by minute rows between unbounded preceding and 1 preceding
            ) as from_us
        from reached
    ), gaps as materialized (
        select from_us, to_us
        from pauses
        where to_us - from_us >= $outage_us
    ), minutes as materialized (
        select *, unnest(range(from_us // 60000000, to_us // 60000000 + 1)) as minute
        from gaps
    ), failed as (
        select src_mac as mac, src_ip as ip, dst_mac as far_mac, dst_ip as far_ip,
            capture, frame, time_us, from_us, to_us,
            'tried ' || dst_ip || coalesce(' port ' || dst_port, '') || ' in vain' as says
        from facts.flows
        join minutes on time_us // 60000000 = minute
        where time_us between from_us and to_us and dst_payload_bytes = 0 and case protocol
            when 'tcp' then tcp_state in ('attempt', 'rejected') and src_payload_bytes = 0
                or tcp_state = 'reset'
            when 'udp' then dst_packets = 0
        end
        union all
        select dst_mac, dst_ip, src_mac, src_ip, capture, frame, time_us, from_us, to_us,
            'got no address for ' || name
        from facts.dns
        join minutes on time_us // 60000000 = minute
        where time_us between from_us and to_us and response and rcode in (2, 5)
            and src_port = 53 and name is not null
    )
    select own.device_id, capture, frame, time_us, from_us, to_us, says
    from failed
    join hosts as own on own.mac is not distinct from failed.mac and own.ip = failed.ip
    join hosts as far on far.mac is not distinct from far_mac and far.ip = far_ip
    where own.device_id is not null and far.place in ('gateway', 'internet')
"""
"""Tries in vain while nobody got an answer: `device_id`, place, `says`, and when it began and ended."""

HITS = """
    create or replace table outage_hits as
    with served as (
        select device_id, min(answered_us) as first_us, max(last_us) as last_us
        from talks
        where side = 'client' and answered > 0 and peer_place = 'internet'
        group by device_id
    ), cut as materialized (
        select device_id, from_us, to_us
        from outage_tries
        join served using (device_id)
        where first_us < from_us and last_us >= to_us
        group by all
    ), outages as materialized (
        select from_us, to_us
        from cut
        group by all
        having count(*) >= $devices
    )
    select device_id, from_us, to_us
    from cut
    join outages using (from_us, to_us)
"""
"""Devices that tried in vain in an outage, though they were served before and afterwards."""

OUTAGES = """
    create or replace table outages as
    select distinct from_us, to_us
    from outage_hits
"""


def find_outages(store: Store) -> None:
    """Make the tables `outages`, `outage_hits` and `outage_tries`; needs `talks`."""
    store.run(TRIES, {"outage_us": OUTAGE_US})
    store.run(HITS, {"devices": DEVICES})
    store.run(OUTAGES)
