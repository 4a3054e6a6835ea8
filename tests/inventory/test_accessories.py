import pytest

from thingwarden.inventory.accessories import MOST_THINGS, list_accessories

from tests.inventory.rows import (
    CAMERA,
    CAMERA_ID,
    CAMERA_IP,
    PLUG,
    PLUG_IP,
    SITE,
    START_US,
    devices_of,
    flow,
    found,
    message,
)

HUB, BROKER = (CAMERA, CAMERA_IP), (PLUG, PLUG_IP)


def publish(topic, *, frame=1, src=HUB, dst=BROKER, port=40000, **more):
    ends = message(src, dst, frame=frame, time_us=START_US + frame, src_port=port, dst_port=1883)
    return {**ends, "flow_id": 1, "kind": "publish", "topic": topic, **more}


def behind(**rows):
    with found(flows=[flow(HUB, BROKER, dst_port=1883)], **rows) as store:
        assert devices_of(store) == ["d-001788000001", "d-001788000002"]
        return list_accessories(store)


def names(*topics):
    things = behind(mqtt=[publish(topic, frame=9 + n) for n, topic in enumerate(topics)])
    return [thing.name for thing in things.get(CAMERA_ID, ())]


def test_what_a_zigbee_hub_publishes_for_is_behind_it():
    things = behind(
        mqtt=[
            publish("zigbee2mqtt/bridge/state", frame=4),
            publish("zigbee2mqtt/kitchen/lamp", frame=5),
            publish("zigbee2mqtt/kitchen/lamp/availability", frame=6),
            publish("zigbee2mqtt/door", frame=7),
        ]
    )

    [lamp, door] = things[CAMERA_ID]
    assert (lamp.name, lamp.frame, lamp.time_us) == ("kitchen/lamp", 5, START_US + 5)
    assert lamp.says == "publishes for it as “zigbee2mqtt/kitchen/lamp”"
    assert door.name == "door"


def test_who_commands_a_thing_is_not_its_hub():
    assert names("zigbee2mqtt/lamp/set", "zigbee2mqtt/lamp/set/color", "zigbee2mqtt/lamp/get") == []


def test_a_broker_that_passes_on_is_not_the_hub():
    passed = publish("zigbee2mqtt/lamp", src=BROKER, dst=HUB, port=1883)

    assert behind(mqtt=[{**passed, "dst_port": 40000}]) == {}


def test_discovery_tells_of_things_where_it_tells_of_several():
    one = ["homeassistant/sensor/0x01/temperature/config", "homeassistant/light/0x01/light/config"]

    assert names(*one) == []
    assert names(*one, "homeassistant/light/0x02/light/config") == ["0x01", "0x02"]
    assert names(*one, "homeassistant/light/0x02/light/config", "zigbee2mqtt/lamp") == ["lamp"]


def test_a_plug_that_publishes_for_itself_has_nothing_behind_it():
    assert names("tele/plug_1/STATE", "tele/plug_1/SENSOR", "stat/plug_1/RESULT") == []
    assert names("tele/plug_1/STATE", "tele/plug_2/STATE") == ["plug_1", "plug_2"]


def test_what_is_heard_by_bluetooth():
    assert names("home/OpenMQTTGateway/BTtoMQTT/A4C138112233", "home/OpenMQTTGateway/LWT") == [
        "A4C138112233"
    ]


def test_lights_of_a_bridge_are_known_by_what_is_asked_of_it():
    ends = message(BROKER, HUB, frame=3, method="PUT")
    rows = [
        {**ends, "path": "/api/0a1b/lights/3/state"},
        {**ends, "path": "/api/0a1b/lights"},
        {**ends, "path": "/api/0a1b/groups/1"},
        {**ends, "path": "/api/0a1b/sensors/12"},
    ]

    things = behind(http=rows)[CAMERA_ID]

    assert not any("0a1b" in thing.says for thing in things)
    assert sorted((thing.name, thing.kind) for thing in things) == [
        ("light 3", "light"),
        ("sensor 12", "sensor"),
    ]


@pytest.mark.parametrize(
    ("kind", "seen"),
    [
        ("urn:schemas-upnp-org:device:DimmableLight:1", [("Lamp", "DimmableLight")]),
        ("urn:schemas-upnp-org:device:Basic:1", [("Lamp", "")]),
        ("urn:schemas-upnp-org:device:MediaRenderer:1", []),
        ("urn:schemas-upnp-org:device:WANConnectionDevice:1", []),
    ],
)
def test_devices_inside_a_description_unless_they_are_parts_of_it(kind, seen):
    row = {**message(HUB, BROKER), "friendly_name": "Lamp", "device_type": kind}
    rows = [{**row, "embedded": True}, {**row, "embedded": False, "friendly_name": "Hub"}]

    things = behind(upnp=rows).get(CAMERA_ID, ())

    assert [(thing.name, thing.kind) for thing in things] == seen


def test_hostile_names_are_bounded_and_there_is_an_end():
    long = "zigbee2mqtt/" + "x" * 100_000
    many = [publish(f"zigbee2mqtt/lamp {number}", frame=number) for number in range(2_000)]

    [thing] = behind(mqtt=[publish(long)])[CAMERA_ID]
    assert len(thing.name) == 80
    assert len(thing.says) < 100
    assert len(behind(mqtt=many)[CAMERA_ID]) == MOST_THINGS


def test_what_is_on_the_internet_is_behind_nothing_here():
    row = {
        **message(HUB, ("e8:df:70:00:00:01", SITE)),
        "path": "/api/0a1b/lights/3",
        "method": "GET",
    }

    assert behind(http=[row]) == {}
