"""NTP packets -> who asks whom for the time (RFC 5905)."""

import numpy as np
import pyarrow as pa
from numpy.typing import NDArray

from thingwarden.protocols.addresses import ipv4_text
from thingwarden.protocols.heads import read_rows, words
from thingwarden.protocols.reader import ColumnReader, Payloads, Readings, Records
from thingwarden.protocols.text import clean
from thingwarden.tables import SMALL, TEXT, column, message_table

NTP = message_table(
    "ntp",
    "one row per NTP packet",
    (
        column("version", SMALL, "version"),
        column("mode", SMALL, "3 client, 4 server, 5 broadcast, 6 control, 7 private"),
        column("stratum", SMALL, "distance from a clock; null for modes 6 and 7"),
        column(
            "reference",
            TEXT,
            "reference identifier: four letters at stratum 0 and 1, else an "
            "address; null for modes 6 and 7",
        ),
    ),
)

HEADER_BYTES = 48  # RFC 5905 section 7.3; versions 1 to 3 have the same form
CONTROL_BYTES = 12  # RFC 1305 appendix B.1: control message without data
PRIVATE_BYTES = 8  # header of a mode 7 message as in the reference implementation
_LEAST = np.full(8, HEADER_BYTES, np.int64)
_LEAST[6:] = CONTROL_BYTES, PRIVATE_BYTES
_FIRST = 16  # version, mode, stratum and reference stand in these bytes


def read_ntp(payloads: Payloads) -> Readings:
    """One row per packet of versions 1 to 4; those too short for their mode are unread."""
    size = payloads.end - payloads.start
    # Wide loads past a short payload stay in the buffer; the length is checked before they count.
    rows = read_rows(payloads.data, payloads.start, _FIRST)
    first = rows[:, 0].astype(np.int32)
    version, mode = first >> 3 & 7, first & 7
    long_enough = size >= np.where(size > 0, _LEAST[mode], 1)
    known = (version >= 1) & (version <= 4)
    good = np.flatnonzero(long_enough & known)
    records = Records(
        table=NTP,
        source=good,
        columns=(pa.array(version[good]), pa.array(mode[good]), *_clock(rows[good], mode[good])),
    )
    unread = (
        *[(int(index), "shorter than an NTP header") for index in np.flatnonzero(~long_enough)],
        *[
            (int(index), "NTP version is not 1 to 4")
            for index in np.flatnonzero(long_enough & ~known)
        ],
    )
    return Readings(records=(records,), unread=unread)


def _clock(rows: NDArray[np.uint8], mode: NDArray[np.int32]) -> tuple[pa.Array, pa.Array]:
    """Stratum and reference identifier; null where the mode has neither."""
    stratum = rows[:, 1].astype(np.int32)
    reference = words(rows, 12)
    has_none = mode >= 6
    letters = stratum <= 1  # RFC 5905 section 7.3: kiss code or name of the clock
    keys = reference.astype(np.int64) | letters.astype(np.int64) << 32
    distinct, index = np.unique(np.where(has_none, 1 << 32, keys), return_inverse=True)
    texts = [_reference(key) for key in distinct.tolist()]
    names = [texts[at] for at in index.tolist()]
    return pa.array(stratum, mask=has_none), pa.array(names, pa.string())


def _reference(key: int) -> str | None:
    """Four letters if bit 32 is set, else an address; None for no letters."""
    raw = (key & 0xFFFFFFFF).to_bytes(4, "big")
    return clean(raw.rstrip(b"\0")) or None if key >> 32 else ipv4_text(raw)


READER = ColumnReader(name="ntp", tables=(NTP,), read=read_ntp)
