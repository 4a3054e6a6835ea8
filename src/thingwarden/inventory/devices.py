"""Tables of hosts and names -> the devices of a site, and its gateways."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from thingwarden.inventory.hosts import find_hosts
from thingwarden.inventory.identity import identify, is_random
from thingwarden.inventory.peers import find_peers
from thingwarden.inventory.views import add_ends
from thingwarden.model import Device, DeviceId
from thingwarden.store import Store
from thingwarden.tables import Table

MOST_ADDRESSES = 64
MOST_NAMES = 8

ADDRESSES = f"""
    select coalesce(device_id, 'gateway-' || replace(hosts.mac, ':', '')) as id, hosts.mac,
        (list(hosts.ip order by sent desc nulls last, hosts.ip)
            filter (ip_kind(hosts.ip) <> 'none'))[:{MOST_ADDRESSES}] as addresses,
        coalesce(min(first_us), 0)::bigint as first_us,
        coalesce(max(last_us), 0)::bigint as last_us,
        coalesce(sum(sent), 0)::bigint as packets, coalesce(sum(bytes), 0)::bigint as bytes,
        hosts.place = 'gateway' as is_gateway
    from hosts
    left join pairs using (mac, ip)
    where place in ('device', 'gateway')
    group by all
    order by id
"""

NAMES = f"""
    with told as (
        select 'd-' || replace(client_mac, ':', '') as id, hostname as name, 1 as rank
        from dhcp where hostname is not null
        union all
        select src_device, hostname, 2 from dhcpv6 where hostname is not null
        union all
        select src_device, regexp_replace(mdns_answers.name, '\\.local$', ''), 3
        from mdns_answers
        join hosts on hosts.device_id = src_device and hosts.ip = value
        where type in (1, 28) and section = 'answer'
        union all
        select src_device, friendly_name, 4 from upnp where friendly_name is not null
    ), counted as (
        select id, name, min(rank) as rank, count(*) as times from told
        where id is not null and name <> ''
        group by id, name
    )
    select id, (list(name order by rank, times desc, name))[:{MOST_NAMES}] as names
    from counted
    group by id
    order by id
"""


@dataclass(frozen=True, slots=True, kw_only=True)
class Addressed:
    """A device or gateway with its addresses."""

    id: str
    mac: str
    addresses: list[str] | None
    first_us: int
    last_us: int
    packets: int
    bytes: int
    is_gateway: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class Named:
    """The names that a device gave itself."""

    id: str
    names: list[str]


@dataclass(frozen=True, slots=True, kw_only=True)
class Label:
    """What a user says of a device; None: nothing."""

    name: str | None = None
    category: str | None = None


def find_devices(store: Store, tables: Sequence[Table]) -> None:
    """Make the tables `network`, `hosts`, `devices` and `peers`, and the views of `docs/house.md`."""
    find_hosts(store)
    find_peers(store)
    add_ends(store, tables)


def list_devices(
    store: Store, labels: Mapping[DeviceId, Label]
) -> tuple[tuple[Device, ...], tuple[Device, ...]]:
    """Devices and gateways, by id; needs `hosts` and the views."""
    names = {row.id: tuple(row.names) for row in store.read(Named, NAMES)}
    devices, gateways = [], []
    for row in store.read(Addressed, ADDRESSES):
        device = _device(row, names.get(row.id, ()), labels.get(DeviceId(row.id), Label()))
        (gateways if row.is_gateway else devices).append(device)
    return tuple(devices), tuple(gateways)


def _device(row: Addressed, names: tuple[str, ...], label: Label) -> Device:
    macs = (row.mac,) if row.mac else ()
    if label.name:
        names = (label.name, *(name for name in names if name != label.name))
    return Device(
        id=DeviceId(row.id),
        macs=macs,
        addresses=tuple(row.addresses or ()),
        names=names,
        identity=identify(macs, label.category),
        random_mac=any(map(is_random, macs)),
        first_us=row.first_us,
        last_us=row.last_us,
        packets=row.packets,
        bytes=row.bytes,
    )
