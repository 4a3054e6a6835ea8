import json
from dataclasses import replace

import pytest

from thingwarden.policy.gateway.change import write_change, write_lease, write_step
from thingwarden.policy.gateway.ground import peers_of
from thingwarden.policy.gateway.rules import write_rules
from thingwarden.policy.gateway.steps import Step

from tests.rule_sets import (
    NETWORK,
    UDP,
    PeerKind,
    device,
    large_site,
    load,
    mac_of,
    name,
    patch,
    peer,
    rule,
    site,
    usual_rules,
)

WEB, TIME = rule("web", name("a.example")), rule("time", name("*.b.example"), UDP, 123)
ONE, OTHER = device(1, [WEB, TIME]), device(2, [WEB])
LIST = "nft -s list table bridge thingwarden; nft -s list table inet thingwarden"


def loaded(*texts):
    """What the kernel has then: rules by chain in their order, elements and counters without order."""
    found = {}
    for item in json.loads(load(*texts, then="nft -j list ruleset"))["nftables"]:
        for kind, one in item.items():
            if kind == "rule":
                found.setdefault((one["family"], one["chain"]), []).append(said(one["expr"]))
            elif kind in ("set", "map") and not one["name"].startswith("n_"):
                found[one["family"], one["name"]] = sorted(map(said, one.get("elem", ())))
            elif kind in ("chain", "counter"):
                found.setdefault((one["family"], one["name"]), [])
    return found


def said(part):
    return json.dumps(part, sort_keys=True).replace("ether_addr", "")


@pytest.mark.parametrize(
    ("before", "after"),
    [
        (ONE, replace(ONE, rules=(WEB,))),
        (replace(ONE, rules=(WEB,)), ONE),
        (ONE, replace(ONE, patches=(patch("hole", peer(PeerKind.ANYONE)),))),
        (replace(ONE, patches=(patch("hole", peer(PeerKind.ANYONE)),)), ONE),
        (ONE, replace(ONE, addresses=("10.0.0.77", "fd00:1::7"))),
        (replace(ONE, addresses=()), ONE),
        (ONE, replace(ONE, macs=(mac_of(9),))),
        (ONE, None),
        (None, ONE),
    ],
)
def test_a_change_leads_to_what_a_load_of_everything_gives(before, after):
    old, new = (site([one, OTHER] if one else [OTHER]) for one in (before, after))
    change = write_change(before, after, NETWORK, Step.ALL, peers=peers_of(new))

    changed = loaded(write_rules(old, Step.ALL), change)
    whole = loaded(write_rules(new, Step.ALL))

    assert {key: (changed.get(key), whole.get(key)) for key in changed.keys() | whole.keys()} == {
        key: (value, value) for key, value in whole.items()
    }


def test_a_step_changes_the_ends_alone():
    policy = site([ONE])

    changed = loaded(write_rules(policy, Step.LOG), write_step(Step.ALL))

    assert changed == loaded(write_rules(policy, Step.ALL))


def test_a_lease_binds_the_new_address_and_frees_the_old():
    policy = site([ONE, OTHER])
    lease = write_lease(ONE, "10.0.0.55", owner="d_020100000001", gone=["10.0.0.1", "evil }"])

    listed = load(write_rules(policy, Step.ALL), lease, lease, then=LIST)

    assert f"{mac_of(1)} . 10.0.0.55" in listed
    assert f"{mac_of(1)} . 10.0.0.1," not in listed
    assert "10.0.0.55 : goto d_020100000001_to" in listed
    assert "evil" not in lease


def test_what_is_no_address_binds_nothing():
    assert write_lease(ONE, "10.0.0.1 }; drop", owner="d_x").strip() == ""


def test_a_device_of_a_large_site_leaves_its_kind():
    policy = large_site(600, models=3)
    before = policy.devices[7]
    after = replace(before, rules=(*usual_rules(3), WEB))
    change = write_change(before, after, policy.network, Step.ALL, peers=peers_of(policy))

    found = loaded(write_rules(policy, Step.ALL), change)

    own = f"d_{before.macs[0].replace(':', '')}"
    assert found["bridge", f"{own}_from"]
    assert any(f"{own}_from" in one for one in found["bridge", "from"])
    assert len(found["bridge", "from"]) == 600
