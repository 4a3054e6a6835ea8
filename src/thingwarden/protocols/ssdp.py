"""SSDP messages -> announcements and searches (UPnP Device Architecture 2.0, section 1)."""

from thingwarden.tables import TEXT, column, message_table

SSDP = message_table(
    "ssdp",
    "one row per SSDP message",
    (
        column("kind", TEXT, "notify, search or response"),
        column("target", TEXT, "NT or ST: what is announced or searched"),
        column("event", TEXT, "NTS, such as ssdp:alive"),
        column("usn", TEXT, "unique service name"),
        column("location", TEXT, "address of the description, without query"),
        column("server", TEXT, "SERVER header"),
        column("user_agent", TEXT, "USER-AGENT header"),
    ),
)
