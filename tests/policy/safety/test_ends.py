import pytest

from thingwarden.model import Known, PeerKind
from thingwarden.policy.entries import ANYONE, Ends, find_ends
from thingwarden.policy.safety.boxes import WHOEVER
from thingwarden.policy.safety.ends import (
    covers_name,
    intervals,
    perhaps,
    places,
    site_of,
    surely,
)

from tests.rule_sets import NETWORK, device, mac_of, name, peer, site

KNOWN = (Known(name="a.example", addresses=("198.51.100.7", "evil")),)
SITE = site_of(
    site([device(1, [], known=KNOWN), device(2, [], addresses=("10.0.0.2", "fd00:1::2"))])
)

NAME, PATTERN = Ends(name="x.b.example"), Ends(name="*.b.example")
TEN, NINE = Ends(networks=("10.0.0.0/8",)), Ends(networks=("10.9.0.0/16",))
TWO = Ends(macs=(mac_of(2),))
GATEWAY = find_ends(peer(PeerKind.GATEWAY), NETWORK)
NOBODY = Ends(networks=())
SPAN10 = (10 << 24, (11 << 24) - 1)


@pytest.mark.parametrize(
    ("pattern", "one", "covers"),
    [
        ("a.example", "A.Example.", True),
        ("*.example", "a.example", True),
        ("*.example", "*.b.example", True),
        ("*.b.example", "*.example", False),
        ("a.example", "*.a.example", False),
        ("*.example", "example", False),
        ("no name!", "no name!", False),
    ],
)
def test_a_pattern_covers_the_names_below_it(pattern, one, covers):
    assert covers_name(pattern, one) == covers


@pytest.mark.parametrize(
    ("other", "ends", "sure"),
    [
        (ANYONE, NAME, [WHOEVER]),
        (ANYONE, TEN, [SPAN10]),
        (PATTERN, NAME, [WHOEVER]),
        (NAME, PATTERN, []),
        (TEN, NAME, []),
        (NAME, TEN, []),
        (TEN, NINE, [SPAN10]),
        (TWO, TWO, [WHOEVER]),
        (TEN, TWO, [WHOEVER]),
        (NINE, TWO, []),
        (TEN, Ends(macs=(mac_of(7),)), []),
        (TWO, TEN, []),
        (NOBODY, TEN, []),
    ],
)
def test_who_is_surely_meant(other, ends, sure):
    assert surely(other, ends, 4, SITE) == sure


@pytest.mark.parametrize(
    ("other", "ends", "may"),
    [
        (ANYONE, NAME, [WHOEVER]),
        (NAME, Ends(name="other.example"), [WHOEVER]),
        (TEN, NAME, [WHOEVER]),
        (NAME, TEN, [SPAN10]),
        (TWO, TEN, [SPAN10]),
        (TWO, Ends(macs=(mac_of(3),)), []),
        (NOBODY, NAME, []),
        (NOBODY, TEN, []),
    ],
)
def test_who_may_be_meant(other, ends, may):
    assert perhaps(other, ends, 4) == may


def test_the_gateway_is_told_by_address_and_hardware_address():
    assert surely(GATEWAY, GATEWAY, 4, SITE) == places(GATEWAY, 4)
    assert surely(GATEWAY, Ends(networks=("192.168.1.1/32",)), 4, SITE) == []


def test_prefixes_are_of_one_version():
    assert intervals(("10.0.0.0/8", "2001:db8::/32"), 4) == [SPAN10]
    assert intervals(None, 4) == [(0, (1 << 32) - 1)]
    assert intervals((), 6) == []


def test_what_the_policy_knows_of_addresses_is_kept_where_it_is_sound():
    assert SITE.known == {"a.example": ("198.51.100.7",)}
    assert SITE.by_mac[mac_of(2)] == ("10.0.0.2", "fd00:1::2")
    assert places(find_ends(name("a.example"), NETWORK), 6) == [WHOEVER]
