import contextlib
import os
import signal
import sys
from pathlib import Path

import pytest

from thingwarden.errors import GatewayError
from thingwarden.policy.gateway.enforcing.deadman import LOG, start_watch
from thingwarden.policy.gateway.enforcing.state import Pending, State, boot_id, uptime, write_state

from tests.lab import a_room, wait_for
from tests.policy.gateway.enforcing.rooms import WEB, Gateway, policy


def pending(seconds, token="t"):
    return Pending(token=token, boot=boot_id(), until_seconds=uptime() + seconds, until_us=0)


def watchers(token):
    """Processes that watch over a token."""
    found = []
    for folder in Path("/proc").glob("[0-9]*"):
        with contextlib.suppress(OSError):
            words = (folder / "cmdline").read_bytes().split(b"\0")
            found += [int(folder.name)] if token.encode() in words else []
    return found


def test_the_watcher_lives_in_a_session_of_its_own(tmp_path):
    start_watch(tmp_path, pending(600, "token-of-a-test"))  # returns long before that time

    (process,) = watchers("token-of-a-test")
    try:
        assert os.getsid(process) != os.getsid(0)
    finally:
        os.kill(process, signal.SIGKILL)


def test_a_change_that_was_confirmed_is_left_alone(tmp_path):
    write_state(tmp_path, State(note="confirmed"))

    start_watch(tmp_path, pending(0.2, "another-token"))

    assert wait_for(lambda: not watchers("another-token"), seconds=20)
    assert (tmp_path / LOG).read_text() == ""


def test_where_nobody_can_watch_nothing_is_begun(tmp_path, monkeypatch):
    monkeypatch.setattr(sys, "executable", "/bin/false")

    with pytest.raises(GatewayError, match="nobody could be found"):
        start_watch(tmp_path, pending(5))


def test_it_takes_back_also_where_the_terminal_is_gone(tmp_path):
    with a_room() as room:
        gateway = Gateway(room, tmp_path)
        gateway.load(policy(WEB))
        gateway.write(policy(WEB))
        words = f"--policy {tmp_path / 'policy'} --step all --confirm-within 1"
        said = room.run(
            "setsid",
            "sh",
            "-c",
            f"{sys.executable} -m thingwarden enforce --state {gateway.state} {words}; kill -HUP 0",
        )

        assert "Not confirmed: the step log comes back" in said.stdout
        assert wait_for(lambda: gateway.status()["step"] == "log", seconds=20)
