"""Disks that are full: a tiny one to write to, or a process that may write little."""

import ctypes
import os
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]


@contextmanager
def tiny_disk(folder: Path, size: str) -> Iterator[Path]:
    """A file system of `size` in `folder`; skips the test where none can be mounted."""
    libc = ctypes.CDLL(None, use_errno=True)
    folder.mkdir()
    made = libc.mount(b"tmpfs", os.fsencode(folder), b"tmpfs", 0, f"size={size}".encode())
    if made != 0:
        pytest.skip(f"a small disk cannot be mounted here ({os.strerror(ctypes.get_errno())})")
    try:
        yield folder
    finally:
        libc.umount2(os.fsencode(folder), 2)  # 2 is MNT_DETACH: also if a file is open


LIMITED = """
import atexit, resource
soft, hard = resource.getrlimit(resource.RLIMIT_FSIZE)
resource.setrlimit(resource.RLIMIT_FSIZE, ({most_bytes}, hard))
atexit.register(resource.setrlimit, resource.RLIMIT_FSIZE, (soft, hard))
"""
"""Lifted at the end, when the process writes what it knows of its coverage."""


def run_python(code: str, *words: str, most_bytes: int | None = None) -> str:
    """What a Python process prints; no file that it writes may pass `most_bytes`."""
    limit = LIMITED.format(most_bytes=most_bytes) if most_bytes is not None else ""
    done = subprocess.run(
        [sys.executable, "-c", limit + code, *words],
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=False,
        timeout=60,
    )
    assert done.returncode == 0, done.stderr
    return done.stdout.strip()
