"""Facts -> what hardware addresses do alike: DHCP options, TLS client hellos, domains asked for."""

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass, field
from math import log

from thingwarden.inventory.identification.domains import stable_part
from thingwarden.inventory.traces import DHCP_CLIENTS
from thingwarden.store import Store

MOST_VALUES = 256
"""Values of one habit of one address."""

DONE = f"""
    with told as (
        select client_mac as mac, 'options' as habit,
            parameters || ' ' || coalesce(vendor_class, '') as value
        from facts.dhcp
        where parameters is not null and kind in {DHCP_CLIENTS}
        union all
        select src_mac, 'domains', name
        from facts.dns
        where not response and type in (1, 28, 65)
        union all
        select src_mac, unnest(['domains', 'hellos']), unnest([sni, ja4])
        from facts.tls
        union all
        select src_mac, unnest(['domains', 'hellos']), unnest([sni, ja4])
        from facts.quic
    )
    select mac, habit, value
    from told
    where value <> '' and mac in (select mac from candidates)
    group by mac, habit, value
    qualify row_number() over (partition by mac, habit order by count(*) desc, value) <= {MOST_VALUES}
    order by mac, habit, value
"""

RARELY = 0.05
"""The least share that a habit is taken to have: a home has few devices to count."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Done:
    """A value of a habit of an address."""

    mac: str
    habit: str
    value: str


@dataclass(slots=True)
class Habits:
    """What an address does."""

    options: set[str] = field(default_factory=set)
    hellos: set[str] = field(default_factory=set)
    domains: set[str] = field(default_factory=set)


def read_habits(store: Store) -> dict[str, Habits]:
    """The habits of every hardware address in the table `candidates`."""
    found: dict[str, Habits] = {}
    for done in store.read(Done, DONE):
        habits = found.setdefault(done.mac, Habits())
        value = stable_part(done.value) if done.habit == "domains" else done.value
        if value:
            getattr(habits, done.habit).add(value)
    return found


class Rarity:
    """How rare values are among the addresses of a site."""

    def __init__(self, habits: Mapping[str, Habits]) -> None:
        self._all = max(1, len(habits))
        self._times: dict[str, Counter[str]] = {
            name: Counter(value for each in habits.values() for value in getattr(each, name))
            for name in ("options", "hellos", "domains")
        }

    def weigh(self, habit: str, value: str) -> float:
        """Natural logarithm of one over the value's share; 0 for what all do."""
        share = self._times[habit][value] / self._all
        return -log(min(1.0, max(share, RARELY)))

    def likeness(self, one: Habits, other: Habits) -> tuple[float, int] | None:
        """How alike the domains are from 0 to 1, rare ones counting more, and how many are shared.

        None where one asks for too few to tell.
        """
        shared = one.domains & other.domains
        weights = {name: self.weigh("domains", name) for name in one.domains | other.domains}
        mine, theirs = (sum(weights[name] for name in each.domains) for each in (one, other))
        if min(len(one.domains), len(other.domains)) < 3 or not min(mine, theirs):
            return None
        return sum(weights[name] for name in shared) / min(mine, theirs), len(shared)
