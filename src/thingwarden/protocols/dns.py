"""DNS messages -> questions and answers (RFC 1035)."""

from thingwarden.protocols.reader import ColumnReader, Payloads, Readings
from thingwarden.tables import FLAG, SMALL, TEXT, WHOLE, column, message_table

MESSAGE_FIELDS = (
    column("id", SMALL, "message number"),
    column("response", FLAG, "true for an answer"),
    column("opcode", SMALL, "operation, 0 is a query"),
    column("rcode", SMALL, "result, 0 is success, 3 no such name; also in queries"),
    column("flags", SMALL, "the 16 header flag bits as sent"),
    column("name", TEXT, "name asked for, lower case, no final dot; null without a question"),
    column("type", SMALL, "type asked for, 1 A, 28 AAAA; null without a question"),
    column("class", SMALL, "class asked for, with the top bit of mDNS; null without a question"),
    column("question", SMALL, "which question of the message this is, 0 the first"),
    column("questions", SMALL, "questions stated in the header"),
    column("answers", SMALL, "answer records stated in the header"),
    column("transport", TEXT, "udp or tcp"),
)
RECORD_FIELDS = (
    column("section", TEXT, "answer, authority or additional"),
    column("name", TEXT, "owner name, lower case, no final dot"),
    column("type", SMALL, "record type, 1 A, 5 CNAME, 12 PTR, 16 TXT, 28 AAAA, 33 SRV"),
    column("class", SMALL, "record class, with the cache-flush bit of mDNS"),
    column("ttl_seconds", WHOLE, "time to live"),
    column(
        "value",
        TEXT,
        "address or name as text; TXT strings joined by ';'; SRV as 'port target', MX as"
        " 'preference target', SVCB and HTTPS as 'priority target'; SOA: its server; else null",
    ),
)

DNS = message_table(
    "dns", "one row per question of a DNS message, one for a message without", MESSAGE_FIELDS
)
DNS_ANSWERS = message_table(
    "dns_answers", "one row per record in a DNS message, OPT left out", RECORD_FIELDS
)


def read_dns(payloads: Payloads) -> Readings:
    """Rows of DNS and DNS_ANSWERS; all names are ASCII."""
    from thingwarden.protocols.dns_message import read_messages  # noqa: PLC0415  # brings Numba

    return read_messages(payloads, (DNS, DNS_ANSWERS))


READER = ColumnReader(name="dns", tables=(DNS, DNS_ANSWERS), read=read_dns)
