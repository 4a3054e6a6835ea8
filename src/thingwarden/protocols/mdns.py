"""Multicast DNS messages -> questions and answers (RFC 6762)."""

from thingwarden.protocols.dns import MESSAGE_FIELDS, RECORD_FIELDS
from thingwarden.protocols.reader import ColumnReader, Payloads, Readings
from thingwarden.tables import message_table

MDNS = message_table(
    "mdns",
    "one row per question of a Multicast DNS message, one for a message without",
    MESSAGE_FIELDS,
)
MDNS_ANSWERS = message_table(
    "mdns_answers", "one row per record in a Multicast DNS message, OPT left out", RECORD_FIELDS
)


def read_mdns(payloads: Payloads) -> Readings:
    """Rows of MDNS and MDNS_ANSWERS; names keep visible characters beyond ASCII."""
    from thingwarden.protocols.dns_message import read_messages  # noqa: PLC0415  # brings Numba

    return read_messages(payloads, (MDNS, MDNS_ANSWERS), keep_utf8=True)


READER = ColumnReader(name="mdns", tables=(MDNS, MDNS_ANSWERS), read=read_mdns)
