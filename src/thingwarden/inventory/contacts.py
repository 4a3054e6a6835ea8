"""Flows -> who talks with whom, where that is, and when devices speak."""

from dataclasses import dataclass

from thingwarden.model import Activity, Contact
from thingwarden.store import Store

MOST_CONTACTS = 5_000

MOST_WAYS = 50_000
"""Pairs of device and address that are counted, the largest: a sweep over millions is cut here."""

SHORTEST_SLICE_US = 1_000_000
"""A picture of a short capture shows seconds, not what lies between packets."""

ENCRYPTED = ("tls", "quic", "ssh")

PLAIN = (
    "arp", "coap", "dhcp", "dhcpv6", "dns", "ftp", "http", "icmp", "llmnr", "mdns", "mqtt",
    "ndp", "ntp", "portmap", "rtsp", "ssdp", "telnet",
)  # fmt: skip

CONTACTS = """
    with ways as (
        select src_device as device_id, dst_device as peer_device, dst_ip as ip,
            dst_place as place, coalesce(app, case
                when protocol in ('tcp', 'udp') then protocol || '/' || dst_port
                else protocol
            end) as app, count(*) as flows, sum(src_bytes) as sent, sum(dst_bytes) as received
        from flows
        where src_device is not null and dst_place <> 'none'
        group by all
        union all
        select dst_device, src_device, src_ip, src_place, coalesce(app, case
                when protocol in ('tcp', 'udp') then protocol || '/' || dst_port
                else protocol
            end), count(*), sum(dst_bytes), sum(src_bytes)
        from flows
        where dst_device is not null and src_place <> 'none'
        group by all
    ), largest as (
        select *
        from ways
        order by sent + received desc, device_id, ip, app
        limit $ways
    )
    select device_id, coalesce(peer_device, name, largest.ip) as peer, peer_device, place,
        arg_max(country, sent + received) as country,
        arg_max(provider, sent + received) as provider,
        coalesce(app, 'unknown') as app,
        case
            when list_contains($encrypted, app) then true
            when list_contains($plain, app) then false
        end as encrypted,
        sum(flows)::bigint as flows, sum(sent)::bigint as sent_bytes,
        sum(received)::bigint as received_bytes
    from largest
    left join peers on peers.ip = largest.ip and place = 'internet'
    group by device_id, peer, peer_device, place, largest.app
    order by sum(sent + received) desc, device_id, peer, place, largest.app
    limit $most
"""

SPAN = """
    select min(first_us) as first_us, max(last_us) as last_us
    from devices
"""

ACTIVITY = """
    with ways as (
        select src_device as device_id, (time_us - $first) // $slice as first,
            (last_us - $first) // $slice as last, sum(src_bytes + dst_bytes) as bytes
        from flows
        where src_device is not null
        group by all
        union all
        select dst_device, (time_us - $first) // $slice, (last_us - $first) // $slice,
            sum(src_bytes + dst_bytes)
        from flows
        where dst_device is not null and dst_packets > 0
        group by all
    ), spread as (
        select device_id, unnest(range(first, greatest(first, last) + 1)) as turn,
            bytes / (greatest(first, last) - first + 1) as bytes
        from ways
    )
    select device_id, ($first + turn * $slice)::bigint as start_us, round(sum(bytes))::bigint as bytes
    from spread
    group by device_id, turn
    order by device_id, turn
"""
"""A flow that lasts is spread evenly over the slices that it touches."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Span:
    """First and last time at which a device was seen; None where there is no device."""

    first_us: int | None
    last_us: int | None


def list_contacts(store: Store) -> tuple[Contact, ...]:
    """Contacts of all devices, largest first, at most `MOST_CONTACTS`."""
    values = {
        "most": MOST_CONTACTS,
        "ways": MOST_WAYS,
        "encrypted": list(ENCRYPTED),
        "plain": list(PLAIN),
    }
    return tuple(store.read(Contact, CONTACTS, values))


def list_activity(store: Store, slices: int = 96) -> tuple[tuple[Activity, ...], int]:
    """Bytes of each device by slice of time, and the length of a slice; 0 if there is no device."""
    span = store.read(Span, SPAN)[0]
    if span.first_us is None or span.last_us is None:
        return (), 0
    slice_us = max((span.last_us - span.first_us) // slices + 1, SHORTEST_SLICE_US)
    values = {"first": span.first_us, "slice": slice_us}
    return tuple(store.read(Activity, ACTIVITY, values)), slice_us
