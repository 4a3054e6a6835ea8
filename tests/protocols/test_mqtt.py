import struct

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from thingwarden.protocols import mqtt

from tests.messages import mqtt_accepted, mqtt_connect, mqtt_packet, mqtt_publish, mqtt_text
from tests.protocols.batches import payloads
from tests.protocols.kernels import table_rows

WILL_TEXTS = ("lamp-1", "home/lamp/gone", "offline", "alice", "hunter2")
WILL_CONNECT = mqtt_packet(
    0x10, mqtt_text("MQTT") + bytes((4, 0xEE, 0, 30)) + b"".join(map(mqtt_text, WILL_TEXTS))
)
SECRETS = ("alice", "hunter2", "offline")


def read(*messages, level=0):
    """Rows without what is null, and what could not be read."""
    readings = mqtt.READER.read(payloads(messages, hint=level))
    (records,) = readings.records
    rows = [
        {name: value for name, value in row.items() if value is not None}
        for row in table_rows(records)
    ]
    return rows, readings.unread


def read_one(message, level=0):
    (row,), unread = read(message, level=level)
    assert row.pop("source") == 0
    assert unread == ()
    return row


def test_a_connect_tells_who_but_no_secret():
    row = read_one(WILL_CONNECT)

    assert row == {
        "kind": "connect",
        "level": 4,
        "client_id": "lamp-1",
        "has_user_name": True,
        "has_password": True,
        "clean": True,
        "keep_alive_seconds": 30,
        "will_topic": "home/lamp/gone",
        "default_login": False,
    }
    assert not any(secret in str(row) for secret in SECRETS)


def with_will(level, user, password):
    properties = b"\x05\x11\0\0\0\x0a" if level == 5 else b""
    will = (b"\0" if level == 5 else b"") + mqtt_text("gone") + mqtt_text("s3cret")
    head = mqtt_text("MQTT") + bytes((level, 0xC6, 0, 60)) + properties
    login = mqtt_text(user) + mqtt_text(password)
    return mqtt_packet(0x10, head + mqtt_text("hub") + will + login)


@pytest.mark.parametrize("level", [4, 5])
def test_a_login_that_makers_ship_is_told_wherever_it_lies(level):
    before = mqtt_publish("a/b") if level == 4 else b""
    messages = [
        before + mqtt_connect("hub", user="admin", password="12345", level=level),
        before + with_will(level, "admin", "12345"),
        before + with_will(level, "admin", "s3cret"),
        before + with_will(level, "admin", "12345")[:-1],
        before + mqtt_connect("hub", user="admin", level=level),
    ]

    rows, _ = read(*messages, level=level)

    told = [row.get("default_login") for row in rows if row["kind"] == "connect"]
    assert told == [True, True, False, None, None]
    assert "12345" not in str(rows)
    assert "s3cret" not in str(rows)


def test_a_connect_of_mqtt_5_has_properties_before_its_texts():
    will = b"\x05\x02\0\0\0\x0a" + mqtt_text("gone") + mqtt_text("payload")
    body = mqtt_text("MQTT") + bytes((5, 0x06, 0, 60)) + b"\x05\x11\0\0\0\x0a" + mqtt_text("hub")

    row = read_one(mqtt_packet(0x10, body + will))

    assert (row["level"], row["client_id"], row["will_topic"]) == (5, "hub", "gone")
    assert (row["has_user_name"], row["has_password"]) == (False, False)


def test_mqtt_3_1_has_another_name():
    body = mqtt_text("MQIsdp") + bytes((3, 0, 0, 10)) + mqtt_text("old")

    assert read_one(mqtt_packet(0x10, body))["level"] == 3


def test_a_bridge_is_a_client():
    body = mqtt_text("MQTT") + bytes((0x84, 2, 0, 10)) + mqtt_text("bridge")

    assert read_one(mqtt_packet(0x10, body))["level"] == 4


@pytest.mark.parametrize(
    ("message", "level", "row"),
    [
        (mqtt_accepted(5), 4, {"kind": "connack", "code": 5}),
        (mqtt_packet(0x20, b"\1\x87\0"), 5, {"kind": "connack", "code": 0x87}),
        (mqtt_packet(0xE0, b""), 4, {"kind": "disconnect"}),
        (mqtt_packet(0xE0, b""), 5, {"kind": "disconnect", "code": 0}),
        (mqtt_packet(0xE0, b"\x8e\0"), 5, {"kind": "disconnect", "code": 0x8E}),
        (mqtt_packet(0xF0, b"\x18\0"), 5, {"kind": "auth", "code": 0x18}),
    ],
)
def test_answers_and_ends_have_a_code(message, level, row):
    assert read_one(message, level) == row


@pytest.mark.parametrize(
    ("first", "body", "level", "expected"),
    [
        (0x30, mqtt_text("a/b") + b"12345", 4, ("a/b", 0, False, 5)),
        (0x33, mqtt_text("a/b") + b"\0\1" + b"12345", 4, ("a/b", 1, True, 5)),
        (0x3C, mqtt_text("a/b") + b"\0\1", 0, ("a/b", 2, False, 0)),
        (0x32, mqtt_text("a/b") + b"\0\1" + b"\2\1\1" + b"xyz", 5, ("a/b", 1, False, 3)),
        (0x30, mqtt_text("") + b"\3\x23\0\1" + b"xyz", 5, (None, 0, False, 3)),
    ],
)
def test_a_publish_tells_its_topic_and_size(first, body, level, expected):
    row = read_one(mqtt_packet(first, body), level)

    assert row["kind"] == "publish"
    assert tuple(map(row.get, ("topic", "qos", "retain", "payload_bytes"))) == expected


FILTERS = mqtt_text("home/+/state") + b"\1" + mqtt_text("#") + b"\0"


@pytest.mark.parametrize("level", [0, 3, 4])
def test_a_subscribe_tells_its_first_filter(level):
    assert read_one(mqtt_packet(0x82, b"\0\1" + FILTERS), level) == {
        "kind": "subscribe",
        "topic": "home/+/state",
        "topics": 2,
        "qos": 1,
    }


@pytest.mark.parametrize("level", [0, 5])
@pytest.mark.parametrize("properties", [b"\0", b"\2\x0b\1"])
def test_a_subscribe_of_mqtt_5_is_told_by_its_layout(level, properties):
    row = read_one(mqtt_packet(0x82, b"\0\1" + properties + FILTERS), level)

    assert (row["topic"], row["topics"], row["qos"]) == ("home/+/state", 2, 1)


@pytest.mark.parametrize("level", [0, 4, 5])
def test_an_unsubscribe_has_no_quality(level):
    body = b"\0\1" + (b"\0" if level == 5 else b"") + mqtt_text("a") + mqtt_text("b")

    assert read_one(mqtt_packet(0xA2, body), level) == {
        "kind": "unsubscribe",
        "topic": "a",
        "topics": 2,
    }


def test_packets_without_meaning_give_no_row_and_those_behind_are_read():
    quiet = b"\xc0\0" + b"\xd0\0" + b"\x40\2\0\1" + b"\x62\2\0\1" + b"\x90\3\0\1\0"

    rows, unread = read(quiet + mqtt_publish("a") + quiet + mqtt_publish("b"), b"", quiet)

    assert [(row["source"], row["topic"]) for row in rows] == [(0, "a"), (0, "b")]
    assert unread == ()


def test_the_level_of_a_connect_holds_for_its_payload_only():
    publish = mqtt_packet(0x30, mqtt_text("a") + b"\0" + b"xyz")

    rows, _ = read(mqtt_connect("hub", level=5) + publish, publish)

    assert [row.get("payload_bytes") for row in rows] == [None, 3, 4]


def test_a_publish_that_goes_on_in_the_next_segment_is_whole():
    whole = mqtt_publish("camera/picture", bytes(5000))

    (row,), unread = read(whole[:100])

    assert (row["topic"], row["payload_bytes"], unread) == ("camera/picture", 5000, ())


@pytest.mark.parametrize(
    ("message", "level", "reason"),
    [
        (b"\x30\xff\xff\xff\xff\x01", 4, "length of more than 4 bytes"),
        (b"\0\0", 4, "reserved packet type"),
        (b"\xf0\0", 4, "reserved packet type"),
        (b"\x16\x03\x01\x02", 0, "reserved flags"),
        (mqtt_packet(0x80, b"\0\1" + FILTERS), 4, "reserved flags"),
        (mqtt_packet(0x10, mqtt_text("HTTP") + bytes(10)), 0, "not MQTT 3.1, 3.1.1 or 5"),
        (mqtt_packet(0x10, mqtt_text("MQTT") + b"\x09\0\0\0"), 0, "not MQTT 3.1, 3.1.1 or 5"),
        (mqtt_packet(0x10, b"\0\x40MQTT"), 0, "string past its packet"),
        (mqtt_packet(0x20, b"\0"), 4, "string past its packet"),
        (mqtt_packet(0x30, b"\0\x09abc"), 4, "string past its packet"),
        (mqtt_packet(0x36, mqtt_text("a") + b"\0\1"), 4, "quality of service 3"),
        (mqtt_packet(0x30, mqtt_text("")), 4, "no topic"),
        (mqtt_packet(0x82, b"\0\1"), 4, "no topic"),
        (mqtt_packet(0x82, b"\0\1" + mqtt_text("a") + b"\3"), 4, "quality of service 3"),
    ],
)
def test_what_is_no_mqtt_is_refused(message, level, reason):
    rows, unread = read(message + mqtt_publish("behind"), level=level)

    assert rows == []
    assert unread == ((0, reason),)


def test_a_string_past_a_connect_leaves_what_came_before():
    body = mqtt_text("MQTT") + bytes((4, 2, 0, 30)) + b"\0\x40short"

    (row,), unread = read(mqtt_packet(0x10, body))

    assert (row["level"], "client_id" in row) == (4, False)
    assert unread == ((0, "string past its packet"),)


def test_texts_are_cleaned_and_cut():
    name = "lam\npe-\u202e" + "é" * 200

    row = read_one(mqtt_connect(name))

    assert row["client_id"] == "lam?pe-???" + "é" * 122


@pytest.mark.parametrize(
    "message",
    [
        WILL_CONNECT,
        mqtt_connect("hub", user="u", password="p", level=5),
        mqtt_packet(0x82, b"\0\1" + FILTERS),
        mqtt_publish("a/b/c"),
        mqtt_packet(0x20, b"\0\0"),
    ],
)
@pytest.mark.parametrize("level", [0, 4, 5])
def test_every_truncation_gives_what_is_whole(message, level):
    for size in range(1, len(message)):
        rows, unread = read(message[:size], level=level)

        assert len(rows) <= 1
        assert not any(secret in str(rows) for secret in SECRETS)
        assert {reason for _, reason in unread} <= {
            "packet cut",
            "string past its packet",
        }


@settings(max_examples=200, deadline=None)
@given(st.lists(st.binary(max_size=60), max_size=4), st.sampled_from([0, 3, 4, 5]))
def test_any_bytes_give_rows_or_a_reason(messages, level):
    read(*messages, level=level)


@settings(max_examples=200, deadline=None)
@given(
    st.lists(st.tuples(st.integers(0, 255), st.binary(max_size=30)), max_size=4),
    st.sampled_from([0, 3, 4, 5]),
)
def test_any_packets_give_rows_or_a_reason(packets, level):
    read(b"".join(mqtt_packet(first, body) for first, body in packets), level=level)


def test_a_length_may_take_four_bytes():
    head = b"\x30" + struct.pack("4B", 0xFF, 0xFF, 0xFF, 0x7F)

    (row,), unread = read(head + mqtt_text("big"))

    assert (row["payload_bytes"], unread) == (268_435_455 - 5, ())
