"""Facts -> evidence of what each device is: values by channel, with the frame that first had them."""

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from operator import attrgetter
from typing import NamedTuple

from thingwarden.inventory.traces import DHCP_CLIENTS
from thingwarden.model import DeviceId
from thingwarden.store import Store

MOST_VALUES = 16
"""Different values taken from one channel of a device, the most frequent: more tell nothing more."""

OWN_TOPICS = 3
"""Levels of an MQTT topic that are looked at."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Source:
    """One thing that rows of a table tell of the device at one end."""

    table: str
    channel: str
    value: str
    where: str = "true"
    answered: bool = False
    """The device is who answered, and the place is that of the answer."""

    @property
    def query(self) -> str:
        """Device, value and place of every row that tells it."""
        who, place = ("dst_device", "answer_frame, answer_us") if self.answered else ASKING
        if self.table == "dhcp":
            return ASKED.format(value=self.value)
        return f"select {who}, {self.value}, capture, {place} from {self.table} where {self.where}"


ASKING = ("src_device", "frame, time_us")

ASKED = f"""
    select device_id, {{value}}, capture, frame, time_us
    from facts.dhcp
    join macs on macs.mac = client_mac
    where kind in {DHCP_CLIENTS}
"""
"""Clients have no address yet: their hardware address tells who they are."""

NOT_PART = "not coalesce(embedded, false)"

MODEL = """
    concat_ws('|', coalesce(manufacturer, ''), coalesce(model_name, ''), coalesce(model_number, ''))
"""

SERVICE = "regexp_replace({column}, '\\.local$', '')"

INSTANCE = "regexp_replace(name, '\\._[a-z0-9-]+\\._(tcp|udp)\\.local$', '')"

TOPIC = f"array_to_string(string_split(topic, '/')[:{OWN_TOPICS}], '/')"

TO_BROKER = "kind = 'publish' and src_port <> 1883 and src_port <> 8883"

SOURCES = (
    Source(table="dhcp", channel="dhcp-options", value="parameters"),
    Source(table="dhcp", channel="dhcp-vendor", value="vendor_class"),
    Source(table="dhcp", channel="host-name", value="hostname"),
    Source(table="dhcpv6", channel="dhcp-options", value="'v6 ' || requested_options"),
    Source(table="dhcpv6", channel="dhcp-vendor", value="vendor_class"),
    Source(table="dhcpv6", channel="host-name", value="hostname"),
    Source(
        table="dns", channel="domain", value="name", where="not response and type in (1, 28, 65)"
    ),
    Source(table="tls", channel="domain", value="sni"),
    Source(table="quic", channel="domain", value="sni"),
    Source(table="http", channel="domain", value="host", where="dst_place = 'internet'"),
    Source(table="tls", channel="tls-client", value="ja4"),
    Source(table="quic", channel="tls-client", value="ja4"),
    Source(
        table="tls",
        channel="certificate",
        value="unnest([subject, issuer])",
        where="issuer is not null",
        answered=True,
    ),
    Source(table="http", channel="user-agent", value="user_agent"),
    Source(table="ssdp", channel="user-agent", value="user_agent"),
    Source(table="rtsp", channel="user-agent", value="user_agent"),
    Source(table="http", channel="server", value="server", answered=True),
    Source(table="rtsp", channel="server", value="server", answered=True),
    Source(table="ssdp", channel="server", value="server"),
    Source(table="http", channel="page", value="unnest([title, realm])", answered=True),
    Source(table="ssh", channel="banner", value="server_banner", answered=True),
    Source(table="telnet", channel="banner", value="banner", answered=True),
    Source(table="ftp", channel="banner", value="banner", answered=True),
    Source(table="ssh", channel="banner", value="client_banner"),
    Source(
        table="ssdp", channel="upnp-type", value="target", where="kind in ('notify', 'response')"
    ),
    Source(table="ssdp", channel="upnp-search", value="target", where="kind = 'search'"),
    Source(table="upnp", channel="upnp-maker", value="manufacturer", where=NOT_PART),
    Source(
        table="upnp",
        channel="upnp-model",
        value=MODEL,
        where=f"{NOT_PART} and model_name is not null",
    ),
    Source(
        table="mdns_answers",
        channel="mdns-service",
        value=SERVICE.format(column="name"),
        where="type = 12 and starts_with(name, '_') and not starts_with(name, '_services.')",
    ),
    Source(
        table="mdns_answers",
        channel="mdns-service",
        value=SERVICE.format(column="value"),
        where="type = 12 and starts_with(name, '_services.') and starts_with(value, '_')",
    ),
    Source(table="mdns_answers", channel="mdns-name", value=INSTANCE, where="type = 33"),
    Source(
        table="mdns_answers",
        channel="mdns-name",
        value=SERVICE.format(column="name"),
        where="type in (1, 28)",
    ),
    Source(
        table="mdns",
        channel="mdns-search",
        value=SERVICE.format(column="name"),
        where="not response and type in (12, 255) and starts_with(name, '_')",
    ),
    Source(
        table="mdns_answers",
        channel="mdns-text",
        value="unnest(string_split(value, ';'))",
        where="type = 16 and not starts_with(name, '_')",
    ),
    Source(table="mqtt", channel="mqtt-client", value="client_id", where="kind = 'connect'"),
    Source(table="mqtt", channel="mqtt-topic", value=TOPIC, where=TO_BROKER),
    Source(table="stacks", channel="stack", value="signature"),
)

PORTS = """
    select device_id, 'remote-port' as channel, protocol || ' ' || port as raw,
        sum(flows)::bigint as times, min((capture, frame, time_us)) as first
    from talks
    where side = 'client' and peer_place in ('internet', 'gateway', 'group', 'local')
        and protocol in ('tcp', 'udp') and port < 49152
    group by device_id, protocol, port
    union all
    select device_id, 'open-port', protocol || ' ' || port, sum(opened)::bigint,
        min((capture, frame, time_us))
    from talks
    where side = 'server' and opened > 0 and port < 49152
        and (protocol = 'tcp' or protocol = 'udp' and port < 10000)
    group by device_id, protocol, port
"""
"""Private ports (RFC 6335 section 6) are left out: they are chosen anew each time."""

COUNTED = """
    select device_id, '{channel}' as channel, raw, count(*) as times,
        min((capture, frame, time_us)) as first
    from ({query}) as told (device_id, raw, capture, frame, time_us)
    where device_id is not null and raw <> ''
    group by device_id, raw
"""

MOST = """
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
        for told in map(
            Told._make, store.rows(MOST.format(counted=counted), {"most": MOST_VALUES})
        ):
            values = merged[told.device_id, told.channel]
            known = values.get(told.raw)
            values[told.raw] = _merge(known, told) if known else told
    return [told for group in sorted(merged) for told in _most_told(merged[group])]


def _count(source: Source) -> str:
    return COUNTED.format(channel=source.channel, query=source.query)


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


def _filled_sources(store: Store) -> list[Source]:
    """The sources that have rows: to plan the joins of the others takes longer than all the rest."""
    filled = {name for name, rows in store.count(store.tables).items() if rows}
    return [source for source in SOURCES if source.table in filled]
