"""ARP packets -> who says which address belongs to which hardware (RFC 826)."""

import pyarrow as pa

from thingwarden.protocols.addresses import ipv4_texts, mac_texts
from thingwarden.protocols.heads import read_heads, shorts, words
from thingwarden.protocols.reader import ColumnReader, Payloads, Readings, Records
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

PACKET_BYTES = 28  # RFC 826 with addresses of 6 and 4 bytes
_IPV4_AND_MAC = 0x0800_06_04  # protocol type, then the lengths of both addresses


def read_arp(payloads: Payloads) -> Readings:
    """One row per packet about IPv4 and 6-byte hardware addresses; others are unread."""
    heads = read_heads(payloads, PACKET_BYTES)
    plain = words(heads.rows, 2) == _IPV4_AND_MAC
    rows = heads.rows[plain]
    records = Records(
        table=ARP,
        source=heads.source[plain],
        columns=(
            pa.array(shorts(rows, 6)),
            mac_texts(rows[:, 8:14]),
            ipv4_texts(words(rows, 14)),
            mac_texts(rows[:, 18:24]),
            ipv4_texts(words(rows, 24)),
        ),
    )
    unread = (
        *[(int(index), "shorter than an ARP packet") for index in heads.short],
        *[(int(index), "not about IPv4 and MAC addresses") for index in heads.source[~plain]],
    )
    return Readings(records=(records,), unread=unread)


READER = ColumnReader(name="arp", tables=(ARP,), read=read_arp)
