"""Bytes of a message -> text in a pool: small pieces that kernels are made of.

A caller has checked that what it asks for lies inside the message, and that the pool has room.
"""

import numpy as np
from numpy.typing import NDArray

from thingwarden.native import inner

Bytes = NDArray[np.uint8]


def _alphabet(*, lower: bool, without: bytes) -> Bytes:
    """For each byte the byte to write, or 0 if it needs a closer look."""
    letters = bytearray(range(256)).lower() if lower else bytearray(range(256))
    for byte in range(256):
        if not 0x20 <= byte < 0x7F or byte in without:
            letters[byte] = 0
    return np.frombuffer(bytes(letters), dtype=np.uint8)


LABEL = _alphabet(lower=True, without=b".\\")
"""Labels of names: lower case (RFC 4343), dots and backslashes are looked at."""
STRING = _alphabet(lower=False, without=b"\\")
"""Strings beside names, such as those of TXT records."""
PLAIN = _alphabet(lower=False, without=b"")
"""Text without escapes."""


@inner
def byte(data: Bytes, at: int) -> int:
    """One byte, signed in 64 bits: arithmetic with unsigned ones would turn to float."""
    return np.int64(data[at])  # type: ignore[return-value]  # an int of the kernel


@inner
def be16(data: Bytes, at: int) -> int:
    """Two bytes in network order."""
    return byte(data, at) << 8 | byte(data, at + 1)


@inner
def visible_utf8(data: Bytes, at: int, end: int) -> int:
    """Length of the character at `at` if it is whole, valid, not ASCII and can be seen; else 0.

    Valid is what RFC 3629 section 4 lists. Not seen are C1 controls, zero-width characters, line
    separators, bidirectional marks and overrides, byte order marks, tags and noncharacters.
    """
    first = byte(data, at)
    if first < 0xC2 or first > 0xF4:
        return 0
    size = 2 + (first >= 0xE0) + (first >= 0xF0)
    if at + size > end:
        return 0
    point = first & (0x7F >> size)
    for place in range(at + 1, at + size):
        if data[place] & 0xC0 != 0x80:
            return 0
        point = point << 6 | byte(data, place) & 0x3F
    if point < 0xA0 or (size == 3 and point < 0x800) or (size == 4 and point < 0x10000):
        return 0
    if 0xD800 <= point <= 0xDFFF or point > 0x10FFFF or point & 0xFFFE == 0xFFFE:
        return 0
    if 0x200B <= point <= 0x200F or 0x2028 <= point <= 0x202E or 0x2060 <= point <= 0x206F:
        return 0
    if point in (0xAD, 0x61C, 0xFEFF) or 0xFFF9 <= point <= 0xFFFB or point >> 12 == 0xE0:
        return 0
    return size


@inner
def copy(data: Bytes, at: int, size: int, pool: Bytes, used: int) -> int:
    """Copies `size` bytes; returns how much of the pool is used."""
    for step in range(size):
        pool[used + step] = data[at + step]
    return used + size


@inner
def put_decimal(value: int, pool: Bytes, used: int) -> int:
    """Writes a whole number from 0 on; returns how much of the pool is used."""
    size = 1
    bound = 10
    while value >= bound:
        size += 1
        bound *= 10
    for place in range(used + size - 1, used - 1, -1):
        pool[place] = 48 + value % 10
        value //= 10
    return used + size


@inner
def put_escaped(
    data: Bytes, at: int, end: int, pool: Bytes, used: int, keep_utf8: int
) -> tuple[int, int]:
    """Writes the unusual character at `at`, at most 4 bytes; returns place after it, pool used.

    Visible UTF-8 stays if `keep_utf8` is not 0, printable ASCII gets a backslash, any other byte becomes
    a backslash and three decimal digits: RFC 1035 section 5.1.
    """
    if keep_utf8 != 0:
        size = visible_utf8(data, at, end)
        if size > 0:
            return at + size, copy(data, at, size, pool, used)
    unusual = byte(data, at)
    pool[used] = 92
    if 0x20 <= unusual < 0x7F:
        pool[used + 1] = unusual
        return at + 1, used + 2
    pool[used + 1] = 48 + unusual // 100
    pool[used + 2] = 48 + unusual // 10 % 10
    pool[used + 3] = 48 + unusual % 10
    return at + 1, used + 4


@inner
def put_cleaned(data: Bytes, at: int, end: int, pool: Bytes, used: int, limit: int) -> int:
    """Writes text of at most `limit` bytes, '?' for all that is not visible UTF-8.

    Returns how much of the pool is used.
    """
    last = used + limit
    while at < end and used < last:
        letter = PLAIN[data[at]]
        size = 1
        if letter != 0:
            pool[used] = letter
        else:
            size = max(1, visible_utf8(data, at, end))
            if used + size > last:
                break
            if size == 1:
                pool[used] = 63
            else:
                copy(data, at, size, pool, used)
        used += size
        at += size
    return used
