from dataclasses import replace

import pytest

from thingwarden.errors import GatewayError
from thingwarden.model import PeerKind
from thingwarden.policy.files import write_policy
from thingwarden.policy.gateway.enforcing.loading import (
    MOST_CHANGED,
    read_rules,
    write_difference,
)
from thingwarden.policy.gateway.enforcing.state import Loaded, keep_rules, rules_file
from thingwarden.policy.gateway.rules import write_rules
from thingwarden.policy.gateway.steps import Step

from tests.policy.gateway.enforcing.rooms import TIME, WEB, policy
from tests.rule_sets import device, load, mac_of, peer, rule, site

LOADED = Loaded(id="old", step=Step.ALL, families=("bridge", "inet"), since_us=0)
BEFORE = policy(WEB)


def difference(after, before=BEFORE):
    return write_difference(before, after, LOADED, "new")


def test_a_change_of_one_device_is_about_it_alone():
    text = difference(policy(WEB, TIME))

    assert "d_020100000001_from" in text
    assert "d_020100000002" not in text


def test_it_loads_and_bears_the_new_mark():
    marks = "".join(f"add chain {one} thingwarden loaded_old\n" for one in LOADED.families)

    listed = load(
        write_rules(BEFORE, Step.ALL) + marks,
        difference(policy(WEB, TIME)),
        then="nft list tables; nft list chains",
    )

    assert listed.count("loaded_new") == 2
    assert "loaded_old" not in listed


@pytest.mark.parametrize(
    "after",
    [
        replace(BEFORE, network=replace(BEFORE.network, locals=())),
        policy(WEB, others=MOST_CHANGED + 5),
        replace(BEFORE, devices=(*BEFORE.devices, device(9, [], macs=(mac_of(1),)))),
    ],
    ids=["another network", "many devices", "a device without rules"],
)
def test_what_is_more_than_some_devices_is_loaded_whole(after):
    assert difference(after) is None


def test_a_device_that_others_name_is_not_moved_alone():
    names = rule("lan", peer(PeerKind.DEVICE, mac_of(1)))
    before = site([device(1, [WEB]), device(2, [names])])
    moved = site([device(1, [WEB], addresses=("10.0.0.99",)), device(2, [names])])

    assert difference(moved, before) is None
    assert difference(site([device(1, [TIME]), device(2, [names])]), before)


def test_the_same_policy_differs_in_its_mark_alone():
    assert "flush" not in difference(BEFORE)


def test_a_kept_rule_set_is_read_with_its_policy(tmp_path):
    name = keep_rules(tmp_path, "rules", write_policy(BEFORE))

    assert read_rules(tmp_path, replace(LOADED, id=name)) == ("rules", BEFORE)


@pytest.mark.parametrize("damage", ["gone", "not a policy", "not text"])
def test_a_kept_rule_set_that_is_damaged_is_told(tmp_path, damage):
    data = b"{}" if damage == "not a policy" else write_policy(BEFORE)
    name = keep_rules(tmp_path, "rules", data)
    if damage == "gone":
        rules_file(tmp_path, name).unlink()
    if damage == "not text":
        rules_file(tmp_path, name).write_bytes(b"\xff")

    with pytest.raises(GatewayError, match="cannot be read"):
        read_rules(tmp_path, replace(LOADED, id=name))
