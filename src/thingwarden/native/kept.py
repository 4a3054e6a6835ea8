"""Machine code in files -> functions, with LLVM but without a compiler for Python."""

import ctypes
from collections.abc import Callable, Sequence
from functools import cache
from importlib.util import find_spec
from pathlib import Path
from typing import Any, Final

import llvmlite
import llvmlite.binding as llvm

LEVEL: Final = 2
"""LLVM's level for the last step."""

_folder: Path | None = None
_engines: list[Any] = []
"""They own the machine code."""


def keep_in(folder: Path) -> None:
    """From here kernels are loaded."""
    global _folder  # noqa: PLW0603  # one for each process, as the code itself
    _folder = folder


def object_path(folder: Path, name: str) -> Path:
    """The file of the kernel of this name."""
    return folder / f"{name}.o"


def symbol(name: str) -> str:
    """The kernel's name inside its file."""
    return name.replace(".", "_")


def processor() -> str:
    """What code for this machine may use."""
    return f"{llvm.get_process_triple()} {llvm.get_host_cpu_name()} {_features()}"


def compiler() -> str:
    """Which versions of Numba and LLVM make the code, without importing Numba."""
    numba = find_spec("numba")
    stated = Path(numba.origin).with_name("_version.py") if numba and numba.origin else None
    return f"{llvmlite.__version__} {stated.read_text(encoding='ascii') if stated else ''}"


@cache
def machine() -> Any:
    """LLVM's picture of this machine."""
    llvm.initialize_native_target()
    llvm.initialize_native_asmprinter()
    return llvm.Target.from_default_triple().create_target_machine(
        cpu=llvm.get_host_cpu_name(),
        features=_features(),
        opt=LEVEL,
        codemodel="jitdefault",
        jit=True,
    )


def load(name: str, dimensions: Sequence[int]) -> Callable[..., int]:
    """The kept kernel as a C function of addresses and lengths; 0 dimensions: a number.

    Raises `OSError` if it was not kept.
    """
    if _folder is None:
        raise OSError("no folder for kernels is set")
    code = object_path(_folder, name).read_bytes()
    backing = llvm.parse_assembly("")
    engine = llvm.create_mcjit_compiler(backing, machine())
    engine.add_object_file(llvm.ObjectFileRef.from_data(code))
    engine.finalize_object()
    _engines.append(engine)
    kinds: list[Any] = []
    for each in dimensions:
        kinds += [ctypes.c_void_p, *[ctypes.c_int64] * each] if each else [ctypes.c_int64]
    return ctypes.CFUNCTYPE(ctypes.c_int64, *kinds)(engine.get_function_address(symbol(name)))


def _features() -> str:
    return str(llvm.get_host_cpu_features().flatten())
