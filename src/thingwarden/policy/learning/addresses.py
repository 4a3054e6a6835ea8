"""Hosts of a site -> addresses that each device may send from.

An address counts when the network gave it, when its owner said so, or when it took part in a
conversation; never when it is the router's, or when an alarm says that the device took it from another.
"""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import pyarrow as pa

from thingwarden.model import Device, DeviceId
from thingwarden.store import Store

MOST_ADDRESSES = 64
"""Of one device: IPv6 hosts have some a day."""

BOUND = """
    create or replace temp table bound as
    with own as (
        select device_id, hosts.mac, hosts.ip, max(coalesce(sent, 0)) as sent,
            max(coalesce(last_us, 0)) as last_us
        from hosts
        left join ends
            on ends.mac is not distinct from hosts.mac and ends.ip is not distinct from hosts.ip
        left join claims on claims.mac = hosts.mac and claims.ip = hosts.ip
        where device_id is not null and ip_kind(hosts.ip) in ('private', 'link', 'public')
            and (ip_kind(hosts.ip) <> 'public' or hosts.ip in (select ip from own_ips))
            and (claims.ip is not null or ends.answered > 0 or hosts.mac is null)
            and hosts.ip not in (select ip from routed)
            and (device_id, hosts.ip) not in (select (device_id, ip) from taken)
        group by all
    )
    select device_id, ip, sum(sent) as sent, max(last_us) as last_us,
        max(last_us) = max(max(last_us)) over (partition by ip) as latest
    from own
    group by device_id, ip
"""

ADDRESSES = """
    select device_id, ip
    from bound
    where latest and not (contains(ip, ':') and ip_kind(ip) = 'link')
    qualify row_number() over (partition by device_id order by sent desc, ip) <= $most
    order by device_id, contains(ip, ':'), ip
"""
"""Of several that had an address in turn, the latest has it."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Address:
    """An address that a device has."""

    device_id: str
    ip: str


def bind_addresses(
    store: Store, gateways: Sequence[Device], taken: Mapping[DeviceId, Sequence[str]]
) -> Mapping[DeviceId, tuple[str, ...]]:
    """Make the table `bound`; addresses of each device, those of the link itself left out.

    `taken`: addresses that an alarm says are another's.
    """
    routed = sorted({ip for each in gateways for ip in each.addresses})
    pairs = [(str(device), ip) for device, ips in taken.items() for ip in ips]
    store.put("routed", pa.table({"ip": pa.array(routed, pa.string())}))
    columns = ("device_id", "ip")
    store.put(
        "taken",
        pa.table(
            {
                name: pa.array([pair[at] for pair in pairs], pa.string())
                for at, name in enumerate(columns)
            }
        ),
    )
    store.run(BOUND)
    found: dict[DeviceId, list[str]] = defaultdict(list)
    for row in store.read(Address, ADDRESSES, {"most": MOST_ADDRESSES}):
        found[DeviceId(row.device_id)].append(row.ip)
    return {device: tuple(ips) for device, ips in found.items()}
