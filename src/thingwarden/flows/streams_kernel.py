"""One TCP segment -> what it adds to the messages of its stream.

A side of a stream waits for a message, collects its head in a window, or walks from message to
message by their lengths. Windows that are complete go to the list of those ready to be read.
"""

import numpy as np

from thingwarden.capture.inner_kernel import inner
from thingwarden.capture.loads_kernel import be16
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
from thingwarden.flows.windows_kernel import (
    complete,
    detect,
    is_tls_hello,
    put,
    starts_message,
)

SWAPPED_NOTE = np.uint32(1 << 31)  # the TLS client is the flow's end b
PIPELINED = 8  # messages behind each other in one window that are looked at


@inner
def _open(flow, side, way, row, frame, base, role, work):
    """Open a window for a message whose first byte has number `base`."""
    free, slots, counters = work[0], work[1], work[4]
    counters[N_FREE] -= 1
    number = free[counters[N_FREE]]
    slot = slots[number]
    slot.state, slot.app, slot.role = 1, flow.app, role
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
    slot.src_mac, slot.dst_mac = row.src_mac, row.dst_mac
    slot.src_port, slot.dst_port, slot.ip_version = row.src_port, row.dst_port, row.ip_version
    slot.base, slot.ordinal = base, side.ordinal
    slot.done = slot.later_from = slot.later_to = slot.scan = 0
    slot.need = -1
    slot.hint = flow.notes & 0xFF if flow.app == MQTT else 0
    side.ordinal += 1
    side.window, side.mode = number, COLLECTING
    return number


@inner
def close_window(side, work):
    """Hand a side's window over, whole or not."""
    slots, ready, counters = work[1], work[2], work[4]
    slots[side.window].state = 2
    ready[counters[N_READY]] = side.window
    counters[N_READY] += 1
    side.window, side.mode = -1, WAITING


@inner
def _message(app, data, at, end):
    """Bytes of the head and of the whole message at `at`; (0, 0): too few; (-1, -1): none."""
    if app == DNS_TCP:  # RFC 1035 section 4.2.2
        if at + 2 > end:
            return 0, 0
        length = np.int64(be16(data, at))
        return (2, 2 + length) if length >= 12 else (-1, -1)
    if at + 2 > end:
        return 0, 0
    if data[at] >> 4 == 0:
        return -1, -1
    length = np.int64(0)
    for index in range(1, 5):  # MQTT 5 section 1.5.5
        if at + index >= end:
            return 0, 0
        byte = np.int64(data[at + index])
        length |= (byte & 127) << (7 * (index - 1))
        if byte < 128:
            return index + 1, index + 1 + length
    return -1, -1


@inner
def _mqtt_wanted(data, at):
    """CONNECT, CONNACK, PUBLISH, SUBSCRIBE, UNSUBSCRIBE, DISCONNECT, AUTH."""
    return (1 << (data[at] >> 4)) & 0b1100_0101_0000_1110 != 0


@inner
def _enough(app, data, at, head, total, end):
    """Whether a message can be read as far as it lies in this segment."""
    if at + total <= end:
        return True
    if app == DNS_TCP:
        return False
    if data[at] >> 4 == 3:
        return at + head + 2 <= end and at + head + 2 + np.int64(be16(data, at + head)) <= end
    return not _mqtt_wanted(data, at)


@inner
def _walk(flow, side, data, at, end, seq):
    """First and last byte of the wanted messages in a segment of a walked side.

    Then the offset of one that must be collected; -1: there is none; -2: the side is lost.
    """
    app = flow.app
    place = at + np.int64(np.int32(side.boundary - seq))
    first = last = np.int64(-1)
    if place < at:
        return first, last, np.int64(-2)
    while place < end:
        head, total = _message(app, data, place, end)
        if head < 0:
            return first, last, np.int64(-2)
        if head == 0 or not _enough(app, data, place, head, total, end):
            return first, last, place
        if app == DNS_TCP or _mqtt_wanted(data, place):
            if app == MQTT and data[place] >> 4 == 1 and place + head + 7 <= end:
                length = np.int64(be16(data, place + head))
                if place + head + 2 + length < end:
                    flow.notes = np.uint32(data[place + head + 2 + length])
            first = place if first < 0 else first
            last = min(place + total, end)
        place += total
    side.boundary = np.uint32(seq + np.uint32(place - at))
    return first, last, np.int64(-1)


@inner
def _fits(app, data, at, end):
    """Whether a segment is made of whole messages, so that a lost side can go on."""
    for _ in range(64):
        if at == end:
            return True
        head, total = _message(app, data, at, end)
        if head <= 0 or at + total > end:
            return False
        at += total
    return False


@inner
def _feed_walked(flow, side, way, row, index, frame, data, seq, work):
    pieces, counters = work[3], work[4]
    at, end = np.int64(row.payload_at), np.int64(row.payload_at) + row.payload_captured
    if side.mode == WAITING:
        side.boundary, side.mode = seq, WALKING
    if side.mode == LOST:
        if not _fits(flow.app, data, at, end):
            return
        side.boundary, side.mode = seq, WALKING
    first, last, collect = _walk(flow, side, data, at, end, seq)
    if first >= 0:
        piece = pieces[counters[N_PIECES]]
        piece.row, piece.start, piece.end, piece.app = index, first, last, flow.app
        piece.hint = flow.notes & 0xFF if flow.app == MQTT else 0
        counters[N_PIECES] += 1
    if collect == -2:
        side.mode = LOST
    elif collect >= 0:
        base = np.uint32(seq + np.uint32(collect - at))
        _open(flow, side, way, row, frame, base, EITHER, work)
        _put(flow, side, way, row, frame, data, collect, base, end - collect, work)


@inner
def _tls_notes(flow, side, way, data, at, end, seq):
    """Walk TLS records until application data: who sent some, and alerts in the clear.

    Returns the offset of another hello (RFC 8446 section 4.1.4), which is to be collected, or -1.
    """
    place = at + np.int64(np.int32(side.boundary - seq))
    if place < at:
        side.mode = DONE
        return np.int64(-1)
    while place < end:
        kind = data[place]
        if kind == 23:
            flow.notes |= np.uint32(1 << way)
            side.mode = DONE
            return np.int64(-1)
        if kind < 20 or kind > 24 or place + 5 > end:
            side.mode = DONE
            return np.int64(-1)
        if is_tls_hello(data, place, end):
            return place
        length = np.int64(be16(data, place + 3))
        if kind == 21 and length == 2 and place + 7 <= end:
            flow.notes |= np.uint32(np.uint32(data[place + 6] + 1) << np.uint32(8 * (way + 1)))
        place += 5 + length
    side.boundary = np.uint32(seq + np.uint32(place - at))
    return np.int64(-1)


@inner
def _after_window(flow, side, way, row, frame, number, work):
    """What a side does once its window is complete."""
    slots, windows = work[1], work[5]
    slot, window = slots[number], windows[number]
    if flow.app == TLS:
        if slot.role == CLIENT and way == 1:
            flow.notes |= SWAPPED_NOTE
        side.mode, side.boundary = WALKING, np.uint32(slot.base + np.uint32(slot.scan))
        _tls_notes(flow, side, way, window, np.int64(slot.scan), np.int64(slot.done), side.boundary)
    elif flow.app == MQTT or flow.app == DNS_TCP:
        _, total = _message(flow.app, window, 0, np.int64(slot.done))
        side.mode, side.boundary = (
            (WALKING if total > 0 else LOST),
            np.uint32(slot.base + np.uint32(max(total, 0))),
        )
        if flow.app == MQTT and window[0] >> 4 == 1 and slot.done > 12:
            at = 2 + (window[1] >> 7) + np.int64(0)
            flow.notes = np.uint32(window[min(at + 2 + np.int64(window[at + 1]), slot.done - 1)])
    elif flow.app != HTTP and flow.app != RTSP:
        side.mode = DONE


@inner
def _rest(flow, side, way, row, frame, number, work):
    """A message that follows in the same window (pipelining): its window, or -1."""
    slot, window = work[1][number], work[5][number]
    walked = flow.app == MQTT or flow.app == DNS_TCP
    if slot.need < 0 or slot.done <= slot.need or work[4][N_FREE] < 1:
        return -1
    if not walked:
        app, role = starts_message(window, np.int64(slot.need), np.int64(slot.done))
        if app == UNTOLD:
            return -1
    else:
        role = EITHER
    base = np.uint32(slot.base + np.uint32(slot.need))
    following = _open(flow, side, way, row, frame, base, role, work)
    fresh = work[1][following]
    put(
        work[5][following],
        fresh,
        window,
        np.int64(slot.need),
        base,
        np.int64(slot.done - slot.need),
    )
    return following


@inner
def _set_need(slot, window):
    """How long a walked message is, once its head is there."""
    if slot.need < 0 and (slot.app == MQTT or slot.app == DNS_TCP):
        head, total = _message(slot.app, window, 0, np.int64(slot.done))
        if head < 0:
            slot.need = 0
        elif head > 0:
            slot.need = min(total, WINDOW_BYTES)


@inner
def _put(flow, side, way, row, frame, data, at, seq, length, work):
    """Add a segment to the open window; hand it over when it is complete."""
    number = side.window
    slot, window = work[1][number], work[5][number]
    slot.last_us = row.time_us
    if not put(window, slot, data, at, seq, length):
        return
    if slot.app == UNTOLD:
        app, slot.role = detect(
            window, np.int64(0), np.int64(slot.done), row.src_port, row.dst_port
        )
        flow.app = slot.app = app
        if app == OTHER:
            slot.state = 0
            work[0][work[4][N_FREE]] = number
            work[4][N_FREE] += 1
            side.window, side.mode = -1, DONE
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
        slot, window = work[1][number], work[5][number]


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
        if np.int64(np.int32(seq - slot.base)) >= slot.done:
            close_window(side, work)


@inner
def feed(flow, side, other, way, row, index, frame, data, expected, work):
    """Take in the payload of a segment from end `way`; `expected` is -1 or the number it should have.

    `work` is (free, slots, ready, pieces, counters, windows). The caller has made sure of room for 8
    windows, 16 entries in `ready` and one piece.
    """
    at, length = np.int64(row.payload_at), np.int64(row.payload_captured)
    seq = np.uint32(row.seq + np.uint32(1 if row.tcp_flags & 2 else 0))
    if flow.app == HTTP or flow.app == RTSP:
        _next_message(flow, side, other, row, data, at, at + length, seq, work)
    if side.window >= 0:
        _put(flow, side, way, row, frame, data, at, seq, length, work)
        return
    role = EITHER
    if side.mode == DONE or flow.app == OTHER or flow.app == HTTP or flow.app == FTP:
        if flow.app != TLS and is_tls_hello(data, at, at + length) and data[at + 5] == 1:
            flow.app, flow.notes = TLS, 0
            side.mode, side.ordinal = WAITING, 0
            other.mode, other.ordinal = WAITING, 0
            if other.window >= 0:
                close_window(other, work)
        elif side.mode == DONE or flow.app == OTHER:
            return
    if flow.app == UNTOLD:
        gap = np.int64(np.int32(seq - np.uint32(expected))) if expected >= 0 else np.int64(0)
        if 0 < gap < WINDOW_BYTES:
            _open(flow, side, way, row, frame, np.uint32(expected), EITHER, work)
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
        seq = np.uint32(seq + np.uint32(hello - at))
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
