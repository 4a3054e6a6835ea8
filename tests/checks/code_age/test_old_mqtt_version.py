"""MQTT 3.1."""

from thingwarden.model import Confidence, Severity

from tests import messages
from tests.checks.judged import SITE, judged
from tests.home import Home

CHECK = "old-mqtt-version"


def connect_3_1(client_id: str) -> bytes:
    """A CONNECT of MQTT 3.1: another name, level 3."""
    head = messages.mqtt_text("MQIsdp") + bytes((3, 2, 0, 60))
    return messages.mqtt_packet(0x10, head + messages.mqtt_text(client_id))


def test_mqtt_3_1_is_certain():
    home = Home()
    camera = home.device("camera")
    stream = camera.connects(SITE, 1883)
    frame = stream.asks(connect_3_1("camera"))
    stream.answers(messages.mqtt_accepted())

    result = judged(home)

    finding = result.finding(camera, CHECK)
    assert (finding.severity, finding.confidence) == (Severity.LOW, Confidence.CERTAIN)
    assert result.frames(camera, CHECK) == [frame]


def test_mqtt_3_1_1_is_silent():
    home = Home()
    camera = home.device("camera")
    camera.speaks_mqtt(SITE, topics=["a"])

    assert judged(home).is_silent(camera, CHECK)


def test_a_device_without_mqtt_is_not_judged():
    home = Home()
    camera = home.device("camera")
    camera.requests(SITE)

    assert not judged(home).was_judged(camera, CHECK)
