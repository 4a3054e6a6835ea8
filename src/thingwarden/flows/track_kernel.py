"""Rows of packets -> flows: one look-up a packet, both directions in one record."""

import numpy as np

from thingwarden.capture.packets import PACKET
from thingwarden.flows.numbers_kernel import after, ahead
from thingwarden.flows.records import (
    ACTIVE,
    ACTIVE_US,
    ALL_DONE,
    BY_FIRST_PACKET,
    BY_MEMORY,
    BY_SYN,
    CLOSE,
    CLOSE_BOTH,
    CLOSED,
    DONE,
    DORMANT,
    FEED,
    FLOW,
    FORGOTTEN,
    GO_ON,
    IDLE,
    IDLE_US,
    LATE_TLS_BYTES,
    LATEST_US,
    N_FLOWS,
    N_SEGMENTS,
    NEED_ROOM,
    NEXT_ID,
    OPEN,
    OTHER,
    ROW,
    SEGMENT,
    SIDE,
    UNTOLD,
    WAITING,
)
from thingwarden.flows.table_kernel import find, rebuild, seeds_of
from thingwarden.native import INTEGER, Array, inner, kernel

FIN, SYN, RST, ACK = 1, 2, 4, 16

INDICES, NUMBERS, MASK = Array(np.int32), Array(np.int64), Array(np.bool_)


@inner
def _icmp_pair(kind, version):
    """The question's type for both a question and its answer, so that both share a flow."""
    if version == 4:
        if kind == 0 or kind == 8:
            return 8
        if kind in (9, 13, 15, 17):
            return kind if kind != 9 else 10
        return kind - 1 if kind in (14, 16, 18) else kind
    if kind == 129 or kind == 134 or kind == 136:
        return kind - 1
    return kind


@inner
def _begin(flow, sides, number, row, frame, flow_id):
    """A new record of the flow of `row`, seen from its sender."""
    flow.a_hi = row.src_hi
    flow.a_lo = row.src_lo
    flow.b_hi = row.dst_hi
    flow.b_lo = row.dst_lo
    flow.a_port = row.src_port
    flow.b_port = row.dst_port
    flow.flow_id = flow_id
    flow.first_us = row.time_us
    flow.last_us = row.time_us
    flow.first_frame = frame
    flow.last_frame = frame
    flow.syn_us = -1
    flow.handshake_us = -1
    flow.fragments = 0
    flow.notes = 0
    flow.vlan = row.vlan
    flow.protocol = row.protocol
    flow.ip_version = row.ip_version
    flow.kind = row.kind
    flow.app = UNTOLD
    flow.tunnel = row.tunnel
    flow.began = BY_FIRST_PACKET
    flow.ended = OPEN
    flow.tried = 0
    for way in range(2):
        side = sides[2 * number + way]
        side.packets = 0
        side.bytes = 0
        side.payload = 0
        side.retransmissions = 0
        side.mac = row.src_mac if way == 0 else row.dst_mac
        side.next_seq = 0
        side.isn = 0
        side.hole_from = 0
        side.hole_to = 0
        side.boundary = 0
        side.window = -1
        side.ordinal = 0
        side.flags = 0
        side.started = 0
        side.fin = 0
        side.mode = WAITING


@inner
def _swap(flow):
    """Turn the ends of a flow that just began: who answered was seen first."""
    flow.a_hi, flow.b_hi = flow.b_hi, flow.a_hi
    flow.a_lo, flow.b_lo = flow.b_lo, flow.a_lo
    flow.a_port, flow.b_port = flow.b_port, flow.a_port


@inner
def _continue(flows, sides, old, new, row, frame, flow_id):
    """A new record for a connection that goes on: who began stays known."""
    flows[new] = flows[old]
    flow = flows[new]
    flow.flow_id = flow_id
    flow.began = BY_MEMORY
    flow.first_us = row.time_us
    flow.last_us = row.time_us
    flow.first_frame = frame
    flow.last_frame = frame
    flow.syn_us = -1
    flow.handshake_us = -1
    flow.fragments = 0
    flow.ended = OPEN
    for way in range(2):
        sides[2 * new + way] = sides[2 * old + way]
        side = sides[2 * new + way]
        side.packets = 0
        side.bytes = 0
        side.payload = 0
        side.retransmissions = 0
        side.flags = 0
        side.fin = 0
        side.window = -1


@inner
def _follows(side, row):
    """Whether a segment goes on where its sender stopped: its stream can be read on."""
    return side.started and -1 <= ahead(np.int64(row.seq), side.next_seq) <= 0


@inner
def _leave(segments, counters, row, flow, other, expected, way, what):
    """Leave something to the reading of streams."""
    segment = segments[counters[N_SEGMENTS]]
    counters[N_SEGMENTS] += 1
    segment.row = row
    segment.flow = flow
    segment.other = other
    segment.expected = expected
    segment.way = way
    segment.what = what


@inner
def _why_over(flow, sides, number, row):
    """Why a packet does not belong to the record of its addresses; OPEN if it does."""
    if flow.ended == DORMANT:
        return DORMANT
    if row.time_us - flow.last_us > IDLE_US:
        return IDLE
    if row.protocol == 6 and row.tcp_flags & (SYN | ACK | RST) == SYN:
        a = sides[2 * number]
        b = sides[2 * number + 1]
        if (a.flags | b.flags) & RST or (a.fin and b.fin):
            return CLOSED
        opener = (
            a
            if row.src_lo == flow.a_lo and row.src_port == flow.a_port and row.src_hi == flow.a_hi
            else b
        )
        if opener.started and opener.isn != row.seq:
            return CLOSED
    if row.time_us - flow.first_us > ACTIVE_US:
        return ACTIVE
    return OPEN


@inner
def _sequence(side, row):
    """Follow the numbers of a TCP sender: True if the segment holds something new."""
    length = np.int64(row.payload_wire) + (1 if row.tcp_flags & SYN else 0)
    length += 1 if row.tcp_flags & FIN else 0
    start = np.int64(row.seq)
    stop = after(start, length)
    if not side.started:
        side.started = 1
        side.isn = row.seq
        side.next_seq = stop
        return True
    if length == 0:
        return False
    gap = ahead(start, side.next_seq)
    if ahead(stop, side.next_seq) > 0:
        if gap > 0:
            side.hole_from = side.next_seq
            side.hole_to = start
        side.next_seq = stop
        return True
    if ahead(start, side.hole_from) >= 0 and ahead(stop, side.hole_to) <= 0:
        if side.hole_from != side.hole_to:
            if start == side.hole_from:
                side.hole_from = stop
            elif stop == side.hole_to:
                side.hole_to = start
            return True
    if not (length == 1 and row.tcp_flags & (SYN | FIN) == 0 and gap == -1):  # a keep-alive
        side.retransmissions += 1
    return False


@inner
def _handshake(flow, side, way, row):
    flags = row.tcp_flags
    if flags & (SYN | ACK) == SYN and way == 0:
        flow.syn_us = row.time_us if side.packets == 0 else -1
    elif (
        way == 0 and flow.syn_us >= 0 and flow.handshake_us < 0 and flags & (ACK | SYN | RST) == ACK
    ):
        flow.handshake_us = row.time_us - flow.syn_us


@inner
def _tcp(flow, sides, number, way, row, index, segments, counters):
    side = sides[2 * number + way]
    _handshake(flow, side, way, row)
    expected = side.next_seq if side.started else -1
    fresh = _sequence(side, row)
    side.flags |= row.tcp_flags
    what = 0
    wanted = (flow.app != OTHER and side.mode != DONE) or side.payload < LATE_TLS_BYTES
    if row.payload_captured > 0 and wanted:
        what = FEED if fresh or side.window >= 0 else what
    if row.tcp_flags & (FIN | RST):
        side.fin = 1
        what |= CLOSE_BOTH if row.tcp_flags & RST else CLOSE
    if what:
        _leave(segments, counters, index, number, -1, expected, way, what)


@inner
def _number_for(row, index, frame, flows, sides, table, seeds, segments, counters):
    """The flow record of a packet, made if there is none, and the direction."""
    a_port, b_port = np.int64(row.src_port), np.int64(row.dst_port)
    if row.protocol == 1 or row.protocol == 58:
        if row.fragment == 2:
            a_port = b_port = 0
        else:
            a_port = b_port = _icmp_pair(a_port, row.ip_version)
    extra = (np.int64(row.vlan) << 8) | row.protocol
    slot, way = find(table, flows, row, a_port, b_port, extra, seeds)
    old = table[slot]
    why = _why_over(flows[old], sides, old, row) if way >= 0 else OPEN
    if way >= 0 and why == OPEN:
        return old, way
    new = counters[N_FLOWS]
    counters[N_FLOWS] += 1
    flow = flows[new]
    flow_id = counters[NEXT_ID]
    counters[NEXT_ID] += 1
    table[slot] = new
    syn = row.protocol == 6 and row.tcp_flags & SYN
    known = False
    if way >= 0:
        flows[old].ended = FORGOTTEN if why == DORMANT else why
        known = row.protocol == 6 and not syn
        if row.protocol == 17:
            known = why == DORMANT and row.time_us - flows[old].last_us <= IDLE_US
        goes_on = row.protocol == 6 and known and _follows(sides[2 * old + way], row)
        if row.protocol == 6:
            what = np.int64(GO_ON if goes_on else CLOSE_BOTH)
            _leave(
                segments,
                counters,
                index,
                np.int64(new if goes_on else old),
                old,
                -1,
                way,
                what,
            )
        if goes_on:
            _continue(flows, sides, old, new, row, frame, flow_id)
            return new, way
    _begin(flow, sides, new, row, frame, flow_id)
    flow.a_port = a_port
    flow.b_port = b_port
    if row.protocol == 1 or row.protocol == 58:
        flow.notes = (np.int64(row.src_port) << 8) | row.dst_port
    if syn:
        flow.began = BY_SYN
    elif known:
        flow.began = BY_MEMORY
    if (syn and row.tcp_flags & ACK) or (known and way == 1):
        _swap(flow)
        sides[2 * new].mac, sides[2 * new + 1].mac = row.dst_mac, row.src_mac
        return new, 1
    return new, 0


@kernel(
    Array(PACKET),
    INTEGER,
    INTEGER,
    INDICES,
    Array(FLOW),
    Array(SIDE),
    Array(SEGMENT),
    NUMBERS,
)
def track(rows, start, first_frame, table, flows, sides, segments, counters):
    """Take in rows from `start` on; ALL_DONE, or NEED_ROOM in front of row `counters[ROW]`.

    `flows` and `sides` (two a flow) are records, `table` their hash table, at least twice as long.
    `segments` has room for two a row: what the reading of streams has to do, in order.
    """
    seeds = seeds_of(counters)
    for index in range(start, rows.size):
        row = rows[index]
        if row.ip_version == 0:
            continue
        if counters[N_FLOWS] >= flows.size:
            counters[ROW] = index
            return NEED_ROOM
        frame = first_frame + index
        number, way = _number_for(row, index, frame, flows, sides, table, seeds, segments, counters)
        flow = flows[number]
        side = sides[2 * number + way]
        row.flow_id = flow.flow_id
        if row.protocol == 6:
            _tcp(flow, sides, number, way, row, index, segments, counters)
        if side.packets == 0 and row.src_mac:
            side.mac = row.src_mac
        side.packets += 1
        side.bytes += row.ip_bytes
        if row.protocol == 6 or row.protocol == 17:
            side.payload += row.payload_wire
        flow.fragments += 1 if row.fragment else 0
        if row.time_us > flow.last_us:
            flow.last_us = row.time_us
        flow.last_frame = frame
        if row.time_us > counters[LATEST_US]:
            counters[LATEST_US] = row.time_us
    counters[ROW] = rows.size
    return ALL_DONE


@kernel(Array(FLOW), Array(SIDE), MASK, INDICES, NUMBERS)
def compact(flows, sides, keep, table, counters):
    """Move the flows to keep to the front, in order, and rebuild the table; how many there are."""
    count = 0
    for index in range(counters[N_FLOWS]):
        if not keep[index]:
            continue
        if count != index:
            flows[count] = flows[index]
            for way in range(2):
                sides[2 * count + way] = sides[2 * index + way]
        count += 1
    counters[N_FLOWS] = count
    rebuild(table, flows, count, seeds_of(counters))
    return count
