"""Flows -> who talks with whom, where that is, and when devices speak."""

from dataclasses import dataclass

from thingwarden.model import Activity, Contact
from thingwarden.store import Store

MOST_CONTACTS = 5_000

CONTACTS = """
    with talks as (
        select src_device as device_id, dst_device as peer_device, dst_ip as ip, dst_place as place,
            protocol, app, dst_port as port, src_bytes as sent, dst_bytes as received
        from flows where src_device is not null
        union all
        select dst_device, src_device, src_ip, src_place, protocol, app, dst_port, dst_bytes, src_bytes
        from flows where dst_device is not null
    ), spoken as (
        select *, coalesce(
            case when app is null and port = 443 and protocol = 'udp' then 'quic' else app end,
            case when protocol in ('tcp', 'udp') then protocol || '/' || port else protocol end,
            protocol) as spoken
        from talks
    ), totals as (
        select device_id, peer_device, ip, place, spoken, count(*) as flows,
            sum(sent)::bigint as sent_bytes, sum(received)::bigint as received_bytes
        from spoken
        group by all
    )
    select device_id, coalesce(peer_device, peers.name, ip) as peer, peer_device, place, country,
        provider, spoken as app,
        case when spoken in ('tls', 'quic', 'ssh') then true
            when spoken in ('http', 'mqtt', 'telnet', 'ftp', 'rtsp', 'dns', 'mdns', 'ssdp', 'ntp',
                'llmnr', 'dhcp', 'dhcpv6', 'coap') then false end as encrypted,
        sum(flows)::bigint as flows, sum(sent_bytes)::bigint as sent_bytes,
        sum(received_bytes)::bigint as received_bytes
    from totals
    left join peers using (ip)
    group by all
    order by sum(sent_bytes) + sum(received_bytes) desc, device_id, peer, spoken, country, provider
    limit $most
"""

SPAN = """
    select min(time_us) as first_us, max(last_us) as last_us
    from flows
    where src_device is not null or dst_device is not null
"""

ACTIVITY = """
    with spoken as (
        select src_device as device_id, time_us, src_bytes + dst_bytes as bytes
        from flows where src_device is not null
        union all
        select dst_device, time_us, src_bytes + dst_bytes from flows where dst_device is not null
    )
    select device_id, ($first + (time_us - $first) // $slice * $slice)::bigint as start_us,
        sum(bytes)::bigint as bytes
    from spoken
    group by all
    order by device_id, start_us
"""


@dataclass(frozen=True, slots=True, kw_only=True)
class Span:
    """First and last time at which a device was active."""

    first_us: int | None
    last_us: int | None


def list_contacts(store: Store) -> tuple[Contact, ...]:
    """Contacts of all devices, largest first, at most `MOST_CONTACTS`."""
    return tuple(store.read(Contact, CONTACTS, {"most": MOST_CONTACTS}))


def list_activity(store: Store, slices: int) -> tuple[tuple[Activity, ...], int]:
    """Bytes of each device by slice of time (flows count where they begin), and a slice's length."""
    span = store.read(Span, SPAN)[0]
    if span.first_us is None or span.last_us is None:
        return (), 0
    slice_us = max((span.last_us - span.first_us) // slices + 1, 1_000_000)
    values = {"first": span.first_us, "slice": slice_us}
    return tuple(store.read(Activity, ACTIVITY, values)), slice_us
