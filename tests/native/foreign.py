"""A kernel that machine code alone cannot run."""

import numpy as np

from thingwarden.native import Array, kernel


@kernel(Array(np.int64))
def sort(data):
    """Makes an array of its own, for which it needs Python's memory."""
    return np.sort(data)[0]
