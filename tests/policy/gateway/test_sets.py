from thingwarden.model import Known
from thingwarden.policy.entries import rule_entries
from thingwarden.policy.gateway.ground import ground_of, wrap
from thingwarden.policy.gateway.sets import (
    MOST_ELEMENTS,
    bound_sets,
    known_addresses,
    name_sets,
    names_of,
    network_sets,
    write_set,
)

from tests.rule_sets import KNOWN, NETWORK, device, mac_of, name, rule, site

ENTRIES = tuple(rule_entries(rule("r", name("A.example.")), NETWORK))


def by_name(sets):
    return {one.name: one for one in sets}


def test_a_name_begins_with_the_addresses_that_any_device_knew():
    devices = [
        wrap(device(1, [], known=KNOWN)),
        wrap(device(2, [], known=(Known(name="a.example", addresses=("198.51.100.2", "no")),))),
    ]

    four, six = name_sets(devices, ENTRIES)

    assert four.elements == ("198.51.100.1", "198.51.100.2")
    assert "flags dynamic,timeout; timeout 90000s; size 1024;" in write_set(six)


def test_a_flood_of_known_addresses_is_cut():
    known = (
        Known(name="a.example", addresses=tuple(f"10.0.{n >> 8}.{n & 255}" for n in range(3000))),
    )

    four, _ = name_sets([wrap(device(1, [], known=known))], ENTRIES)

    assert len(four.elements) == MOST_ELEMENTS


def test_names_that_are_none_have_no_set():
    bad = tuple(rule_entries(rule("r", name("a b")), NETWORK))

    assert names_of(bad) == ()
    assert (
        known_addresses([wrap(device(1, [], known=(Known(name="a b", addresses=("1.2.3.4",)),)))])
        == {}
    )


def test_who_is_bound_to_what():
    sets = by_name(bound_sets([wrap(device(1, [])), wrap(device(2, [], addresses=("fd00:1::2",)))]))

    assert sets["wrapped"].elements == (mac_of(1), mac_of(2))
    assert sets["bound_4"].elements == (f"{mac_of(1)} . 10.0.0.1",)
    assert sets["bound_6"].elements == (f"{mac_of(2)} . fd00:1::2",)
    assert sets["unbound_4"].elements == (mac_of(2),)


def test_roles_of_the_site_are_sets():
    sets = by_name(network_sets(NETWORK, ENTRIES, ground_of(site([]), "bridge")))

    assert sets["local_6"].elements == ("fd00:1::/64", "fe80::/10")
    assert sets["resolver_4"].elements == ("192.168.1.1/32",)
    assert "224.0.0.0/4" in sets["inside_4"].elements
