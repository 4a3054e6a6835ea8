"""The marks of functions that become machine code, and how such code is called."""

import os
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, Final, Generic, ParamSpec, TypeVar

import numpy as np
import numpy.typing as npt

Parameters = ParamSpec("Parameters")
Function = TypeVar("Function", bound=Callable[..., Any])

COMPILER: Final = "THINGWARDEN_COMPILER"
"""Set in the environment: functions are compiled as they are called, nothing kept is used."""

COMPILING: Final = COMPILER in os.environ

FAILED: Final = -(1 << 63)
"""What a kernel's machine code returns if Python would have raised."""


@dataclass(frozen=True, slots=True)
class Array:
    """An argument: a C-contiguous array of this type, which the kernel may write to."""

    dtype: npt.DTypeLike
    dimensions: int = 1


@dataclass(frozen=True, slots=True)
class Integer:
    """An argument: a whole number of 64 bits with a sign."""


INTEGER: Final = Integer()
Argument = Array | Integer


class Kernel(Generic[Parameters]):
    """A function of arrays and whole numbers that returns a whole number, as machine code."""

    def __init__(self, plain: Callable[Parameters, int], arguments: tuple[Argument, ...]) -> None:
        self.plain = plain
        """The function itself, as Python runs it."""
        self.arguments = arguments
        self.name = f"{plain.__module__}.{plain.__qualname__}"
        self.__doc__ = plain.__doc__
        self._call: Callable[..., int] | None = None
        self._shapes = [
            None if isinstance(each, Integer) else (np.dtype(each.dtype), each.dimensions)
            for each in arguments
        ]

    def __call__(self, *arguments: Parameters.args, **_: Parameters.kwargs) -> int:
        """Run it. Raises `TypeError` for arrays of another type, order or number of dimensions."""
        if self._call is None:
            self._call = self._find()
        result = self._call(*arguments)
        if result == FAILED:
            raise RuntimeError(f"{self.name}: the kernel failed")
        return result

    def _find(self) -> Callable[..., int]:
        if COMPILING:
            from thingwarden.native.compiler import compiled  # noqa: PLC0415  # brings Numba

            return compiled(self.plain)
        from thingwarden.native.kept import load  # noqa: PLC0415  # brings LLVM

        native = load(self.name, [shape is not None and shape[1] for shape in self._shapes])
        return lambda *arguments: native(*self._flat(arguments))

    def _flat(self, arguments: tuple[Any, ...]) -> list[int]:
        """Arrays as address and lengths, numbers as they are."""
        flat: list[int] = []
        for argument, shape in zip(arguments, self._shapes, strict=True):
            if shape is None:
                flat.append(int(argument))
                continue
            dtype, dimensions = shape
            if (
                argument.dtype != dtype
                or argument.ndim != dimensions
                or not argument.flags.c_contiguous
            ):
                raise TypeError(f"{self.name}: takes a contiguous array of {dtype}")
            flat.append(argument.ctypes.data)
            flat += argument.shape
        return flat


def kernel(
    *arguments: Argument,
) -> Callable[[Callable[Parameters, int]], Kernel[Parameters]]:
    """Mark a function that is called from Python, with the types of its arguments."""

    def mark(function: Callable[Parameters, int]) -> Kernel[Parameters]:
        return Kernel(function, arguments)

    return mark


def inner(function: Function) -> Function:
    """Mark a function that becomes part of kernels; compiled, nothing else can call it."""
    if not COMPILING:
        return function
    from thingwarden.native.compiler import as_part  # noqa: PLC0415  # brings Numba

    part: Function = as_part(function)
    return part
