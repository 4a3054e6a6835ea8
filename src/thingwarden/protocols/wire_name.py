"""Uncompressed DNS wire format, as DHCP options carry names -> text (RFC 1035 section 3.1)."""

from thingwarden.protocols.text import clean

MAX_NAME_BYTES = 255  # RFC 1035 section 2.3.4
MAX_LABEL_BYTES = 63


def wire_name(raw: bytes) -> str | None:
    """The labels of `raw` joined by dots; None if there are none.

    The name may lack its end (RFC 4704 section 4.2: then it is a host name without domain). Raises
    `ValueError` for one that is compressed, cut or too long.
    """
    labels = []
    at = 0
    while at < len(raw) and raw[at]:
        size = raw[at]
        if size > MAX_LABEL_BYTES or at + 1 + size > len(raw):
            raise ValueError("name is compressed or cut")
        labels.append(raw[at + 1 : at + 1 + size])
        at += 1 + size
        if at > MAX_NAME_BYTES:
            raise ValueError("name is longer than 255 bytes")
    return clean(b".".join(labels)) or None
