import json
from hashlib import sha256

import pytest

from thingwarden.errors import PolicyError, SiteError
from thingwarden.policy.files import read_policy_folder
from thingwarden.policy.folder import (
    HASHES,
    OFF,
    RESOLVER,
    RULES,
    choose_device,
    choose_devices,
    list_policy_files,
    write_hashes,
    write_policy_folder,
)

from tests.rule_sets import device, mac_of, name, rule, site

POLICY = site([device(1, [rule("web", name("a.example"))], name="Lamp"), device(2, [])])


def test_a_folder_has_a_file_for_everyone_who_needs_one():
    files = list_policy_files(POLICY)

    assert set(files) == {
        "policy.json",
        *RULES.values(),
        OFF,
        RESOLVER,
        HASHES,
        *(
            f"mud/d_02010000000{number}.{end}"
            for number in (1, 2)
            for end in ("json", "extended.json")
        ),
    }


def test_every_file_is_hashed_but_the_hashes():
    files = dict(list_policy_files(POLICY))
    told = json.loads(files.pop(HASHES))

    assert told == {place: sha256(data).hexdigest() for place, data in files.items()}
    assert write_hashes({"b": b"", "a": b""}).index(b'"a"') < 20


def test_gateways_get_a_folder_of_their_own():
    files = list_policy_files(POLICY, ["plain", "openwrt"])

    assert "plain/README.md" in files
    assert "openwrt/usr/share/nftables.d/ruleset-post/thingwarden.nft" in files


def test_what_is_written_is_read_again(tmp_path):
    write_policy_folder(POLICY, tmp_path / "new" / "folder")

    assert read_policy_folder(tmp_path / "new" / "folder") == POLICY
    assert not list((tmp_path / "new/folder").rglob("*.new"))


def test_a_folder_that_cannot_be_written_is_told(tmp_path):
    (tmp_path / "file").write_text("")

    with pytest.raises(SiteError):
        write_policy_folder(POLICY, tmp_path / "file" / "policy")


@pytest.mark.parametrize("called", ["lamp", "LAMP", "d-020100000001", mac_of(1)])
def test_a_device_is_chosen_by_any_of_its_names(called):
    assert choose_devices(POLICY, [called]).devices == POLICY.devices[:1]


def test_without_a_choice_all_stay_and_unknown_ones_are_told():
    assert choose_devices(POLICY, []) == POLICY
    with pytest.raises(PolicyError, match="no such device: torch, door"):
        choose_devices(POLICY, ["torch", "lamp", "door"])


def test_one_device_is_one():
    twins = site([device(1, [], name="Lamp"), device(2, [], name="lamp")])

    assert choose_device(twins, mac_of(2)).device_id == "d-020100000002"
    with pytest.raises(PolicyError, match="2 devices are called 'lamp'") as error:
        choose_device(twins, "lamp")
    assert "d-020100000001" in error.value.hint
