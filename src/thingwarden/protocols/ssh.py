"""SSH banners -> software on both ends (RFC 4253 section 4.2)."""

import re

from thingwarden.protocols.reader import ExchangeReader, Row
from thingwarden.protocols.text import clean
from thingwarden.tables import TEXT, column, exchange_table

MAX_BANNER = 253  # RFC 4253 section 4.2: 255 with CR LF
MAX_BEFORE = 8 * 1024  # bytes of other lines that a server may send first

_BANNER = re.compile(rb"^(SSH-[12]\.[^\r\n]{1,253})\r{0,2}\n", re.M)

SSH = exchange_table(
    "ssh",
    "one row per SSH connection",
    (
        column("client_banner", TEXT, "identification string of the client"),
        column("server_banner", TEXT, "identification string of the server"),
    ),
)


def read_banner(data: bytes) -> Row:
    """Half a row from the first bytes of one side; raises `ValueError` without a whole banner."""
    found = _BANNER.search(data, 0, MAX_BEFORE)
    if not found:
        raise ValueError("no SSH banner")
    return (clean(found[1], MAX_BANNER),)


READER = ExchangeReader(
    name="ssh",
    table=SSH,
    read_client=read_banner,
    read_server=read_banner,
    client_width=1,
    server_width=1,
)
