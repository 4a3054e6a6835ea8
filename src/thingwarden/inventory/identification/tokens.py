"""Facts -> evidence of what each device is: values by channel, with the frame that first had them."""

import re
from collections import defaultdict
from collections.abc import Iterable, Mapping
from operator import attrgetter
from typing import NamedTuple

from thingwarden.model import DeviceId
from thingwarden.store import Store

FROM = re.compile(r"\bfrom (\w+)")

MOST_VALUES = 16
"""Different values taken from one channel of a device, the most frequent: more tell nothing more."""

CLIENTS = "('discover', 'request', 'inform')"

OWN_TOPICS = 3
"""Levels of an MQTT topic that are looked at."""

SOURCES = f"""
    select device_id, 'dhcp-options' as channel, parameters as raw, capture, frame, time_us
    from asked
    union all
    select device_id, 'dhcp-vendor', vendor_class, capture, frame, time_us
    from asked
    union all
    select device_id, 'host-name', hostname, capture, frame, time_us
    from asked
    union all
    select src_device, 'dhcp-options', 'v6 ' || requested_options, capture, frame, time_us
    from dhcpv6
    union all
    select src_device, 'dhcp-vendor', vendor_class, capture, frame, time_us
    from dhcpv6
    union all
    select src_device, 'host-name', hostname, capture, frame, time_us
    from dhcpv6
    union all
    select src_device, 'domain', name, capture, frame, time_us
    from dns
    where not response and type in (1, 28, 65)
    union all
    select src_device, 'domain', sni, capture, frame, time_us
    from tls
    union all
    select src_device, 'domain', sni, capture, frame, time_us
    from quic
    union all
    select src_device, 'domain', host, capture, frame, time_us
    from http
    where dst_place = 'internet'
    union all
    select src_device, 'tls-client', ja4, capture, frame, time_us
    from tls
    union all
    select src_device, 'tls-client', ja4, capture, frame, time_us
    from quic
    union all
    select dst_device, 'certificate', unnest([subject, issuer]), capture, answer_frame, answer_us
    from tls
    where issuer is not null
    union all
    select src_device, 'user-agent', user_agent, capture, frame, time_us
    from http
    union all
    select src_device, 'user-agent', user_agent, capture, frame, time_us
    from ssdp
    union all
    select src_device, 'user-agent', user_agent, capture, frame, time_us
    from rtsp
    union all
    select dst_device, 'server', server, capture, answer_frame, answer_us
    from http
    where server is not null
    union all
    select dst_device, 'server', server, capture, answer_frame, answer_us
    from rtsp
    where server is not null
    union all
    select src_device, 'server', server, capture, frame, time_us
    from ssdp
    union all
    select dst_device, 'page', unnest([title, realm]), capture, answer_frame, answer_us
    from http
    where title is not null or realm is not null
    union all
    select dst_device, 'banner', server_banner, capture, answer_frame, answer_us
    from ssh
    where server_banner is not null
    union all
    select dst_device, 'banner', banner, capture, answer_frame, answer_us
    from telnet
    where banner is not null
    union all
    select dst_device, 'banner', banner, capture, answer_frame, answer_us
    from ftp
    where banner is not null
    union all
    select src_device, 'banner', client_banner, capture, frame, time_us
    from ssh
    union all
    select src_device, 'upnp-type', target, capture, frame, time_us
    from ssdp
    where kind in ('notify', 'response')
    union all
    select src_device, 'upnp-search', target, capture, frame, time_us
    from ssdp
    where kind = 'search'
    union all
    select src_device, 'upnp-maker', manufacturer, capture, frame, time_us
    from upnp
    where not coalesce(embedded, false)
    union all
    select src_device, 'upnp-model', concat_ws('|', coalesce(manufacturer, ''),
            coalesce(model_name, ''), coalesce(model_number, '')), capture, frame, time_us
    from upnp
    where not coalesce(embedded, false) and model_name is not null
    union all
    select src_device, 'mdns-service', regexp_replace(name, '\\.local$', ''), capture, frame, time_us
    from mdns_answers
    where type = 12 and starts_with(name, '_') and not starts_with(name, '_services.')
    union all
    select src_device, 'mdns-service', regexp_replace(value, '\\.local$', ''), capture, frame, time_us
    from mdns_answers
    where type = 12 and starts_with(name, '_services.') and starts_with(value, '_')
    union all
    select src_device, 'mdns-name', regexp_replace(name, '\\._[a-z0-9-]+\\._(tcp|udp)\\.local$', ''),
        capture, frame, time_us
    from mdns_answers
    where type = 33
    union all
    select src_device, 'mdns-name', regexp_replace(name, '\\.local$', ''), capture, frame, time_us
    from mdns_answers
    where type in (1, 28)
    union all
    select src_device, 'mdns-search', regexp_replace(name, '\\.local$', ''), capture, frame, time_us
    from mdns
    where not response and type in (12, 255) and starts_with(name, '_')
    union all
    select src_device, 'mdns-text', unnest(string_split(value, ';')), capture, frame, time_us
    from mdns_answers
    where type = 16 and not starts_with(name, '_')
    union all
    select src_device, 'mqtt-client', client_id, capture, frame, time_us
    from mqtt
    where kind = 'connect'
    union all
    select src_device, 'mqtt-topic', array_to_string(string_split(topic, '/')[:{OWN_TOPICS}], '/'),
        capture, frame, time_us
    from mqtt
    where kind = 'publish' and src_port <> 1883 and src_port <> 8883
    union all
    select src_device, 'stack', signature, capture, frame, time_us
    from stacks
"""

PORTS = """
    select src_device as device_id, 'remote-port' as channel, protocol || ' ' || dst_port as raw,
        count(*) as times, min((capture, frame, time_us)) as first
    from flows
    where dst_place in ('internet', 'gateway', 'group', 'local') and protocol in ('tcp', 'udp')
        and dst_port < 49152 and src_device is not null
    group by src_device, protocol, dst_port
    union all
    select dst_device, 'open-port', protocol || ' ' || dst_port, count(*),
        min((capture, frame, time_us))
    from flows
    where dst_packets > 0 and dst_port < 49152 and dst_device is not null
        and (handshake_us is not null or protocol = 'udp' and dst_port < 10000)
    group by dst_device, protocol, dst_port
"""
"""Private ports (RFC 6335 section 6) are left out: they are chosen anew each time."""

ASKED = f"""
    with asked as (
        select device_id, parameters, vendor_class, hostname, capture, frame, time_us
        from facts.dhcp
        join macs on macs.mac = client_mac
        where kind in {CLIENTS}
    )
"""

COUNTED = """
    select device_id, channel, raw, count(*) as times, min((capture, frame, time_us)) as first
    from ({source}) as told (device_id, channel, raw, capture, frame, time_us)
    where device_id is not null and raw <> ''
    group by device_id, channel, raw
"""

MOST = """
    {asked}
    select device_id, channel, raw[:400] as raw, times, first[1] as capture, first[2] as frame,
        first[3] as time_us
    from ({counted})
    qualify row_number() over (partition by device_id, channel order by times desc, raw) <= $most
"""


class Told(NamedTuple):
    """A value that a device told by a channel, and where it did so first."""

    device_id: DeviceId
    channel: str
    raw: str
    times: int
    capture: int
    frame: int
    time_us: int


def read_told(store: Store) -> list[Told]:
    """What all devices told, by device and channel; needs what `find_devices` makes.

    Source by source: all in one query take more memory than queries have.
    """
    merged: dict[tuple[DeviceId, str], dict[str, Told]] = defaultdict(dict)
    for counted in (*map(_count, _filled_sources(store)), PORTS):
        sql = MOST.format(asked=ASKED if "from asked" in counted else "", counted=counted)
        rows = store.arrow(sql, {"most": MOST_VALUES})
        columns = [rows[name].to_pylist() for name in Told._fields]
        for told in map(Told._make, zip(*columns, strict=True)):
            values = merged[told.device_id, told.channel]
            known = values.get(told.raw)
            values[told.raw] = _merge(known, told) if known else told
    return [told for group in sorted(merged) for told in _most_told(merged[group])]


def _count(source: str) -> str:
    return COUNTED.format(source=source)


def _merge(one: Told, other: Told) -> Told:
    """The same value out of two sources: where it was first, and how often in all."""
    first = min(one, other, key=attrgetter("capture", "frame"))
    return first._replace(times=one.times + other.times)


def _most_told(values: Mapping[str, Told]) -> list[Told]:
    """The most frequent values of a channel of a device, in order."""
    kept: Iterable[Told] = values.values()
    if len(values) > MOST_VALUES:
        kept = sorted(kept, key=lambda told: (-told.times, told.raw))[:MOST_VALUES]
    return sorted(kept, key=attrgetter("raw"))


def _filled_sources(store: Store) -> list[str]:
    """The sources that have rows: to plan the joins of the others takes longer than all the rest."""
    parts = SOURCES.split("union all")
    tables = [FROM.findall(part)[-1].replace("asked", "dhcp") for part in parts]
    asked = (
        f"select '{table}' as name where exists (select 1 from facts.{table})"
        for table in sorted(set(tables))
    )
    filled = set(store.arrow(" union all ".join(asked))["name"].to_pylist())
    return [part for part, table in zip(parts, tables, strict=True) if table in filled]
