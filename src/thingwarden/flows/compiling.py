"""Kernels compiled once for this machine, and kept.

Numba keeps compiled kernels by file and time; a kernel that calls another file's functions would not
notice that these changed. So they are kept in a folder whose name holds a hash of all kernel sources.
"""

import hashlib
import logging
import os
import subprocess
import sys
import tempfile
from collections.abc import Callable
from importlib.metadata import version
from pathlib import Path

logger = logging.getLogger(__name__)

KERNELS = (
    (
        "thingwarden.flows.feed_kernel",
        "thingwarden.flows.export_kernel",
        "thingwarden.protocols.mqtt_kernel",
        "thingwarden.protocols.tls_kernel",
    ),
    (
        "thingwarden.protocols.dns_kernel",
        "thingwarden.capture.records_kernel",
        "thingwarden.flows.track_kernel",
    ),
)
"""Modules with kernels, in two lots that take about as long to compile: one for each of two cores."""

SHAPES = ("capture/packets.py", "capture/kinds.py", "flows/records.py")
"""Files besides the kernels' own that are compiled into them."""

QUICKLY = "import gc;gc.disable()"
"""Compiling makes millions of small objects and little garbage: a tenth less work."""

READY = "ready"

OPTIMISATION = "1"
"""LLVM's level: 3 makes kernels a few hundredths faster and the first start a tenth slower."""


def use_kept_kernels(say: Callable[[str], None]) -> None:
    """Point Numba at the kept kernels, and compile them first if there are none (`say` tells so).

    Must come before anything that imports Numba. A user's own NUMBA_CACHE_DIR is respected.
    """
    os.environ.setdefault("NUMBA_OPT", OPTIMISATION)
    folder = Path(os.environ.setdefault("NUMBA_CACHE_DIR", str(_folder())))
    try:
        folder.mkdir(parents=True, exist_ok=True)
        missing = not (folder / READY).exists()
    except OSError as error:
        logger.warning("compiled kernels cannot be kept in %s: %s", folder, error.strerror)
        os.environ["NUMBA_CACHE_DIR"] = tempfile.mkdtemp(prefix="thingwarden-kernels-")
        return
    if missing:
        say("First start: compiling the packet kernels for this machine, about 20 seconds, once.")
        _compile(os.environ)
        (folder / READY).touch()


def _folder() -> Path:
    base = os.environ.get("XDG_CACHE_HOME") or str(Path.home() / ".cache")
    return Path(base) / "thingwarden" / f"kernels-{_fingerprint()}"


def _fingerprint() -> str:
    package = Path(__file__).parents[1]
    sources = [*sorted(package.glob("*/*_kernel.py")), *(package / name for name in SHAPES)]
    content = hashlib.blake2b(digest_size=8)
    for source in sources:
        content.update(source.read_bytes())
    made_by = (package, sys.version, version("numba"), version("llvmlite"), OPTIMISATION)
    content.update(repr(made_by).encode())
    return content.hexdigest()


def _compile(environment: "os._Environ[str]") -> None:
    """Compile both lots side by side; what fails is compiled where it is used, and fails there."""
    lots = [
        subprocess.Popen(  # noqa: S603  # our own interpreter, our own modules
            [sys.executable, "-c", ";".join((QUICKLY, *(f"import {name}" for name in lot)))],
            env=dict(environment),
            stdin=subprocess.DEVNULL,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
        )
        for lot in KERNELS
    ]
    for lot in lots:
        lot.wait()


if __name__ == "__main__":
    use_kept_kernels(print)
