"""Rules with what each rests on, and how sure it is."""

from dataclasses import replace

import pytest

from thingwarden.model import (
    DNS,
    Behaviour,
    DeviceId,
    Initiator,
    Origin,
    Peer,
    PeerKind,
    Rule,
    Span,
)
from thingwarden.policy.learning.rules import (
    MOST_KNOWN,
    MOST_RULES,
    Count,
    Counts,
    DeviceCounts,
    Met,
    count_rules,
    list_known,
    make_rules,
    rule_id,
)
from thingwarden.policy.learning.species import list_species

from tests.home import Home
from tests.policy.learning.lessons import CLOUD, OTHER_CLOUD, lives, named, short, species

PRINTER = "00:17:88:00:00:02"


def behaviour(value: str, kind: PeerKind = PeerKind.NAME, port: int = 443) -> Behaviour:
    return Behaviour(
        initiator=Initiator.DEVICE,
        peer=Peer(kind=kind, value=value),
        protocol=6,
        service=Span(first=port, last=port),
    )


def count(of: Behaviour, *, days: int = 1, hours: int = 1, flows: int = 1) -> Count:
    return Count(
        device_id="d-1",
        rule=rule_id(of),
        days=days,
        hours=hours,
        flows=flows,
        first_us=1,
        last_us=2,
        capture="00ff",
        frame=7,
    )


def rules(*counted: tuple[Behaviour, Count], watched: int = 1, wanted=()) -> list[Rule]:
    seen = {each: [species(name=each.peer.value, basis="dns")] for each, _ in counted}
    counts = DeviceCounts(counts={each.rule: each for _, each in counted}, met={})
    return list(make_rules(seen, wanted, counts, days=watched))


def test_a_rule_that_was_seen_on_two_days_is_firm():
    api = behaviour("api.example.com")

    once, twice = (rules((api, count(api, days=days, hours=9)))[0] for days in (1, 2))

    assert (once.firm, twice.firm) == (False, True)


@pytest.mark.parametrize(
    ("days", "watched", "confidence"), [(1, 1, 0.75), (2, 2, 0.833), (2, 9, 0.25), (9, 9, 0.95)]
)
def test_confidence_is_the_share_of_days_on_which_it_was_seen(days, watched, confidence):
    api = behaviour("api.example.com")

    rule = rules((api, count(api, days=days)), watched=watched)[0]

    assert rule.confidence == confidence


def test_a_rule_tells_where_it_was_seen_first():
    api = behaviour("api.example.com")

    learnt = rules((api, count(api)))[0].learnt

    assert learnt is not None
    assert (learnt.capture, learnt.frame) == ("00ff", 7)


def test_the_surest_rule_comes_first():
    seldom, often = behaviour("a.example.com"), behaviour("b.example.com")

    found = rules((seldom, count(seldom)), (often, count(often, days=3, hours=9)))

    assert [short(each.behaviour) for each in found[:2]] == [
        "tcp 443 to b.example.com",
        "tcp 443 to a.example.com",
    ]


def test_a_device_with_names_may_ask_the_network_s_resolver():
    api = behaviour("api.example.com")

    needed = [each for each in rules((api, count(api))) if each.origin is Origin.NEEDED]

    assert [(each.behaviour.protocol, each.behaviour.peer.value) for each in needed] == [
        (17, DNS),
        (6, DNS),
    ]
    assert all(each.behaviour.service == Span(first=53, last=53) for each in needed)


def test_a_device_without_names_does_not_ask():
    near = behaviour(PRINTER, PeerKind.DEVICE)

    assert len(rules((near, count(near)))) == 1


def test_what_was_learnt_is_not_needed_once_more():
    api, dns = behaviour("api.example.com"), behaviour(DNS, PeerKind.CONTROLLER, 53)

    found = rules((api, count(api)), (dns, count(dns)))

    assert len({each.id for each in found}) == len(found) == 3


def test_a_flood_of_rules_is_bounded_and_the_surest_stay():
    flood = [behaviour(f"n{number}.example.org") for number in range(500)]
    mine = behaviour("api.example.com")

    found = rules(*((each, count(each)) for each in flood), (mine, count(mine, days=2, hours=9)))

    learnt = [each for each in found if each.origin is Origin.LEARNT]
    assert len(learnt) == MOST_RULES
    assert learnt[0].behaviour == mine


def test_what_was_wanted_is_provisional_and_says_why():
    wanted = rules(wanted=[behaviour("mqtt.example.com")])[0]

    assert (wanted.firm, wanted.confidence, wanted.learnt) == (False, 0.5, None)
    assert wanted.note.startswith("Asked for")


def test_a_pattern_tells_what_it_stands_for():
    pattern = behaviour("*.example.com")
    seen = {
        pattern: [species(key=str(n), name=f"n{n}.example.com", basis="dns") for n in range(20)]
    }
    counted = DeviceCounts(counts={rule_id(pattern): count(pattern)}, met={})

    learnt = make_rules(seen, [], counted, days=1)[0].learnt

    assert learnt is not None
    assert len(learnt.examples) == 8
    assert all(each.endswith(".example.com") for each in learnt.examples)


def test_a_name_that_only_the_device_told_is_noted():
    api = behaviour("api.example.com")
    counted = DeviceCounts(counts={rule_id(api): count(api)}, met={})
    said = species(name="api.example.com", basis="said")

    alone = make_rules({api: [said]}, [], counted, days=1)[0]
    answered = make_rules({api: [said, replace(said, basis="dns")]}, [], counted, days=1)[0]

    assert "Only the device itself" in alone.note
    assert answered.note == ""


def met(of: Behaviour, *ips: str, basis: str = "dns") -> DeviceCounts:
    found = [Met(device_id="d-1", rule=rule_id(of), basis=basis, ip=ip) for ip in ips]
    return DeviceCounts(counts={}, met={rule_id(of): found})


def rule(of: Behaviour, *, firm: bool) -> Rule:
    return Rule(id=rule_id(of), behaviour=of, origin=Origin.LEARNT, firm=firm)


def test_last_good_addresses_are_those_that_a_resolver_answered():
    api = behaviour("api.example.com")

    (known,) = list_known([rule(api, firm=False)], met(api, CLOUD, OTHER_CLOUD))

    assert (known.name, known.addresses) == ("api.example.com", (OTHER_CLOUD, CLOUD))


def test_addresses_that_only_the_device_told_count_once_the_rule_is_firm():
    api = behaviour("api.example.com")
    said = met(api, CLOUD, basis="said")

    assert list_known([rule(api, firm=False)], said) == ()
    assert list_known([rule(api, firm=True)], said)[0].addresses == (CLOUD,)


def test_the_same_behaviour_has_the_same_id_and_another_has_not():
    api = behaviour("api.example.com")

    assert rule_id(api) == rule_id(behaviour("api.example.com"))
    assert rule_id(api) != rule_id(replace(api, initiator=Initiator.PEER))
    assert rule_id(api) != rule_id(replace(api, version=6))
    assert rule_id(api)[1:].isalnum()


def test_counts_are_of_days_hours_and_flows_over_all_that_a_rule_stands_for():
    home = Home()
    plug = home.device("plug")
    plug.joins_by_dhcp()

    def hour():
        plug.asks("a.example.com", CLOUD)
        plug.asks("b.example.com", OTHER_CLOUD)
        plug.connects(CLOUD, 443).closes()
        plug.connects(OTHER_CLOUD, 443).closes()

    lives(home, hour, days=2, hours=2)
    pattern = behaviour("*.example.com")

    with named(home) as store:
        found = list_species(store)
        web = {device: [each for each in group if each.name] for device, group in found.items()}
        counts = count_rules(store, {device: {pattern: group} for device, group in web.items()})

    of = counts.of(DeviceId("d-00178800000a"))
    counted = of.counts[rule_id(pattern)]
    assert (counted.days, counted.hours, counted.flows) == (2, 4, 8)
    assert [each.ip for each in of.met[rule_id(pattern)]] == [OTHER_CLOUD, CLOUD]


def test_a_name_with_a_flood_of_addresses_keeps_the_latest():
    home = Home()
    plug = home.device("plug")
    plug.joins_by_dhcp()
    for number in range(MOST_KNOWN + 20):
        plug.asks("a.example.com", f"93.184.215.{number + 1}")
        plug.knocks(f"93.184.215.{number + 1}", 443)
    api = behaviour("a.example.com")

    with named(home) as store:
        (found,) = ([each for each in group if each.name] for group in list_species(store).values())
        counts = count_rules(store, {DeviceId("d-00178800000a"): {api: found}})

    ips = {each.ip for each in counts.of(DeviceId("d-00178800000a")).met[rule_id(api)]}
    assert len(ips) == MOST_KNOWN
    assert f"93.184.215.{MOST_KNOWN + 20}" in ips


def test_a_device_of_which_nothing_is_counted_has_nothing():
    nothing = Counts(counts={}, met={}).of(DeviceId("d-9"))

    assert (nothing.counts, nothing.met) == ({}, {})
