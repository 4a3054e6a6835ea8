"""Telnet sessions -> whether somebody logged in, never with what (RFC 854)."""

from thingwarden.tables import FLAG, SMALL, TEXT, column, exchange_table

TELNET = exchange_table(
    "telnet",
    "one row per Telnet connection in which the server spoke",
    (
        column("client_sent_text", FLAG, "the client sent more than option negotiation"),
        column(
            "banner",
            TEXT,
            "what the server said before it asked for a login, at most 200 "
            "characters",
        ),
        column("asked_login", FLAG, "the server asked for a user name"),
        column("asked_password", FLAG, "the server asked for a password"),
        column("outcome", TEXT, "accepted, refused or unknown; null if no login was asked for"),
        column("attempts", SMALL, "how often a password was asked for"),
    ),
)
