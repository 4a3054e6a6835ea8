"""TCP sequence numbers, which count modulo 2^32 (RFC 9293 section 3.4), kept in 64 bits."""

from typing import Final

from thingwarden.native import inner

HALF: Final = 1 << 31
MASK: Final = (1 << 32) - 1


@inner
def ahead(number, other):
    """How far `number` lies ahead of `other`; negative if it lies behind."""
    return ((number - other + HALF) & MASK) - HALF


@inner
def after(number, count):
    """The number `count` behind `number`."""
    return (number + count) & MASK
