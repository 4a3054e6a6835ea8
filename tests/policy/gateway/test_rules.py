import re

from hypothesis import given, settings
from hypothesis import strategies as st

from thingwarden.policy.gateway.rules import (
    counters_of,
    shared_counters_of,
    write_chain,
    write_removal,
    write_rules,
    write_steps,
)
from thingwarden.policy.gateway.steps import Step

from tests.rule_sets import (
    KNOWN,
    PeerKind,
    device,
    large_site,
    load,
    name,
    patch,
    peer,
    rule,
    site,
    usual_rules,
)

POLICY = site(
    [
        device(1, usual_rules(1), known=KNOWN, patches=(patch("hole", peer(PeerKind.ANYONE)),)),
        device(2, usual_rules(2)),
    ]
)


def test_rules_load_again_over_themselves_at_every_step():
    steps = write_steps(POLICY)

    listed = load(*steps.values(), steps[Step.LOG], then="nft list tables")

    assert listed == "table bridge thingwarden\ntable inet thingwarden\n"


def test_rules_of_others_stay():
    others = (
        "table inet filter {\nchain forward {\ntype filter hook forward priority 0;\ndrop\n}\n}"
    )

    listed = load(others, write_rules(POLICY, Step.ALL), write_removal(), then="nft list ruleset")

    assert "thingwarden" not in listed
    assert "chain forward" in listed


def test_steps_differ_in_their_ends_alone():
    texts = [
        [line for line in text.splitlines() if not line.startswith("#")]
        for text in write_steps(POLICY).values()
    ]

    log, _, everything = texts
    told = [(one, other) for one, other in zip(log, everything, strict=True) if one != other]
    assert told == [("  accept", "  drop")] * 4  # from and to, in both families


def test_one_step_is_the_same_alone_and_among_all():
    assert write_steps(POLICY)[Step.INTERNET] == write_rules(POLICY, Step.INTERNET)


def test_every_counter_is_declared_and_told_whose_it_is():
    text = write_rules(POLICY, Step.ALL, families=["bridge"])
    declared = set(re.findall(r"^ counter (\S+) \{", text, re.M))
    used = set(re.findall(r"counter name (\S+)", text))

    assert used <= declared
    assert declared == counters_of(POLICY).keys() | shared_counters_of(POLICY).keys()
    assert {rule for _, rule, _ in counters_of(POLICY).values()} >= {"default", "spoof", "hole"}


def test_counters_of_a_large_site_are_told_with_all_their_devices():
    policy = large_site(600, models=3)

    assert counters_of(policy) == {}
    assert {len(devices) for devices, _, _ in shared_counters_of(policy).values()} == {200, 600}


def test_a_chain_is_written_with_its_rules_inside():
    assert list(write_chain(("c", ["accept"]))) == [" chain c {", "  accept", " }"]


HOSTILE = st.text(max_size=40) | st.sampled_from(
    ['"; drop', "a\nadd rule x", "}}", "$(reboot)", "#", "\\", "`id`", "\x00", "a" * 300]
)


@settings(max_examples=5, deadline=None)
@given(st.lists(st.tuples(HOSTILE, HOSTILE, HOSTILE), min_size=20, max_size=20))
def test_whatever_a_network_says_the_text_is_one_that_nft_reads(words):
    devices = [
        device(
            number,
            [rule(one or "r", name(two)), rule("dev", peer(PeerKind.DEVICE, three))],
            name=one,
            vendor=two,
            model=three,
            addresses=(two, "10.0.0.1"),
            patches=(patch(f"p{three}", name(one), still=(name(two),)),),
        )
        for number, (one, two, three) in enumerate(words, 1)
    ]

    listed = load(write_rules(site(devices), Step.ALL), then="nft list tables")

    assert listed == "table bridge thingwarden\ntable inet thingwarden\n"
