"""Facts -> evidence of what each device is: values by channel, with the frame that first had them."""

import re
from dataclasses import dataclass
from typing import Any

from thingwarden.model import DeviceId
from thingwarden.store import Store

FROM = re.compile(r"\bfrom (\w+)")

MOST_VALUES = 32
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
    select src_device as device_id, 'remote-port' as channel, protocol, dst_port,
        count(*) as times, min((capture, frame, time_us)) as first
    from flows
    where dst_place in ('internet', 'gateway', 'group', 'local') and protocol in ('tcp', 'udp')
        and dst_port < 49152 and src_device is not null
    group by src_device, protocol, dst_port
    union all
    select dst_device, 'open-port', protocol, dst_port, count(*), min((capture, frame, time_us))
    from flows
    where dst_packets > 0 and dst_port < 49152 and dst_device is not null
        and (handshake_us is not null or protocol = 'udp' and dst_port < 10000)
    group by dst_device, protocol, dst_port
"""
"""Private ports (RFC 6335 section 6) are left out: they are chosen anew each time."""

TOKENS = """
    with asked as (
        select device_id, parameters, vendor_class, hostname, capture, frame, time_us
        from facts.dhcp
        join macs on macs.mac = client_mac
        where kind in {clients}
    ), told (device_id, channel, raw, capture, frame, time_us) as (
        {sources}
    ), counted as (
        select device_id, channel, raw[:400] as raw, count(*) as times,
            min((capture, frame, time_us)) as first
        from told
        where device_id is not null and raw is not null and raw <> ''
        group by device_id, channel, raw[:400]
        union all
        select device_id, channel, protocol || ' ' || dst_port, times, first
        from ({ports})
    )
    select device_id, channel, raw, times, first[1] as capture, first[2] as frame,
        first[3] as time_us
    from counted
    qualify row_number() over (partition by device_id, channel order by times desc, raw) <= $most
    order by device_id, channel, raw
"""


@dataclass(frozen=True, slots=True, kw_only=True)
class Told:
    """A value that a device told by a channel, and where it did so first."""

    device_id: DeviceId
    channel: str
    raw: str
    times: int
    capture: int
    frame: int
    time_us: int


def read_told(store: Store) -> list[Told]:
    """What all devices told, by device and channel; needs what `find_devices` makes."""
    sql = TOKENS.format(clients=CLIENTS, sources=_filled_sources(store), ports=PORTS)
    rows = store.arrow(sql, {"most": MOST_VALUES})
    columns = (rows[name].to_pylist() for name in Told.__dataclass_fields__)
    return list(map(_told, *columns))


def _filled_sources(store: Store) -> str:
    """The sources that have rows: to plan the joins of the others takes longer than all the rest."""
    parts = SOURCES.split("union all")
    tables = [FROM.findall(part)[-1].replace("asked", "dhcp") for part in parts]
    asked = (
        f"select '{table}' as name where exists (select 1 from facts.{table})"
        for table in sorted(set(tables))
    )
    filled = set(store.arrow(" union all ".join(asked))["name"].to_pylist())
    kept = [part for part, table in zip(parts, tables, strict=True) if table in filled]
    return "union all".join(kept or parts[:1])


def _told(*values: Any) -> Told:  # noqa: ANN401  # one of each column
    """A row, without the names of its columns: there are hundreds for each device."""
    return Told(**dict(zip(Told.__dataclass_fields__, values, strict=True)))
