from thingwarden.protocols import mqtt_kernel, mqtt_packet
from thingwarden.protocols.mqtt import MQTT

from tests.messages import mqtt_connect, mqtt_publish, mqtt_text
from tests.protocols.batches import payloads
from tests.protocols.kernels import table_rows


def read(messages):
    made = mqtt_packet.read_packets(payloads(messages), MQTT)
    return table_rows(made.records[0]), made.unread


def test_little_room_gives_the_same_rows(monkeypatch):
    packets = [mqtt_publish(f"home/room{n}/temperature" * 9) for n in range(90)]
    messages = [
        mqtt_connect(f"client{at}")
        + b"".join(packets[at : at + 7])
        + mqtt_connect("again", level=5)
        + b"\x30\7"
        + mqtt_text("a")
        + b"\0xyz"
        for at in range(0, len(packets), 7)
    ]
    much = read([*messages, b"\0\0", *messages])

    monkeypatch.setattr(mqtt_packet, "MAX_ROWS", 2)
    monkeypatch.setattr(mqtt_packet, "MAX_TEXT_BYTES", 10)

    assert read([*messages, b"\0\0", *messages]) == much
    assert len(much[0]) > 50


def test_each_reason_of_the_kernel_has_its_text():
    assert mqtt_packet.REASONS[mqtt_kernel.NO_TOPIC] == "no topic"
    assert mqtt_packet.REASONS[mqtt_kernel.CUT] == "packet cut"
    assert len(mqtt_packet.REASONS) == mqtt_kernel.NO_TOPIC + 1
    assert len(mqtt_packet.KINDS) == 16
