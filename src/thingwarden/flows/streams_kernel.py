"""One TCP segment -> what it adds to the messages of its stream.

A side of a stream waits for a message, collects its head in a window, or walks from message to
message by their lengths. Windows that are complete go to the list of those ready to be read.
"""

import numpy as np

from thingwarden.capture.loads_kernel import be16
from thingwarden.flows.numbers_kernel import after, ahead
from thingwarden.flows.records import (
    CLIENT,
    COLLECTING,
    DNS_TCP,
    DONE,
    EITHER,
    FTP,
    HTTP,
    LOST,
    MQTT,
    N_FREE,
    N_PIECES,
    N_READY,
    OTHER,
    RTSP,
    SERVER,
    TELNET,
    TLS,
    UNTOLD,
    WAITING,
    WALKING,
    WINDOW_BYTES,
)
from thingwarden.flows.walk_kernel import fits, read_length, walk
from thingwarden.flows.windows_kernel import (
    complete,
    detect,
    is_tls_hello,
    put,
    starts_message,
)
from thingwarden.native import inner

SWAPPED_NOTE = 1 << 31  # the TLS client is the flow's end b
PIPELINED = 8  # messages behind each other in one window that are looked at


@inner
def _open(flow, side, way, row, frame, base, role, work):
    """Open a window for a message whose first byte has number `base`."""
    free = work[0]
    slots = work[1]
    counters = work[4]
    counters[N_FREE] -= 1
    number = free[counters[N_FREE]]
    slot = slots[number]
    slot.state = 1
    slot.app = flow.app
    slot.role = role
    slot.flow_id, slot.time_us, slot.last_us, slot.frame = (
        flow.flow_id,
        row.time_us,
        row.time_us,
        frame,
    )
    slot.src_hi, slot.src_lo, slot.dst_hi, slot.dst_lo = (
        row.src_hi,
        row.src_lo,
        row.dst_hi,
        row.dst_lo,
    )
    slot.src_mac = row.src_mac
    slot.dst_mac = row.dst_mac
    slot.src_port = row.src_port
    slot.dst_port = row.dst_port
    slot.ip_version = row.ip_version
    slot.base = base
    slot.ordinal = side.ordinal
    slot.done = 0
    slot.later_from = 0
    slot.later_to = 0
    slot.scan = 0
    slot.need = -1
    slot.hint = flow.notes & 0xFF if flow.app == MQTT else 0
    side.ordinal += 1
    side.window = number
    side.mode = COLLECTING
    return number


@inner
def close_window(side, work):
    """Hand a side's window over, whole or not."""
    slots = work[1]
    ready = work[2]
    counters = work[4]
    slots[side.window].state = 2
    ready[counters[N_READY]] = side.window
    counters[N_READY] += 1
    side.window = -1
    side.mode = WAITING


@inner
def _feed_walked(flow, side, way, row, index, frame, data, seq, work):
    pieces = work[3]
    counters = work[4]
    at, end = np.int64(row.payload_at), np.int64(row.payload_at) + row.payload_captured
    if side.mode == WAITING:
        side.boundary = seq
        side.mode = WALKING
    if side.mode == LOST:
        if not fits(flow.app, data, at, end):
            return
        side.boundary = seq
        side.mode = WALKING
    first, last, collect = walk(flow, side, data, at, end, seq)
    if first >= 0:
        piece = pieces[counters[N_PIECES]]
        piece.row = index
        piece.start = first
        piece.end = last
        piece.app = flow.app
        piece.hint = flow.notes & 0xFF if flow.app == MQTT else 0
        counters[N_PIECES] += 1
    if collect == -2:
        side.mode = LOST
    elif collect >= 0:
        base = after(seq, collect - at)
        _open(flow, side, way, row, frame, base, EITHER, work)
        _put(flow, side, way, row, frame, data, collect, base, end - collect, work)


@inner
def _tls_notes(flow, side, way, data, at, end, seq):
    """Walk TLS records until application data: who sent some, and alerts in the clear.

    Returns the offset of another hello (RFC 8446 section 4.1.4), which is to be collected, or -1.
    """
    place = at + ahead(side.boundary, seq)
    if place < at:
        side.mode = DONE
        return -1
    while place < end:
        kind = data[place]
        if kind == 23:
            flow.notes |= 1 << way
            side.mode = DONE
            return -1
        if kind < 20 or kind > 24 or place + 5 > end:
            side.mode = DONE
            return -1
        if is_tls_hello(data, place, end):
            return place
        length = np.int64(be16(data, place + 3))
        if kind == 21 and length == 2 and place + 7 <= end:
            flow.notes |= (np.int64(data[place + 6]) + 1) << (8 * (way + 1))
        place += 5 + length
    side.boundary = after(seq, place - at)
    return -1


@inner
def _after_window(flow, side, way, row, frame, number, work):
    """What a side does once its window is complete."""
    slots = work[1]
    windows = work[5]
    slot = slots[number]
    window = windows[number]
    if flow.app == TLS:
        if slot.role == CLIENT and way == 1:
            flow.notes |= SWAPPED_NOTE
        side.mode = WALKING
        side.boundary = after(slot.base, slot.scan)
        _tls_notes(flow, side, way, window, slot.scan, slot.done, side.boundary)
    elif flow.app == MQTT or flow.app == DNS_TCP:
        _, total = read_length(flow.app, window, 0, slot.done)
        side.mode = WALKING if total > 0 else LOST
        side.boundary = after(slot.base, max(total, 0))
        if flow.app == MQTT and window[0] >> 4 == 1 and slot.done > 12:
            at = 2 + (window[1] >> 7) + 0
            flow.notes = window[min(at + 2 + np.int64(window[at + 1]), slot.done - 1)]
    elif flow.app != HTTP and flow.app != RTSP:
        side.mode = DONE


@inner
def _rest(flow, side, way, row, frame, number, work):
    """A message that follows in the same window (pipelining): its window, or -1."""
    slot = work[1][number]
    window = work[5][number]
    walked = flow.app == MQTT or flow.app == DNS_TCP
    if slot.need < 0 or slot.done <= slot.need or work[4][N_FREE] < 1:
        return -1
    if not walked:
        app, role = starts_message(window, slot.need, slot.done)
        if app == UNTOLD:
            return -1
    else:
        role = EITHER
    base = after(slot.base, slot.need)
    following = _open(flow, side, way, row, frame, base, role, work)
    fresh = work[1][following]
    put(
        work[5][following],
        fresh,
        window,
        slot.need,
        base,
        slot.done - slot.need,
    )
    return following


@inner
def _set_need(slot, window):
    """How long a walked message is, once its head is there."""
    if slot.need < 0 and (slot.app == MQTT or slot.app == DNS_TCP):
        head, total = read_length(slot.app, window, 0, slot.done)
        if head < 0:
            slot.need = 0
        elif head > 0:
            slot.need = min(total, WINDOW_BYTES)


@inner
def _put(flow, side, way, row, frame, data, at, seq, length, work):
    """Add a segment to the open window; hand it over when it is complete."""
    number = side.window
    slot = work[1][number]
    window = work[5][number]
    slot.last_us = row.time_us
    if not put(window, slot, data, at, seq, length):
        return
    if slot.app == UNTOLD:
        app, slot.role = detect(window, 0, slot.done, row.src_port, row.dst_port)
        flow.app = app
        slot.app = app
        if app == OTHER:
            slot.state = 0
            work[0][work[4][N_FREE]] = number
            work[4][N_FREE] += 1
            side.window = -1
            side.mode = DONE
            return
    for _ in range(PIPELINED):
        _set_need(slot, window)
        if not complete(window, slot):
            return
        close_window(side, work)
        _after_window(flow, side, way, row, frame, number, work)
        number = _rest(flow, side, way, row, frame, number, work)
        if number < 0:
            return
        slot = work[1][number]
        window = work[5][number]


@inner
def _next_message(flow, side, other, row, data, at, end, seq, work):
    """Close windows whose message is over because the next begins (bodies without a length)."""
    slots = work[1]
    app, role = starts_message(data, at, end)
    if app != flow.app:
        return
    if other.window >= 0 and slots[other.window].need >= 0 and role == CLIENT:
        close_window(other, work)
    if side.window >= 0 and slots[side.window].need >= 0:
        slot = slots[side.window]
        if ahead(seq, slot.base) >= slot.done:
            close_window(side, work)


@inner
def feed(flow, side, other, way, row, index, frame, data, expected, work):
    """Take in the payload of a segment from end `way`; `expected` is -1 or the number it should have.

    `work` is (free, slots, ready, pieces, counters, windows). The caller has made sure of room for 8
    windows, 16 entries in `ready` and one piece.
    """
    at, length = np.int64(row.payload_at), np.int64(row.payload_captured)
    seq = after(np.int64(row.seq), 1 if row.tcp_flags & 2 else 0)
    if flow.app == HTTP or flow.app == RTSP:
        _next_message(flow, side, other, row, data, at, at + length, seq, work)
    if side.window >= 0:
        _put(flow, side, way, row, frame, data, at, seq, length, work)
        return
    role = EITHER
    if side.mode == DONE or flow.app == OTHER or flow.app == HTTP or flow.app == FTP:
        if flow.app != TLS and is_tls_hello(data, at, at + length) and data[at + 5] == 1:
            flow.app = TLS
            flow.notes = 0
            side.mode = WAITING
            side.ordinal = 0
            other.mode = WAITING
            other.ordinal = 0
            if other.window >= 0:
                close_window(other, work)
        elif side.mode == DONE or flow.app == OTHER:
            return
    if flow.app == UNTOLD:
        gap = ahead(seq, expected) if expected >= 0 else 0
        if 0 < gap < WINDOW_BYTES:
            _open(flow, side, way, row, frame, expected, EITHER, work)
            _put(flow, side, way, row, frame, data, at, seq, length, work)
            return
        app, role = detect(data, at, at + length, row.src_port, row.dst_port)
        if app == OTHER:
            flow.tried |= 1 << way
            side.mode = DONE
            if flow.tried == 3:
                flow.app = OTHER
            return
        flow.app = app
    app = flow.app
    if side.mode == LOST and app != MQTT and app != DNS_TCP and app != HTTP and app != RTSP:
        return
    if app == MQTT or app == DNS_TCP:
        _feed_walked(flow, side, way, row, index, frame, data, seq, work)
        return
    if side.mode == WALKING:
        hello = _tls_notes(flow, side, way, data, at, at + length, seq)
        if hello < 0:
            return
        length -= hello - at
        seq = after(seq, hello - at)
        at = hello
    if app == HTTP or app == RTSP:
        spoken, role = starts_message(data, at, at + length)
        if spoken == UNTOLD:
            return
    elif app == TELNET or app == FTP:
        service = row.src_port == 23 or row.src_port == 2323 or row.src_port == 21
        role = SERVER if service else CLIENT
    elif role == EITHER:
        role = CLIENT if way == 0 else SERVER
    _open(flow, side, way, row, frame, seq, role, work)
    _put(flow, side, way, row, frame, data, at, seq, length, work)
