"""Addresses on the Internet -> names, countries and providers, for the table `peers`."""

from dataclasses import dataclass

import pyarrow as pa
from thingwarden.inventory.geography import places_of

from thingwarden.store import Store

MOST_PEERS = 500_000
"""Addresses that are looked up; a flood from invented ones is cut here, the busiest first."""

NAMES = """
    with told as (
        select dst_ip as ip, sni as name, 4 as weight from tls where sni is not null
        union all
        select dst_ip, sni, 4 from quic where sni is not null
        union all
        select dst_ip, host, 2 from http where host is not null
        union all
        select value, coalesce(dns.name, dns_answers.name), 1
        from dns_answers
        left join dns using (capture, frame)
        where dns_answers.type in (1, 28) and value is not null
    ), weighed as (
        select ip, name, sum(weight) as weight from told
        where not regexp_full_match(name, '[0-9.]+|.*:.*')
        group by all
    ), best as (
        select ip, arg_max(name, (weight, name)) as name from weighed group by ip
    )
    select hosts.ip, any_value(best.name) as name
    from hosts
    left join best on best.ip = hosts.ip
    left join pairs on pairs.mac = hosts.mac and pairs.ip = hosts.ip
    where place = 'internet'
    group by hosts.ip
    order by sum(pairs.bytes) desc, hosts.ip
    limit $most
"""


@dataclass(frozen=True, slots=True, kw_only=True)
class Named:
    """An address and the best name that was seen for it."""

    ip: str
    name: str | None


def find_peers(store: Store) -> None:
    """Make the table `peers`; needs `hosts`."""
    named = store.read(Named, NAMES, {"most": MOST_PEERS})
    places = places_of([peer.ip for peer in named])
    store.put(
        "peers",
        pa.table(
            {
                "ip": pa.array([peer.ip for peer in named], pa.string()),
                "name": pa.array([peer.name for peer in named], pa.string()),
                "country": pa.array([place.country for place in places], pa.string()),
                "as_number": pa.array([place.as_number for place in places], pa.int64()),
                "provider": pa.array([place.provider for place in places], pa.string()),
            }
        ),
    )
