"""MQTT control packets in a buffer -> numbers of each, text of client identifiers and topics.

Sections are those of OASIS MQTT 5.0. User names, passwords and what is published are never copied.
"""

import numpy as np
from numpy.typing import NDArray

from thingwarden.native import Array, inner, kernel
from thingwarden.protocols.text_kernel import Bytes, be16, byte, put_cleaned

Numbers = NDArray[np.int32]
Progress = NDArray[np.int64]

# Places in `progress`: the next payload, where to go on in it (0: at its start), the protocol level
# there, where it starts, rows made so far, and how far each third of the pool is used.
PAYLOAD, AT, CURRENT_LEVEL, BEGIN, ROWS, CLIENTS, WILLS, NAMES, PLACES = range(9)

# Columns of `rows`, row after row; ends are places in the pool. KNOWN has the bit 1 << column of
# each column with a value. LOGIN is where user name and password lie, from the payload's start.
SOURCE, KIND, LEVEL, BITS, KEEP_ALIVE, CODE, TOPICS, QOS, RETAIN, SIZE, LOGIN = range(11)
KNOWN, CLIENT_END, WILL_END, NAME_END, WIDTH = range(11, 16)

# Reasons, in the order of `mqtt_packet.REASONS`.
READ, CUT, LENGTH, RESERVED, RESERVED_FLAGS, FOREIGN, PAST, BAD_QOS, NO_TOPIC = range(9)

CONNECT, CONNACK, PUBLISH, PUBREL = 1, 2, 3, 6
SUBSCRIBE, UNSUBSCRIBE, DISCONNECT, AUTH = 8, 10, 14, 15

USER_NAME, PASSWORD, WILL, CLEAN = 0x80, 0x40, 0x04, 0x02  # section 3.1.2.3
MAX_TEXT = 255


@inner
def _read_length(data: Bytes, at: int, end: int) -> tuple[int, int, int]:
    """The variable byte integer at `at`, the place after it and a reason (section 1.5.5)."""
    value = 0
    for step in range(4):
        if at + step >= end:
            return 0, at, CUT
        part = byte(data, at + step)
        value |= (part & 0x7F) << 7 * step
        if part < 0x80:
            return value, at + step + 1, READ
    return 0, at, LENGTH


@inner
def _skip_properties(data: Bytes, at: int, end: int, stop: int) -> tuple[int, int]:
    """The place after the properties at `at`, and a reason; section 2.2.2."""
    size, at, reason = _read_length(data, at, end)
    if reason == CUT and end == stop:
        reason = PAST
    if reason == READ and at + size > stop:
        reason = PAST
    return at + size, reason


@inner
def _find_string(data: Bytes, at: int, end: int, stop: int) -> tuple[int, int, int]:
    """First and last place of the string at `at`, and a reason (section 1.5.4).

    `end` is where the captured bytes end, `stop` where the packet says that it ends.
    """
    if at + 2 > stop:
        return at, at, PAST
    if at + 2 > end:
        return at, at, CUT
    last = at + 2 + be16(data, at)
    if last > stop:
        return at, at, PAST
    return at + 2, last, READ if last <= end else CUT


@inner
def _count_filters(
    data: Bytes, at: int, end: int, stop: int, options: int, most: int
) -> tuple[int, int]:
    """How many topic filters follow, each with `options` bytes up to `most`; sections 3.8.3, 3.10.3.

    The reason is not `READ` if they do not end with the packet.
    """
    count = 0
    while at < stop:
        first, last, reason = _find_string(data, at, end, stop)
        if reason != READ:
            return count, reason
        at = last + options
        if first == last or at > stop:
            return count, PAST
        if at > end:
            return count, CUT
        if options > 0 and (data[last] > most or data[last] & 3 == 3):
            return count, BAD_QOS
        count += 1
    return count, READ if count > 0 else NO_TOPIC


@inner
def _read_connect(
    data: Bytes, at: int, end: int, stop: int, progress: Progress, rows: Numbers, pool: Bytes
) -> int:
    """Section 3.1; fills the row that is next and counts it unless it is no MQTT."""
    row = progress[ROWS] * WIDTH
    first, at, reason = _find_string(data, at, end, stop)
    if reason != READ:
        return reason
    size = at - first
    named = size == 4 and data[first] == 77 and data[first + 1] == 81 and data[first + 2] == 84
    if size == 6:  # MQIsdp, MQTT 3.1
        named = data[first] == 77 and data[first + 1] == 81 and data[first + 2] == 73
    if not named or at + 4 > stop:
        return FOREIGN
    if at + 4 > end:
        return CUT
    level = byte(data, at) & 0x7F  # bridges set the top bit
    if level < 3 or level > 5:
        return FOREIGN
    bits = byte(data, at + 1)
    progress[CURRENT_LEVEL] = level
    progress[ROWS] += 1
    rows[row + LEVEL] = level
    rows[row + BITS] = bits
    rows[row + KEEP_ALIVE] = be16(data, at + 2)
    rows[row + KNOWN] |= 1 << LEVEL | 1 << BITS | 1 << KEEP_ALIVE
    at += 4
    if level == 5:
        at, reason = _skip_properties(data, at, end, stop)
    for part in range(2):
        if reason == READ and part == 1 and level == 5:
            at, reason = _skip_properties(data, at, end, stop)
        if reason != READ:
            break
        first, at, reason = _find_string(data, at, end, stop)
        if reason == READ:
            used = put_cleaned(data, first, at, pool, progress[CLIENTS + part], MAX_TEXT)
            progress[CLIENTS + part] = used
            rows[row + CLIENT_END + part] = used
            rows[row + KNOWN] |= 1 << CLIENT_END + part
        if bits & WILL == 0:
            break
    told = reason
    if told == READ and bits & WILL != 0:  # past the message of the will
        first, at, told = _find_string(data, at, end, stop)
    if told == READ and bits & USER_NAME != 0 and bits & PASSWORD != 0:
        first, last, told = _find_string(data, at, end, stop)
        if told == READ:
            first, last, told = _find_string(data, last, end, stop)
        if told == READ:
            rows[row + LOGIN] = at - progress[BEGIN]
            rows[row + KNOWN] |= 1 << LOGIN
    return reason


@inner
def _read_publish(
    data: Bytes, at: int, end: int, stop: int, progress: Progress, rows: Numbers, pool: Bytes
) -> int:
    """Section 3.3; fills the row that is next and counts it if its topic is there."""
    row = progress[ROWS] * WIDTH
    level = progress[CURRENT_LEVEL]
    qos = rows[row + QOS]
    if qos == 3:
        return BAD_QOS
    first, at, reason = _find_string(data, at, end, stop)
    if reason != READ:
        return reason
    if first < at:
        progress[NAMES] = put_cleaned(data, first, at, pool, progress[NAMES], MAX_TEXT)
        rows[row + NAME_END] = progress[NAMES]
        rows[row + KNOWN] |= 1 << NAME_END
    elif level in (3, 4):
        return NO_TOPIC
    at += 2 if qos > 0 else 0
    if level == 5:
        at, reason = _skip_properties(data, at, end, stop)
    if at > stop:
        reason = PAST
    if reason == READ:
        rows[row + SIZE] = stop - at
        rows[row + KNOWN] |= 1 << SIZE
    rows[row + KNOWN] |= 1 << QOS | 1 << RETAIN
    progress[ROWS] += 1
    return reason


@inner
def _read_filters(
    data: Bytes, at: int, end: int, stop: int, progress: Progress, rows: Numbers, pool: Bytes
) -> int:
    """Sections 3.8 and 3.10; fills the row that is next and counts it if one filter is there.

    Where the protocol level is not known, the layout without properties is tried first.
    """
    row = progress[ROWS] * WIDTH
    level = progress[CURRENT_LEVEL]
    options = 1 if rows[row + KIND] == SUBSCRIBE else 0
    first = at + 2
    count = 0
    reason = PAST
    if level != 5:
        count, reason = _count_filters(data, first, end, stop, options, 2)
    if level == 5 or (level == 0 and reason not in (READ, CUT)):
        first, reason = _skip_properties(data, at + 2, end, stop)
        if reason == READ:
            count, reason = _count_filters(data, first, end, stop, options, 0x2E)
    if count > 0:
        first, last, _ = _find_string(data, first, end, stop)
        progress[NAMES] = put_cleaned(data, first, last, pool, progress[NAMES], MAX_TEXT)
        rows[row + NAME_END] = progress[NAMES]
        rows[row + KNOWN] |= 1 << NAME_END
        if options > 0:
            rows[row + QOS] = data[last] & 3
            rows[row + KNOWN] |= 1 << QOS
        if reason == READ:
            rows[row + TOPICS] = count
            rows[row + KNOWN] |= 1 << TOPICS
        progress[ROWS] += 1
    return reason


@inner
def _read_packet(
    data: Bytes, at: int, limit: int, progress: Progress, rows: Numbers, pool: Bytes
) -> tuple[int, int]:
    """Reads the packet at `at` into the row that is next; returns the place after it, a reason."""
    kind = byte(data, at) >> 4
    flags = byte(data, at) & 15
    size, body, reason = _read_length(data, at + 1, limit)
    if reason != READ:
        return limit, reason
    if kind == 0 or (kind == AUTH and 0 < progress[CURRENT_LEVEL] < 5):
        return limit, RESERVED
    expected = 2 if kind in (PUBREL, SUBSCRIBE, UNSUBSCRIBE) else 0
    if kind != PUBLISH and flags & 6 != expected:  # others were used by MQTT 3.1
        return limit, RESERVED_FLAGS
    stop = body + size
    end = min(stop, limit)
    row = progress[ROWS] * WIDTH
    for place in range(row, row + WIDTH):
        rows[place] = 0
    rows[row + SOURCE] = progress[PAYLOAD]
    rows[row + KIND] = kind
    rows[row + QOS] = flags >> 1 & 3
    rows[row + RETAIN] = flags & 1
    rows[row + CLIENT_END] = progress[CLIENTS]
    rows[row + WILL_END] = progress[WILLS]
    rows[row + NAME_END] = progress[NAMES]
    if kind == CONNECT:
        reason = _read_connect(data, body, end, stop, progress, rows, pool)
    elif kind == PUBLISH:
        reason = _read_publish(data, body, end, stop, progress, rows, pool)
    elif kind in (SUBSCRIBE, UNSUBSCRIBE):
        reason = _read_filters(data, body, end, stop, progress, rows, pool)
    elif kind == CONNACK or kind >= DISCONNECT:
        body += kind == CONNACK
        if body < end:
            rows[row + CODE] = data[body]
        elif body < stop:
            reason = CUT
        elif kind == CONNACK:
            reason = PAST
        if reason == READ and (size > 0 or progress[CURRENT_LEVEL] == 5):
            rows[row + KNOWN] = 1 << CODE
        progress[ROWS] += 1 if reason != PAST else 0
    return stop if reason == READ else limit, reason


@kernel(
    Array(np.uint8),
    Array(np.int64),
    Array(np.int64),
    Array(np.uint8),
    Array(np.int64),
    Array(np.uint8),
    Array(np.int32),
    Array(np.uint8),
)
def read_packets(
    data: Bytes,
    start: NDArray[np.int64],
    end: NDArray[np.int64],
    levels: NDArray[np.uint8],
    progress: Progress,
    reasons: NDArray[np.uint8],
    rows: Numbers,
    pool: Bytes,
) -> int:
    """Reads payloads from `progress` on; False if it stopped for want of room, to be called again.

    The reason why a payload could not be read to its end goes to `reasons`. One pass, 64 bytes a
    row beside its text. Room for one row and `MAX_TEXT` bytes in each third of the pool is enough. Measured:
    0.2 microseconds a packet with a topic, rows made into columns included.
    """
    third = pool.size // 3
    last_row = rows.size // WIDTH - 1
    while progress[PAYLOAD] < start.size:
        payload = progress[PAYLOAD]
        limit = end[payload]
        at = progress[AT]
        if at == 0:
            at = start[payload]
            progress[CURRENT_LEVEL] = levels[payload]
            progress[BEGIN] = at
        while at < limit:
            if (
                progress[ROWS] > last_row
                or progress[CLIENTS] + MAX_TEXT > third
                or progress[WILLS] + MAX_TEXT > 2 * third
                or progress[NAMES] + MAX_TEXT > 3 * third
            ):
                progress[AT] = at
                return False
            at, reason = _read_packet(data, at, limit, progress, rows, pool)
            reasons[payload] = reason
        progress[AT] = 0
        progress[PAYLOAD] = payload + 1
    return True
