"""Behaviours as seen become fewer rules; everything seen is still allowed."""

from collections.abc import Iterable
from dataclasses import replace
from ipaddress import ip_network

from hypothesis import given
from hypothesis import strategies as st

from thingwarden.model import ANY, DNS, Behaviour, Initiator, Peer, PeerKind, Span
from thingwarden.policy.learning.generalise import Seen, generalise
from thingwarden.policy.learning.suffixes import is_shared

from tests.policy.learning.lessons import short, species

DEVICE, PEER = Initiator.DEVICE, Initiator.PEER
TCP, UDP, ICMP = 6, 17, 1

PEERS = st.one_of(
    st.sampled_from([f"00:17:88:00:00:{number:02x}" for number in range(6)]).map(
        lambda mac: Peer(kind=PeerKind.DEVICE, value=mac)
    ),
    st.sampled_from(
        [f"n{number}.example.com" for number in range(5)]
        + [f"{number}.pool.ntp.org" for number in range(4)]
        + [f"a{number:06x}.s3.amazonaws.com" for number in range(5)]
    ).map(lambda name: Peer(kind=PeerKind.NAME, value=name)),
    st.integers(0, 20).map(lambda host: Peer(kind=PeerKind.NETWORK, value=f"93.184.215.{host}/32")),
    st.integers(0, 5).map(lambda host: Peer(kind=PeerKind.NETWORK, value=f"2001:db8::{host}/128")),
    st.sampled_from(["224.0.0.251/32", "ff02::fb/128"]).map(
        lambda group: Peer(kind=PeerKind.GROUP, value=group)
    ),
    st.just(Peer(kind=PeerKind.GATEWAY)),
    st.just(Peer(kind=PeerKind.CONTROLLER, value=DNS)),
)
PORTS = st.sampled_from([22, 80, 123, 443, 1900, 5353, 8080, 33000, 50001, 50002, 50003, 60000])
BEHAVIOURS = st.builds(
    lambda initiator, peer, protocol, port: Behaviour(
        initiator=initiator,
        peer=peer,
        protocol=protocol,
        service=Span(first=port, last=port) if protocol in {TCP, UDP} else Span(first=8, last=8),
    ),
    st.sampled_from(Initiator),
    PEERS,
    st.sampled_from([TCP, UDP, ICMP]),
    PORTS,
)


def behaviour(
    value: str,
    kind: PeerKind = PeerKind.NAME,
    *,
    port: int = 443,
    protocol: int = TCP,
    initiator: Initiator = DEVICE,
) -> Behaviour:
    span = Span(first=port, last=port)
    peer = Peer(kind=kind, value=value)
    return Behaviour(initiator=initiator, peer=peer, protocol=protocol, service=span)


def seen(behaviours: Iterable[Behaviour], **told: object) -> Seen:
    """Each behaviour in one hour, unless told otherwise."""
    return {each: [species(key=str(number), **told)] for number, each in enumerate(behaviours)}


def ruled(behaviours: Iterable[Behaviour], **told: object) -> set[str]:
    return {short(each) for each in generalise(seen(behaviours, **told))}


def neighbours(count: int, **told: object) -> list[Behaviour]:
    macs = (f"00:17:88:00:00:{number:02x}" for number in range(count))
    return [behaviour(mac, PeerKind.DEVICE, **told) for mac in macs]


def covers(rule: Behaviour, each: Behaviour) -> bool:
    """Whether a rule allows all that a behaviour is."""
    same = (rule.initiator, rule.protocol) == (each.initiator, each.protocol)
    ports = rule.service.first <= each.service.first and each.service.last <= rule.service.last
    return same and ports and covers_peer(rule.peer, each.peer)


def covers_peer(rule: Peer, each: Peer) -> bool:
    if rule.kind is PeerKind.LOCAL:
        return each.kind is PeerKind.DEVICE
    if rule.kind is not each.kind:
        return False
    if rule.kind is PeerKind.NETWORK:
        one, other = ip_network(rule.value), ip_network(each.value)
        return one.version == other.version and other.subnet_of(one)  # type: ignore[arg-type]
    below = rule.value.startswith("*.") and each.value.endswith(rule.value[1:])
    return below or rule.value == each.value


@given(st.dictionaries(BEHAVIOURS, st.integers(1, 3), max_size=40))
def test_everything_seen_is_still_allowed_by_the_rule_that_counts_it(hours):
    before = {
        each: [species(key=str(number), hours=count)]
        for number, (each, count) in enumerate(hours.items())
    }

    after = generalise(before)

    where = {one.key: rule for rule, group in after.items() for one in group}
    for each, (one,) in before.items():
        assert covers(where[one.key], each), (short(where[one.key]), short(each))


@given(st.dictionaries(BEHAVIOURS, st.integers(1, 3), max_size=40))
def test_nothing_is_counted_twice_and_rules_never_become_more(hours):
    before = seen(hours)

    after = generalise(before)

    assert len(after) <= len(before)
    assert sum(map(len, after.values())) == len(before)


@given(st.sets(BEHAVIOURS, max_size=40))
def test_nothing_far_becomes_anyone_nor_a_pattern_of_many_owners(behaviours):
    for rule in generalise(seen(behaviours)):
        assert rule.peer.kind is not PeerKind.ANYONE
        if rule.peer.kind is PeerKind.NAME and rule.peer.value.startswith("*."):
            pool = rule.peer.value.endswith("pool.ntp.org") and rule.service.first == 123
            assert pool or not is_shared(rule.peer.value[2:])
        if rule.peer.kind is PeerKind.NETWORK:
            assert ip_network(rule.peer.value).prefixlen >= 24


@given(st.lists(BEHAVIOURS, max_size=30, unique=True))
def test_the_order_in_which_it_was_seen_makes_no_difference(behaviours):
    assert set(generalise(seen(behaviours))) == set(generalise(seen(reversed(behaviours))))


def test_ports_that_a_peer_chooses_anew_become_a_range():
    media = [behaviour("media.example.com", port=50_000 + 7 * n, protocol=UDP) for n in range(4)]

    assert ruled(media) == {"udp 49152-65535 to media.example.com"}


def test_the_range_begins_where_systems_begin_to_choose():
    linux = [behaviour("a.example.com", port=33_000 + n) for n in range(4)]
    oldest = [behaviour("b.example.com", port=2_000 + n) for n in range(4)]

    assert ruled([*linux, *oldest]) == {
        "tcp 32768-65535 to a.example.com",
        "tcp 1024-65535 to b.example.com",
    }


def test_three_ports_may_be_so_many_services():
    assert len(ruled(behaviour("a.example.com", port=50_000 + n) for n in range(3))) == 3


def test_ports_that_come_again_and_again_stay_services():
    services = [behaviour("a.example.com", port=50_000 + n) for n in range(6)]

    assert len(ruled(services, hours=20)) == 6


def test_well_known_ports_are_never_a_range():
    assert len(ruled(behaviour("a.example.com", port=100 + n) for n in range(9))) == 9


def test_names_that_keep_changing_become_a_pattern():
    names = [behaviour(f"edge-{number}.example.com") for number in range(100, 104)]

    assert ruled(names) == {"tcp 443 to *.example.com"}


def test_names_below_a_cloud_that_others_rent_do_not():
    names = [behaviour(f"a{number:06x}.s3.amazonaws.com") for number in range(20)]

    assert len(ruled(names)) == 20


def test_a_pattern_is_for_the_port_where_names_change():
    names = [behaviour(f"edge-{number}.example.com") for number in range(100, 104)]
    other = behaviour("edge-100.example.com", port=8883)

    assert ruled([*names, other]) == {
        "tcp 443 to *.example.com",
        "tcp 8883 to edge-100.example.com",
    }


def test_one_numbered_time_server_stands_for_its_pool():
    asked = behaviour("2.irobot.pool.ntp.org", port=123, protocol=UDP)
    page = behaviour("2.irobot.pool.ntp.org", port=443)

    assert ruled([asked, page]) == {
        "udp 123 to *.irobot.pool.ntp.org",
        "tcp 443 to 2.irobot.pool.ntp.org",
    }


def test_what_two_neighbours_find_each_other_by_is_for_all_at_home():
    assert ruled(neighbours(2, port=5353, protocol=UDP)) == {"udp 5353 to local"}


def test_answers_to_what_was_asked_of_a_group_come_from_all_at_home():
    answers = neighbours(2, port=40_000, protocol=UDP, initiator=PEER)

    assert ruled(answers, answers_group=True) == {"udp 40000 from local"}
    assert len(ruled(answers)) == 2


def test_a_service_with_many_visitors_is_for_all_at_home():
    assert ruled(neighbours(3, port=80, initiator=PEER)) == {"tcp 80 from local"}


def test_a_service_with_the_same_visitors_each_time_stays_theirs():
    assert len(ruled(neighbours(3, port=80, initiator=PEER), hours=30)) == 3


def test_two_visitors_are_named():
    assert len(ruled(neighbours(2, port=80, initiator=PEER))) == 2


def test_who_may_take_a_device_over_is_named_however_many_there_are():
    for port in (22, 23, 445, 3389):
        assert len(ruled(neighbours(9, port=port, initiator=PEER))) == 9


def test_what_a_device_does_with_many_neighbours_is_not_for_all():
    assert len(ruled(neighbours(9, port=80))) == 9


def test_addresses_without_a_name_become_a_prefix_where_most_of_it_was_used():
    used = [behaviour(f"93.184.215.{n}/32", PeerKind.NETWORK) for n in (0, 1, 3)]

    assert ruled(used) == {"tcp 443 to 93.184.215.0/30"}


def test_addresses_far_from_one_another_stay_alone():
    used = [behaviour(f"93.184.{n}.1/32", PeerKind.NETWORK) for n in range(3)]

    assert len(ruled(used)) == 3


def test_addresses_of_ipv6_stay_alone():
    used = [behaviour(f"2001:db8::{n}/128", PeerKind.NETWORK) for n in range(4)]

    assert len(ruled(used)) == 4


def test_whole_protocols_stay_as_they_are():
    raw = [replace(each, protocol=47, service=ANY) for each in neighbours(5, initiator=PEER)]

    assert len(ruled(raw)) == 5
