"""Options of `thingwarden inspect` that judge and compare."""

import csv
import io
import json

import pytest

from thingwarden.checks.requirements import FRAMEWORKS
from thingwarden.cli.arguments import FRAMEWORKS as OFFERED
from thingwarden.cli.arguments import ROLES
from thingwarden.model import Role

from tests.command import call
from tests.home import Home


@pytest.fixture
def captures(tmp_path):
    """A calm home, and the same in which a camera is reached by Telnet."""
    home = Home()
    home.device("camera").asks("cloud.example", "93.184.215.14")
    calm = home.write(tmp_path / "calm.pcap")
    home.device("phone").logs_in_by_telnet(home.device("camera"))
    return calm, home.write(tmp_path / "telnet.pcap")


def test_what_is_offered_is_what_there_is():
    assert tuple(FRAMEWORKS) == OFFERED
    assert set(ROLES) == {role.value for role in Role}


def test_a_role_moves_the_bar_of_one_device_or_of_all(captures):
    _, telnet = captures
    camera = "00:17:88:00:00:0a"

    plain = json.loads(call("inspect", telnet, "--json", "-").out)
    one = json.loads(call("inspect", telnet, "--json", "-", "--role", f"{camera}=safety").out)
    all_ = json.loads(call("inspect", telnet, "--json", "-", "--role", "safety").out)

    def camera_of(report):
        return next(each for each in report["devices"] if camera in each["macs"])

    assert (camera_of(plain)["role"], camera_of(one)["role"]) == (None, "safety")
    assert {each["role"] for each in all_["devices"]} == {"safety"}
    assert camera_of(one)["verdict"] == "do-not-depend"


def test_a_role_that_is_none_is_refused(captures):
    done = call("inspect", captures[0], "--role", "emperor")

    assert done.status == 2
    assert "'emperor' is no role" in done.err


def test_a_role_is_kept_by_a_site_and_verified(captures, tmp_path):
    _, telnet = captures
    site = tmp_path / "site"
    call("inspect", telnet, "--site", site)

    call("label", "00:17:88:00:00:0a", "--site", site, "--role", "safety")
    call("inspect", telnet, "--site", site, "--json", tmp_path / "r.json")
    report = json.loads((tmp_path / "r.json").read_text())

    assert "safety" in {each["role"] for each in report["devices"]}
    assert call("verify", tmp_path / "r.json", telnet).status == 0


def test_a_baseline_tells_what_is_new_and_worse(captures, tmp_path):
    calm, telnet = captures
    call("inspect", calm, "--json", tmp_path / "calm.json")
    call("inspect", telnet, "--json", tmp_path / "telnet.json")

    worse = call("inspect", telnet, "--baseline", tmp_path / "calm.json")
    same = call("inspect", telnet, "--baseline", tmp_path / "telnet.json")

    assert worse.status == 1
    assert "What changed since the earlier report" in worse.out
    assert "telnet (new)" in worse.out.replace("\n", " ")
    assert same.status == 0
    assert "0 changes" in same.out


def test_requirements_are_a_table_that_pipes(captures):
    done = call("inspect", captures[1], "--requirements", "en303645")

    rows = list(csv.reader(io.StringIO(done.out)))

    assert done.status == 1
    assert len(rows) > 78
    assert any("refuted" in row for row in rows)


def test_sarif_alone_stands_on_stdout(captures):
    done = call("inspect", captures[1], "--sarif", "-")

    assert json.loads(done.out)["version"] == "2.1.0"
