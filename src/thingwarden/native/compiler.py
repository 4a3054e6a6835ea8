"""Kernels -> machine code in files. The only module that knows Numba.

A kernel is wrapped in a function of plain addresses and lengths, which Numba makes into LLVM's
language; LLVM then makes an object file that needs nothing but the C library.
"""

from collections.abc import Callable, Sequence
from importlib import import_module
from pathlib import Path
from typing import Any

import llvmlite.binding as llvm
import numpy as np
from llvmlite import ir
from numba import cfunc, from_dtype, njit, types
from numba.extending import intrinsic
from numba.np.numpy_support import carray

from thingwarden.native.kept import machine, object_path, symbol
from thingwarden.native.kernels import FAILED, Array, Kernel

OPTIONS: dict[str, Any] = {"nogil": True, "error_model": "numpy", "no_rewrites": True}
PART: dict[str, Any] = {**OPTIONS, "no_cpython_wrapper": True, "no_cfunc_wrapper": True}
"""For functions inside kernels: without wrappers that only Python would call, a third less work."""

FROM_C = frozenset({"memcpy", "memmove", "memset"})
"""Functions that object files may need from outside."""

SPEED = 2
"""LLVM's level for a whole kernel."""

RELEASED = "NRT_MemInfo_call_dtor"
"""What Numba calls when the last user of its own memory is gone; kernels have only ours."""


def compiled(function: Callable[..., int]) -> Callable[..., int]:
    """The function as Numba runs it: compiled when called, and raising as Python does."""
    result: Callable[..., int] = njit(**OPTIONS)(function)
    return result


def as_part(function: Any) -> Any:
    """The function as a part of kernels."""
    return njit(**PART)(function)


def keep(modules: Sequence[str], folder: Path) -> None:
    """Compile all kernels of these modules into object files; raises whatever goes wrong."""
    for module in map(import_module, modules):
        for value in vars(module).values():
            if isinstance(value, Kernel) and value.name.startswith(f"{module.__name__}."):
                unfinished = object_path(folder, value.name).with_suffix(".unfinished")
                unfinished.write_bytes(_object(value))
                unfinished.replace(object_path(folder, value.name))


def load_instruction(bits: int, *, swap: bool) -> Callable[[Any, int], int]:
    """`load(array, offset)` of so many bits; `swap` for network order."""
    result = getattr(types, f"uint{bits}")

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

    return load  # type: ignore[return-value]  # compiled, it is what its name says


def _object(kernel: Kernel[...]) -> bytes:
    """An object file with one function, `symbol(kernel.name)`."""
    entry, types_of_entry = _entry(kernel)
    wrapped = cfunc(types.int64(*types_of_entry), **OPTIONS)(entry)
    name = symbol(kernel.name)
    module = llvm.parse_assembly(wrapped.inspect_llvm())
    native = wrapped.native_name.removeprefix("cfunc.")
    door = llvm.parse_assembly(str(_door(name, native, types_of_entry)))
    door.triple, door.data_layout = module.triple, module.data_layout
    module.link_in(door)
    _merge(module, name)
    module.verify()
    return bytes(machine().emit_object(module))


def _entry(kernel: Kernel[...]) -> tuple[Callable[..., int], list[Any]]:
    """A function of addresses and lengths that calls the kernel, and its Numba types."""
    names: list[str] = []
    passed: list[str] = []
    kinds: list[Any] = []
    for number, argument in enumerate(kernel.arguments):
        if not isinstance(argument, Array):
            names.append(f"n{number}")
            passed.append(f"n{number}")
            kinds.append(types.int64)
            continue
        lengths = [f"l{number}_{axis}" for axis in range(argument.dimensions)]
        names += [f"p{number}", *lengths]
        passed.append(f"carray(p{number}, ({', '.join(lengths)},))")
        kinds += [
            _address(argument),
            *[types.int64] * len(lengths),
        ]
    source = f"def entry({', '.join(names)}):\n    return body({', '.join(passed)})\n"
    scope: dict[str, Any] = {"carray": carray, "body": as_part(kernel.plain)}
    exec(source, scope)  # noqa: S102  # text of our own, made of numbers
    return scope["entry"], kinds


def _address(argument: Array) -> Any:
    return types.CPointer(from_dtype(np.dtype(argument.dtype)))  # type: ignore[no-untyped-call]


def _door(name: str, native: str, kinds: Sequence[Any]) -> ir.Module:
    """A C function around one of Numba's, which returns a status and writes its result to memory.

    Numba's way of calling: result, place for an exception, arguments; status 0 is success.
    """
    number, place = ir.IntType(64), ir.IntType(8).as_pointer()
    arguments = [number if kind == types.int64 else place for kind in kinds]
    module = ir.Module(name)
    inside = ir.Function(
        module, ir.FunctionType(ir.IntType(32), [number.as_pointer(), place, *arguments]), native
    )
    door = ir.Function(module, ir.FunctionType(number, arguments), name)
    builder = ir.IRBuilder(door.append_basic_block())
    result, exception = builder.alloca(number), builder.alloca(place)
    status = builder.call(inside, [result, builder.bitcast(exception, place), *door.args])
    succeeded = builder.icmp_signed("==", status, ir.Constant(ir.IntType(32), 0))
    builder.ret(builder.select(succeeded, builder.load(result), ir.Constant(number, FAILED)))
    released = ir.Function(module, ir.FunctionType(ir.VoidType(), [place]), RELEASED)
    ir.IRBuilder(released.append_basic_block()).ret_void()
    return module


def _merge(module: Any, name: str) -> None:
    """Make one function of `name` and all that it calls, and leave nothing else.

    Numba optimises its functions one by one; seen as one they take 0.6 of the time. Raises
    `RuntimeError` if more than the C library is needed.
    """
    for each in module.functions:
        if not each.is_declaration and each.name != name:
            each.linkage = "internal"
    options = llvm.create_pipeline_tuning_options(speed_level=SPEED)
    with llvm.create_pass_builder(machine(), options) as builder:
        builder.getModulePassManager().run(module, builder)
    needed = {each.name for each in module.functions if each.is_declaration}
    foreign = {each for each in needed if not each.startswith("llvm.")} - FROM_C
    if foreign:
        raise RuntimeError(f"{name} needs {', '.join(sorted(foreign))}")
