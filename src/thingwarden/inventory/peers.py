"""Addresses on the Internet -> names, countries and providers, for the table `peers`."""

import pyarrow as pa

from thingwarden.inventory.geography import look_up
from thingwarden.store import Store

MOST_PEERS = 500_000
"""Addresses that are looked up; a flood to or from invented ones is cut here, the busiest first."""

NAMED = """
    create or replace temp table named as
    with records as (
        select value, name, count(*) as times, min((capture::bigint << 44) | frame) as first
        from facts.dns_answers
        where type in (1, 28) and value is not null
        group by value, name
    ), asked as (
        select (capture::bigint << 44) | frame as place, any_value(name) as name
        from facts.dns
        where response and questions = 1
            and (capture::bigint << 44) | frame in (select first from records)
        group by place
        having count(*) = 1
    ), told as (
        select dst_ip as ip, sni as name, 3 as rank, count(*) as times
        from facts.tls
        where sni is not null
        group by dst_ip, sni
        union all
        select dst_ip, sni, 3, count(*)
        from facts.quic
        where sni is not null
        group by dst_ip, sni
        union all
        select dst_ip, host, 2, count(*)
        from facts.http
        where host is not null
        group by dst_ip, host
        union all
        select value, coalesce(asked.name, records.name), 1, times
        from records
        left join asked on asked.place = first
    ), added as (
        select ip, name, rank, sum(times) as times
        from told
        where contains(name, '.') and not contains(name, ':')
            and not regexp_full_match(name, '[0-9.]+')
        group by ip, name, rank
    )
    select ip, arg_max(name, (rank, times, name)) as name
    from added
    where ip is not null
    group by ip
"""
"""The best name of each address: asked for by SNI, else by HTTP, else the name whose lookup gave it
(the question's, since an answer's may be an alias; asked where the record came first)."""

MET = """
    with met as (
        select dst_ip as ip, sum(src_bytes + dst_bytes) as bytes
        from facts.flows
        group by dst_ip
        union all
        select src_ip, sum(src_bytes + dst_bytes)
        from facts.flows
        group by src_ip
    )
    select ip, any_value(name) as name
    from met
    left join named using (ip)
    where ip_kind(ip) = 'public' and ip not in (select ip from owners)
    group by ip
    order by sum(bytes) desc, ip
    limit $most
"""


def find_peers(store: Store) -> None:
    """Make the table `peers`; needs `owners`."""
    store.run(NAMED)
    met = store.arrow(MET, {"most": MOST_PEERS})
    places = look_up(met["ip"].to_pylist())
    columns = {name: places[name] for name in places.column_names}
    store.put("peers", pa.table({"ip": met["ip"], "name": met["name"], **columns}))
