"""Which behaviours may become rules, and what is said of the rest."""

import pytest

from thingwarden.policy.learning.admission import AGAIN, HOSTS, admit
from thingwarden.policy.learning.alarms import Alarm, Named
from thingwarden.policy.learning.species import MOST_SPECIES

from tests.policy.learning.lessons import CLOUD, species

NEAR = {"where_is": "device", "peer_mac": "00:17:88:00:00:02", "ip": "192.168.1.11"}
NAMED = Named(ips=frozenset({CLOUD}), port=None, protocol=None, domains=())
ALARM = Alarm(check="beacon", named=(NAMED,), from_us=0, to_us=0, closes=False)


def reason(**seen: object) -> str | None:
    """Why it is not learnt, in small letters; None if it is."""
    admitted = admit([species(**seen)], [])
    assert len(admitted.species) + len(admitted.left_out) <= 1
    if admitted.species:
        return None
    return admitted.left_out[0].lower() if admitted.left_out else "needed"


def test_what_a_device_does_on_the_internet_is_learnt():
    assert reason() is None


def test_what_an_alarm_names_is_not_learnt_and_the_check_is_told():
    admitted = admit([species(), species(key="2", ip="192.0.2.7", service=80)], [ALARM])

    assert [each.ip for each in admitted.species] == ["192.0.2.7"]
    assert admitted.left_out == (
        f"While an alarm is open (beacon) — Not learnt: tcp 443 to {CLOUD}.",
    )


def test_what_an_alarmed_neighbour_begins_is_not_learnt_by_its_victim():
    anyone = Named(ips=frozenset(), port=None, protocol=None, domains=(), anyone=True)
    theirs = Alarm(check="brute-force", named=(anyone,), from_us=0, to_us=0, closes=False)
    others = {NEAR["peer_mac"]: [theirs]}
    visit, call = species(begins=False, **NEAR), species(key="2", **NEAR)

    admitted = admit([visit, call], [], others)

    assert admitted.species == (call,)


def test_what_is_sent_from_an_address_of_others_is_not_learnt():
    assert "not the device's" in reason(own=False)


def test_what_goes_through_a_tunnel_is_not_learnt():
    assert "tunnel" in reason(tunnelled=True)


@pytest.mark.parametrize(
    "seen", [{"where_is": "none"}, {"where_is": "self"}, {"ip": ""}, {"protocol": "odd"}]
)
def test_without_an_address_at_the_other_end_nothing_is_learnt(seen):
    assert "without an address" in reason(**seen)


def test_who_may_reach_it_from_outside_is_for_its_owner_to_say():
    assert "for its owner to say" in reason(begins=False)


def test_a_neighbour_may_reach_it():
    assert reason(begins=False, **NEAR) is None


@pytest.mark.parametrize("protocol", ["tcp", "udp"])
def test_a_call_to_the_internet_that_nobody_answers_leads_nowhere(protocol):
    assert "never answered" in reason(protocol=protocol, answered=0)


def test_a_name_counts_even_while_nobody_answers():
    assert reason(name="cloud.example.com", basis="dns", answered=0) is None


def test_a_neighbour_without_an_answer_counts_over_udp_where_it_comes_again():
    assert reason(**NEAR, protocol="udp", answered=0, hours=AGAIN) is None
    assert "seen once" in reason(**NEAR, protocol="udp", answered=0, hours=1)
    assert "never answered" in reason(**NEAR, protocol="tcp", answered=0, hours=9)


def test_a_group_never_answers():
    group = {"where_is": "group", "ip": "224.0.0.251", "answered": 0}

    assert reason(**group, protocol="udp", service=5353) is None
    assert "tcp connection to a group" in reason(**group, protocol="tcp")


@pytest.mark.parametrize(
    "seen",
    [
        {"protocol": "udp", "service": 67, "where_is": "group", "ip": "255.255.255.255"},
        {"protocol": "udp", "service": 68, "where_is": "gateway", "begins": False},
        {"protocol": "udp", "service": 547, "where_is": "group", "ip": "ff02::1:2"},
        {"protocol": "icmpv6", "service": 135, "where_is": "device", "ip": "fe80::2"},
        {"protocol": "icmp", "service": 3, "begins": False},
        {"protocol": "icmpv6", "service": 2, "begins": False, "ip": "2001:db8::1"},
        {"protocol": "2", "service": None, "where_is": "group", "ip": "224.0.0.22"},
    ],
)
def test_what_every_policy_allows_is_neither_learnt_nor_told(seen):
    assert reason(**seen) == "needed"


@pytest.mark.parametrize("port", [67, 547])
def test_dhcp_with_the_internet_is_not_needed(port):
    assert reason(protocol="udp", service=port) is None


def test_nothing_depends_on_errors_told_to_the_internet():
    assert "errors" in reason(protocol="icmp", service=3)


def test_who_calls_too_many_neighbours_on_one_port_searches():
    near = [
        species(**NEAR | {"key": str(n), "peer_mac": f"m{n}"}, service=80) for n in range(HOSTS + 1)
    ]
    other = species(**NEAR, service=443)

    admitted = admit([*near, other], [])

    assert admitted.species == (other,)
    assert f"more than {HOSTS} neighbours" in admitted.left_out[0]
    assert f"{HOSTS + 1} behaviours, such as" in admitted.left_out[0]
    assert len(admit(near[1:], []).species) == HOSTS


def test_answers_to_a_question_to_all_are_no_search():
    near = [
        species(**NEAR | {"key": str(n), "peer_mac": f"m{n}"}, protocol="udp", answers_group=True)
        for n in range(2 * HOSTS)
    ]

    assert len(admit(near, []).species) == 2 * HOSTS


def test_what_is_beyond_the_most_that_is_looked_at_is_counted():
    admitted = admit([species(of_all=MOST_SPECIES + 70)], [])

    assert admitted.left_out == (
        "70 more behaviours, seldom or unanswered: more than any device needs.",
    )


def test_of_many_the_busiest_are_told_as_examples():
    refused = [species(key=str(n), answered=0, flows=n, service=n) for n in range(1, 9)]

    (told,) = admit(refused, []).left_out

    assert told == (
        f"Never answered — 8 behaviours, such as tcp 8 to {CLOUD}, tcp 7 to {CLOUD}, tcp 6 to {CLOUD}."
    )
