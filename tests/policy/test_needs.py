import ipaddress

from thingwarden.model import Initiator, PeerKind
from thingwarden.policy.needs import NEEDED


def test_needed_rules_have_names_of_their_own():
    assert len({rule.id for rule in NEEDED}) == len(NEEDED)


def test_nothing_that_every_device_may_do_leads_to_the_internet():
    for rule in NEEDED:
        if rule.behaviour.initiator is Initiator.DEVICE:
            peer = rule.behaviour.peer
            assert peer.kind in {PeerKind.LOCAL, PeerKind.GROUP}, rule.id
            if peer.kind is PeerKind.GROUP:
                network = ipaddress.ip_network(peer.value)
                assert network.is_multicast or str(network) == "255.255.255.255/32", rule.id


def test_from_the_internet_only_errors_come():
    anyone = {rule.id for rule in NEEDED if rule.behaviour.peer.kind is PeerKind.ANYONE}

    assert anyone == {"need-errors4-unreachable", "need-errors4-time", "need-errors6"}
