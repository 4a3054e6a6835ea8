from thingwarden.policy.gateway import ground
from thingwarden.policy.gateway.ground import (
    list_units,
    list_wrapped,
    owners_of,
    peers_of,
    prefixes_of,
    sources_of,
)

from tests.rule_sets import device, large_site, mac_of, name, rule, site

ONE, TWO = rule("r1", name("a.example")), rule("r2", name("b.example"))


def test_a_second_owner_of_an_address_is_left_out_and_told():
    wrapped, left_out = list_wrapped(site([device(1, []), device(2, [], macs=(mac_of(1),))]))

    assert [one.macs for one in wrapped] == [(mac_of(1),)]
    assert len(left_out) == 1


def test_a_device_without_an_address_that_is_one_is_left_out():
    wrapped, left_out = list_wrapped(site([device(1, [], macs=("02:00 } drop",))]))

    assert not wrapped
    assert left_out == ("'d-020100000001': no hardware address of its own, so no rules.",)


def test_each_device_of_a_home_has_rules_of_its_own():
    policy = site([device(1, [ONE]), device(2, [ONE])])

    assert list(owners_of(policy).values()) == ["d_020100000001", "d_020100000002"]


def test_in_a_large_site_devices_that_may_do_the_same_share_rules(monkeypatch):
    monkeypatch.setattr(ground, "MOST_OWN_ENTRIES", 0)
    policy = site([device(1, [ONE, TWO]), device(2, [TWO, ONE]), device(3, [ONE])])

    units = list_units(list_wrapped(policy)[0], policy.network)

    assert [len(unit.devices) for unit in units] == [2, 1]
    assert units[0].name == "u_020100000001_2"


def test_5000_devices_share_what_their_models_do():
    policy = large_site(5000, models=50)

    assert len(set(owners_of(policy).values())) == 50


def test_prefixes_inside_others_are_one():
    assert [str(net) for net in prefixes_of(("10.0.0.0/8", "10.1.0.0/16", "x", "::/0"), 4)] == [
        "10.0.0.0/8"
    ]


def test_a_device_takes_addresses_by_itself_in_networks_of_64_bits_and_more():
    network = site([]).network

    assert sources_of(network) == ("192.168.1.0/24", "10.0.0.0/8", "fd00:1::/64")


def test_peers_are_known_by_hardware_address():
    assert peers_of(site([device(1, [])])) == {mac_of(1): ("10.0.0.1",)}
