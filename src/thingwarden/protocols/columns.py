"""Numbers and pools of text from a kernel -> Arrow arrays, without a step in Python per row.

Numbers stay where they are, so a kernel must not use their memory again; texts are copied.
"""

from collections.abc import Sequence
from functools import lru_cache

import numpy as np
import pyarrow as pa
from numpy.typing import NDArray

Known = NDArray[np.bool_] | None
"""Where there is a value; None: everywhere."""


def small(values: NDArray[np.int32], known: Known = None) -> pa.Array:
    """Whole numbers of 32 bits."""
    return pa.Array.from_buffers(pa.int32(), len(values), [_bits(known), pa.py_buffer(values)])


def whole(values: NDArray[np.integer], known: Known = None) -> pa.Array:
    """Whole numbers of 64 bits."""
    wide = pa.py_buffer(values.astype(np.int64))
    return pa.Array.from_buffers(pa.int64(), len(values), [_bits(known), wide])


def flags(values: NDArray[np.bool_], known: Known = None) -> pa.Array:
    """Arrow booleans."""
    return pa.Array.from_buffers(pa.bool_(), len(values), [_bits(known), _bits(values)])


def text(
    pool: NDArray[np.uint8], begin: int, ends: NDArray[np.int32], known: Known = None
) -> pa.Array:
    """Texts that lie one after the other in `pool` from `begin` on, valid UTF-8."""
    offsets = np.zeros(len(ends) + 1, dtype=np.int32)
    np.subtract(ends, begin, out=offsets[1:])
    letters = pa.py_buffer(pool[begin : begin + offsets[-1]].tobytes())
    return pa.StringArray.from_buffers(len(ends), pa.py_buffer(offsets), letters, _bits(known))


def choices(indexes: NDArray[np.integer], names: Sequence[str | None]) -> pa.Array:
    """Names for indexes of `names`, which are short; null for None.

    Written with NumPy: what Arrow has for this takes 80 ms to import.
    """
    letters, sizes, known = _name_rows(tuple(names))
    size = sizes[indexes]
    used = np.arange(letters.shape[1]) < size[:, None]
    ends = np.cumsum(size, dtype=np.int32)
    return text(letters[indexes][used], 0, ends, None if known.all() else known[indexes])


def same(name: str, count: int) -> pa.Array:
    """One text in every row."""
    letters = name.encode()
    offsets = np.arange(count + 1, dtype=np.int32) * np.int32(len(letters))
    return pa.StringArray.from_buffers(count, pa.py_buffer(offsets), pa.py_buffer(letters * count))


def joined(parts: Sequence[Sequence[pa.Array]]) -> tuple[pa.Array, ...]:
    """Columns of several parts, one part after the other."""
    if len(parts) == 1:
        return tuple(parts[0])
    return tuple(pa.concat_arrays(column) for column in zip(*parts, strict=True))


@lru_cache(maxsize=64)
def _name_rows(
    names: tuple[str | None, ...],
) -> tuple[NDArray[np.uint8], NDArray[np.int32], NDArray[np.bool_]]:
    """Each name's bytes filled up to the longest, how many count, and whether it is one."""
    raw = [(name or "").encode() for name in names]
    width = max(map(len, raw))
    letters = np.frombuffer(b"".join(name.ljust(width) for name in raw), np.uint8)
    sizes = np.array([len(name) for name in raw], np.int32)
    known = np.array([name is not None for name in names])
    return letters.reshape(len(raw), width), sizes, known


def _bits(values: Known) -> pa.Buffer | None:
    return None if values is None else pa.py_buffer(np.packbits(values, bitorder="little"))
