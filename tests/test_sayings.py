"""What a user says, as it was typed -> kept in a site's folder, or refused with a sentence."""

import pytest

from thingwarden.errors import LabelError
from thingwarden.model import Role
from thingwarden.sayings import (
    allow_no_more,
    label_device,
    list_statements,
    list_suppressions,
    merge_devices,
    split_device,
    suppress,
    tell_roles,
    undo_statement,
)
from thingwarden.store import Site

PLUG, MAC = "d-00178800000a", "00:17:88:00:00:0A"
NO_DEVICE = ["plug", "", "d-", "d-../..", "00:17:88", "d-00178800000a "]


@pytest.fixture
def folder(tmp_path):
    return tmp_path / "home"


def test_a_label_is_kept_by_id_or_by_hardware_address(folder):
    by_id = label_device(folder, PLUG, name="plug")
    by_mac = label_device(folder, MAC, category="plug")

    assert by_id == by_mac == PLUG
    with Site.open(folder) as site:
        label = site.said.labels()[by_id]
    assert (label.name, label.category) == ("plug", "plug")


@pytest.mark.parametrize("device", NO_DEVICE)
def test_what_can_be_no_device_gets_no_label(folder, device):
    with pytest.raises(LabelError, match="not a device"):
        label_device(folder, device, name="plug")


def test_a_role_leaves_the_label_and_a_label_the_role(folder):
    label_device(folder, PLUG, role="safety")
    label_device(folder, PLUG, name="boiler")

    with Site.open(folder) as site:
        told = site.said.all()
    assert (told.roles[PLUG], told.labels[PLUG].name) == (Role.SAFETY, "boiler")


def test_nothing_at_all_takes_back_label_and_role(folder):
    label_device(folder, PLUG, name="boiler", role="safety")

    label_device(folder, PLUG)

    with Site.open(folder) as site:
        told = site.said.all()
    assert (told.roles, told.labels) == ({}, {})


def test_a_role_may_be_said_of_one_device_or_of_all_the_last_one_wins():
    told = tell_roles([(None, "safety"), (MAC, "life-critical"), (None, "convenience")])

    assert (told.role, told.roles) == (Role.CONVENIENCE, {PLUG: Role.LIFE_CRITICAL})


@pytest.mark.parametrize("device", NO_DEVICE)
def test_what_can_be_no_device_has_no_role(device):
    with pytest.raises(LabelError, match="not a device"):
        tell_roles([(device, "safety")])


def test_what_is_accepted_is_listed_until_it_is_taken_back(folder):
    accepted = suppress(folder, MAC, "old-tls", reason="replaced soon", until="2027-01-31")

    assert list_suppressions(folder) == (accepted,)
    assert [allow_no_more(folder, PLUG, "old-tls") for _ in range(2)] == [True, False]
    assert list_suppressions(folder) == ()


def test_a_check_that_is_unknown_is_not_accepted(folder):
    with pytest.raises(LabelError, match="'old-tsl': no such check"):
        suppress(folder, PLUG, "old-tsl", reason="replaced soon", until="2027-01-31")


def test_statements_are_kept_in_order_and_the_last_is_taken_back(folder):
    merged = merge_devices(folder, MAC, "00:17:88:00:00:0b")
    split = [split_device(folder, PLUG), split_device(folder, MAC)]

    assert [one.kind for one in (merged, *split)] == ["same", "apart", "alone"]
    assert list_statements(folder) == (merged, *split)
    assert undo_statement(folder) == split[1]
    assert list_statements(folder) == (merged, split[0])


def test_a_device_is_not_merged_with_itself(folder):
    with pytest.raises(LabelError, match="the same already"):
        merge_devices(folder, MAC, PLUG)
