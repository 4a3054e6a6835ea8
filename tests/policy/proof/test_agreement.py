"""The kernel, the judge in Python and the plain reading of the contract say the same of random frames."""

import random

import pytest

from thingwarden.model import Known
from thingwarden.policy.files import read_policy, write_policy
from thingwarden.policy.proof.kernel import KernelJudge

from tests.policy.proof.kernel_here import asks, needs_kernel, policy
from tests.policy.proof.reference import read_packet
from tools.wrapping.hunt import (
    NOBODY,
    Case,
    Hunt,
    is_explained,
    python_judge,
    reference,
    shrink,
)
from tools.wrapping.random_frames import random_frames
from tools.wrapping.random_policies import random_policy

FRAMES = 4000


@needs_kernel
@pytest.mark.parametrize("other", [reference, python_judge])
def test_no_frame_is_seen_differently(other):
    with KernelJudge(NOBODY) as kernel:
        hunt = Hunt(kernel, other)
        cases = list(hunt.run(FRAMES, random.Random(20)))

    assert [case.frame.hex() for case in cases] == []
    assert hunt.counts["passed"] > FRAMES / 10
    assert hunt.counts["stopped"] > FRAMES / 10


@needs_kernel
def test_a_hunt_finds_a_judge_that_is_wrong():
    def careless(policy, frames):
        return [
            passes or frame[12:14] == b"\x08\x06"
            for frame, passes in zip(frames, reference(policy, frames), strict=True)
        ]

    with KernelJudge(NOBODY) as kernel:
        hunt = Hunt(kernel, careless)
        cases = list(hunt.run(1000, random.Random(2)))
        least = shrink(cases[0], hunt.disagree)

    assert all(read_packet(case.frame).kind == 0x0806 for case in cases)
    assert len(least.policy.devices) == 1
    assert not least.policy.devices[0].rules


def test_a_case_is_made_as_small_as_still_shows_it():
    known = (Known(name="a.example", addresses=("198.51.100.7",)),)
    case = Case(policy=policy(known=known), frame=asks() + bytes(90), kernel_passes=True)

    least = shrink(case, lambda policy, frame: bool(policy.devices) and len(frame) > 50)

    (device,) = least.policy.devices
    assert (device.rules, device.known, device.addresses) == ((), (), ())
    assert len(least.frame) == 51


def test_the_same_dice_make_the_same_policies_and_frames():
    def make():
        dice = random.Random(7)
        policy = random_policy(dice)
        return policy, list(random_frames(policy, 50, dice))

    policy, _ = make()
    assert make() == make()
    assert read_policy(write_policy(policy)) == policy


def test_only_a_piece_of_a_piece_is_explained():
    ends, piece = bytes(32), bytes.fromhex("2c000000000000001100000800000000")
    start = bytes(12) + bytes.fromhex("86dd 60000000 0018 2c40")
    twice = start + ends + piece + bytes(8)

    assert is_explained(twice)
    assert is_explained(twice[:12] + bytes.fromhex("81000001") + twice[12:])
    assert not is_explained(start + ends + piece[8:] + bytes(8))
    assert not any(is_explained(twice[:size]) for size in range(60))
