from dataclasses import replace

import pytest

from thingwarden.errors import PolicyError
from thingwarden.model import Known, PeerKind
from thingwarden.policy.mud.apply import apply_mud, list_unfilled, unseen
from thingwarden.policy.mud.read import read_mud
from thingwarden.policy.mud.terms import MY_CONTROLLER

from tests.policy.mud.files import CLOUD, mud, text
from tests.rule_sets import NETWORK, device, mac_of, name, patch, peer, rule, site

FILE = read_mud(text(mud(CLOUD)))
KNOWN = (
    Known(name="cloud.example", addresses=("203.0.113.9",)),
    Known(name="old.example", addresses=("203.0.113.10",)),
)
SITE = site([device(1, [rule("old", name("old.example"))], known=KNOWN), device(2, [])])


def test_what_the_maker_says_takes_the_place_of_what_was_learnt():
    (found,) = apply_mud(SITE, {mac_of(1).upper(): FILE}).devices

    assert found.rules == FILE.rules
    assert found.known == KNOWN[:1]
    assert found.macs == (mac_of(1),)


def test_a_device_that_is_not_there_is_told():
    with pytest.raises(PolicyError, match="no device of the site has"):
        apply_mud(SITE, {"02:00:00:00:99:99": FILE})


def test_roles_that_nobody_fills_are_listed():
    role = peer(PeerKind.CONTROLLER, f"{MY_CONTROLLER}x")
    rules = (
        rule("a", role),
        rule("b", role),
        rule("c", peer(PeerKind.CONTROLLER, "urn:ietf:params:mud:dns")),
    )

    assert list_unfilled(site([device(1, rules)])) == (role.value,)


def test_a_patch_of_the_site_stays_whatever_the_file_says():
    mine, theirs = patch("p", peer(PeerKind.LOCAL)), patch("p", peer(PeerKind.GATEWAY))
    told = site([device(1, [], patches=(mine,))])
    file = replace(FILE, patches=(theirs, replace(theirs, id="q")))

    (found,) = apply_mud(told, {mac_of(1): file}).devices

    assert found.patches == (mine, replace(theirs, id="q"))


def test_a_thing_that_nobody_has_seen_has_its_hardware_address_alone():
    (found,) = unseen(NETWORK, ["02:01:00:00:00:AB"]).devices

    assert (found.device_id, found.macs) == ("d-0201000000ab", ("02:01:00:00:00:ab",))
    assert found.addresses == ()


@pytest.mark.parametrize("text", ["", "02:01", "ff:ff:ff:ff:ff:ff", "02:01:00:00:00:ab\n"])
def test_no_hardware_address_is_refused(text):
    with pytest.raises(PolicyError, match="no hardware address"):
        unseen(NETWORK, [text])
