"""Bytes of a capture file -> rows: walks pcap records and pcapng blocks and decodes each frame.

One pass; it stops in front of what Python must look at (a new interface or section, damage, the end
of the buffer or of the rows) and says why.
"""

import numpy as np

from thingwarden.capture.frames_kernel import decode_frame
from thingwarden.capture.loads_kernel import be16, be32, le16, le32
from thingwarden.capture.packets import PACKET
from thingwarden.native import INTEGER, Array, inner, kernel

# Why a walk stopped.
NEED_BYTES, ROWS_FULL, DAMAGED, NEED_PYTHON = 0, 1, 2, 3

MAX_RECORD = 1 << 24  # bytes; the largest snapshot length in use is 262,144, jumbo USB records 16 M
MAX_BLOCK = 1 << 25  # bytes

# What a format is: places in the array `form`.
PCAPNG, SWAPPED, TICKS, LINK, LAST_US, TRUST = 0, 1, 2, 3, 4, 5
"""`form` of int64: 1 for pcapng; 1 for big-endian; pcap: ticks a second, link type; pcapng: time of
the last packet; pcap: largest record that is believed."""

# Columns of the interface grid.
IF_LINK, IF_TICKS, IF_SNAPLEN, IF_OFFSET = 0, 1, 2, 3


@inner
def _u32(data, at, swapped):
    return np.int64(be32(data, at)) if swapped else np.int64(le32(data, at))


@inner
def _u16(data, at, swapped):
    return np.int64(be16(data, at)) if swapped else np.int64(le16(data, at))


@inner
def _microseconds(ticks, per_second):
    """Any resolution -> microseconds; `ticks` unsigned 64 bits."""
    rate = np.uint64(per_second)
    seconds = ticks // rate
    rest = ticks % rate
    if per_second >= 1_000_000 and per_second % 1_000_000 == 0:
        part = np.int64(rest // np.uint64(per_second // 1_000_000))
    else:
        part = np.int64(float(rest) * 1e6 / float(per_second))
    return np.int64(seconds) * 1_000_000 + part


@inner
def _walk_pcap(data, start, end, form, rows, fragments):
    swapped = form[SWAPPED]
    link = form[LINK]
    nanoseconds = form[TICKS] == 1_000_000_000
    at = start
    count = 0
    while True:
        if at + 16 > end:
            return count, at, NEED_BYTES
        captured, wire = _u32(data, at + 8, swapped), _u32(data, at + 12, swapped)
        if captured > form[TRUST] or wire > MAX_RECORD:
            return count, at, DAMAGED
        if at + 16 + captured > end:
            return count, at, NEED_BYTES
        if count == rows.size:
            return count, at, ROWS_FULL
        fraction = _u32(data, at + 4, swapped)
        row = rows[count]
        row.time_us = _u32(data, at, swapped) * 1_000_000 + (
            fraction // 1000 if nanoseconds else fraction
        )
        decode_frame(data, at + 16, captured, max(wire, captured), link, row, fragments)
        count += 1
        at += 16 + captured


@inner
def _packet_block(data, at, length, kind, form, interfaces):
    """Enhanced (6), old (2) and simple (3) packet block: interface (-1: bad), ticks, frame, sizes."""
    swapped = form[SWAPPED]
    ticks = np.uint64(0)
    if kind == 3:
        number, place, wire = np.int64(0), at + 12, _u32(data, at + 8, swapped)
        captured = min(wire, length - 16)
        if interfaces.shape[0] > 0 and interfaces[0, IF_SNAPLEN] > 0:
            captured = min(captured, interfaces[0, IF_SNAPLEN])
    else:
        if length < 32:
            return np.int64(-1), ticks, at, np.int64(0), np.int64(0)
        number = _u32(data, at + 8, swapped) if kind == 6 else _u16(data, at + 8, swapped)
        high, low = _u32(data, at + 12, swapped), _u32(data, at + 16, swapped)
        ticks = (np.uint64(high) << np.uint64(32)) | np.uint64(low)
        captured, wire, place = _u32(data, at + 20, swapped), _u32(data, at + 24, swapped), at + 28
    if captured > length - (place - at) - 4 or number >= interfaces.shape[0] or wire > MAX_RECORD:
        return np.int64(-1), ticks, place, captured, wire
    return number, ticks, place, captured, max(wire, captured)


@inner
def _walk_pcapng(data, start, end, form, interfaces, rows, fragments):
    swapped = form[SWAPPED]
    at = start
    count = 0
    last_us = form[LAST_US]
    while True:
        if at + 12 > end:
            return count, at, NEED_BYTES
        kind, length = _u32(data, at, swapped), _u32(data, at + 4, swapped)
        if kind == 0x0A0D0D0A:
            return count, at, NEED_PYTHON
        if length < 12 or length % 4 or length > MAX_BLOCK:
            return count, at, DAMAGED
        if at + length > end:
            return count, at, NEED_BYTES
        if _u32(data, at + length - 4, swapped) != length:
            return count, at, DAMAGED
        if kind == 1:
            return count, at, NEED_PYTHON
        if kind == 6 or kind == 3 or kind == 2:
            if count == rows.size:
                return count, at, ROWS_FULL
            number, ticks, place, captured, wire = _packet_block(
                data, at, length, kind, form, interfaces
            )
            if number < 0:
                return count, at, DAMAGED
            if kind != 3:
                last_us = _microseconds(ticks, interfaces[number, IF_TICKS])
                last_us += interfaces[number, IF_OFFSET] * 1_000_000
                form[LAST_US] = last_us
            row = rows[count]
            row.time_us = last_us
            decode_frame(data, place, captured, wire, interfaces[number, IF_LINK], row, fragments)
            count += 1
        at += length


@kernel(
    Array(np.uint8),
    INTEGER,
    INTEGER,
    Array(np.int64),
    Array(np.int64, 2),
    Array(PACKET),
    Array(np.uint64, 2),
    Array(np.int64),
)
def walk(data, start, end, form, interfaces, rows, fragments, stopped):
    """Rows written; `stopped` becomes the offset of the first byte that was not used, and why.

    `data` holds `packets.PADDING` bytes behind `end`; `form` and `interfaces` as above, `fragments`
    the memory of `frames_kernel`. In pcapng `form[LAST_US]` carries the time of the last packet, for
    simple packet blocks, which have none.
    """
    if form[PCAPNG]:
        count, at, why = _walk_pcapng(data, start, end, form, interfaces, rows, fragments)
    else:
        count, at, why = _walk_pcap(data, start, end, form, rows, fragments)
    stopped[0] = at
    stopped[1] = why
    return count
