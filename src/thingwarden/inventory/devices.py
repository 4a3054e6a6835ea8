"""Tables of hosts and names -> the devices of a site, and its gateways."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace

from thingwarden.inventory.accessories import list_accessories
from thingwarden.inventory.hosts import find_hosts
from thingwarden.inventory.outages import find_outages
from thingwarden.inventory.peers import find_peers
from thingwarden.inventory.talks import sum_talks
from thingwarden.inventory.through_time.devices import Links
from thingwarden.inventory.through_time.grouping import MOST_MEMBERS
from thingwarden.inventory.through_time.names import GENERIC, kind_of_name, normal_name
from thingwarden.inventory.traces import DHCP_CLIENTS
from thingwarden.inventory.vendors import is_random
from thingwarden.inventory.views import add_ends
from thingwarden.model import Device, DeviceId, Statement
from thingwarden.store import Label, Store
from thingwarden.tables import Table

MOST_ADDRESSES = 64
MOST_NAMES = 8

NO_LINKS = Links()

ADDRESSES = """
    with shown as (
        select hosts.mac, hosts.ip, place = 'gateway' as is_gateway, packets, bytes, first_us,
            last_us, coalesce(sent, 0) as sent,
            case
                when device_id is not null then device_id
                when hosts.mac is not null then 'd-' || replace(hosts.mac, ':', '')
                else 'd-' || replace(replace(hosts.ip, ':', '-'), '.', '-')
            end as id
        from hosts
        left join ends
            on ends.mac is not distinct from hosts.mac and ends.ip is not distinct from hosts.ip
        where place in ('device', 'gateway')
            or hosts.mac in (select mac from gateways)
    )
    select id, coalesce(list(distinct mac order by mac) filter (mac is not null), [])[:$macs] as macs,
        bool_or(is_gateway)
            or coalesce(any_value(mac) in (select mac from gateways), false) as is_gateway,
        coalesce(list(ip order by sent desc, ip)
            filter (ip_kind(ip) not in ('none', 'group') and own), [])[:$most] as addresses,
        coalesce(min(first_us), 0)::bigint as first_us, coalesce(max(last_us), 0)::bigint as last_us,
        coalesce(sum(packets), 0)::bigint as packets, coalesce(sum(bytes), 0)::bigint as bytes
    from (
        select *, is_gateway or mac is null or mac not in (select mac from gateways) as own
        from shown
    )
    group by id
    order by id
"""
"""All that went through a gateway counts for it, but only its own addresses are shown."""

NAMES = rf"""
    with told as (
        select coalesce(device_id, 'd-' || replace(client_mac, ':', '')) as id, hostname as name,
            1 as rank
        from facts.dhcp
        left join macs on macs.mac = client_mac
        where hostname is not null and client_mac is not null
            and kind in {DHCP_CLIENTS}
        union all
        select src_device, hostname, 2
        from dhcpv6
        where hostname is not null
        union all
        select src_device, regexp_replace(records.name, '\.local$', ''), 3
        from mdns_answers as records
        join hosts on hosts.device_id = src_device and hosts.ip = value
        where type in (1, 28)
        union all
        select src_device, friendly_name, 4
        from upnp
        where friendly_name is not null and not coalesce(embedded, false)
    ), counted as (
        select id, name, min(rank) as rank, count(*) as times
        from told
        where id is not null and name <> ''
        group by id, name
    )
    select id, list(name order by rank, times desc, name)[:$most] as names
    from counted
    group by id
    order by id
"""


@dataclass(frozen=True, slots=True, kw_only=True)
class Addressed:
    """A device or gateway with its addresses."""

    id: str
    macs: list[str]
    is_gateway: bool
    addresses: list[str]
    first_us: int
    last_us: int
    packets: int
    bytes: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Named:
    """The names that a device gave itself."""

    id: str
    names: list[str]


def find_devices(
    store: Store, tables: Sequence[Table], statements: Sequence[Statement] = ()
) -> Links:
    """Make the tables and views of `docs/house.md`.

    `statements`: what the user said of which addresses are one device; told is what became of it.
    """
    links = find_hosts(store, statements)
    find_peers(store)
    add_ends(store, tables)
    sum_talks(store)
    find_outages(store)
    return links


def list_devices(
    store: Store, labels: Mapping[DeviceId, Label], links: Links = NO_LINKS
) -> tuple[tuple[Device, ...], tuple[Device, ...]]:
    """Devices and gateways, by id; needs what `find_devices` makes."""
    names = {row.id: row.names for row in store.read(Named, NAMES, {"most": MOST_NAMES})}
    behind = list_accessories(store)
    devices: list[Device] = []
    gateways: list[Device] = []
    for row in store.read(Addressed, ADDRESSES, {"most": MOST_ADDRESSES, "macs": MOST_MEMBERS}):
        device = _device(row, names.get(row.id, ()), labels.get(DeviceId(row.id)))
        linked, things = links.links.get(device.id, ()), behind.get(device.id, ())
        device = replace(device, links=linked, accessories=things)
        (gateways if row.is_gateway else devices).append(device)
    return tuple(devices), tuple(gateways)


def _device(row: Addressed, names: Iterable[str], label: Label | None) -> Device:
    macs = tuple(row.macs)
    labelled = [label.name] if label and label.name else []
    return Device(
        id=DeviceId(row.id),
        macs=macs,
        addresses=tuple(row.addresses),
        names=_different([*labelled, *sorted(names, key=_says_nothing)]),
        random_mac=any(map(is_random, macs)),
        first_us=row.first_us,
        last_us=row.last_us,
        packets=row.packets,
        bytes=row.bytes,
    )


def _says_nothing(name: str) -> bool:
    """Whether a name is one of a kind of thing, such as iPhone: it comes after all others."""
    return kind_of_name(normal_name(name)) == GENERIC


def _different(names: Iterable[str]) -> tuple[str, ...]:
    """Names that differ in more than capital letters, the first of each."""
    kept: dict[str, str] = {}
    for name in names:
        kept.setdefault(name.casefold(), name)
    return tuple(kept.values())
