"""ICMP and ICMPv6 messages -> type, code and what an error is about (RFC 792, RFC 4443)."""

from thingwarden.tables import SMALL, TEXT, column, message_table

ICMP = message_table(
    "icmp",
    "one row per ICMP or ICMPv6 message that is no neighbour discovery",
    (
        column("version", SMALL, "4 or 6"),
        column("type", SMALL, "ICMP type"),
        column("code", SMALL, "ICMP code"),
        column(
            "about_protocol",
            SMALL,
            "IP protocol number of the packet an error quotes; null if none",
        ),
        column("about_src_ip", TEXT, "source address of the quoted packet"),
        column("about_dst_ip", TEXT, "destination address of the quoted packet"),
        column("about_src_port", SMALL, "source port of the quoted packet; null if none"),
        column("about_dst_port", SMALL, "destination port of the quoted packet; null if none"),
    ),
)
