"""Conversations of each device -> the same with names of who is on the Internet: the table `named`.

What the site's resolvers answered the device decides. What the device says itself (SNI, the host of an
HTTP request) chooses among such names; alone it is only a label, and so is what a certificate says.
"""

from collections.abc import Sequence

from thingwarden.policy.learning.conversations import DAY_US
from thingwarden.store import Store

GRACE_US = DAY_US
"""A name holds so long past its time to live (RFC 1035 section 3.2.1): devices keep answers longer."""

BREAK_US = 90_000_000_000
"""Without use for so long, a name has to be asked for again: as long as rules hold addresses."""

MOST_ALIASES = 8
"""Names behind one another that are followed."""

NAME = r"([a-z0-9_]([a-z0-9_-]{0,61}[a-z0-9_])?\.)+[a-z]([a-z0-9-]{0,61}[a-z0-9])?"

SIDES = """
    create or replace temp table sides as
    with both_sides as (
        select a_device as device_id, true as begins, a_ip as own_ip, b_device as peer_device,
            b_mac as peer_mac, b_ip as peer_ip, b_place as where_is, protocol, service, tunnelled,
            answers_group, day, hours, flows, answered, first_us, last_us, first
        from conversations
        where a_device is not null
        union all
        select b_device, false, b_ip, a_device, a_mac, a_ip, a_place, protocol, service, tunnelled,
            answers_group, day, hours, flows, answered, first_us, last_us, first
        from conversations
        where b_device is not null
    )
    select row_number() over () as number, both_sides.* exclude (own_ip),
        bound.ip is not null or ip_kind(own_ip) = 'link' and contains(own_ip, ':') as own
    from both_sides
    left join bound on bound.device_id = both_sides.device_id and bound.ip = own_ip
"""

FORGED = """
    create or replace temp table forged as
    select distinct mac
    from hosts
    where mac is not null and device_id is not null and ip in (select unnest($resolvers))
        and (device_id, ip) not in (select (device_id, ip) from bound)
"""
"""Who sends from the address of a resolver which is not its own: none of its answers counts."""

MET = """
    create or replace temp table met as
    select distinct peer_ip as ip
    from sides
    where where_is = 'internet'
"""

RECORDS = f"""
    create or replace temp table records as
    select device_id, name, type, value, day, first_us, last_us, ttl_us
    from (
        select dst_mac, dst_ip, name, type, value, time_us // {DAY_US} as day,
            min(time_us) as first_us, max(time_us) as last_us,
            max(ttl_seconds) * 1000000 as ttl_us
        from facts.dns_answers
        where section = 'answer' and type in (1, 5, 28) and src_port = 53
            and value is not null and src_ip in (select unnest($resolvers))
            and coalesce(src_mac not in (select mac from forged), true)
            and (type = 5 or value in (select ip from met))
        group by all
    )
    left join places on mac is not distinct from dst_mac and ip is not distinct from dst_ip
    where device_id is not null
"""

GIVEN = f"""
    create or replace temp table given as
    with recursive useful as (
        select *
        from records
        where type in (1, 28)
    ), aliases as (
        select distinct device_id, name, value
        from records
        where type = 5
    ), up as (
        select distinct device_id, name as owner, name, 0 as steps
        from useful
        union
        select up.device_id, owner, aliases.name, steps + 1
        from up
        join aliases on aliases.device_id = up.device_id and aliases.value = up.name
        where steps < {MOST_ALIASES}
    ), roots as (
        select distinct device_id, owner, name
        from up
        where (device_id, name) not in (select (device_id, value) from aliases)
            or (device_id, name) in (select (device_id, name) from lookups)
    )
    select useful.device_id, value as ip, roots.name, first_us, last_us,
        ttl_us + {GRACE_US} as holds_us
    from useful
    join roots on roots.device_id = useful.device_id and owner = useful.name
    where regexp_full_match(roots.name, '{NAME}') and length(roots.name) <= 253
"""
"""An address has the name that was asked for, not the alias that the answer went through."""

FAR = f"""
    create or replace temp table far as
    with breaks as (
        select number, device_id, peer_ip as ip, service, day, first_us, last_us,
            coalesce(first_us - max(last_us) over (
                partition by device_id, peer_ip order by first_us, number
                rows between unbounded preceding and 1 preceding
            ) > {BREAK_US}, false)::int as breaks
        from sides
        where where_is = 'internet' and begins
    ), chains as (
        select *, sum(breaks) over (
                partition by device_id, ip order by first_us, number
                rows between unbounded preceding and current row
            ) as chain
        from breaks
    )
    select * exclude (breaks, chain),
        min(first_us) over here as from_us, max(last_us) over here as to_us
    from chains
    window here as (partition by device_id, ip, chain)
"""
"""An address that is in use keeps its name, however long ago that was asked for."""

HELLOS = f"""
    create or replace temp table hellos as
    with said as (
        select src_device, dst_ip, dst_port, time_us, sni as name, 3 as rank
        from tls
        where sni is not null
        union all
        select src_device, dst_ip, dst_port, time_us, sni, 3
        from quic
        where sni is not null
        union all
        select src_device, dst_ip, dst_port, time_us, host, 3
        from http
        where host is not null
        union all
        select src_device, dst_ip, dst_port, time_us, names[1], 6
        from tls
        where sni is null and len(names) > 0
    )
    select distinct src_device as device_id, dst_ip as ip, dst_port as service,
        time_us // {DAY_US} as day, name, rank
    from said
    where src_device is not null and regexp_full_match(name, '{NAME}') and length(name) <= 253
"""

NAMES = f"""
    create or replace temp table names as
    with known as (
        select distinct ip, name
        from given
    ), candidates as (
        select number, name, 1 as rank, 'dns' as basis
        from far
        join hellos using (device_id, ip, service, day)
        join known using (ip, name)
        union all
        select number, given.name, 2, 'dns'
        from far
        asof join (select distinct device_id, ip, first_us, max(last_us) as last_us,
                max(holds_us) as holds_us from given group by device_id, ip, first_us) as before
            on before.device_id = far.device_id and before.ip = far.ip
                and far.last_us >= before.first_us
        join given on given.device_id = far.device_id and given.ip = far.ip
            and given.first_us = before.first_us
        where before.last_us + before.holds_us >= from_us
        union all
        select number, given.name, 3, 'dns'
        from far
        asof join (select distinct device_id, ip, first_us from given) as later
            on later.device_id = far.device_id and later.ip = far.ip
                and far.last_us < later.first_us
        join given on given.device_id = far.device_id and given.ip = far.ip
            and given.first_us = later.first_us
        where later.first_us - {GRACE_US} <= to_us
        union all
        select number, name, if(rank = 3, 4, 6), 'said'
        from far
        join hellos using (device_id, ip, service, day)
    )
    select distinct number, name, basis
    from candidates
    qualify rank = min(rank) over (partition by number)
"""
"""The best kind of name of each conversation, all names of that kind: what is said and was answered;
answered before; answered soon after, where the capture began late; only said. What others were answered
names nothing here: it would not be asked for again when this device needs it."""

NAMED = """
    create or replace temp table named as
    with all_names as (
        select sides.* exclude (peer_mac, peer_ip, number), name, basis, peer_ip as ip,
            if(where_is = 'device', peer_mac, null) as peer_mac,
            if(name is null and (where_is <> 'device' or peer_mac is null), peer_ip, null) as peer_ip
        from sides
        left join names using (number)
    )
    select *, hash(device_id, begins, where_is, peer_mac, peer_ip, name, basis, protocol, service,
            tunnelled, answers_group, own) as key
    from all_names
"""


def name_peers(store: Store, resolvers: Sequence[str]) -> None:
    """Make the table `named`: a row for each device, side, other end, service and day.

    Needs `conversations` and `bound`. `key` is the same for the same behaviour on all days.
    """
    for statement in (SIDES, MET):
        store.run(statement)
    for statement in (FORGED, RECORDS):
        store.run(statement, {"resolvers": list(resolvers)})
    for statement in (GIVEN, FAR, HELLOS, NAMES, NAMED):
        store.run(statement)
