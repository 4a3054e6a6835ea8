"""Damaged bytes -> where the next record begins, told by headers that fit each other."""

from collections.abc import Iterator

import numpy as np
from numpy.typing import NDArray

LARGEST = 262_144  # bytes; a record behind damage is believed up to the usual snapshot length
CHAIN = 3  # headers in a row that must fit: one in 10^9 random places does
DAY_SECONDS = 86_400
FIRST_WINDOW = 1 << 10  # bytes searched at once: most damage is short,
LARGEST_WINDOW = 1 << 18  # and where it is not, twice as much each time, up to here
BLOCK_TYPES = (1, 2, 3, 4, 5, 6, 0x0A0D0D0A)


def find_record(data: NDArray[np.uint8], form: NDArray[np.int64]) -> int:
    """Offset of the first plausible pcap record in `data`, -1 if there is none.

    Costs about the bytes up to that place, not those behind it.
    """
    swapped = bool(form[1])
    for start, end in _windows(len(data) - 15):
        words = _words(data[start : end + 15], swapped=swapped)
        fraction, captured, wire = words[4:-8], words[8:-4], words[12:]
        good = (fraction < form[2]) & (captured > 0) & (captured <= LARGEST)
        good &= (wire >= captured) & (wire <= LARGEST)
        places = np.flatnonzero(good) + start
        fitting = places[_records_follow(data, places, form)]
        if len(fitting):
            return int(fitting[0])
    return -1


def _records_follow(
    data: NDArray[np.uint8], places: NDArray[np.int64], form: NDArray[np.int64]
) -> NDArray[np.bool_]:
    """At which `places` a chain of records begins; one that leaves `data` is believed."""
    swapped = bool(form[1])
    fits, seconds = np.ones(len(places), np.bool_), _numbers(data, places, swapped=swapped)
    at, open_ = places, np.arange(len(places))
    for _ in range(CHAIN):
        following = at + 16 + _numbers(data, at + 8, swapped=swapped)
        inside = following + 16 <= len(data)
        fits[open_[~inside]] = at[~inside] != 0
        open_, at = open_[inside], following[inside]
        then, fraction, captured, wire = (
            _numbers(data, at + offset, swapped=swapped) for offset in (0, 4, 8, 12)
        )
        good = (fraction < form[2]) & (captured > 0) & (captured <= wire) & (wire <= LARGEST)
        good &= np.abs(then - seconds[open_]) < DAY_SECONDS
        fits[open_[~good]] = False
        open_, at = open_[good], at[good]
    return fits


def find_block(data: NDArray[np.uint8], form: NDArray[np.int64]) -> int:
    """Offset of the first plausible pcapng block in `data`, -1 if there is none.

    Costs about the bytes up to that place, not those behind it.
    """
    swapped = bool(form[1])
    for start, end in _windows(len(data) - 11):
        words = _words(data[start : end + 7], swapped=swapped)
        kinds, lengths = words[:-4], words[4:]
        good = np.isin(kinds, BLOCK_TYPES) & (lengths >= 12) & (lengths % 4 == 0)
        good &= lengths <= LARGEST + 64
        found = np.flatnonzero(good)
        places, lengths = found + start, lengths[found]
        inside = places + lengths <= len(data)
        places, lengths = places[inside], lengths[inside]
        closing = _numbers(data, places + lengths - 4, swapped=swapped)
        fitting = places[closing == lengths]
        if len(fitting):
            return int(fitting[0])
    return -1


def _windows(places: int) -> Iterator[tuple[int, int]]:
    """From the first to behind the last place of each window, each twice the one before."""
    start, size = 0, FIRST_WINDOW
    while start < places:
        yield start, min(start + size, places)
        start, size = start + size, min(2 * size, LARGEST_WINDOW)


def _words(data: NDArray[np.uint8], *, swapped: bool) -> NDArray[np.int64]:
    """The 32-bit number at every offset of `data`, which has 4 bytes or more."""
    order = ">u4" if swapped else "<u4"
    windows = np.lib.stride_tricks.as_strided(data, (len(data) - 3, 4), (1, 1))
    return np.ascontiguousarray(windows).view(order)[:, 0].astype(np.int64)


def _numbers(
    data: NDArray[np.uint8], places: NDArray[np.int64], *, swapped: bool
) -> NDArray[np.int64]:
    """The 32-bit numbers at `places`, each with 4 bytes inside `data`."""
    order = ">u4" if swapped else "<u4"
    found: NDArray[np.int64] = (
        data[places[:, None] + np.arange(4)].view(order)[:, 0].astype(np.int64)
    )
    return found
