"""From a site to a policy, its proof, and a receipt that holds."""

import shutil
from dataclasses import replace
from pathlib import Path

import pytest

from thingwarden.errors import PolicyError
from thingwarden.pipeline import inspect_captures
from thingwarden.policy.files import read_policy_folder
from thingwarden.policy.proof.receipt import write_receipt
from thingwarden.wrapping import (
    change_policy,
    learn_captures,
    learn_site,
    prove_policy,
    verify_receipt,
    wrap_site,
)

SAMPLE = Path(__file__).parents[1] / "samples/home.pcap"


@pytest.fixture(scope="module")
def site(tmp_path_factory):
    folder = tmp_path_factory.mktemp("wrapping") / "site"
    inspect_captures([SAMPLE], site=folder)
    return folder


@pytest.fixture(scope="module")
def folder(site):
    out = site.parent / "policy"
    wrap_site(site, out)
    return out


def test_a_site_and_its_captures_teach_the_same(site, folder):
    learnt = learn_captures([SAMPLE])

    assert learn_site(site) == read_policy_folder(folder)
    assert [one.rules for one in learnt.devices] == [one.rules for one in learn_site(site).devices]


def test_a_capture_that_the_site_knows_teaches_nothing_new(site):
    assert learn_site(site, [SAMPLE]) == learn_site(site)


def test_a_policy_that_breaks_an_invariant_is_not_written(site, tmp_path):
    safety = tmp_path / "safety.toml"
    safety.write_text('[[never]]\ndevice = "*"\npeer = "anyone"\n')

    with pytest.raises(PolicyError, match="the policy breaks"):
        wrap_site(site, tmp_path / "policy", safety=safety)

    assert not (tmp_path / "policy").exists()


def test_one_device_is_changed_and_the_others_stay(folder, tmp_path):
    copy = tmp_path / "policy"
    shutil.copytree(folder, copy)

    def forget(policy, device):
        devices = (replace(one, rules=()) if one == device else one for one in policy.devices)
        return replace(policy, devices=tuple(devices))

    changed = change_policy(copy, "camera", forget)

    assert read_policy_folder(copy) == changed
    before = {one.name: len(one.rules) for one in read_policy_folder(folder).devices}
    after = {one.name: len(one.rules) for one in changed.devices}
    assert after == before | {"camera": 0}


def test_a_receipt_holds_until_the_policy_is_another(folder, tmp_path):
    copy = tmp_path / "policy"
    shutil.copytree(folder, copy)
    receipt = copy / "receipt.json"
    receipt.write_bytes(write_receipt(prove_policy(copy, [SAMPLE], kernel=False)))

    assert all(check.holds for check in verify_receipt(receipt, [SAMPLE]))

    wrap_site(folder.parent / "site", copy, devices=["camera"])
    broken = [check.what for check in verify_receipt(receipt, [SAMPLE]) if not check.holds]
    assert broken[0] == "the policy"
