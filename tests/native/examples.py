"""Kernels of every form, for the tests of how they are compiled."""

import numpy as np

from thingwarden.native import INTEGER, Array, big_endian, inner, kernel, little_endian

PAIR = np.dtype([("first", np.int64), ("second", np.uint8)], align=True)

big, little = big_endian(16), little_endian(32)


@inner
def twice(number):
    return 2 * number


@kernel(Array(np.uint8), INTEGER)
def double(data, start):
    """Doubles all bytes from `start` on; their sum."""
    total = 0
    for at in range(start, data.size):
        data[at] = twice(data[at])
        total += data[at]
    return total


@kernel(Array(PAIR), Array(np.int32, 2))
def add_up(pairs, grid):
    """Sums of both fields into the rows of a grid; how many."""
    for index in range(pairs.size):
        grid[index, 0] = pairs[index].first + pairs[index].second
        grid[index, 1] = grid.shape[1]
    return pairs.size


@kernel(Array(np.uint8))
def load_both(data):
    """Numbers at odd places: big end first, then little end first."""
    return big(data, 1) << 32 | little(data, 3)
