import json

import pytest

from thingwarden.policy.gateway.elements import write_elements
from thingwarden.policy.gateway.names import set_name
from thingwarden.policy.gateway.rules import write_rules
from thingwarden.policy.gateway.sets import MOST_ELEMENTS
from thingwarden.policy.gateway.steps import Step

from tests.rule_sets import device, load, name, rule, site

POLICY = site([device(1, [rule("web", name("a.example"))])])
SET = set_name("a.example", 4)


def listed(*elements, family="bridge", called=SET, table="thingwarden"):
    """As `nft -j list sets` says it."""
    return {
        "nftables": [
            {"set": {"family": family, "table": table, "name": called, "elem": list(elements)}}
        ]
    }


def left(address, seconds):
    return {"elem": {"val": address, "timeout": 90000, "expires": seconds}}


def test_an_address_keeps_the_time_that_it_has_left():
    assert write_elements(POLICY, listed(left("198.51.100.7", 500))) == (
        f"add element bridge thingwarden {SET} {{ 198.51.100.7 timeout 90000s expires 500s }}\n"
    )


@pytest.mark.parametrize(
    "other",
    [
        listed(left("198.51.100.7", 500), called="n_gone_4"),
        listed(left("198.51.100.7", 500), table="filter"),
        listed(left("198.51.100.7", 500), family="ip"),
        listed(left("2001:db8::1", 500)),
        listed(left("evil }; drop", 500)),
        listed(left("198.51.100.7", 0)),
        listed(left("198.51.100.7", "soon")),
        listed(left("198.51.100.7", 90001)),
        {"nftables": [{"metainfo": {}}]},
        {},
    ],
)
def test_what_is_not_wanted_or_no_address_is_left_out(other):
    assert write_elements(POLICY, other) == ""


def test_a_full_set_stays_within_its_size():
    flood = [left(f"10.0.{n >> 8}.{n & 255}", 5) for n in range(MOST_ELEMENTS + 9)]

    assert write_elements(POLICY, listed(*flood)).count("expires") == MOST_ELEMENTS


def test_learnt_addresses_live_on_over_a_reload():
    rules = write_rules(POLICY, Step.ALL)
    add = f"add element bridge thingwarden {SET} {{ 198.51.100.7 }}"
    before = json.loads(load(rules, add, then="nft -j list sets"))

    after = load(
        rules + write_elements(POLICY, before), then=f"nft list set bridge thingwarden {SET}"
    )

    assert "198.51.100.7" in after
