import pytest

from thingwarden.policy.gateway.export import RULES, list_files
from thingwarden.policy.gateway.steps import Step

from tests.rule_sets import UDP, device, load, name, rule, site

POLICY = site(
    [device(1, [rule("web", name("a.example")), rule("time", name("*.b.example"), UDP, 123)])]
)


@pytest.mark.parametrize("kind", ["plain", "openwrt"])
def test_files_lie_where_the_gateway_looks_for_them(kind):
    files = list_files(POLICY, kind)

    assert list(files) == [
        RULES[kind],
        "etc/dnsmasq.d/thingwarden.conf",
        *(f"etc/thingwarden/step-{step}.nft" for step in ("log", "internet", "all")),
        "etc/thingwarden/off.nft",
        "README.md",
    ]
    assert RULES[kind] in files["README.md"]
    assert ("opkg" in files["README.md"] or "kmod-nft-bridge" in files["README.md"]) == (
        kind == "openwrt"
    )


def test_they_begin_with_a_step_that_stops_nothing():
    rules = list_files(POLICY, "plain")[RULES["plain"]]

    assert "Step: log" in rules
    assert "drop" not in rules


def test_another_step_is_said_in_the_readme_too():
    files = list_files(POLICY, "plain", step=Step.ALL)

    assert "They begin with the step `all`" in files["README.md"]
    assert "Step: all" in files[RULES["plain"]]


def test_every_step_loads_on_every_other_and_off_leaves_nothing():
    files = list_files(POLICY, "plain")
    steps = [
        files[f"etc/thingwarden/step-{step}.nft"] for step in ("all", "log", "internet", "all")
    ]

    listed = load(files[RULES["plain"]], *steps, then="nft list table bridge thingwarden")
    left = load(files[RULES["plain"]], files["etc/thingwarden/off.nft"], then="nft list tables")

    assert "chain end_from {\n\t\tdrop\n\t}" in listed
    assert left == ""


def test_what_cannot_be_said_is_told_in_the_readme():
    policy = site([device(1, [rule("x", name("no name; }"))])])

    assert "is no name of the DNS" in list_files(policy, "plain")["README.md"]
    assert "cannot say" not in list_files(POLICY, "plain")["README.md"]
