"""QUIC Initial packets -> version, server name and fingerprint (RFC 9000, RFC 9001, RFC 9369)."""

from thingwarden.tables import TEXT, column, message_table

QUIC = message_table(
    "quic",
    "one row per client hello in QUIC, or per packet of a version that cannot be opened",
    (
        column("version", TEXT, "1, 2, draft-29, Q050, or 0x and eight hex digits"),
        column("sni", TEXT, "server name asked for"),
        column("alpn", TEXT, "application protocols offered, joined by ','"),
        column("ja4", TEXT, "JA4 fingerprint"),
    ),
)
