"""Kernels compiled in a process of their own, and programs that call them."""

import os
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).parents[2]

KEEP = """
import sys
from pathlib import Path
from thingwarden.native.compiler import keep
keep(sys.argv[2:], Path(sys.argv[1]))
"""
CALL = """
import sys
from pathlib import Path
import numpy as np
from thingwarden.native import kept
from tests.native import examples
kept.keep_in(Path(sys.argv[1]))
data = np.arange(8, dtype=np.uint8)
pairs = np.array([(1000, 7), (-5, 3)], examples.PAIR)
grid = np.zeros((2, 3), np.int32)
print(examples.double(data, 6), data.tolist())
print(examples.add_up(pairs, grid), grid.tolist())
print(hex(examples.load_both(np.arange(1, 80, dtype=np.uint8))))
print("numba" in sys.modules)
"""


def run(program, *arguments, **environment):
    return subprocess.run(
        [sys.executable, "-c", program, *map(str, arguments)],
        cwd=ROOT,
        env={**os.environ, **environment},
        capture_output=True,
        text=True,
        check=False,
    )
