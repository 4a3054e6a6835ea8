"""Facts -> things behind a hub, which have no address of their own on this network.

They are known by what a hub publishes for them over MQTT, by devices inside its UPnP description, and by
what is asked of it over HTTP. Left out is what would invent things: parts and functions of one device
(media renderers, network interfaces), groups, what clients command rather than what a hub tells, and
what is told encrypted. Matter, HomeKit and DTLS hide what is behind them.
"""

import re
from collections import defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from thingwarden.model import Accessory, DeviceId
from thingwarden.store import Store

MOST_THINGS = 64
MOST_VALUES = 1_024
"""Different topics, paths or descriptions that are looked at, of one device."""

MOST_CHARACTERS = 80
QUOTED = 60

TOLD = f"""
    with told as (
        select mqtt.src_device as device_id, 'topic' as source, topic as value,
            null::varchar as kind, mqtt.capture, mqtt.frame, mqtt.time_us
        from mqtt
        join facts.flows as began using (flow_id)
        where mqtt.kind = 'publish' and topic is not null
            and mqtt.src_port = began.src_port and mqtt.src_ip = began.src_ip
        union all
        select src_device, 'upnp', coalesce(nullif(friendly_name, ''), model_name), device_type,
            capture, frame, time_us
        from upnp
        where embedded
        union all
        select dst_device, 'path', path, null, capture, frame, time_us
        from http
        where path like '/api/%'
    )
    select device_id, source, value, any_value(kind) as kind,
        arg_min(capture, time_us)::bigint as capture, arg_min(frame, time_us)::bigint as frame,
        min(time_us)::bigint as time_us
    from told
    where device_id is not null and value <> ''
    group by device_id, source, value
    qualify row_number() over (partition by device_id order by min(time_us), source, value)
        <= {MOST_VALUES}
    order by device_id, min(time_us), source, value
"""
"""Publications count where the sender began the connection: a broker only passes on."""

ZIGBEE = re.compile(r"zigbee2mqtt/(?!bridge(?:/|$))(.+?)(?:/availability)?")
COMMANDS = re.compile(r"/(?:set|get)(?:/|$)")
DISCOVERY = re.compile(r"homeassistant/([a-z_]+)/([^/]+)/[^/]+/config")
BLUETOOTH = re.compile(r"[^/]+/[^/]+/BTtoMQTT/([0-9A-F]{12})")
MANY = re.compile(r"(?:shellies|tele|stat|zwave)/([^/]+)/.+")
HUE = re.compile(r"/api/[^/]+(/(light|sensor)s/(\d{1,4}))(?:/.*)?")
"""What stands behind /api/ lets whoever knows it in: it is not repeated."""

UPNP_TYPE = re.compile(r"urn:[^:]+:device:([A-Za-z0-9_-]+):\d+")

PARTS = ("WAN", "LAN", "WFA", "InternetGateway", "MediaRenderer", "MediaServer", "ZonePlayer")
"""Beginnings of UPnP device types that are parts or functions of what has them."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Told:
    """A value that may name a thing behind a device, and where it was first."""

    device_id: DeviceId
    source: str
    value: str
    kind: str | None
    capture: int
    frame: int
    time_us: int


@dataclass(frozen=True, slots=True)
class Thing:
    """What a value names; `lone`: only if the device tells of others in the same way."""

    name: str
    kind: str
    says: str
    told: Told
    lone: str = ""


def list_accessories(store: Store) -> dict[DeviceId, tuple[Accessory, ...]]:
    """The things behind each device, the first told first; needs what `find_devices` makes."""
    told: dict[DeviceId, list[Told]] = defaultdict(list)
    for row in store.read(Told, TOLD):
        told[row.device_id].append(row)
    found = {device: tuple(_things(rows)) for device, rows in told.items()}
    return {device: things[:MOST_THINGS] for device, things in found.items() if things}


def _things(rows: Iterable[Told]) -> Iterator[Accessory]:
    """Each thing once; one that is alone in its way may be the device itself."""
    named: dict[tuple[str, str], Thing] = {}
    for row in rows:
        thing = _thing(row)
        if thing:
            named.setdefault((thing.lone, thing.name), thing)
    ways = [way for way, _ in named]
    for (way, _), thing in named.items():
        if way and (ways.count(way) < 2 or (way == DISCOVERY.pattern and "" in ways)):
            continue
        yield Accessory(
            name=thing.name[:MOST_CHARACTERS],
            kind=thing.kind,
            says=thing.says,
            capture=thing.told.capture,
            frame=thing.told.frame,
            time_us=thing.told.time_us,
        )


def _thing(told: Told) -> Thing | None:
    if told.source == "topic":
        return _of_topic(told)
    if told.source == "path":
        found = HUE.fullmatch(told.value)
        return found and Thing(
            f"{found[2]} {found[3]}", found[2], f"is asked for “{found[1]}”", told
        )
    return _of_description(told)


def _of_topic(told: Told) -> Thing | None:
    if COMMANDS.search(told.value):
        return None
    publishes = f"publishes for it as “{told.value[:QUOTED]}”"
    if found := ZIGBEE.fullmatch(told.value):
        return Thing(found[1], "", publishes, told)
    if found := BLUETOOTH.fullmatch(told.value):
        return Thing(found[1], "", publishes, told)
    if found := DISCOVERY.fullmatch(told.value):
        return Thing(found[2], "", publishes, told, lone=DISCOVERY.pattern)
    if found := MANY.fullmatch(told.value):
        return Thing(found[1], "", publishes, told, lone=told.value.split("/", 1)[0])
    return None


def _of_description(told: Told) -> Thing | None:
    found = UPNP_TYPE.fullmatch(told.kind or "")
    if found and found[1].startswith(PARTS):
        return None
    kind = found[1] if found and found[1] != "Basic" else ""
    return Thing(told.value, kind, f"describes it as “{told.value[:QUOTED]}”", told)
