"""All kernels compiled once for this machine, and kept.

They are kept in a folder whose name holds a hash of their sources, of the compiler and of the
processor, so that code that does not belong here is never loaded.
"""

import hashlib
import logging
import os
import subprocess
import sys
import tempfile
from collections.abc import Callable
from pathlib import Path

from thingwarden.errors import KernelError
from thingwarden.native import kept
from thingwarden.native.kernels import COMPILER, COMPILING

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

PROGRAM = """
import gc, pathlib, sys
gc.disable()  # millions of small objects and little garbage: a tenth less work
from thingwarden.native.compiler import keep
keep(sys.argv[2:], pathlib.Path(sys.argv[1]))
"""

SHAPES = ("capture/packets.py", "capture/kinds.py", "flows/records.py")
"""Files besides the kernels' own that are compiled into them."""

QUICKLY = "import gc;gc.disable()"
"""Compiling makes millions of small objects and little garbage: a tenth less work."""

READY = "ready"

OPTIMISATION = "1"
"""Numba's level: 3 makes kernels a few hundredths faster and the first start a tenth slower."""


def use_kept_kernels(say: Callable[[str], None]) -> None:
    """Have kernels loaded from the kept ones; compile them first if there are none (`say` tells so).

    Where that cannot be done, a warning says why, and they are compiled as they are called.
    """
    if COMPILING:
        return
    folder = _folder()
    try:
        folder.mkdir(parents=True, exist_ok=True)
        missing = not (folder / READY).exists()
    except OSError as error:
        logger.warning("compiled kernels cannot be kept in %s: %s", folder, error.strerror)
        folder, missing = Path(tempfile.mkdtemp(prefix="thingwarden-kernels-")), True
    if missing:
        say("First start: compiling the packet kernels for this machine, about 20 seconds, once.")
        _compile(folder)
        (folder / READY).touch()
    kept.keep_in(folder)


def _folder() -> Path:
    base = os.environ.get("XDG_CACHE_HOME") or str(Path.home() / ".cache")
    return Path(base) / "thingwarden" / f"kernels-{_fingerprint()}"


def _fingerprint() -> str:
    package = Path(__file__).parents[1]
    sources = [
        *sorted(package.glob("*/*_kernel.py")),
        *sorted(package.glob("native/*.py")),
        *(package / name for name in SHAPES),
    ]
    content = hashlib.blake2b(digest_size=8)
    for source in sources:
        content.update(source.read_bytes())
    made_by = (package, sys.version, kept.compiler(), kept.processor(), OPTIMISATION)
    content.update(repr(made_by).encode())
    return content.hexdigest()


def _compile(folder: Path) -> None:
    """Compile both lots side by side; raises `KernelError` with what the compiler said."""
    environment = {**os.environ, COMPILER: "1", "NUMBA_OPT": OPTIMISATION}
    lots = [
        subprocess.Popen(  # noqa: S603  # our own interpreter, our own modules
            [sys.executable, "-c", PROGRAM, str(folder), *lot],
            env=environment,
            stdin=subprocess.DEVNULL,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.PIPE,
        )
        for lot in KERNELS
    ]
    said = [lot.communicate()[1] for lot in lots]
    for lot, text in zip(lots, said, strict=True):
        if lot.returncode:
            raise KernelError(
                "the packet kernels cannot be compiled: "
                + text.decode(errors="replace").strip().rpartition("\n")[2]
            )


if __name__ == "__main__":
    use_kept_kernels(print)
