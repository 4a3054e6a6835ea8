"""What the flow tracker left to do -> windows ready to be read, and messages inside packets."""

import numpy as np

from thingwarden.capture.packets import PACKET
from thingwarden.flows.records import (
    ALL_DONE,
    CLOSE,
    CLOSE_BOTH,
    FEED,
    FLOW,
    GO_ON,
    LOST,
    N_FREE,
    N_PIECES,
    N_READY,
    N_SEGMENTS,
    NEED_SERVICE,
    PIECE,
    ROW,
    SEGMENT,
    SIDE,
    SLOT,
)
from thingwarden.flows.streams_kernel import close_window, feed
from thingwarden.native import INTEGER, Array, inner, kernel


@inner
def _go_on(flows, sides, old, new):
    """A new record of a connection: it goes on where the old one stood, but for open windows."""
    flows[new].app, flows[new].notes, flows[new].tried = (
        flows[old].app,
        flows[old].notes,
        flows[old].tried,
    )
    for way in range(2):
        before = sides[2 * old + way]
        after = sides[2 * new + way]
        after.mode = LOST if before.window >= 0 else before.mode
        after.boundary = before.boundary
        after.ordinal = before.ordinal
        after.window = -1


@kernel(
    Array(np.uint8),
    Array(PACKET),
    INTEGER,
    INTEGER,
    Array(SEGMENT),
    Array(FLOW),
    Array(SIDE),
    Array(np.int32),
    Array(SLOT),
    Array(np.int32),
    Array(PIECE),
    Array(np.int64),
    Array(np.uint8, 2),
)
def feed_segments(
    data,
    rows,
    start,
    first_frame,
    segments,
    flows,
    sides,
    free,
    slots,
    ready,
    pieces,
    counters,
    windows,
):
    """Read segments from `start` on; ALL_DONE, or NEED_SERVICE in front of segment `counters[ROW]`.

    What follows `sides` is the work space that `streams_kernel` tells of.
    """
    work = (free, slots, ready, pieces, counters, windows)
    for number in range(start, counters[N_SEGMENTS]):
        if (
            counters[N_FREE] < 16
            or counters[N_READY] + 24 > ready.size
            or counters[N_PIECES] + 2 > pieces.size
        ):
            counters[ROW] = number
            return NEED_SERVICE
        segment = segments[number]
        index, what, way = segment.row, segment.what, segment.way
        flow = flows[segment.flow]
        side = sides[2 * segment.flow + way]
        other = sides[2 * segment.flow + 1 - way]
        if what & GO_ON:
            old = segment.other
            _go_on(flows, sides, old, segment.flow)
            for one in range(2):
                if sides[2 * old + one].window >= 0:
                    close_window(sides[2 * old + one], work)
            continue
        if what & FEED:
            frame = first_frame + index
            feed(flow, side, other, way, rows[index], index, frame, data, segment.expected, work)
        if what & (CLOSE | CLOSE_BOTH) and side.window >= 0:
            close_window(side, work)
        if what & CLOSE_BOTH and other.window >= 0:
            close_window(other, work)
    return ALL_DONE
