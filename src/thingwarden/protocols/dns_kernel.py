"""DNS messages in a buffer -> numbers of messages and records, text of their names and values.

One entry, `read_messages`, for DNS, Multicast DNS and LLMNR, over UDP and TCP.
"""

import numpy as np
from numpy.typing import NDArray

from thingwarden.native import INTEGER, Array, inner, kernel
from thingwarden.protocols.dns_name_kernel import (
    FOREIGN,
    MANY,
    MAX_NAME,
    MESSAGE_CUT,
    NAME_CUT,
    QUESTION_CUT,
    READ,
    RECORD_CUT,
    SHORT,
    SLOT_WIDTH,
    SLOTS,
    Memory,
    put_name,
)
from thingwarden.protocols.dns_value_kernel import OPT, put_value
from thingwarden.protocols.text_kernel import Bytes, be16

Numbers = NDArray[np.int32]

# Options.
STREAM, KEEP_UTF8 = 1, 2

# Places in `progress`: the next payload, where to go on in it (0: at its start), rows made so far,
# and how far each third of the pool is used.
PAYLOAD, AT, MESSAGES, RECORDS, ASKED, OWNERS, VALUES, PLACES = range(8)

# Columns of `messages` and of `records`, row after row; ends are places in the pool.
SOURCE, ID, FLAGS = range(3)
QUESTION, QUESTIONS, ANSWERS, KNOWN, TYPE, CLASS, ASKED_END = range(3, 10)
MESSAGE_WIDTH = 10
RECORD_SOURCE, SECTION, RECORD_TYPE, RECORD_CLASS, TTL, HAS_VALUE = range(6)
OWNER_END, VALUE_END, RECORD_WIDTH = range(6, 9)
HAS_NAME, HAS_TYPE = 1, 2  # bits of KNOWN

MAX_RECORDS = 256
MAX_QUESTIONS = 256  # a Multicast DNS query of 9000 bytes with short names stays below
MAX_STATED = 65_535 // 11  # a record has at least 11 bytes
MAX_TEXT = 16_384  # of one message, names or values: compression can repeat 1 kB without end
ROOM = MAX_TEXT + 8 * MAX_NAME
"""Room that one message may need in a third of the pool: all bytes of a last name can become 4."""

REMEMBERED = SLOTS * SLOT_WIDTH
"""Numbers in the memory for names."""


@inner
def _read_records(
    data: Bytes,
    message: int,
    at: int,
    end: int,
    keep_utf8: int,
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
        at, now, reason = put_name(data, message, at, end, pool, owner_used, keep_utf8, memory)
        stop = at + 10
        if reason == READ and stop <= end:
            stop += be16(data, at + 8)
        if reason != READ or stop > end:
            first = reason if reason != READ else RECORD_CUT
            break
        owner_used = now
        kind = be16(data, at)
        value_used, reason = put_value(
            data, message, kind, at + 10, stop, pool, value_used, keep_utf8, memory
        )
        records[row + RECORD_SOURCE] = progress[PAYLOAD]
        records[row + SECTION] = 0 if index < answers else 1 if index < authorities else 2
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


@inner
def _read_message(
    data: Bytes,
    message: int,
    end: int,
    keep_utf8: int,
    progress: Memory,
    messages: Numbers,
    records: Numbers,
    pool: Bytes,
    memory: Memory,
) -> int:
    """Makes the rows of one message; returns the reason if something in it could not be read.

    Each question is a row. A first one that is cut leaves a row without it; one that is wrong, or a
    header that no DNS message has, leaves none.
    """
    if end - message < 12:
        return SHORT
    flags = be16(data, message + 2)
    opcode = flags >> 11 & 15
    asked = be16(data, message + 4)
    stated = be16(data, message + 6) + be16(data, message + 8) + be16(data, message + 10)
    if opcode == 3 or opcode > 6 or asked > MAX_QUESTIONS or stated > MAX_STATED:
        return FOREIGN
    at = message + 12
    asked_last = progress[ASKED] + MAX_TEXT
    reason = READ
    for index in range(max(asked, 1)):
        known = 0
        row = progress[MESSAGES] * MESSAGE_WIDTH
        if asked > 0:
            at, used, reason = put_name(
                data, message, at, end, pool, progress[ASKED], keep_utf8, memory
            )
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
                    if used > asked_last:
                        reason = MANY
            elif index > 0 or reason > NAME_CUT:
                return reason
        messages[row + SOURCE] = progress[PAYLOAD]
        messages[row + ID] = be16(data, message)
        messages[row + FLAGS] = flags
        messages[row + QUESTION] = index
        messages[row + QUESTIONS] = asked
        messages[row + ANSWERS] = be16(data, message + 6)
        messages[row + KNOWN] = known
        messages[row + ASKED_END] = progress[ASKED]
        progress[MESSAGES] += 1
        if reason != READ:
            return reason
    return _read_records(data, message, at, end, keep_utf8, progress, records, pool, memory)


@kernel(
    Array(np.uint8),
    Array(np.int64),
    Array(np.int64),
    INTEGER,
    Array(np.int64),
    Array(np.uint8),
    Array(np.int32),
    Array(np.int32),
    Array(np.uint8),
    Array(np.int64),
)
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
) -> int:
    """Reads payloads from `progress` on; False if it stopped for want of room, to be called again.

    The first reason met in each payload goes to `reasons`; `memory` is for its own use. One pass,
    one row of 40 bytes a question and of 36 bytes a record beside their text. Room for one message,
    which is `MAX_QUESTIONS` rows, `MAX_RECORDS` rows and `ROOM` bytes in each third of the pool, is enough. Measured on real answers:
    0.33 microseconds a message of 100 bytes with 2.6 records.
    """
    stream = options & STREAM != 0
    keep_utf8 = options & KEEP_UTF8
    third = pool.size // 3
    last_message = messages.size // MESSAGE_WIDTH - MAX_QUESTIONS
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
