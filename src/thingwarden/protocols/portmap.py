"""Requests to open a port to the Internet -> mappings (UPnP IGD, NAT-PMP RFC 6886, PCP RFC 6887)."""

from thingwarden.tables import SMALL, TEXT, WHOLE, column, message_table

PORTMAP = message_table(
    "portmap",
    "one row per request to map a port, and per answer that grants or refuses one",
    (
        column("method", TEXT, "upnp, nat-pmp or pcp"),
        column("kind", TEXT, "add, delete, granted or refused"),
        column("transport", TEXT, "tcp or udp"),
        column("internal_ip", TEXT, "address inside; null where it is the sender"),
        column("internal_port", SMALL, "port inside"),
        column("external_port", SMALL, "port outside asked for or given"),
        column("lease_seconds", WHOLE, "for how long; 0 in UPnP is for ever"),
        column("description", TEXT, "what the requester calls it"),
    ),
)
