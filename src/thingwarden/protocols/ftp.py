"""FTP control connections -> whether somebody logged in, never with what (RFC 959)."""

from thingwarden.tables import FLAG, TEXT, column, exchange_table

FTP = exchange_table(
    "ftp",
    "one row per FTP control connection",
    (
        column("sent_user", FLAG, "the client sent a user name (not kept)"),
        column("sent_password", FLAG, "the client sent a password in the clear (not kept)"),
        column("anonymous", FLAG, "the user name was anonymous or ftp"),
        column("asked_tls", FLAG, "the client asked for TLS (RFC 4217)"),
        column("banner", TEXT, "greeting of the server, at most 200 characters"),
        column("outcome", TEXT, "accepted, refused or unknown; null if nobody logged in"),
    ),
)
