import json

import pytest
from click.testing import CliRunner

from thingwarden.cli import cli
from thingwarden.errors import GatewayError
from thingwarden.policy.folder import write_policy_folder

from tests.lab import a_room
from tests.policy.gateway.enforcing.rooms import WEB, Gateway, policy


def run(*words):
    return CliRunner().invoke(cli, ["enforce", *map(str, words)], catch_exceptions=False)


@pytest.fixture
def folder(tmp_path):
    write_policy_folder(policy(WEB), tmp_path / "policy")
    return tmp_path / "policy"


def test_without_a_policy_it_says_what_is_missing():
    done = run()

    assert done.exit_code == 2
    assert "--policy DIR is needed" in done.output


@pytest.mark.parametrize(
    ("words", "why"),
    [
        (["--when-stopped-at-most", "3"], "goes with --advance-after"),
        (["--confirm-within", "0"], "0.0 is not in the range"),
        (["--step", "some"], "'some' is not one of"),
    ],
)
def test_options_that_make_no_sense_are_refused(folder, tmp_path, words, why):
    with a_room() as room:
        done = room.enforce(tmp_path / "state", "--policy", folder, *words)

        assert done.returncode == 2
        assert why in done.stderr
        assert room.tables() == set()


def test_a_flow_of_a_policy_that_is_not_loaded_is_explained(folder, tmp_path):
    good = run("explain", "10.0.0.1 > a.example:443 tcp", "--policy", folder)
    bad = run("explain", "10.0.0.1 > b.example:23 tcp", "--policy", folder, "--json")

    assert (good.exit_code, bad.exit_code) == (0, 1)
    assert "web lets it pass" in good.output
    assert json.loads(bad.output)["there"][0]["rule"] == "default"


def test_a_flow_that_is_none_is_refused(folder):
    with pytest.raises(GatewayError, match="not a flow"):
        run("explain", "what?", "--policy", folder)


def test_the_unit_for_systemd_names_the_state(tmp_path):
    done = run("resume", "--unit", "--state", tmp_path)

    assert f'enforce resume --state "{tmp_path}"' in done.output


def test_a_whole_life_of_a_policy(tmp_path):
    with a_room() as room:
        gateway = Gateway(room, tmp_path)

        first = gateway.load(policy(WEB))
        then = gateway.load(policy(WEB), "--step", "all")
        confirmed = gateway.must("confirm")
        told = gateway.must("status")
        off = gateway.must("off")

        assert first.startswith("2 devices.\nStep log since")
        assert "Not confirmed: the step log comes back" in then
        assert confirmed == "Confirmed: step all.\n"
        assert "0 packets were stopped." in told
        assert off == "Off: bridge and inet.\n"


def test_young_devices_are_warned_of_before_anything_of_theirs_is_stopped(tmp_path):
    with a_room() as room:
        gateway = Gateway(room, tmp_path)
        gateway.write(policy(WEB))

        logged = gateway.do("--policy", tmp_path / "policy")
        stopping = gateway.do("--policy", tmp_path / "policy", "--step", "all")

        assert "not watched long enough" not in logged.stderr
        assert "2 devices were not watched long enough" in stopping.stderr
