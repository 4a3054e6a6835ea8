"""Addresses as numbers -> text, without a Python object per row.

Texts are written one behind another into a pool, with the offsets that Arrow wants. Cost: about
40 ns an IPv4 address, 90 ns an IPv6 address.
"""

import numpy as np

from thingwarden.native import Array, inner, kernel

BYTES, OFFSETS, WORDS = Array(np.uint8), Array(np.int32), Array(np.uint64)

HEX = np.frombuffer(b"0123456789abcdef", np.uint8)

LONGEST_IP = 40
LONGEST_MAC = 17


@inner
def _decimal(pool, at, value):
    if value >= 100:
        pool[at] = 48 + value // 100
        at += 1
    if value >= 10:
        pool[at] = 48 + value // 10 % 10
        at += 1
    pool[at] = 48 + value % 10
    return at + 1


@inner
def _group(high, low, index):
    word = high if index < 4 else low
    return np.int64((word >> np.uint64(48 - 16 * (index % 4))) & np.uint64(0xFFFF))


@inner
def _longest_zeros(high, low):
    """First group and length of the longest run of zero groups (RFC 5952 section 4.2)."""
    best, best_length, start, length = -1, 1, 0, 0
    for index in range(8):
        if _group(high, low, index) == 0:
            if length == 0:
                start = index
            length += 1
            if length > best_length:
                best, best_length = start, length
        else:
            length = 0
    return best, best_length


@inner
def _ipv6(pool, at, high, low):
    zeros, length = _longest_zeros(high, low)
    index = 0
    while index < 8:
        if index == zeros:
            pool[at] = pool[at + 1] = 58
            at += 2
            index += length
            continue
        if (index > 0 and index != zeros + length) or (zeros < 0 and index > 0):
            pool[at] = 58
            at += 1
        group, begun = _group(high, low, index), False
        for shift in (12, 8, 4, 0):
            digit = (group >> shift) & 15
            if digit or begun or shift == 0:
                pool[at] = HEX[digit]
                at += 1
                begun = True
        index += 1
    return at


@kernel(WORDS, WORDS, BYTES, BYTES, OFFSETS)
def write_ips(high, low, versions, pool, offsets):
    """Texts of addresses; version 0 gives an empty text. Returns bytes written.

    `pool` holds `LONGEST_IP` bytes a row, `offsets` one more than rows.
    """
    at = np.int64(0)
    for row in range(high.size):
        offsets[row] = at
        if versions[row] == 4:
            for shift in (24, 16, 8, 0):
                at = _decimal(pool, at, np.int64((low[row] >> np.uint64(shift)) & np.uint64(255)))
                if shift:
                    pool[at] = 46
                    at += 1
        elif versions[row] == 6:
            at = _ipv6(pool, at, high[row], low[row])
    offsets[high.size] = at
    return at


@kernel(WORDS, BYTES, OFFSETS)
def write_macs(macs, pool, offsets):
    """Texts of hardware addresses, lower case with colons; 0 gives an empty text."""
    at = np.int64(0)
    for row in range(macs.size):
        offsets[row] = at
        if macs[row] == 0:
            continue
        for shift in (40, 32, 24, 16, 8, 0):
            byte = np.int64((macs[row] >> np.uint64(shift)) & np.uint64(255))
            pool[at], pool[at + 1] = HEX[byte >> 4], HEX[byte & 15]
            at += 2
            if shift:
                pool[at] = 58
                at += 1
    offsets[macs.size] = at
    return at
