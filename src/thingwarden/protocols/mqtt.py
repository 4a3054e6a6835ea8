"""MQTT 3.1, 3.1.1 and 5 messages -> who connects, which topics (OASIS MQTT)."""

from thingwarden.protocols.reader import ColumnReader, Payloads, Readings
from thingwarden.tables import FLAG, SMALL, TEXT, WHOLE, column, message_table

MQTT = message_table(
    "mqtt",
    "one row per message that connects, names a topic or ends",
    (
        column(
            "kind",
            TEXT,
            "connect, connack, publish, subscribe, unsubscribe, disconnect or auth",
        ),
        column("level", SMALL, "protocol level of connect: 3 is 3.1, 4 is 3.1.1, 5 is 5"),
        column("client_id", TEXT, "client identifier of connect"),
        column("has_user_name", FLAG, "connect carried a user name (not kept)"),
        column("has_password", FLAG, "connect carried a password (not kept)"),
        column("clean", FLAG, "clean session or clean start of connect"),
        column("keep_alive_seconds", SMALL, "keep alive of connect"),
        column("will_topic", TEXT, "topic of the will in connect"),
        column("code", SMALL, "return or reason code of connack, disconnect and auth"),
        column(
            "topic",
            TEXT,
            "topic or topic filter, the first of several; null where an alias stands for it",
        ),
        column("topics", SMALL, "how many filters a subscribe or unsubscribe has"),
        column("qos", SMALL, "quality of service of publish, or asked by the first filter"),
        column("retain", FLAG, "retain flag of publish"),
        column("payload_bytes", WHOLE, "length of what publish carries (not kept)"),
        column(
            "default_login",
            FLAG,
            "the user name and password of connect are a pair that makers ship, see "
            "data/default_logins.csv; null if no login could be read",
        ),
    ),
)


def read_mqtt(payloads: Payloads) -> Readings:
    """Rows of MQTT; user names, passwords and what is published are not kept."""
    from thingwarden.protocols.mqtt_packet import read_packets  # noqa: PLC0415  # brings Numba

    return read_packets(payloads, MQTT)


READER = ColumnReader(name="mqtt", tables=(MQTT,), read=read_mqtt)
