"""The flow hash table: open addressing, one look-up for both directions.

The table holds indices of flows (-1: empty) and is at most half full. Both ends are mixed with a
secret of the process before they are added, so that nobody can aim at one chain of slots.
"""

import numpy as np

from thingwarden.flows.records import DORMANT, OPEN, SEED_A, SEED_B
from thingwarden.native import inner

FIRST, SECOND = np.uint64(0x9E3779B97F4A7C15), np.uint64(0xBF58476D1CE4E5B9)  # splitmix64
SHIFT = np.uint64(31)


@inner
def _mix(value, seed):
    value = (value ^ seed) * FIRST
    value = (value ^ (value >> SHIFT)) * SECOND
    return value ^ (value >> SHIFT)


@inner
def _end(high, low, port, seeds):
    inner = _mix(high + np.uint64(port), seeds[0])
    return _mix(low ^ inner, seeds[1])


@inner
def key_hash(a_hi, a_lo, a_port, b_hi, b_lo, b_port, extra, seeds):
    """The same number for both directions."""
    both = _end(a_hi, a_lo, a_port, seeds) + _end(b_hi, b_lo, b_port, seeds)
    return _mix(both + np.uint64(extra), seeds[0])


@inner
def seeds_of(counters):
    """The two secrets of this process."""
    return np.uint64(counters[SEED_A]), np.uint64(counters[SEED_B])


@inner
def find(table, flows, row, a_port, b_port, extra, seeds):
    """Slot of the row's flow or of the first free place, and direction: 0 from a, 1 from b, -1 new."""
    mask = table.size - 1
    slot = np.int64(
        key_hash(row.src_hi, row.src_lo, a_port, row.dst_hi, row.dst_lo, b_port, extra, seeds)
        & np.uint64(mask)
    )
    while table[slot] >= 0:
        flow = flows[table[slot]]
        if flow.protocol == row.protocol and flow.vlan == row.vlan:
            if (
                flow.a_lo == row.src_lo
                and flow.b_lo == row.dst_lo
                and flow.a_port == a_port
                and flow.b_port == b_port
                and flow.a_hi == row.src_hi
                and flow.b_hi == row.dst_hi
            ):
                return slot, 0
            if (
                flow.a_lo == row.dst_lo
                and flow.b_lo == row.src_lo
                and flow.a_port == b_port
                and flow.b_port == a_port
                and flow.a_hi == row.dst_hi
                and flow.b_hi == row.src_hi
            ):
                return slot, 1
        slot = (slot + 1) & mask
    return slot, -1


@inner
def place(table, flow, index, seeds):
    """Enter a flow in the first free place of its chain."""
    mask = table.size - 1
    extra = (np.int64(flow.vlan) << 8) | flow.protocol
    slot = np.int64(
        key_hash(flow.a_hi, flow.a_lo, flow.a_port, flow.b_hi, flow.b_lo, flow.b_port, extra, seeds)
        & np.uint64(mask)
    )
    while table[slot] >= 0:
        slot = (slot + 1) & mask
    table[slot] = index


@inner
def rebuild(table, flows, count, seeds):
    """Fill an emptied table with the flows that can still get packets."""
    table[:] = -1
    for index in range(count):
        if flows[index].ended == OPEN or flows[index].ended == DORMANT:
            place(table, flows[index], index, seeds)
