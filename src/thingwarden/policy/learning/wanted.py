"""Names that a device asked for and was not seen to reach -> what it will reach once they work.

Captures begin in the middle of connections that last for weeks: the address in use has no name, while
the device asks for one again and again that leads elsewhere, or nowhere during an outage. When it connects
anew it goes where that name leads; without a rule it would be cut off then.
"""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from thingwarden.inventory.identification.domains import registered_domain
from thingwarden.model import Behaviour, DeviceId, Initiator, Peer, PeerKind, Span
from thingwarden.policy.learning.admission import AGAIN
from thingwarden.policy.learning.generalise import Seen
from thingwarden.policy.learning.naming import NAME
from thingwarden.policy.learning.species import Species
from thingwarden.policy.learning.suffixes import POOL, pool_of
from thingwarden.store import Store

MOST_WANTED = 8
"""Rules of this kind that a device gets, for the names that it asks for most: each opens something."""

NTP_PORT = 123

ASKED = f"""
    with asked as (
        select device_id, name, sum(greatest(asked, answered)) as times
        from lookups
        where resolver_ip in (select unnest($resolvers)) and type in (1, 28)
            and regexp_full_match(name, '{NAME}') and length(name) <= 253
        group by device_id, name
    ), reached as (
        select distinct device_id, name
        from named
        where name is not null
    )
    select device_id, name
    from asked
    anti join reached using (device_id, name)
    qualify row_number() over (partition by device_id order by times desc, name) <= $most
    order by device_id, times desc, name
"""


@dataclass(frozen=True, slots=True, kw_only=True)
class Asked:
    """A name that a device asked for, and was not seen to reach."""

    device_id: str
    name: str


def list_asked(store: Store, resolvers: Sequence[str]) -> Mapping[DeviceId, list[str]]:
    """Such names of each device, what it asked for most first."""
    found: dict[DeviceId, list[str]] = defaultdict(list)
    values = {"resolvers": list(resolvers), "most": MOST_WANTED * 8}
    for row in store.read(Asked, ASKED, values):
        found[DeviceId(row.device_id)].append(row.name)
    return found


def want_names(
    asked: Sequence[str], species: Iterable[Species], seen: Seen
) -> tuple[Behaviour, ...]:
    """Rules for `asked` on the ports on which nameless addresses of the Internet were in use."""
    ways = sorted({(each.number or 0, each.service or 0) for each in species if _is_nameless(each)})
    if not ways:
        return ()
    all_asked = frozenset(asked)
    names = [name for name in asked if _is_public(name, all_asked)]
    found = (
        _behaviour(name, protocol, port)
        for name in names
        for protocol, port in ways
        if (port == NTP_PORT) == _is_time(name) or port == NTP_PORT
    )
    fresh = dict.fromkeys(each for each in found if each not in seen)
    return tuple(fresh)[:MOST_WANTED]


def _is_nameless(species: Species) -> bool:
    """Whether it is in use for long, with nobody knows whom."""
    far = species.begins and species.where_is == "internet" and species.name is None
    return far and species.answered > 0 and species.hours >= AGAIN and bool(species.service)


def _is_public(name: str, asked: frozenset[str]) -> bool:
    """Whether it is no local name, nor another with the site's search domain behind it."""
    labels = name.split(".")
    starts = (".".join(labels[:at]) for at in range(1, len(labels)))
    return bool(registered_domain(name)) and not any(start in asked for start in starts)


def _is_time(name: str) -> bool:
    return name == POOL or name.endswith(f".{POOL}")


def _behaviour(name: str, protocol: int, port: int) -> Behaviour:
    pool = pool_of(name)
    return Behaviour(
        initiator=Initiator.DEVICE,
        peer=Peer(kind=PeerKind.NAME, value=f"*.{pool}" if pool else name),
        protocol=protocol,
        service=Span(first=port, last=port),
    )
