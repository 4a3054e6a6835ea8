"""Payloads -> their first bytes as the rows of one matrix, and which are too short for it."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from thingwarden.protocols.reader import Payloads

WIDEST = 64  # so many bytes may be loaded past the start of any payload, see `Payloads.data`


@dataclass(frozen=True, slots=True, kw_only=True)
class Heads:
    """The first bytes of those payloads that have as many."""

    rows: NDArray[np.uint8]
    """One row per payload of `source`, all of the width asked for."""
    source: NDArray[np.int64]
    """Index of the payload of each row, rising."""
    short: NDArray[np.int64]
    """Indexes of the payloads that have fewer bytes."""


def read_heads(payloads: Payloads, width: int) -> Heads:
    """The first `width` bytes of every payload that has them."""
    assert width <= WIDEST
    long_enough = payloads.end - payloads.start >= width
    source = np.flatnonzero(long_enough)
    rows = read_rows(payloads.data, payloads.start[source], width)
    return Heads(rows=rows, source=source, short=np.flatnonzero(~long_enough))


def read_rows(data: NDArray[np.uint8], start: NDArray[np.int64], width: int) -> NDArray[np.uint8]:
    """`width` bytes of `data` from each `start`; raises `IndexError` if one lies outside."""
    if not len(start):
        return np.empty((0, width), np.uint8)
    return np.lib.stride_tricks.sliding_window_view(data, width)[start]


def words(rows: NDArray[np.uint8], at: int) -> NDArray[np.uint32]:
    """The 32-bit number at byte `at` of each row, network order."""
    return read_numbers(rows, at, ">u4").astype(np.uint32)


def shorts(rows: NDArray[np.uint8], at: int) -> NDArray[np.int32]:
    """The 16-bit number at byte `at` of each row, network order."""
    return read_numbers(rows, at, ">u2").astype(np.int32)


def read_numbers(rows: NDArray[np.uint8], at: int, kind: str) -> NDArray[np.unsignedinteger]:
    """The number of NumPy type `kind` at byte `at` of each row."""
    width = np.dtype(kind).itemsize
    return np.ascontiguousarray(rows[:, at : at + width]).view(kind)[:, 0]
