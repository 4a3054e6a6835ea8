"""Damaged bytes -> where the next record begins, told by headers that fit each other."""

import numpy as np
from numpy.typing import NDArray

LARGEST = 262_144  # bytes; a record behind damage is believed up to the usual snapshot length
CHAIN = 3  # headers in a row that must fit: one in 10^9 random places does
DAY_SECONDS = 86_400
CANDIDATES = 4096  # places tried in a buffer before it is given up
BLOCK_TYPES = (1, 2, 3, 4, 5, 6, 0x0A0D0D0A)


def find_record(data: NDArray[np.uint8], form: NDArray[np.int64]) -> int:
    """Offset of the first plausible pcap record in `data`, -1 if there is none."""
    words = _words(data, swapped=bool(form[1]))
    if len(words) < 16:
        return -1
    fraction, captured, wire = words[4:-8], words[8:-4], words[12:]
    good = (fraction < form[2]) & (captured > 0) & (captured <= LARGEST)
    good &= (wire >= captured) & (wire <= LARGEST)
    for at in np.flatnonzero(good)[:CANDIDATES]:
        if _records_follow(words, int(at), form):
            return int(at)
    return -1


def _records_follow(words: NDArray[np.int64], at: int, form: NDArray[np.int64]) -> bool:
    seconds = words[at]
    for _ in range(CHAIN):
        following = at + 16 + int(words[at + 8])
        if following + 12 >= len(words):
            return following + 16 >= len(words) and at != 0
        fits = (
            words[following + 4] < form[2]
            and 0 < words[following + 8] <= LARGEST
            and words[following + 8] <= words[following + 12] <= LARGEST
            and abs(int(words[following]) - int(seconds)) < DAY_SECONDS
        )
        if not fits:
            return False
        at = following
    return True


def find_block(data: NDArray[np.uint8], form: NDArray[np.int64]) -> int:
    """Offset of the first plausible pcapng block in `data`, -1 if there is none."""
    words = _words(data, swapped=bool(form[1]))
    if len(words) < 12:
        return -1
    kinds, lengths = words[:-4], words[4:]
    good = np.isin(kinds, BLOCK_TYPES) & (lengths >= 12) & (lengths % 4 == 0)
    good &= lengths <= LARGEST + 64
    places = np.flatnonzero(good)[:CANDIDATES]
    ends = places + lengths[places] - 4
    inside = ends < len(words)
    places, ends = places[inside], ends[inside]
    fitting = places[words[ends] == lengths[places]]
    return int(fitting[0]) if len(fitting) else -1


def _words(data: NDArray[np.uint8], *, swapped: bool) -> NDArray[np.int64]:
    """The 32-bit number at every offset of `data`."""
    if len(data) < 4:
        return np.zeros(0, np.int64)
    order = ">u4" if swapped else "<u4"
    windows = np.lib.stride_tricks.as_strided(data, (len(data) - 3, 4), (1, 1))
    return np.ascontiguousarray(windows).view(order)[:, 0].astype(np.int64)
