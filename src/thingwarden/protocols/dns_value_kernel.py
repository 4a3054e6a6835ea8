"""What a DNS record says -> text in a pool: addresses, names, strings.

Pieces of `dns_kernel`.
"""

from thingwarden.native import inner
from thingwarden.protocols.dns_name_kernel import READ, VALUE_SIZE, Memory, put_name
from thingwarden.protocols.text_kernel import (
    STRING,
    Bytes,
    be16,
    byte,
    put_decimal,
    put_escaped,
)

NO_VALUE = -1
"""Not a reason: a record of this kind, or without data, has no value."""

MAX_STRINGS = 255

A, NS, CNAME, SOA, PTR, MX, TXT, AAAA, SRV, OPT, SVCB, HTTPS = (
    1, 2, 5, 6, 12, 15, 16, 28, 33, 41, 64, 65,
)  # fmt: skip
"""Record types as registered with IANA."""


@inner
def _put_ipv4(data: Bytes, at: int, pool: Bytes, used: int) -> int:
    """Writes an IPv4 address; returns how much of the pool is used."""
    for step in range(4):
        if step > 0:
            pool[used] = 46
            used += 1
        used = put_decimal(byte(data, at + step), pool, used)
    return used


@inner
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


@inner
def _put_strings(
    data: Bytes, at: int, end: int, pool: Bytes, used: int, keep_utf8: int
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


@inner
def put_value(
    data: Bytes,
    message: int,
    kind: int,
    at: int,
    end: int,
    pool: Bytes,
    used: int,
    keep_utf8: int,
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
    _, now, reason = put_name(data, message, at + skip, end, pool, now, keep_utf8, memory)
    return (now, READ) if reason == READ else (used, reason)
