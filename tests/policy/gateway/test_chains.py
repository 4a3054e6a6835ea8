from thingwarden.model import PeerKind
from thingwarden.policy.entries import Way
from thingwarden.policy.gateway.chains import (
    chain_names,
    needed_chains,
    unit_chains,
    unit_counters,
)
from thingwarden.policy.gateway.ground import Ground, needed_entries, own_unit, roles_of, wrap

from tests.rule_sets import NETWORK, device, mac_of, name, patch, peer, rule

GROUND = Ground(family="bridge", roles=roles_of(NETWORK), peers={})
CLOUD, WEB = rule("r1", name("a.example")), rule("r2", name("a.example"), port=80)
EVERYONE = peer(PeerKind.ANYONE)
OWNER = "d_020100000001"


def unit_of(*rules, **rest):
    return own_unit(wrap(device(1, rules, **rest)), NETWORK)


def chains_of(unit):
    return dict(unit_chains(unit, GROUND))


def test_what_no_entry_allows_is_counted_logged_and_left_to_the_step():
    chains = chains_of(unit_of(CLOUD))

    assert chains[f"{OWNER}_from"][0] == "jump needed_from"
    assert chains[f"{OWNER}_from"][-1] == f"counter name {OWNER}_stopped_from goto {OWNER}_from_end"
    assert 'log prefix "tw d-020100000001 from " group 7' in chains[f"{OWNER}_from_end"][0]
    assert chains[f"{OWNER}_from_end"][1] == "goto end_from"


def test_packets_from_the_device_keep_the_addresses_of_a_name_and_answers_do_not():
    chains = chains_of(unit_of(CLOUD))

    assert sum("update @" in line for line in chains[f"{OWNER}_from"]) == 2
    assert not any("update @" in line for line in chains[f"{OWNER}_to"])


def test_a_fragment_is_counted_by_the_first_entry_that_it_fits():
    fragments = chains_of(unit_of(CLOUD, WEB))[f"{OWNER}_from_frag"]

    assert len(fragments) == 4
    assert all("_r1 " in line for line in fragments[1:3])


def test_a_patch_comes_first_and_spares_who_must_still_reach_it():
    unit = unit_of(
        CLOUD, patches=(patch("p1", EVERYONE, still=(peer(PeerKind.DEVICE, mac_of(2)),)),)
    )
    chains = chains_of(unit)

    assert chains[f"{OWNER}_to"][0].startswith("tcp dport 80 jump ")
    spared = chains[chains[f"{OWNER}_to"][0].split()[-1]]
    assert spared[0] == f"ether saddr {mac_of(2)} return"
    assert spared[1] == f"counter name {OWNER}_to_p1 goto {OWNER}_to_end"
    assert set(chain_names(unit)) == set(chains)


def test_a_patch_for_whom_we_cannot_name_stops_everyone():
    for nobody in (
        name("no name"),
        peer(PeerKind.NETWORK, "no net"),
        peer(PeerKind.DEVICE, "no mac"),
    ):
        chains = chains_of(unit_of(patches=(patch("p1", nobody),)))

        assert (
            chains[f"{OWNER}_to"][0]
            == f"tcp dport 80 counter name {OWNER}_to_p1 goto {OWNER}_to_end"
        )


def test_counters_are_those_that_chains_name():
    unit = unit_of(CLOUD, patches=(patch("p1", EVERYONE),))
    text = "\n".join(line for lines in chains_of(unit).values() for line in lines)

    counters = list(unit_counters(unit))

    assert all(f"counter name {counter} " in text for counter, _, _ in counters)
    assert (f"{OWNER}_from_r1", "r1", Way.FROM) in counters
    assert (f"{OWNER}_spoof", "spoof", Way.FROM) in counters


def test_what_all_need_is_written_once_and_leads_back():
    chains = dict(needed_chains(needed_entries(NETWORK), GROUND))

    assert chains["needed_to"][0] == "meta l4proto tcp return"
    assert any("need-dhcp-ask accept" in line for line in chains["needed_from"])
    assert set(chains) == {"needed_from", "needed_to", "needed_from_frag", "needed_to_frag"}
