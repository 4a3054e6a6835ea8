"""LLMNR messages -> questions and answers (RFC 4795)."""

from thingwarden.protocols.dns import MESSAGE_FIELDS, RECORD_FIELDS
from thingwarden.protocols.reader import ColumnReader, Payloads, Readings
from thingwarden.tables import message_table

LLMNR = message_table(
    "llmnr", "one row per question of an LLMNR message, one for a message without", MESSAGE_FIELDS
)
LLMNR_ANSWERS = message_table(
    "llmnr_answers", "one row per record in an LLMNR message, OPT left out", RECORD_FIELDS
)


def read_llmnr(payloads: Payloads) -> Readings:
    """Rows of LLMNR and LLMNR_ANSWERS; names keep visible characters beyond ASCII."""
    from thingwarden.protocols.dns_message import read_messages  # noqa: PLC0415  # brings Numba

    return read_messages(payloads, (LLMNR, LLMNR_ANSWERS), keep_utf8=True)


READER = ColumnReader(name="llmnr", tables=(LLMNR, LLMNR_ANSWERS), read=read_llmnr)
