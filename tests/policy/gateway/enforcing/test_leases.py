import json
import os
import subprocess

import pytest

from thingwarden.errors import GatewayError
from thingwarden.policy.gateway.enforcing.leases import (
    LEASES_FILE,
    read_leases,
    take_lease,
    write_leases,
    write_one_lease,
    write_script,
)
from thingwarden.policy.gateway.rules import write_rules
from thingwarden.policy.gateway.steps import Step

from tests.lab import a_room
from tests.policy.gateway.enforcing.rooms import WEB, Gateway, policy
from tests.rule_sets import load, mac_of

ONE, TWO = mac_of(1), mac_of(2)
BOUND = "nft list set bridge thingwarden bound_4; nft list map inet thingwarden to_4"


def test_a_lease_is_news_once(tmp_path):
    assert take_lease(tmp_path, "add", ONE.upper(), "10.0.0.50")
    assert not take_lease(tmp_path, "old", ONE, "10.0.0.50")
    assert take_lease(tmp_path, "add", ONE, "10.0.0.51")
    assert read_leases(tmp_path) == {ONE: "10.0.0.51"}


def test_an_address_has_one_owner(tmp_path):
    take_lease(tmp_path, "add", ONE, "10.0.0.50")
    take_lease(tmp_path, "add", TWO, "10.0.0.50")

    assert read_leases(tmp_path) == {TWO: "10.0.0.50"}


def test_a_lease_that_ends_is_forgotten_if_it_is_still_the_one(tmp_path):
    take_lease(tmp_path, "add", ONE, "10.0.0.50")
    take_lease(tmp_path, "del", ONE, "10.0.0.49")
    assert read_leases(tmp_path) == {ONE: "10.0.0.50"}

    take_lease(tmp_path, "del", ONE, "10.0.0.50")

    assert read_leases(tmp_path) == {}


@pytest.mark.parametrize(
    ("mac", "address"),
    [("evil", "10.0.0.1"), (ONE, "10.0.0.1 }; x"), (ONE, "2001:db8::1"), ("", "")],
)
def test_what_is_no_address_is_no_lease(tmp_path, mac, address):
    assert not take_lease(tmp_path, "add", mac, address)
    assert not (tmp_path / LEASES_FILE).exists()


@pytest.mark.parametrize("data", [b"", b"[]", b'{"x": 5}', b'{"x": "y"}', b"\xff"])
def test_a_damaged_file_is_no_lease(tmp_path, data):
    (tmp_path / LEASES_FILE).write_bytes(data)

    assert read_leases(tmp_path) == {}


def test_leases_are_bound_behind_the_rules_and_taken_from_who_had_them():
    some = policy(WEB)
    lines = write_leases(some, {ONE: "10.0.0.2", mac_of(77): "10.0.0.9"}, ("bridge", "inet"))

    listed = load(write_rules(some, Step.ALL) + lines, then=BOUND)

    assert f"{ONE} . 10.0.0.2" in listed
    assert f"{TWO} . 10.0.0.2" not in listed
    assert "10.0.0.2 : goto d_020100000001_to" in listed


def test_what_is_bound_already_or_nobodys_needs_no_line():
    some = policy(WEB)

    assert write_leases(some, {ONE: "10.0.0.1", mac_of(77): "10.0.0.9"}, ("bridge",)) == ""
    assert write_one_lease(some, mac_of(77), "10.0.0.9", ("bridge",)) == ""


def test_the_rules_follow_a_lease_and_keep_it_over_a_reload(tmp_path):
    with a_room() as room:
        gateway = Gateway(room, tmp_path)
        gateway.load(policy(WEB))

        said = gateway.do("lease", "add", ONE, "10.0.0.50")
        again = gateway.do("lease", "old", ONE, "10.0.0.50")
        taken = gateway.do("lease", "add", TWO, "10.0.0.1")  # the first had it
        gateway.load(policy(WEB), "--family", "bridge")

        listed = room.must("nft", "list", "set", "bridge", "thingwarden", "bound_4")
        assert f"{ONE} may send from 10.0.0.50." in said.stderr
        assert again.stderr == ""
        assert f"{TWO} may send from 10.0.0.1." in taken.stderr
        assert f"{ONE} . 10.0.0.50" in listed
        assert f"{TWO} . 10.0.0.1" in listed
        assert f"{ONE} . 10.0.0.1," not in listed


def test_a_lease_without_rules_is_kept_for_later(tmp_path):
    with a_room() as room:
        gateway = Gateway(room, tmp_path)
        done = gateway.do("lease", "add", ONE, "10.0.0.50")
        gateway.load(policy(WEB))

        assert (done.returncode, done.stderr) == (0, "")
        assert "10.0.0.50" in room.must("nft", "list", "set", "bridge", "thingwarden", "bound_4")


def test_the_script_hands_over_what_dnsmasq_says(tmp_path):
    program = tmp_path / "thingwarden"
    program.write_text('#!/bin/sh\nprintf "%s|" "$@"\n')
    program.chmod(0o755)
    script = tmp_path / "lease"
    script.write_text(write_script(tmp_path, str(program)))
    script.chmod(0o755)

    out = subprocess.run(
        [script, "add", ONE, "10.0.0.5", "host; reboot"], capture_output=True, text=True, check=True
    ).stdout

    assert out == f"enforce|lease|--state|{tmp_path}|--|add|{ONE}|10.0.0.5|"
    assert os.access(script, os.X_OK)
    assert json.dumps(ONE) not in out


def test_a_path_that_a_shell_would_read_is_refused(tmp_path):
    with pytest.raises(GatewayError, match="no path for a script"):
        write_script(tmp_path / "$(reboot)", "x")
