"""A gateway, its things and an Internet, in network namespaces of their own, with real programs in them."""

import contextlib
import json
import os
import shutil
import signal
import subprocess
import sys
import time
from functools import cache
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[1]

MOST_SECONDS = 5.0
STEP_SECONDS = 0.02


class Room:
    """A network namespace, which lives as long as a process in it that only sleeps."""

    def __init__(self, of=None):
        outer = of.enter if of else []
        flags = ["-n"] if of or os.geteuid() == 0 else ["-rn"]
        self._holder = subprocess.Popen(
            [*outer, "unshare", *flags, "sh", "-c", "echo; exec sleep 600"], stdout=subprocess.PIPE
        )
        self._holder.stdout.readline()
        self.pid = self._holder.pid
        as_user = [] if os.geteuid() == 0 else ["-U", "--preserve-credentials"]
        self.enter = ["nsenter", "-t", str(self.pid), *as_user, "-n"]
        self._running = []

    def run(self, *command, given=None, timeout=30):
        """The outcome of a command inside."""
        return subprocess.run(
            [*self.enter, *map(str, command)],
            input=given,
            capture_output=True,
            text=True,
            check=False,
            timeout=timeout,
            cwd=ROOT,
        )

    def must(self, *command, given=None):
        """Output of a command that must succeed."""
        done = self.run(*command, given=given)
        assert not done.returncode, f"{command}: {done.stderr[-1000:]}"
        return done.stdout

    def start(self, *command, **more):
        """Begin a command inside; it ends with the room."""
        given = {"stdout": subprocess.DEVNULL, "stderr": subprocess.DEVNULL} | more
        started = subprocess.Popen(
            [*self.enter, *map(str, command)], stdin=subprocess.DEVNULL, cwd=ROOT, **given
        )
        self._running.append(started)
        return started

    def python(self, text, *words):
        """Output of a Python program inside, without its last line break."""
        return self.must(sys.executable, "-c", text, *words).strip()

    def ip(self, *lines):
        """What `ip` does with some lines."""
        self.must("ip", "-batch", "-", given="\n".join(lines))

    def set(self, name, value):
        """Sets what the kernel keeps for this namespace under /proc/sys."""
        self.must("sh", "-c", f"echo {value} > /proc/sys/{name}")

    def nft(self, text):
        """Loads rules, of whomever."""
        self.must("nft", "-f", "-", given=text)

    def tables(self):
        """Names of all tables, with their families."""
        listed = json.loads(self.must("nft", "-j", "list", "tables"))["nftables"]
        tables = (item["table"] for item in listed if "table" in item)
        return {(one["family"], one["name"]) for one in tables}

    def enforce(self, state, *words, **more):
        """The outcome of `thingwarden enforce WORDS` inside."""
        command = (sys.executable, "-m", "thingwarden", "enforce", "--state", state)
        return self.run(*command, *words, **more)

    def close(self):
        """Ends what was begun inside, then the namespace."""
        for one in (*self._running, self._holder):
            one.kill()
        for one in (*self._running, self._holder):
            one.wait()
        if self._holder.stdout:
            self._holder.stdout.close()


@cache
def why_no_rooms():
    """Empty where namespaces with bridges and nftables can be made; else what is missing."""
    for program in ("unshare", "nsenter", "ip", "nft"):
        if shutil.which(program) is None:
            return f"the program {program} is missing"
    try:
        room = Room()
    except OSError as error:
        return f"no network namespace can be made ({error.strerror})"
    try:
        made = room.run("ip", "link", "add", "br0", "type", "bridge")
        rules = room.run("nft", "-f", "-", given="table bridge t {}\ntable inet t {}\n")
    finally:
        room.close()
    said = made.stderr if made.returncode else rules.stderr
    return (
        f"no bridge with rules in a namespace: {said[:80]}"
        if made.returncode or rules.returncode
        else ""
    )


@contextlib.contextmanager
def a_room():
    """A namespace with nothing in it, or a skipped test."""
    if why_no_rooms():
        pytest.skip(why_no_rooms())
    room = Room()
    try:
        yield room
    finally:
        room.close()


def wait_for(true, seconds=MOST_SECONDS):
    """Waits until something holds, as shortly as can be; whether it ever did."""
    end = time.monotonic() + seconds
    while time.monotonic() < end:
        if true():
            return True
        time.sleep(STEP_SECONDS)
    return bool(true())


def kill(process):
    """As `kill -9`."""
    with contextlib.suppress(ProcessLookupError):
        process.send_signal(signal.SIGKILL)
    process.wait()
