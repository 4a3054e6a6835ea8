"""Big- and little-endian loads at any offset, as one machine instruction each.

They check nothing: the caller compares the offset with the end of the record first, and buffers
carry `packets.PADDING` bytes more than they hold.
"""

from collections.abc import Callable
from typing import Any

from llvmlite import ir
from numba import types
from numba.extending import intrinsic


def _make_load(bits: int, result: Any, *, swap: bool) -> Callable[..., int]:
    """An intrinsic `load(buffer, offset)` of `bits` bits; `swap` for network order."""

    @intrinsic
    def load(_context: Any, buffer: Any, _offset: Any) -> Any:
        if not isinstance(buffer, types.Array):
            return None

        def codegen(context: Any, builder: Any, signature: Any, arguments: Any) -> Any:
            array = context.make_array(signature.args[0])(context, builder, arguments[0])
            place = builder.gep(array.data, [arguments[1]])
            word = builder.load(builder.bitcast(place, ir.IntType(bits).as_pointer()), align=1)
            return builder.bswap(word) if swap else word

        return result(buffer, types.int64), codegen

    return load


be16 = _make_load(16, types.uint16, swap=True)
be32 = _make_load(32, types.uint32, swap=True)
be64 = _make_load(64, types.uint64, swap=True)
le16 = _make_load(16, types.uint16, swap=False)
le32 = _make_load(32, types.uint32, swap=False)
