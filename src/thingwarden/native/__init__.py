"""Functions that become machine code: marked here, compiled once, and called without the compiler.

A kernel is a function of arrays and whole numbers that returns a whole number. `inner` functions
become part of kernels. Both are plain Python until `keep` has compiled them; what they make is kept
as machine code, so that a start needs no compiler (`docs/decisions/0005-kernels-kept.md`).
"""

from thingwarden.native.kernels import INTEGER, Array, Kernel, inner, kernel
from thingwarden.native.loads import big_endian, little_endian

__all__ = ["INTEGER", "Array", "Kernel", "big_endian", "inner", "kernel", "little_endian"]
