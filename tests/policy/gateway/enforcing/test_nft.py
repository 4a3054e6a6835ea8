import sys

import pytest

from thingwarden.errors import GatewayError
from thingwarden.policy.gateway.enforcing import nft

from tests.lab import a_room

ASK = "from thingwarden.policy.gateway.enforcing.nft import *;"


def inside(room, text):
    done = room.run(sys.executable, "-c", ASK + text)
    assert not done.returncode, done.stderr
    return done.stdout.strip()


def test_a_text_is_loaded_as_a_whole_or_not_at_all():
    with a_room() as room:
        said = room.run(
            sys.executable,
            "-c",
            ASK + "change('table ip a {\\n}\\ntable ip b {\\n nonsense\\n}\\n')",
        )

        assert "the kernel does not take these rules" in said.stderr
        assert room.tables() == set()


def test_a_check_changes_nothing_and_tells_the_first_complaint():
    with a_room() as room:
        assert inside(room, "print(repr(check('table ip a {\\n}\\n')))") == "''"
        assert "syntax error" in inside(room, "print(check('table ip a {\\n nonsense\\n}\\n'))")
        assert room.tables() == set()


def test_what_is_not_there_is_listed_as_nothing():
    with a_room() as room:
        assert inside(room, "print(listed('table', 'ip', 'a'))") == "{'nftables': []}"


def test_without_nft_it_is_told_what_to_install(monkeypatch, tmp_path):
    monkeypatch.setenv("PATH", str(tmp_path))

    with pytest.raises(GatewayError, match="nft cannot be run") as error:
        nft.run("--version")

    assert error.value.hint == nft.INSTALL
