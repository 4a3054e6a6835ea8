"""Runs one command and writes what it cost: a small parent, as Linux counts its memory too.

    python -I -S run_once.py RESULT OUT ERR COMMAND…

RESULT gets five numbers: exit code, user seconds, system seconds, wall seconds, peak KiB.
"""

import os
import subprocess
import sys
import time


def main(result: str, out: str, err: str, *command: str) -> None:
    """Run `command` to its end."""
    with open(out, "wb") as output, open(err, "wb") as errors:  # noqa: PTH123 - pathlib is large
        began = time.perf_counter()
        process = subprocess.Popen(command, stdout=output, stderr=errors)
        _, status, usage = os.wait4(process.pid, 0)
        wall_s = time.perf_counter() - began
    code = process.returncode = os.waitstatus_to_exitcode(status)
    with open(result, "w") as file:  # noqa: PTH123
        file.write(f"{code} {usage.ru_utime} {usage.ru_stime} {wall_s} {usage.ru_maxrss}")


if __name__ == "__main__":
    main(*sys.argv[1:])
