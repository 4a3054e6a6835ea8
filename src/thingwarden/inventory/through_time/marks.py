"""Facts -> what hardware addresses show that outlives them: identifiers and names."""

from dataclasses import dataclass

from thingwarden.inventory.through_time.names import GENERIC, kind_of_name, normal_name
from thingwarden.inventory.traces import DHCP_CLIENTS
from thingwarden.model import Sight
from thingwarden.store import Store

IDENTIFIERS = ("duid", "client-id", "uuid")
"""Made to be unique: RFC 8415 section 11, RFC 2132 section 9.14, RFC 9562."""

CLIENTS_6 = "('solicit', 'request', 'confirm', 'renew', 'rebind', 'information-request', 'decline')"

MOST_VALUES = 32
"""Marks of one sort that are looked at, of one address."""

SHOWN = rf"""
    with addresses as (
        select mac, ip
        from ends
        union
        select mac, ip
        from claims
    ), own_records as (
        select *
        from facts.mdns_answers
        where (capture, frame, src_mac) in (
            select (capture, frame, src_mac)
            from facts.mdns_answers
            join addresses on mac = src_mac and ip = value
            where type in (1, 28)
        )
    ), told as (
        select client_mac as mac, 'client-id' as kind, lower(client_id) as value,
            capture, frame, time_us
        from facts.dhcp
        where client_id is not null and kind in {DHCP_CLIENTS}
            and coalesce(src_mac = client_mac, true)
        union all
        select client_mac, 'name', hostname, capture, frame, time_us
        from facts.dhcp
        where hostname is not null and kind in {DHCP_CLIENTS} and coalesce(src_mac = client_mac, true)
        union all
        select src_mac, 'duid', lower(duid), capture, frame, time_us
        from facts.dhcpv6
        where duid is not null and kind in {CLIENTS_6}
        union all
        select src_mac, 'name', hostname, capture, frame, time_us
        from facts.dhcpv6
        where hostname is not null and kind in {CLIENTS_6}
        union all
        select src_mac, 'uuid', regexp_extract(lower(usn), 'uuid:([0-9a-z-]{{16,64}})', 1),
            capture, frame, time_us
        from facts.ssdp
        where usn is not null and kind in ('notify', 'response')
        union all
        select src_mac, 'uuid', regexp_extract(lower(udn), 'uuid:([0-9a-z-]{{16,64}})', 1),
            capture, frame, time_us
        from facts.upnp
        where udn is not null
        union all
        select src_mac, 'name', regexp_replace(name, '\.local$', ''), capture, frame, time_us
        from own_records
        where type in (1, 28) and name like '%.local'
        union all
        select src_mac, 'uuid', unnest(regexp_extract_all(lower(value),
                '(?:^|;)(?:id|deviceid|pi|psi|uuid|gid|machineid|identifier)=([0-9a-f:-]{{16,40}})', 1)),
            capture, frame, time_us
        from own_records
        where type = 16
    )
    select mac, kind, value, arg_min(capture, time_us)::bigint as capture,
        arg_min(frame, time_us)::bigint as frame, min(time_us)::bigint as time_us
    from told
    where value <> '' and mac in (select mac from nodes)
    group by mac, kind, value
    qualify row_number() over (partition by mac, kind order by count(*) desc, value) <= {MOST_VALUES}
    order by mac, kind, value
"""
"""Of mDNS only what is said together with an own address: a proxy speaks for others that sleep."""

TELLING = {"dhcp", "dhcpv6", "mdns_answers", "ssdp", "upnp"}
"""Tables that are asked; where none has rows, nobody showed anything."""

RFC_4361 = "ff"
"""First byte of a DHCPv4 client identifier that holds a DUID, behind four bytes of the interface."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Shown:
    """A value that an address showed, and where first."""

    mac: str
    kind: str
    value: str
    capture: int
    frame: int
    time_us: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Mark:
    """What an address shows and its device will show under another; `value` as it is compared."""

    kind: str
    """duid, client-id, uuid, personal (name) or plain (name)."""
    value: str
    sight: Sight
    """Where it was shown first."""


def read_marks(store: Store) -> dict[str, dict[tuple[str, str], Mark]]:
    """The marks of every hardware address in the table `nodes`, by kind and value."""
    found: dict[str, dict[tuple[str, str], Mark]] = {}
    told = store.count([table for table in store.tables if table.name in TELLING])
    if not any(told.values()):
        return found
    for shown in store.read(Shown, SHOWN):
        kind, value = _comparable(shown)
        if value:
            sight = Sight(capture=shown.capture, frame=shown.frame, time_us=shown.time_us)
            mark = Mark(kind=kind, value=value, sight=sight)
            found.setdefault(shown.mac, {}).setdefault((kind, value), mark)
    return found


def _comparable(shown: Shown) -> tuple[str, str]:
    if shown.kind == "name":
        name = normal_name(shown.value)
        kind = kind_of_name(name)
        return (kind, "" if kind == GENERIC else name)
    own = shown.mac.replace(":", "")
    value = shown.value.replace(":", "").replace("-", "")
    if own in value or not value.strip("0f"):
        return (shown.kind, "")
    if shown.kind == "client-id" and value.startswith(RFC_4361) and len(value) > 18:
        return ("duid", value[10:])
    return (shown.kind, value if len(value) >= 10 else "")
