"""Facts -> when each hardware address was there, and which were there at the same time."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from thingwarden.store import Store

MINUTE_US = 60_000_000

STAYS_US = 30 * MINUTE_US
"""Who sends at both ends of so long a time was there in between."""

ECHO_US = 2 * MINUTE_US
"""How long others may go on sending in a flow whose sender has left: flows end after that."""

DAY_US = 24 * 60 * MINUTE_US

SLICE_US = 10 * MINUTE_US
"""What begins in one slice is one: it makes no difference, since a stay has no gap so short."""

STAYS = f"""
    with seen as (
        select src_mac as mac, time_us as begins,
            greatest(time_us, least(last_us - {ECHO_US}, time_us + {DAY_US})) as ends
        from facts.flows
        where src_mac in (select mac from candidates)
        union all
        select dst_mac, time_us, greatest(time_us, least(last_us - {ECHO_US}, time_us + {DAY_US}))
        from facts.flows
        where dst_packets > 0 and dst_mac in (select mac from candidates)
        union all
        select src_mac, unnest([time_us, last_us]) as begins, begins
        from facts.ethernet
        where src_mac in (select mac from candidates)
        union all
        select src_mac, time_us, time_us
        from facts.arp
        where src_mac in (select mac from candidates)
    ), points as (
        select mac, min(begins) as begins, max(ends) as ends
        from seen
        group by mac, begins // {SLICE_US}
    ), beginnings as (
        select *, begins > coalesce(max(ends) over earlier + {STAYS_US}, -1) as fresh
        from points
        window earlier as (
            partition by mac order by begins rows between unbounded preceding and 1 preceding
        )
    ), numbered as (
        select *, sum(fresh::int) over (partition by mac order by begins rows unbounded preceding)
            as stay
        from beginnings
    )
    select mac, min(begins)::bigint as begins, max(ends)::bigint as ends
    from numbered
    group by mac, stay
    order by mac, begins
"""


@dataclass(frozen=True, slots=True, kw_only=True)
class Stay:
    """A time in which an address was there."""

    mac: str
    begins: int
    ends: int


Stays = Sequence[tuple[int, int]]
"""Beginnings and ends in microseconds, in order, apart from each other."""


def read_stays(store: Store) -> dict[str, Stays]:
    """When each hardware address in the table `candidates` was there."""
    found: dict[str, list[tuple[int, int]]] = {}
    for stay in store.read(Stay, STAYS):
        found.setdefault(stay.mac, []).append((stay.begins, stay.ends))
    return dict(found)


def overlap(one: Stays, other: Stays) -> bool:
    """Whether two were there at the same time."""
    if not one or not other or one[-1][1] < other[0][0] or other[-1][1] < one[0][0]:
        return False
    first, second = 0, 0
    while first < len(one) and second < len(other):
        if one[first][1] < other[second][0]:
            first += 1
        elif other[second][1] < one[first][0]:
            second += 1
        else:
            return True
    return False


def together(one: Stays, other: Stays) -> Stays:
    """The stays of both, in order."""
    return sorted([*one, *other])


def any_overlap(macs: Iterable[str], stays: Mapping[str, Stays]) -> bool:
    """Whether any two of these were there at the same time."""
    all_stays = sorted((*stay, mac) for mac in macs for stay in stays.get(mac, ()))
    until, who = -1, ""
    for begins, ends, mac in all_stays:
        if begins <= until and mac != who:
            return True
        if ends > until:
            until, who = ends, mac
    return False


def crowd(stays: Mapping[str, Stays]) -> int:
    """How many addresses were there on the busiest day."""
    days: dict[int, set[str]] = {}
    for mac, times in stays.items():
        for begins, ends in times:
            for day in {begins // DAY_US, ends // DAY_US}:
                days.setdefault(day, set()).add(mac)
    return max(map(len, days.values()), default=0)
