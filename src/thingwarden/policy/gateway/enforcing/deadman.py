"""A change that waits for a word -> a process of its own, that takes it back when the word does not come.

`python -m thingwarden.policy.gateway.enforcing.deadman FOLDER TOKEN SECONDS` returns once its child stands
in a session of its own, where neither the end of the tool nor that of the terminal reaches it.
"""

import os
import signal
import subprocess
import sys
import time
from pathlib import Path

from thingwarden.errors import GatewayError, ThingwardenError
from thingwarden.policy.gateway.enforcing.state import Pending, uptime
from thingwarden.policy.gateway.enforcing.switching import take_back

AGAIN_SECONDS = 5
"""Until it is tried again, where the rules from before could not be loaded."""

LOG = "deadman.log"


def start_watch(folder: Path, pending: Pending) -> None:
    """Have somebody take the change back at its time; raises `GatewayError` where that is not possible."""
    command = [
        sys.executable,
        "-P",
        "-m",
        __name__,
        str(folder),
        pending.token,
        str(pending.until_seconds),
    ]
    with (folder / LOG).open("wb") as log:
        done = subprocess.run(  # noqa: S603  # our own words
            command,
            stdin=subprocess.DEVNULL,
            stdout=log,
            stderr=log,
            check=False,
        )
    if done.returncode:
        raise GatewayError(
            "nobody could be found who takes the change back",
            hint=f"{folder / LOG} says why; nothing was changed.",
        )


def watch(folder: Path, token: str, until_seconds: float) -> None:
    """Wait until the time is over, then take the change back; a clock that is set moves nothing."""
    while (left := until_seconds - uptime()) > 0:
        time.sleep(min(left, 1.0) if left > 0.05 else left)
    while True:
        try:
            take_back(folder, token, now_us=time.time_ns() // 1000)
        except ThingwardenError as error:
            print(error, error.hint, file=sys.stderr, flush=True)  # noqa: T201  # its log
            time.sleep(AGAIN_SECONDS)
        else:
            return


def main() -> None:
    """Leave the caller's session and terminal, then watch."""
    folder, token, until_seconds = Path(sys.argv[1]).resolve(), sys.argv[2], float(sys.argv[3])
    if os.fork():
        os._exit(0)
    os.setsid()
    for number in (signal.SIGHUP, signal.SIGINT, signal.SIGQUIT):
        signal.signal(number, signal.SIG_IGN)
    os.chdir("/")
    watch(folder, token, until_seconds)


if __name__ == "__main__":
    main()
