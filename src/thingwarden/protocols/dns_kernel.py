"""DNS messages in a buffer -> numbers of messages and records, text of their names and values.

One entry, `read_messages`, for DNS, Multicast DNS and LLMNR, over UDP and TCP.
"""

import numpy as np
from numba import njit, types
from numpy.typing import NDArray

from thingwarden.protocols.text_kernel import (
    LABEL,
    STRING,
    Bytes,
    be16,
    byte,
    piece,
    put_decimal,
    put_escaped,
)

Numbers = NDArray[np.int32]
Memory = NDArray[np.int64]

# Options.
STREAM, KEEP_UTF8 = 1, 2

# Places in `progress`: the next payload, where to go on in it (0: at its start), rows made so far,
# and how far each third of the pool is used.
PAYLOAD, AT, MESSAGES, RECORDS, ASKED, OWNERS, VALUES, PLACES = range(8)

# Columns of `messages` and of `records`, row after row; ends are places in the pool.
SOURCE, ID, FLAGS, QUESTIONS, ANSWERS, KNOWN, TYPE, CLASS, ASKED_END, MESSAGE_WIDTH = range(10)
RECORD_SOURCE, SECTION, RECORD_TYPE, RECORD_CLASS, TTL, HAS_VALUE = range(6)
OWNER_END, VALUE_END, RECORD_WIDTH = range(6, 9)
HAS_NAME, HAS_TYPE = 1, 2  # bits of KNOWN

# Reasons, in the order of `dns_message.REASONS`; a name or value that could be read has none.
READ, SHORT, FOREIGN, NAME_CUT, LOOP, HEADER, HOPS, LABEL_KIND, LONG = range(9)
VALUE_SIZE, MANY, QUESTION_CUT, RECORD_CUT, MESSAGE_CUT = range(9, 14)
NO_VALUE = -1

MAX_HOPS = 16
MAX_NAME = 255  # RFC 1035 section 2.3.4
MAX_RECORDS = 256
MAX_QUESTIONS = 256  # a Multicast DNS query of 9000 bytes with short names stays below
MAX_STATED = 65_535 // 11  # a record has at least 11 bytes
MAX_TEXT = 16_384  # of one message, names or values: compression can repeat 1 kB without end
MAX_STRINGS = 255
ROOM = MAX_TEXT + 8 * MAX_NAME
"""Room that one message may need in a third of the pool: all bytes of a last name can become 4."""

SLOTS = 256  # names that are remembered; a power of two
SLOT_WIDTH = (
    4  # place in the buffer or -1, its text in the pool from, to, its length in the message
)

A, NS, CNAME, SOA, PTR, MX, TXT, AAAA, SRV, OPT, SVCB, HTTPS = (
    1, 2, 5, 6, 12, 15, 16, 28, 33, 41, 64, 65,
)  # fmt: skip

_BYTES = types.Array(types.uint8, 1, "C", readonly=True)
_OFFSETS = types.Array(types.int64, 1, "C", readonly=True)
SIGNATURE = types.boolean(
    _BYTES,
    _OFFSETS,
    _OFFSETS,
    types.int64,
    types.int64[::1],
    types.uint8[::1],
    types.int32[::1],
    types.int32[::1],
    types.uint8[::1],
    types.int64[::1],
)


@piece
def _remember(memory: Memory, at: int, begin: int, end: int, size: int) -> None:
    """Notes that the name at `at`, of `size` bytes, stands in the pool from `begin` to `end`."""
    if size > 1:
        slot = (at & SLOTS - 1) * SLOT_WIDTH
        memory[slot] = at
        memory[slot + 1] = begin
        memory[slot + 2] = end
        memory[slot + 3] = size


@piece
def _put_name(
    data: Bytes,
    message: int,
    at: int,
    end: int,
    pool: Bytes,
    used: int,
    keep_utf8: bool,
    memory: Memory,
) -> tuple[int, int, int]:
    """Writes the name at `at`; returns the place after it, pool used and the reason if it failed.

    A pointer must lead before the labels that it follows, so no name can loop.
    """
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
            at = message + (be16(data, at) & 0x3FFF)
            hops += 1
            if at >= first:
                return after, used, LOOP
            if at < message + 12:
                return after, used, HEADER
            if hops > MAX_HOPS:
                return after, used, HOPS
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


@piece
def _skip_name(data: Bytes, at: int, end: int) -> tuple[int, int]:
    """The place after the name at `at`, and the reason if there is none."""
    while at < end:
        length = byte(data, at)
        if length == 0:
            return at + 1, READ
        if length >= 0xC0:
            return at + 2, READ
        if length >= 0x40:
            return at, LABEL_KIND
        at += length + 1
    return at, NAME_CUT


@piece
def _put_ipv4(data: Bytes, at: int, pool: Bytes, used: int) -> int:
    """Writes an IPv4 address; returns how much of the pool is used."""
    for step in range(4):
        if step > 0:
            pool[used] = 46
            used += 1
        used = put_decimal(byte(data, at + step), pool, used)
    return used


@piece
def _put_ipv6(data: Bytes, at: int, pool: Bytes, used: int) -> int:
    """Writes an IPv6 address as RFC 5952 sections 4 and 5 say; returns the pool used."""
    gap = -1
    gap_size = 1
    run = 0
    for group in range(8):
        run = run + 1 if be16(data, at + 2 * group) == 0 else 0
        if run > gap_size:
            gap_size = run
            gap = group - run + 1
    mapped = gap == 0 and gap_size == 5 and be16(data, at + 10) == 0xFFFF
    groups = 6 if mapped else 8
    group = 0
    while group < groups:
        if group == gap:
            pool[used] = 58
            pool[used + 1] = 58
            used += 2
            group += gap_size
            continue
        if group > 0 and group != gap + gap_size:
            pool[used] = 58
            used += 1
        value = be16(data, at + 2 * group)
        shift = 12 if value > 0xFFF else (8 if value > 0xFF else (4 if value > 0xF else 0))
        while shift >= 0:
            digit = value >> shift & 15
            pool[used] = 48 + digit if digit < 10 else 87 + digit
            used += 1
            shift -= 4
        group += 1
    if mapped:
        pool[used] = 58
        used = _put_ipv4(data, at + 12, pool, used + 1)
    return used


@piece
def _put_strings(
    data: Bytes, at: int, end: int, pool: Bytes, used: int, keep_utf8: bool
) -> tuple[int, int]:
    """Writes the strings of a TXT record, at most `MAX_STRINGS` bytes; pool used and reason."""
    begin = used
    last = used + MAX_STRINGS - 3
    while at < end and used < last:
        stop = at + 1 + byte(data, at)
        if stop > end:
            return begin, VALUE_SIZE
        if used > begin:
            pool[used] = 59
            used += 1
        at += 1
        while at < stop and used < last:
            letter = STRING[data[at]]
            if letter != 0:
                pool[used] = letter
                used += 1
                at += 1
            else:
                at, used = put_escaped(data, at, stop, pool, used, keep_utf8)
        at = stop
    return used, READ


@piece
def _put_value(
    data: Bytes,
    message: int,
    kind: int,
    at: int,
    end: int,
    pool: Bytes,
    used: int,
    keep_utf8: bool,
    memory: Memory,
) -> tuple[int, int]:
    """Writes what a record of type `kind` says; returns pool used, and the reason or `NO_VALUE`."""
    size = end - at
    skip = 0
    if size == 0:
        return used, NO_VALUE
    if kind == A:
        return (_put_ipv4(data, at, pool, used), READ) if size == 4 else (used, VALUE_SIZE)
    if kind == AAAA:
        return (_put_ipv6(data, at, pool, used), READ) if size == 16 else (used, VALUE_SIZE)
    if kind == TXT:
        return _put_strings(data, at, end, pool, used, keep_utf8)
    if kind in (MX, SVCB, HTTPS):
        skip = 2
    elif kind == SRV:
        skip = 6
    elif kind not in (CNAME, NS, PTR, SOA):
        return used, NO_VALUE
    if size <= skip:
        return used, VALUE_SIZE
    now = used
    if skip > 0:
        now = put_decimal(be16(data, at + skip - 2), pool, used)
        pool[now] = 32
        now += 1
    _, now, reason = _put_name(data, message, at + skip, end, pool, now, keep_utf8, memory)
    return (now, READ) if reason == READ else (used, reason)


@piece
def _read_records(
    data: Bytes,
    message: int,
    at: int,
    end: int,
    keep_utf8: bool,
    progress: Memory,
    records: Numbers,
    pool: Bytes,
    memory: Memory,
) -> int:
    """Makes a row of each record from `at` on; returns the first reason met.

    A value that cannot be read is left out and the next record read; a bad owner name ends it.
    """
    owner_used = progress[OWNERS]
    value_used = progress[VALUES]
    owner_last = owner_used + MAX_TEXT
    value_last = value_used + MAX_TEXT
    row = progress[RECORDS] * RECORD_WIDTH
    answers = be16(data, message + 6)
    authorities = answers + be16(data, message + 8)
    first = READ
    for index in range(authorities + be16(data, message + 10)):
        if index == MAX_RECORDS or owner_used > owner_last or value_used > value_last:
            first = MANY
            break
        if at + 11 <= end and data[at] == 0 and be16(data, at + 1) == OPT:
            at += 11 + be16(data, at + 9)
            if at <= end:
                continue
            first = RECORD_CUT
            break
        at, now, reason = _put_name(data, message, at, end, pool, owner_used, keep_utf8, memory)
        stop = at + 10
        if reason == READ and stop <= end:
            stop += be16(data, at + 8)
        if reason != READ or stop > end:
            first = reason if reason != READ else RECORD_CUT
            break
        owner_used = now
        kind = be16(data, at)
        value_used, reason = _put_value(
            data, message, kind, at + 10, stop, pool, value_used, keep_utf8, memory
        )
        records[row + RECORD_SOURCE] = progress[PAYLOAD]
        records[row + SECTION] = (index >= answers) + (index >= authorities)
        records[row + RECORD_TYPE] = kind
        records[row + RECORD_CLASS] = be16(data, at + 2)
        high = be16(data, at + 4)
        records[row + TTL] = (high - (high >> 15 << 16)) << 16 | be16(data, at + 6)
        records[row + HAS_VALUE] = reason == READ
        records[row + OWNER_END] = owner_used
        records[row + VALUE_END] = value_used
        row += RECORD_WIDTH
        if first == READ and reason > READ:
            first = reason
        at = stop
    progress[RECORDS] = row // RECORD_WIDTH
    progress[OWNERS] = owner_used
    progress[VALUES] = value_used
    return first


@piece
def _read_message(
    data: Bytes,
    message: int,
    end: int,
    keep_utf8: bool,
    progress: Memory,
    messages: Numbers,
    records: Numbers,
    pool: Bytes,
    memory: Memory,
) -> int:
    """Makes the rows of one message; returns the reason if something in it could not be read.

    A question that is cut leaves a row without it; one that is wrong, or a header that no
    DNS message has, leaves none.
    """
    if end - message < 12:
        return SHORT
    flags = be16(data, message + 2)
    opcode = flags >> 11 & 15
    asked = be16(data, message + 4)
    stated = be16(data, message + 6) + be16(data, message + 8) + be16(data, message + 10)
    if opcode == 3 or opcode > 6 or asked > MAX_QUESTIONS or stated > MAX_STATED:
        return FOREIGN
    row = progress[MESSAGES] * MESSAGE_WIDTH
    at = message + 12
    reason = READ
    known = 0
    if asked > 0:
        at, used, reason = _put_name(
            data, message, at, end, pool, progress[ASKED], keep_utf8, memory
        )
        if reason > NAME_CUT:
            return reason
        if reason == READ:
            progress[ASKED] = used
            known = HAS_NAME
            if at + 4 > end:
                reason = QUESTION_CUT
            else:
                known = HAS_NAME | HAS_TYPE
                messages[row + TYPE] = be16(data, at)
                messages[row + CLASS] = be16(data, at + 2)
                at += 4
    messages[row + SOURCE] = progress[PAYLOAD]
    messages[row + ID] = be16(data, message)
    messages[row + FLAGS] = flags
    messages[row + QUESTIONS] = asked
    messages[row + ANSWERS] = be16(data, message + 6)
    messages[row + KNOWN] = known
    messages[row + ASKED_END] = progress[ASKED]
    progress[MESSAGES] += 1
    for _ in range(1, asked):
        if reason == READ:
            at, reason = _skip_name(data, at, end)
            at += 4
            if reason == READ and at > end:
                reason = QUESTION_CUT
    if reason != READ:
        return reason
    return _read_records(data, message, at, end, keep_utf8, progress, records, pool, memory)


@njit(SIGNATURE, cache=True, nogil=True, error_model="numpy")
def read_messages(
    data: Bytes,
    start: NDArray[np.int64],
    end: NDArray[np.int64],
    options: int,
    progress: Memory,
    reasons: NDArray[np.uint8],
    messages: Numbers,
    records: Numbers,
    pool: Bytes,
    memory: Memory,
) -> bool:
    """Reads payloads from `progress` on; False if it stopped for want of room, to be called again.

    The first reason met in each payload goes to `reasons`; `memory` is for its own use. One pass,
    one row of 36 bytes a message and of 32 bytes a record beside their text. Room for one message,
    which is one row, `MAX_RECORDS` rows and `ROOM` bytes in each third of the pool, is enough.
    """
    stream = options & STREAM != 0
    keep_utf8 = options & KEEP_UTF8 != 0
    third = pool.size // 3
    last_message = messages.size // MESSAGE_WIDTH - 1
    last_record = records.size // RECORD_WIDTH - MAX_RECORDS
    for slot in range(SLOTS):
        memory[slot * SLOT_WIDTH] = -1
    while progress[PAYLOAD] < start.size:
        if (
            progress[MESSAGES] > last_message
            or progress[RECORDS] > last_record
            or progress[ASKED] + ROOM > third
            or progress[OWNERS] + ROOM > 2 * third
            or progress[VALUES] + ROOM > 3 * third
        ):
            return False
        payload = progress[PAYLOAD]
        limit = end[payload]
        message = progress[AT] if progress[AT] > 0 else start[payload]
        stop = limit
        cut = False
        if stream:
            stop = message + 2 + (be16(data, message) if message + 2 <= limit else 12)
            message += 2
            cut = stop > limit
            stop = limit if cut else stop
        reason = READ
        if message <= limit + 1:
            reason = _read_message(
                data, message, stop, keep_utf8, progress, messages, records, pool, memory
            )
        if cut and (reason in (SHORT, NAME_CUT) or reason >= QUESTION_CUT):
            reason = MESSAGE_CUT
        if reasons[payload] == READ:
            reasons[payload] = reason
        if stop < limit and reason not in (SHORT, FOREIGN):
            progress[AT] = stop
        else:
            progress[AT] = 0
            progress[PAYLOAD] = payload + 1
    return True
