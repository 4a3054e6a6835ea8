import json

import pytest
from click.testing import CliRunner

from thingwarden.cli import cli
from thingwarden.errors import PolicyError
from thingwarden.pipeline import inspect_captures

from tests.command import ROOT
from tests.policy.mud.files import CLOUD, ace, https, mud, text, why_not_yang
from tests.rule_sets import load, mac_of

SAMPLE = ROOT / "samples/home.pcap"


def run(*arguments):
    return CliRunner().invoke(cli, ["mud", *map(str, arguments)], catch_exceptions=False)


@pytest.fixture
def bulb(tmp_path):
    file = tmp_path / "bulb.json"
    file.write_bytes(text(mud(CLOUD)))
    return file


def test_what_a_file_allows_is_told_in_words(bulb):
    done = run(bulb)

    assert done.exit_code == 0
    assert "cloud.example" in done.output
    assert "TCP port 443" in done.output


def test_what_is_left_out_is_told_with_its_reason(tmp_path):
    file = tmp_path / "bulb.json"
    file.write_bytes(text(mud(CLOUD, ace("odd", eth={}))))

    done = run(file)

    assert done.exit_code == 1
    assert "from/odd: is about frames without IP" in done.output


def test_rules_come_as_json(bulb):
    (found,) = json.loads(run(bulb, "--json").output)

    assert found["file"] == str(bulb)
    assert found["rules"][0]["behaviour"]["peer"]["value"] == "cloud.example"


def test_a_strict_check_tells_what_the_standard_forbids(bulb):
    assert run(bulb, "--check").exit_code == 0
    bulb.write_bytes(text(mud(CLOUD, head={"systeminfo": "x" * 61})))

    done = run(bulb, "--check")

    assert done.exit_code == 1
    assert "more than 60 letters" in done.output


def test_a_malformed_file_is_refused_with_its_name_line_and_reason(bulb):
    bulb.write_bytes(b'{\n "a": }')

    with pytest.raises(PolicyError, match=r"bulb\.json: line 2, column 7"):
        run(bulb)


def test_a_policy_needs_a_site_a_folder_and_a_device_for_each_file(bulb, tmp_path):
    done = run(bulb, "--out", tmp_path / "policy")

    assert done.exit_code == 2
    assert "a --mac for each FILE" in done.output


NETWORK = ("--local", "192.168.7.0/24", "--gateway", "192.168.7.1", "--gateway-mac")


def test_a_policy_is_made_for_a_thing_that_nobody_has_seen(bulb, tmp_path):
    out = tmp_path / "policy"

    done = run(bulb, "--mac", mac_of(1), "--out", out, *NETWORK, "02:00:00:00:00:01")

    assert done.exit_code == 0
    policy = json.loads((out / "policy.json").read_bytes())["policy"]
    assert policy["network"]["resolvers"] == ["192.168.7.1"]
    assert [each["macs"] for each in policy["devices"]] == [[mac_of(1)]]
    load((out / "rules/all.nft").read_text())
    assert why_not_yang((out / "mud/d_020100000001.json").read_bytes()) == ""


def test_one_device_has_one_file(bulb, tmp_path):
    other = tmp_path / "other.json"
    other.write_bytes(bulb.read_bytes())
    macs = ("--mac", mac_of(1), "--mac", mac_of(1))

    done = run(bulb, other, *macs, "--out", tmp_path / "policy", *NETWORK, "02:00:00:00:00:01")

    assert done.exit_code == 2
    assert not (tmp_path / "policy").exists()


def test_a_network_that_is_none_is_refused(bulb, tmp_path):
    done = run(bulb, "--mac", mac_of(1), "--out", tmp_path / "policy", *NETWORK, "everyone")

    assert done.exit_code == 2
    assert "'everyone' is neither" in done.output


def test_names_of_drafts_are_told_and_leave_nothing_out(bulb):
    bulb.write_bytes(text(mud(ace(**https(**{"dst-dnsname": "cloud.example"})))))

    done = run(bulb)

    assert done.exit_code == 0
    assert "dst-dnsname is a name of a draft" in done.output


def test_a_policy_follows_from_what_the_maker_says(bulb, tmp_path):
    site = tmp_path / "site"
    mac = inspect_captures([SAMPLE], site=site).assessments[0].device.macs[0]

    done = run(bulb, "--mac", mac, "--site", site, "--out", tmp_path / "policy")

    assert done.exit_code == 0
    policy = json.loads((tmp_path / "policy/policy.json").read_bytes())["policy"]
    assert [each["macs"] for each in policy["devices"]] == [[mac]]
    assert policy["devices"][0]["rules"][0]["origin"] == "mud"
    assert (tmp_path / "policy/rules/all.nft").exists()
