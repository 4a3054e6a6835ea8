from thingwarden.model import (
    ANY,
    DNS,
    Behaviour,
    DeviceId,
    DevicePolicy,
    Initiator,
    Network,
    Origin,
    Patch,
    Peer,
    PeerKind,
    Rule,
    Span,
)
from thingwarden.policy.entries import ANYONE, EPHEMERAL, Ends, Way, list_entries, rule_entries
from thingwarden.policy.needs import ICMP, NEEDED, TCP, UDP

NETWORK = Network(
    locals=("192.168.1.0/24",),
    gateways=("02:00:00:00:00:01",),
    gateway_addresses=("192.168.1.1",),
    resolvers=("192.168.1.1",),
)
HTTPS, TELNET, NTP_PORT = (Span(first=port, last=port) for port in (443, 23, 123))
CLOUD = Peer(kind=PeerKind.NAME, value="a.example")


def behaviour(peer=CLOUD, protocol=TCP, service=HTTPS, initiator=Initiator.DEVICE):
    return Behaviour(initiator=initiator, peer=peer, protocol=protocol, service=service)


def entries_of(done):
    return list(rule_entries(Rule(id="r", behaviour=done, origin=Origin.LEARNT), NETWORK))


def test_what_the_device_begins_may_be_answered_and_not_begun_by_the_peer():
    there, back = entries_of(behaviour())

    assert (there.way, there.own, there.peer, there.opens) == (Way.FROM, ANY, HTTPS, True)
    assert (back.way, back.own, back.peer, back.opens) == (Way.TO, ANY, HTTPS, False)
    assert there.ends == back.ends == Ends(name="a.example")


def test_what_a_peer_begins_reaches_one_port_of_the_device_and_is_answered():
    there, back = entries_of(behaviour(service=TELNET, initiator=Initiator.PEER))

    assert (there.way, there.own, there.peer, there.opens) == (Way.TO, TELNET, ANY, True)
    assert (back.way, back.own, back.peer, back.opens) == (Way.FROM, TELNET, ANY, False)


def test_udp_answers_reach_no_service_of_the_device():
    _, back = entries_of(behaviour(protocol=UDP))

    assert back.own == EPHEMERAL


def test_udp_answers_reach_the_same_service_as_the_question_came_from():
    _, *back = entries_of(behaviour(protocol=UDP, service=NTP_PORT))

    assert [entry.own for entry in back] == [EPHEMERAL, NTP_PORT]


def test_an_echo_is_answered_by_an_echo_reply_alone():
    there, back = entries_of(behaviour(protocol=ICMP, service=Span(first=8, last=8)))

    assert (there.way, there.own) == (Way.FROM, Span(first=8, last=8))
    assert (back.way, back.own) == (Way.TO, Span(first=0, last=0))


def test_other_icmp_has_no_answer():
    assert len(entries_of(behaviour(protocol=ICMP, service=Span(first=3, last=3)))) == 1


def test_nothing_comes_from_a_group():
    group = Peer(kind=PeerKind.GROUP, value="239.255.255.250/32")

    (there,) = entries_of(behaviour(peer=group, protocol=UDP, service=Span(first=1900, last=1900)))

    assert there.way is Way.FROM


def test_peers_stand_for_what_the_network_fills_them_with():
    ends = {
        kind: entries_of(behaviour(peer=Peer(kind=kind, value=value)))[0].ends
        for kind, value in (
            (PeerKind.CONTROLLER, DNS),
            (PeerKind.GATEWAY, ""),
            (PeerKind.LOCAL, ""),
            (PeerKind.ANYONE, ""),
            (PeerKind.DEVICE, "02:00:00:00:00:09"),
            (PeerKind.NETWORK, "203.0.113.0/28"),
        )
    }

    assert ends == {
        PeerKind.CONTROLLER: Ends(networks=("192.168.1.1",)),
        PeerKind.GATEWAY: Ends(networks=("192.168.1.1", "fe80::/10"), macs=("02:00:00:00:00:01",)),
        PeerKind.LOCAL: Ends(networks=("192.168.1.0/24", "fe80::/10")),
        PeerKind.ANYONE: ANYONE,
        PeerKind.DEVICE: Ends(macs=("02:00:00:00:00:09",)),
        PeerKind.NETWORK: Ends(networks=("203.0.113.0/28",)),
    }


def test_a_role_that_nobody_fills_is_nobody():
    unfilled = Peer(kind=PeerKind.CONTROLLER, value="https://maker.example/bridge")

    assert entries_of(behaviour(peer=unfilled))[0].ends == Ends(networks=())


def test_a_patch_comes_first_stops_and_leaves_alone_who_must_reach_it():
    telnet = behaviour(peer=Peer(kind=PeerKind.ANYONE), service=TELNET, initiator=Initiator.PEER)
    still = Peer(kind=PeerKind.NETWORK, value="192.168.1.7/32")
    device = DevicePolicy(
        device_id=DeviceId("d-1"),
        macs=("02:00:00:00:00:02",),
        addresses=(),
        rules=(Rule(id="r", behaviour=telnet, origin=Origin.USER),),
        patches=(Patch(id="p", behaviour=telnet, still=(still,), reason="x", until="y"),),
    )

    entries = list_entries(device, NETWORK)

    first = entries[0]
    assert (first.rule, first.way, first.own, first.allow) == ("p", Way.TO, TELNET, False)
    assert first.unless == (Ends(networks=("192.168.1.7/32",)),)
    assert [entry.rule for entry in entries[-2:]] == ["r", "r"]
    assert {entry.rule for entry in entries} == {"p", "r"} | {rule.id for rule in NEEDED}
