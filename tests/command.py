"""The command `thingwarden` as a person runs it: in a process of its own, or in this one."""

import gc
import io
import os
import subprocess
import sys
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

import pytest

from thingwarden.cli import main

from tests.home import Home

ROOT = Path(__file__).parents[1]

SMALL_FILES = """
import atexit, resource, runpy, sys
soft, hard = resource.getrlimit(resource.RLIMIT_FSIZE)
resource.setrlimit(resource.RLIMIT_FSIZE, (int(sys.argv.pop(1)), hard))
atexit.register(resource.setrlimit, resource.RLIMIT_FSIZE, (soft, hard))
runpy.run_module("thingwarden", run_name="__main__", alter_sys=True)
"""
"""As on a full disk: no file may grow beyond the first argument, until coverage is written."""

LISTENING = """
import runpy, signal
signal.signal(signal.SIGINT, signal.default_int_handler)
runpy.run_module("thingwarden", run_name="__main__", alter_sys=True)
"""
"""Ctrl-C is heard also where the tests themselves run in the background, deaf to it."""

MODULE = ("-m", "thingwarden")


@dataclass(frozen=True, kw_only=True)
class Done:
    """What a command left behind."""

    status: int
    out: str
    err: str


def run(
    *words: object,
    python: tuple[str, ...] = MODULE,
    given: bytes = b"",
    environment: Mapping[str, object] | None = None,
) -> Done:
    """Run `thingwarden WORDS` with `given` on its standard input."""
    done = subprocess.run(
        [sys.executable, *python, *map(str, words)],
        input=given,
        capture_output=True,
        cwd=ROOT,
        env=surroundings(environment),
        timeout=120,
        check=False,
    )
    return Done(status=done.returncode, out=done.stdout.decode(), err=done.stderr.decode())


def call(
    *words: object, given: bytes = b"", environment: Mapping[str, object] | None = None
) -> Done:
    """Run `thingwarden WORDS` here: half as much work, for what is no matter of the process."""
    read, out, err = (io.TextIOWrapper(io.BytesIO(held), "utf-8") for held in (given, b"", b""))
    collecting = gc.get_threshold()
    with pytest.MonkeyPatch.context() as patch:
        patch.chdir(ROOT)
        for name, value in (environment or {}).items():
            patch.setenv(name, str(value))
        patch.setattr(sys, "argv", ["thingwarden", *map(str, words)])
        patch.setattr(sys, "stdin", read)
        patch.setattr(sys, "stdout", out)
        patch.setattr(sys, "stderr", err)
        try:
            main()
            status = 0
        except SystemExit as end:
            status = end.code
        finally:
            gc.set_threshold(*collecting)
    return Done(status=status, out=_written(out), err=_written(err))


def _written(stream: io.TextIOWrapper) -> str:
    stream.flush()
    return stream.buffer.getvalue().decode()


def start(
    *words: object,
    python: tuple[str, ...] = MODULE,
    environment: Mapping[str, object] | None = None,
) -> subprocess.Popen[bytes]:
    """Begin `thingwarden WORDS`; whoever asks for it waits for its end."""
    return subprocess.Popen(
        [sys.executable, *python, *map(str, words)],
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        cwd=ROOT,
        env=surroundings(environment),
    )


def surroundings(more: Mapping[str, object] | None) -> dict[str, str]:
    """Variables of the environment, with some more."""
    return {**os.environ, **{name: str(value) for name, value in (more or {}).items()}}


def careless_home() -> Home:
    """A home in which a recorder is reached by Telnet and a plug speaks MQTT in the clear."""
    home = Home()
    plug, recorder = home.device("plug"), home.device("recorder")
    laptop = home.device("laptop")
    for device in (plug, recorder, laptop):
        device.joins_by_dhcp()
    laptop.logs_in_by_telnet(recorder).closes()
    plug.asks("mqtt.plug.example", "93.184.215.14")
    plug.speaks_mqtt("93.184.215.14", topics=["plug/1/state"], password="not-kept")
    home.waits(900)
    plug.sets_its_clock("93.184.215.20")
    return home


def calm_home() -> Home:
    """A home in which nothing is wrong."""
    home = Home()
    lamp = home.device("lamp")
    lamp.joins_by_dhcp()
    lamp.asks("time.example", "93.184.215.20")
    lamp.sets_its_clock("93.184.215.20")
    return home
