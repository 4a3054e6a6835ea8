"""SSDP messages -> announcements and searches (UPnP Device Architecture 2.0, section 1)."""

from collections.abc import Callable, Sequence

from thingwarden.protocols.reader import MessageReader, Row
from thingwarden.protocols.text import bare_url, optional, split_head
from thingwarden.tables import TEXT, column, message_table

KINDS = {
    b"NOTIFY": "notify",
    b"M-SEARCH": "search",
    b"HTTP/1.1": "response",
    b"HTTP/1.0": "response",
}

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


def read_message(data: bytes) -> Sequence[Row]:
    """One row from one datagram; raises `ValueError` if it is not SSDP.

    The last line counts without line end: many devices send none.
    """
    line, fields, _ = split_head(data + b"\r\n")
    kind = KINDS.get(line.partition(b" ")[0])
    if kind is None or b"HTTP/" not in line:
        raise ValueError("no SSDP start line")
    location = fields.get(b"location")
    return (
        (
            kind,
            optional(fields, b"nt" if kind == "notify" else b"st"),
            optional(fields, b"nts"),
            optional(fields, b"usn"),
            (bare_url(location) or None) if location else None,
            optional(fields, b"server"),
            optional(fields, b"user-agent"),
        ),
    )


def _start() -> Callable[[bytes], Sequence[Row]]:
    return read_message


READER = MessageReader(name="ssdp", table=SSDP, start=_start)
