import sys

import pytest

from thingwarden.errors import GatewayError
from thingwarden.policy.gateway.enforcing import abilities

from tests.lab import a_room

CHOOSE = (
    "from thingwarden.policy.gateway.enforcing.abilities import *; print(choose_families({!r}))"
)


def program(folder, text):
    """A program called nft that answers as an older or poorer one would."""
    file = folder / "nft"
    file.write_text(f"#!/bin/sh\n{text}\n")
    file.chmod(0o755)


@pytest.mark.parametrize(
    ("asked", "families"),
    [("auto", ("bridge", "inet")), ("both", ("bridge", "inet")), ("inet", ("inet",))],
)
def test_this_kernel_has_what_rules_are_made_of(asked, families):
    with a_room() as room:
        done = room.run(sys.executable, "-c", CHOOSE.format(asked))

        assert done.stdout.strip() == str(families)
        assert room.tables() == set()


def poor(monkeypatch, folder, lacks):
    program(
        folder,
        f'if [ "$1" = --version ]; then echo "nftables v1.0.6"; exit; fi\n'
        f'text=$(/bin/cat); case "$text" in {lacks}) echo "Error: Operation not supported" >&2; exit 1;; esac',
    )
    monkeypatch.setenv("PATH", str(folder))


def test_a_kernel_without_bridges_is_used_for_what_is_routed(monkeypatch, tmp_path):
    poor(monkeypatch, tmp_path, "*bridge*")

    assert abilities.choose_families("auto") == ("inet",)
    with pytest.raises(GatewayError, match="lacks in the family bridge") as error:
        abilities.choose_families("bridge")
    assert "CONFIG_NF_TABLES_BRIDGE" in error.value.hint


def test_what_is_missing_is_told_in_words(monkeypatch, tmp_path):
    poor(monkeypatch, tmp_path, "*dynamic,timeout*")

    assert abilities.lacking("inet") == ("sets that learn and forget",)
    with pytest.raises(GatewayError, match="sets that learn and forget"):
        abilities.choose_families("auto")


def test_without_rights_it_is_told_how_to_get_them(monkeypatch, tmp_path):
    program(
        tmp_path,
        '[ "$1" = --version ] && echo "nftables v1.0.6" && exit\n'
        'echo "Error: Operation not permitted" >&2; exit 1',
    )
    monkeypatch.setenv("PATH", str(tmp_path))

    with pytest.raises(GatewayError, match="no right") as error:
        abilities.choose_families("auto")
    assert "as root" in error.value.hint


@pytest.mark.parametrize("version", ["nftables v0.9.8 (E.D.S.)", "what?"])
def test_an_older_nft_is_refused(monkeypatch, tmp_path, version):
    program(tmp_path, f'echo "{version}"')
    monkeypatch.setenv("PATH", str(tmp_path))

    with pytest.raises(GatewayError, match=r"older than 1\.0"):
        abilities.choose_families("auto")
