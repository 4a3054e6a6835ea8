"""ICMP and ICMPv6 messages -> type, code and what an error is about (RFC 792, RFC 4443)."""

from dataclasses import dataclass

import numpy as np
import pyarrow as pa
from numpy.typing import NDArray

from thingwarden.protocols.addresses import ipv4_texts, ipv6_texts
from thingwarden.protocols.heads import read_rows, shorts, words
from thingwarden.protocols.reader import ColumnReader, Payloads, Readings, Records
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

ABOUT_COLUMNS = 5
HEADER_BYTES = 8  # RFC 792; RFC 4443 section 2.1 has 4, and all its messages have 4 more
IPV4_BYTES = 20
IPV6_BYTES = 40
_ERRORS_V4 = (3, 4, 5, 11, 12)  # RFC 792: those that quote the packet they are about
_ERRORS_V6 = (1, 2, 3, 4)  # RFC 4443 section 2.1
_FIRST_NDP, _LAST_NDP = 133, 137  # RFC 4861 section 4: read by `thingwarden.protocols.ndp`
_WITH_PORTS = (6, 17)  # TCP and UDP begin with both ports
_EXTENSIONS = (0, 43, 44, 60)  # RFC 8200 section 4: hop-by-hop, routing, fragment, destination
_FRAGMENT = 44
_MOST_EXTENSIONS = 4  # RFC 8200 section 4.1: each kind at most once


@dataclass(frozen=True, slots=True, kw_only=True)
class Quotes:
    """The packets that errors quote: which message has one, and what it says."""

    message: NDArray[np.int64]
    protocol: NDArray[np.int32]
    src: pa.StringArray
    dst: pa.StringArray
    ports_at: NDArray[np.int64]
    """Where in the buffer the ports stand; -1 if there are none."""


def read_icmp(payloads: Payloads) -> Readings:
    """One row per message but neighbour discovery; those shorter than the header are unread."""
    size = payloads.end - payloads.start
    rows = read_rows(payloads.data, payloads.start, 2)  # a short one reads on into what follows it
    kind, is_v6 = rows[:, 0], payloads.hint == 6
    is_ndp = is_v6 & (kind >= _FIRST_NDP) & (kind <= _LAST_NDP)
    source = np.flatnonzero((size >= HEADER_BYTES) & ~is_ndp)
    v4 = _quotes_v4(payloads, np.flatnonzero(~is_v6 & np.isin(kind, _ERRORS_V4)))
    v6 = _quotes_v6(payloads, np.flatnonzero(is_v6 & np.isin(kind, _ERRORS_V6)))
    columns = (
        pa.array(np.where(is_v6[source], 6, 4).astype(np.int32)),
        pa.array(kind[source].astype(np.int32)),
        pa.array(rows[source, 1].astype(np.int32)),
        *_about(payloads, source, v4, v6),
    )
    short = np.flatnonzero(size < HEADER_BYTES)
    return Readings(
        records=(Records(table=ICMP, source=source, columns=columns),),
        unread=tuple((int(index), "shorter than an ICMP header") for index in short),
    )


def _quotes_v4(payloads: Payloads, errors: NDArray[np.int64]) -> Quotes:
    """What the IPv4 headers in `errors` say; one that is cut or impossible says nothing."""
    errors, rows = _headers(payloads, errors, IPV4_BYTES)
    possible = (rows[:, 0] >= 0x45) & (rows[:, 0] <= 0x4F)  # version 4, 5 to 15 words of header
    errors, rows = errors[possible], rows[possible]
    protocol = rows[:, 9].astype(np.int32)
    is_first = shorts(rows, 6) & 0x1FFF == 0  # RFC 791 section 3.1: fragment offset
    header_bytes = (rows[:, 0] & 15).astype(np.int64) * 4
    ports_at = payloads.start[errors] + HEADER_BYTES + header_bytes
    return Quotes(
        message=errors,
        protocol=protocol,
        src=ipv4_texts(words(rows, 12)),
        dst=ipv4_texts(words(rows, 16)),
        ports_at=np.where(is_first & np.isin(protocol, _WITH_PORTS), ports_at, -1),
    )


def _quotes_v6(payloads: Payloads, errors: NDArray[np.int64]) -> Quotes:
    """What the IPv6 headers in `errors` say; one that is cut or impossible says nothing."""
    errors, rows = _headers(payloads, errors, IPV6_BYTES)
    possible = rows[:, 0] >> 4 == 6
    errors, rows = errors[possible], rows[possible]
    protocol, ports_at = _skip_extensions(payloads, errors, rows[:, 6].astype(np.int32))
    return Quotes(
        message=errors,
        protocol=protocol,
        src=ipv6_texts(rows[:, 8:24]),
        dst=ipv6_texts(rows[:, 24:40]),
        ports_at=np.where(np.isin(protocol, _WITH_PORTS), ports_at, -1),
    )


def _headers(
    payloads: Payloads, errors: NDArray[np.int64], width: int
) -> tuple[NDArray[np.int64], NDArray[np.uint8]]:
    """Those `errors` that hold `width` bytes of the quoted packet, and these bytes."""
    start = payloads.start[errors] + HEADER_BYTES
    whole = payloads.end[errors] - start >= width
    return errors[whole], read_rows(payloads.data, start[whole], width)


def _skip_extensions(
    payloads: Payloads, errors: NDArray[np.int64], protocol: NDArray[np.int32]
) -> tuple[NDArray[np.int32], NDArray[np.int64]]:
    """Protocol and place behind the extension headers; -1 as place in a later fragment."""
    at = payloads.start[errors] + HEADER_BYTES + IPV6_BYTES
    end = payloads.end[errors]
    for _ in range(_MOST_EXTENSIONS):
        some = np.flatnonzero(np.isin(protocol, _EXTENSIONS) & (at >= 0) & (end - at >= 8))
        if not len(some):
            break
        rows = read_rows(payloads.data, at[some], 8)
        is_fragment = protocol[some] == _FRAGMENT
        is_later = is_fragment & (shorts(rows, 2) & 0xFFF8 != 0)
        size = np.where(is_fragment, 8, (rows[:, 1].astype(np.int64) + 1) * 8)
        protocol[some] = rows[:, 0]
        at[some] = np.where(is_later, -1, at[some] + size)
    return protocol, at


def _about(
    payloads: Payloads, source: NDArray[np.int64], v4: Quotes, v6: Quotes
) -> tuple[pa.Array, ...]:
    """The columns about quoted packets, one value for each payload of `source`."""
    message = np.concatenate([v4.message, v6.message])
    if not len(message):
        kinds = [column.type for column in ICMP.columns[-ABOUT_COLUMNS:]]
        return tuple(pa.nulls(len(source), kind) for kind in kinds)
    place = np.full(len(payloads.start), -1, np.int64)
    place[message] = np.arange(len(message))
    place = place[source]
    index = pa.array(place, mask=place < 0)
    ports_at = np.concatenate([v4.ports_at, v6.ports_at])
    no_ports = (ports_at < 0) | (payloads.end[message] - ports_at < 4)
    ports = read_rows(payloads.data, np.where(no_ports, 0, ports_at), 4)
    columns = (
        pa.array(np.concatenate([v4.protocol, v6.protocol])),
        pa.concat_arrays([v4.src, v6.src]),
        pa.concat_arrays([v4.dst, v6.dst]),
        pa.array(shorts(ports, 0), mask=no_ports),
        pa.array(shorts(ports, 2), mask=no_ports),
    )
    return tuple(column.take(index) for column in columns)


READER = ColumnReader(name="icmp", tables=(ICMP,), read=read_icmp)
