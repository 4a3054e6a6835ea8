"""Names in DNS messages -> text in a pool (RFC 1035 sections 3.1, 4.1.4 and 5.1).

Pieces of `dns_kernel`. Names repeat much within a message, so those that were just written are
remembered by their place in the buffer, and copied from the pool when a pointer leads there.
"""

import numpy as np
from numpy.typing import NDArray

from thingwarden.native import inner
from thingwarden.protocols.text_kernel import LABEL, Bytes, be16, byte, put_escaped

Memory = NDArray[np.int64]

# Reasons, in the order of `dns_message.REASONS`; a name or value that could be read has none.
READ, SHORT, FOREIGN, NAME_CUT, LOOP, HEADER, HOPS, LABEL_KIND, LONG = range(9)
VALUE_SIZE, MANY, QUESTION_CUT, RECORD_CUT, MESSAGE_CUT = range(9, 14)

MAX_HOPS = 16
MAX_NAME = 255  # RFC 1035 section 2.3.4

SLOTS = 256  # names that are remembered; a power of two
SLOT_WIDTH = (
    4  # place in the buffer or -1, its text in the pool from, to, its length in the message
)


@inner
def _remember(memory: Memory, at: int, begin: int, end: int, size: int) -> None:
    """Notes that the name at `at`, of `size` bytes, stands in the pool from `begin` to `end`."""
    if size > 1:
        slot = (at & SLOTS - 1) * SLOT_WIDTH
        memory[slot] = at
        memory[slot + 1] = begin
        memory[slot + 2] = end
        memory[slot + 3] = size


@inner
def _follow(data: Bytes, message: int, at: int, first: int, hops: int) -> tuple[int, int]:
    """Where the pointer at `at` leads, and a reason if it may not lead there.

    It must lead before `first`, the labels that it follows: so no name can loop.
    """
    target = message + (be16(data, at) & 0x3FFF)
    if target >= first:
        return target, LOOP
    if target < message + 12:
        return target, HEADER
    return target, HOPS if hops > MAX_HOPS else READ


@inner
def put_name(
    data: Bytes,
    message: int,
    at: int,
    end: int,
    pool: Bytes,
    used: int,
    keep_utf8: int,
    memory: Memory,
) -> tuple[int, int, int]:
    """Writes the name at `at`; returns the place after it, pool used and the reason if it failed."""
    begin = used
    first = at
    origin = at
    after = at
    target = -1
    target_used = used
    target_size = 0
    hops = 0
    size = 1
    while True:
        if at >= end:
            return after, used, NAME_CUT
        length = byte(data, at)
        if length >= 0xC0:
            if at + 2 > end:
                return after, used, NAME_CUT
            if hops == 0:
                after = at + 2
            hops += 1
            at, reason = _follow(data, message, at, first, hops)
            if reason != READ:
                return after, used, reason
            first = at
            slot = (at & SLOTS - 1) * SLOT_WIDTH
            if memory[slot] == at:
                size += memory[slot + 3] - 1
                if size > MAX_NAME:
                    return after, used, LONG
                if used > begin:
                    pool[used] = 46
                    used += 1
                for place in range(memory[slot + 1], memory[slot + 2]):
                    pool[used] = pool[place]
                    used += 1
                break
            if target < 0:
                target = at
                target_used = used
                target_size = size
            continue
        if length >= 0x40:
            return after, used, LABEL_KIND
        at += 1
        if length == 0:
            break
        size += length + 1
        if size > MAX_NAME:
            return after, used, LONG
        stop = at + length
        if stop > end:
            return after, used, NAME_CUT
        if used > begin:
            pool[used] = 46
            used += 1
        while at < stop:
            letter = LABEL[data[at]]
            if letter != 0:
                pool[used] = letter
                used += 1
                at += 1
            else:
                at, used = put_escaped(data, at, stop, pool, used, keep_utf8)
    if hops == 0:
        after = at
    if used == begin:
        pool[used] = 46
        used += 1
    _remember(memory, origin, begin, used, size)
    if target >= 0:
        target_used += target_used > begin
        _remember(memory, target, target_used, used, size - target_size + 1)
    return after, used, READ
