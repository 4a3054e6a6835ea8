"""Loads of whole numbers at any offset of a byte array, as one machine instruction each.

They check nothing: the caller compares the offset with the end of the record first, and buffers
carry `packets.PADDING` bytes more than they hold.
"""

from collections.abc import Callable
from typing import Any, Literal

from thingwarden.native.kernels import COMPILING

Load = Callable[[Any, int], int]


def big_endian(bits: int) -> Load:
    """A function of array and offset that loads so many bits in network order, without sign."""
    return _load(bits, "big")


def little_endian(bits: int) -> Load:
    """A function of array and offset that loads so many bits, lowest byte first, without sign."""
    return _load(bits, "little")


def _load(bits: int, order: Literal["big", "little"]) -> Load:
    if COMPILING:
        from thingwarden.native.compiler import load_instruction  # noqa: PLC0415  # brings Numba

        return load_instruction(bits, swap=order == "big")

    def load(data: Any, at: int) -> int:
        return int.from_bytes(bytes(data[at : at + bits // 8]), order)

    return load
