import pytest

from thingwarden.errors import PolicyError
from thingwarden.model import Initiator, PeerKind
from thingwarden.policy.proof.prove import open_files
from thingwarden.policy.safety.patching import add_patch, judge_patch, make_patch, remove_patch

from tests import frames
from tests.policy.proof.story import GATEWAY_MAC, IP, MAC, write
from tests.rule_sets import TCP, device, peer, rule, site

ENGINEER, ANYBODY = "192.168.1.5", "192.168.1.66"
SERVED = rule("web", peer(PeerKind.LOCAL), port=80, initiator=Initiator.PEER)
BEFORE = site(
    [device(1, [SERVED, rule("ssh", peer(PeerKind.LOCAL), port=22, initiator=Initiator.PEER)])]
)
(CAMERA,) = BEFORE.devices


def hole(**more):
    given = {"reason": "a hole", "until": "1.2.3", "still": [ENGINEER], "holes": ["CVE-2020-12345"]}
    return make_patch(SERVED.behaviour, **(given | more))


def visit(by, port=80):
    """Who asks the camera, and its answer."""
    there = frames.tcp((by, IP), (50000, port), frames.SYN)
    back = frames.tcp((IP, by), (port, 50000), frames.SYN | frames.ACK)
    return [
        frames.ethernet(GATEWAY_MAC, MAC, frames.ip(by, IP, there, TCP)),
        frames.ethernet(MAC, GATEWAY_MAC, frames.ip(IP, by, back, TCP)),
    ]


def effect(tmp_path, exploit, benign, patch=None):
    made = patch or hole()
    return judge_patch(
        BEFORE,
        add_patch(BEFORE, CAMERA, made),
        CAMERA,
        made,
        exploits=open_files([write(tmp_path / "exploit.pcap", exploit)]),
        benign=open_files([write(tmp_path / "benign.pcap", benign)]) if benign else (),
    )


def test_the_exploit_is_stopped_and_the_rest_passes(tmp_path):
    found = effect(tmp_path, visit(ANYBODY), [*visit(ENGINEER), *visit(ANYBODY, 22)])

    assert (found.exploit_frames, found.exploit_passes) == (1, 0)
    assert (found.benign_frames, found.benign_stopped) == (4, 0)
    assert found.differing == 0
    assert found.problems == ()


def test_an_exploit_by_who_is_spared_is_told(tmp_path):
    found = effect(tmp_path, visit(ENGINEER), ())

    assert found.problems == ("1 frames of the exploit still pass",)


def test_benign_visits_that_are_stopped_are_told(tmp_path):
    found = effect(tmp_path, visit(ANYBODY), visit(ANYBODY))

    assert found.problems == ("1 benign frames that passed are stopped",)


def test_an_exploit_that_is_elsewhere_proves_nothing(tmp_path):
    with pytest.raises(PolicyError, match="nothing at this port and device"):
        effect(tmp_path, visit(ANYBODY, 8080), ())


def test_the_same_hole_has_one_patch():
    once = add_patch(BEFORE, CAMERA, hole())
    twice = add_patch(once, once.devices[0], hole(reason="a worse hole"))

    assert [one.reason for one in twice.devices[0].patches] == ["a worse hole"]


def test_a_patch_is_named_by_its_hole_and_by_what_it_stops():
    assert hole().id.startswith("CVE-2020-12345-")
    assert hole().id != hole(still=[]).id
    assert hole(holes=["no; id"]).id.startswith("patch-")


@pytest.mark.parametrize("change", [{"reason": " "}, {"until": ""}, {"still": ["no name!"]}])
def test_a_patch_without_reason_or_end_or_with_no_such_peer_is_refused(change):
    with pytest.raises(PolicyError):
        hole(**change)


def test_a_patch_is_taken_back_by_its_id():
    patched = add_patch(BEFORE, CAMERA, hole())

    assert remove_patch(patched, patched.devices[0], hole().id) == BEFORE
    with pytest.raises(PolicyError, match="no such patch"):
        remove_patch(BEFORE, CAMERA, "x")
