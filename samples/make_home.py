"""Real programs in network namespaces -> `samples/home.pcap`: see `samples/README.md`.

    sudo python3 -m samples.make_home [FILE] [--pace 1]

`--pace 0.1` makes everything ten times faster, to try a change; the capture in the repository was
made at 1, so that its clock is the clock of the wall.
"""

import argparse
import signal
import sys
import tempfile
import time
from pathlib import Path

from samples.home_names import OTHER_RESOLVER, PEERS, PREFIX, ROUTER_IP, THINGS, ULA, Thing
from samples.home_story import LAST_SECOND, Step, story
from samples.home_wires import INTERNET, ROUTER, SWITCH, Wires, inside, run

PYTHON = ("python3", "-m", "samples.home_services")

LOGIN = """#!/bin/sh
tries=0
while [ $tries -lt 3 ]; do
  printf 'recorder login: '; read -r user
  stty -echo; printf 'Password: '; read -r password; stty echo; echo
  if [ "$user" = admin ] && [ "$password" = not-a-real-one ]; then
    echo; echo 'BusyBox v1.10.3 built-in shell (ash)'; printf '# '
    while read -r command && [ "$command" != exit ]; do echo "$command: done"; printf '# '; done
    exit 0
  fi
  echo 'Login incorrect'; tries=$((tries + 1))
done
"""

LEASED = """#!/bin/sh
[ "$1" = bound ] || exit 0
ip address replace "$ip/24" dev "$interface"
ip route replace default via "$router"
"""

BROKER = """user root
log_dest none
listener 1883 0.0.0.0
allow_anonymous true
"""


def main() -> int:
    """Lay the wires, tell the story, keep the capture."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("file", nargs="?", type=Path, default=Path(__file__).parent / "home.pcap")
    parser.add_argument("--pace", type=float, default=1.0)
    chosen = parser.parse_args()
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(1))
    with tempfile.TemporaryDirectory(prefix="home-") as name, Wires(Path(name)) as wires:
        folder = Path(name)
        make_certificates(folder)
        write_settings(folder)
        start_internet(wires, folder)
        tape = wires.start(
            SWITCH, ["tcpdump", "-Z", "root", "-ni", "br0", "-s0", "-Uw", str(chosen.file)]
        )
        time.sleep(1)
        start_router(wires)
        for step in story(folder):
            wait_for(step, wires, pace=chosen.pace)
        wait_for(Step(at=LAST_SECOND), wires, pace=chosen.pace)
        wires.stop([tape])
    return 0


STARTED = time.monotonic()


def wait_for(step: Step, wires: Wires, *, pace: float) -> None:
    """Let time pass until `step` is due, then do it."""
    if not hasattr(wait_for, "began"):
        wait_for.began = time.monotonic()
    time.sleep(max(0.0, wait_for.began + step.at * pace - time.monotonic()))
    if step.thing:
        wires.start(step.thing, step.command, says=step.says)
