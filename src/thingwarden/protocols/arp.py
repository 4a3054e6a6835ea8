"""ARP packets -> who says which address belongs to which hardware (RFC 826)."""

from thingwarden.tables import SMALL, TEXT, column, message_table

ARP = message_table(
    "arp",
    "one row per ARP packet",
    (
        column("operation", SMALL, "1 request, 2 reply, others as assigned"),
        column("sender_mac", TEXT, "hardware address that the sender states"),
        column(
            "sender_ip",
            TEXT,
            "IP address that the sender states; 0.0.0.0 in a probe (RFC 5227)",
        ),
        column("target_mac", TEXT, "hardware address stated for the target; zeros in a request"),
        column("target_ip", TEXT, "IP address asked for or answered to"),
    ),
)
