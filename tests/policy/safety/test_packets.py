import numpy as np
import pytest

from thingwarden.model import Known, PeerKind
from thingwarden.policy.proof.headers import Frames, read_headers
from thingwarden.policy.proof.judge import Judge
from thingwarden.policy.safety.packets import frame_of, sample_of, say_breach
from thingwarden.policy.safety.prove import prove, read_invariants

from tests.rule_sets import GATEWAY_MAC, device, mac_of, name, patch, peer, rule, site

KNOWN = (Known(name="a.example", addresses=("198.51.100.7", "2001:db8:7::7")),)
POLICY = site(
    [
        device(
            1,
            [
                rule("lan", peer(PeerKind.NETWORK, "10.9.0.0/16"), port=80),
                rule("web", name("a.example")),
            ],
            name="pump\x1b",
            known=KNOWN,
            patches=(patch("hole", peer(PeerKind.LOCAL), port=22),),
        )
    ]
)

BROKEN = {
    "always, a name": '[[always]]\npeer = "a.example"\nport = 8883',
    "always, an address": '[[always]]\npeer = "10.9.9.9"\nport = "80-90"',
    "always, IPv6": '[[always]]\npeer = "2001:db8::/64"\nprotocol = "udp"\nport = 53',
    "always, a thing": f'[[always]]\npeer = "{mac_of(9)}"\nport = 80',
    "always, the gateway": '[[always]]\npeer = "gateway"\nprotocol = "icmp"\nport = 8',
    "always, patched": '[[always]]\nbegins = "peer"\npeer = "local"\nport = 22',
    "never, an address": '[[never]]\npeer = "10.9.9.9"',
    "never, a name": '[[never]]\npeer = "a.example"',
    "never, anyone": '[[never]]\npeer = "anyone"\nport = 443',
}


def breaches(text):
    (found,) = prove(POLICY, read_invariants(f'{text}\ndevice = "*"'.encode()))
    assert found.breaches
    return found.breaches


def passes(frame):
    data = np.frombuffer(frame + b"\0", np.uint8)
    size = np.array([len(frame)], np.int64)
    headers = read_headers(
        Frames(data=data, starts=np.zeros(1, np.int64), captured=size, wire=size)
    )
    judge = Judge(POLICY)
    (place,) = judge.judge(headers, np.ones(1, np.int64)).outcome.tolist()
    return judge.outcomes[place].passes


@pytest.mark.parametrize("what", BROKEN)
def test_the_packet_that_breaks_an_invariant_is_judged_as_it_says(what):
    for breach in breaches(BROKEN[what]):
        assert passes(frame_of(sample_of(breach, POLICY))) == breach.passes


def test_a_packet_is_told_in_words_that_move_no_cursor():
    (there, *_) = breaches(BROKEN["always, an address"])
    (never,) = breaches(BROKEN["never, an address"])

    assert say_breach(there, POLICY) == (
        "pump�, a packet sent to 10.9.9.9, TCP port 81, own port 1024, which begins a connection:"
        " no rule allows it"
    )
    assert say_breach(never, POLICY).endswith(": lan lets it pass")


def test_an_address_of_a_name_is_one_that_was_seen():
    (four, six, *_) = breaches(BROKEN["always, a name"])

    assert "198.51.100.7 (an address of a.example)" in say_breach(four, POLICY)
    assert sample_of(six, POLICY).peer == "2001:db8:7::7"
    assert sample_of(four, POLICY).peer_mac == GATEWAY_MAC


def test_a_patch_is_told_as_what_stops():
    told = [say_breach(one, POLICY) for one in breaches(BROKEN["always, patched"])]

    assert any(one.endswith(": hole stops it") for one in told)
