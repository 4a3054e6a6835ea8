"""SSH banners -> software on both ends (RFC 4253 section 4.2)."""

from thingwarden.tables import TEXT, column, exchange_table

SSH = exchange_table(
    "ssh",
    "one row per SSH connection",
    (
        column("client_banner", TEXT, "identification string of the client"),
        column("server_banner", TEXT, "identification string of the server"),
    ),
)
