from thingwarden.policy.proof.prove import Proof

from tests.policy.proof.kernel_here import needs_kernel
from tests.policy.proof.story import POLICY, STORY, write
from tools.wrapping.agree import judge_twice, tell


@needs_kernel
def test_both_judges_are_asked_of_each_frame(tmp_path):
    proof = judge_twice(write(tmp_path / "story.pcap", STORY), POLICY)

    assert (proof.tallies.frames, proof.confirmed, proof.differing) == (7, 7, 0)


@needs_kernel
def test_without_a_policy_it_is_learnt_of_the_captures(tmp_path):
    proof = judge_twice(write(tmp_path / "story.pcap", STORY))

    assert proof.confirmed == 7
    assert proof.policy_sha256


def test_a_line_tells_what_was_not_confirmed(tmp_path):
    proof = Proof(policy_sha256="", confirmed=5, unconfirmed={"cut": 2})
    proof.tallies.frames = 7

    assert tell(tmp_path, proof, 1.2).endswith(
        ": 7 frames, 5 confirmed, 0 differ, not confirmed: 2 cut; 1 s"
    )
