import pytest

from thingwarden.errors import PolicyError
from thingwarden.model import Known, PeerKind
from thingwarden.policy.mud.apply import apply_mud, list_unfilled
from thingwarden.policy.mud.read import read_mud
from thingwarden.policy.mud.terms import MY_CONTROLLER

from tests.policy.mud.files import CLOUD, mud, text
from tests.rule_sets import NETWORK, device, mac_of, name, peer, rule, site

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

    assert list_unfilled(rules, NETWORK) == (role.value,)
