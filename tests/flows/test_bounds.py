"""Kernels compiled with bounds checks, over captures damaged in many ways: no access outside."""

import os
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).parents[2]

PROGRAM = """
import gc, random, sys, tempfile
gc.disable()  # compiling makes millions of small objects and little garbage
from pathlib import Path
from thingwarden.errors import CaptureError
from thingwarden.pipeline import read_captures
from thingwarden.store import Facts

good = Path(sys.argv[1]).read_bytes()
chance = random.Random(11)
read = 0
with tempfile.TemporaryDirectory() as folder:
    for number in range(60):
        bad = bytearray(good)
        for _ in range(chance.choice((1, 10, 200))):
            at = chance.randrange(24, len(bad))
            bad[at] = chance.choice((0, 255, bad[at] ^ 1 << chance.randrange(8)))
        path = Path(folder) / f"{number}.pcap"
        path.write_bytes(bad[: chance.randrange(len(bad) // 2, len(bad))])
        with Facts() as facts:
            try:
                read_captures([path], facts)
                read += 1
            except CaptureError:
                continue
print(read)
"""


def test_damaged_captures_make_no_kernel_look_outside_its_arrays():
    environment = {
        **os.environ,
        "NUMBA_BOUNDSCHECK": "1",
        "NUMBA_OPT": "0",  # a quarter less work; what is checked is the same
        "THINGWARDEN_COMPILER": "1",
    }

    run = subprocess.run(
        [sys.executable, "-c", PROGRAM, str(ROOT / "samples/home.pcap")],
        env=environment,
        capture_output=True,
        text=True,
        check=False,
    )

    assert run.stderr == ""
    assert int(run.stdout) > 50
