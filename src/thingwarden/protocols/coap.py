"""CoAP messages -> requests and answers (RFC 7252)."""

from thingwarden.tables import SMALL, TEXT, WHOLE, column, message_table

COAP = message_table(
    "coap",
    "one row per CoAP message",
    (
        column("kind", TEXT, "confirmable, non-confirmable, acknowledgement or reset"),
        column(
            "code",
            TEXT,
            "GET, POST, ... or class.detail such as 2.05; empty for an empty "
            "message",
        ),
        column("message_id", SMALL, "message number"),
        column("host", TEXT, "Uri-Host option"),
        column("path", TEXT, "Uri-Path options joined by '/', without query"),
        column("observe", WHOLE, "Observe option (RFC 7641)"),
        column("payload_bytes", WHOLE, "length of the payload (not kept)"),
    ),
)
