import random

import numpy as np
import pytest

from thingwarden.policy.entries import Way
from thingwarden.policy.proof import judge as judging
from thingwarden.policy.proof.headers import Frames, read_headers
from thingwarden.policy.proof.judge import DEFAULT, SPOOF, Answer, Judge

from tests import frames
from tests.policy.proof.reference import Reference
from tests.policy.proof.story import CLOUD, IP, MAC, POLICY, RULES, answers, begins, out
from tests.rule_sets import GATEWAY_MAC, PeerKind, device, mac_of, peer, rule, site
from tools.wrapping.random_frames import random_frames
from tools.wrapping.random_policies import random_policy

CLOUD_NUMBER = (4, 0xC6336407)
HOUR_US = 3_600_000_000


def headers_of(some):
    sizes = np.array([len(frame) for frame in some], np.int64)
    data = np.frombuffer(b"".join(some) + b"\0", np.uint8)
    return read_headers(
        Frames(data=data, starts=np.cumsum(sizes) - sizes, captured=sizes, wire=sizes)
    )


def outcomes(some, policy=POLICY, *, told=(), step_us=1):
    """What became of frames, one every `step_us`."""
    judge = Judge(policy)
    times = np.arange(1, len(some) + 1, dtype=np.int64) * step_us
    verdicts = judge.judge(headers_of(some), times, told)
    return [judge.outcomes[place] for place in verdicts.outcome.tolist()], verdicts


def answer(row, *, source=(4, 0xC0A80101), mac=1, name="a.example", addresses=(CLOUD_NUMBER,)):
    return Answer(row=row, name=name, addresses=addresses, source=source, mac=mac)


def test_a_verdict_names_device_way_and_rule():
    found, verdicts = outcomes([begins(), begins(), answers()], told=[answer(0)])

    assert [(one.way, one.rule, one.allow) for each in found for one in each.stages] == [
        (Way.FROM, DEFAULT, False),
        (Way.FROM, "web", True),
        (Way.TO, "web", True),
    ]
    assert [(row, one.name, one.here) for row, one in verdicts.told] == [(1, "a.example", True)]


def test_a_stolen_address_is_spoof_whatever_the_rest_would_be():
    (stolen, _), _ = outcomes([begins(by="10.0.0.99"), begins()])

    assert [stage.rule for stage in stolen.stages] == [SPOOF]


def test_arp_for_an_address_of_another_is_spoof():
    def claims(address):
        ends = (MAC, address), ("00:00:00:00:00:00", "10.0.0.1")
        return frames.ethernet(MAC, frames.BROADCAST, frames.arp(1, *ends), 0x0806)

    (own, gateways), _ = outcomes([claims(IP), claims("192.168.1.1")])

    assert own.passes
    assert not gateways.passes


def test_both_lists_are_asked_where_both_ends_are_devices():
    inner = rule("lan", peer(PeerKind.LOCAL), port=80)
    policy = site([device(1, [inner]), device(2, [])])
    sent = frames.ethernet(
        MAC, mac_of(2), frames.ipv4(IP, "10.0.0.2", frames.tcp((IP, "10.0.0.2"), (5000, 80), 2), 6)
    )

    (found,), _ = outcomes([sent], policy)

    assert [(stage.way, stage.allow) for stage in found.stages] == [
        (Way.FROM, True),
        (Way.TO, False),
    ]


def test_frames_of_no_device_pass_untouched():
    (found,), _ = outcomes([frames.ethernet("02:09:09:09:09:09", GATEWAY_MAC, b"x" * 46, 0x88B5)])

    assert found.passes
    assert found.stages == ()


@pytest.mark.parametrize(
    "hostile",
    [
        {"mac": int(MAC.replace(":", ""), 16)},
        {"name": "b.example"},
        {"addresses": ((4, 7),)},
    ],
)
def test_an_answer_that_does_not_count_opens_nothing(hostile):
    found, _ = outcomes([begins(), begins()], told=[answer(0, **hostile)])

    assert not found[1].passes


def test_a_connection_of_days_lives_on_as_long_as_it_is_used():
    found, verdicts = outcomes([begins()] * 100, told=[answer(0)], step_us=HOUR_US)

    assert [each.passes for each in found] == [False] + [True] * 99
    assert len(verdicts.told) == 1


def test_what_nobody_uses_is_taken_back_in_time():
    found, verdicts = outcomes([begins(), begins()], told=[answer(0)], step_us=26 * HOUR_US)

    assert not found[1].passes
    assert [one.here for _, one in verdicts.told] == [True, False]


def test_ports_that_rules_tell_apart_are_never_taken_for_each_other():
    sent = [out(frames.tcp((IP, CLOUD), (40000, port), 2)) for port in range(400, 500)]

    found, _ = outcomes([begins(), *sent], told=[answer(0)])

    assert [port for port, each in enumerate(found[1:], 400) if each.passes] == [443]


def test_no_frames_have_no_verdicts():
    assert len(outcomes([])[1].outcome) == 0


def test_what_is_remembered_is_bounded(monkeypatch):
    monkeypatch.setattr(judging, "FORGETFUL", 3)
    judge = Judge(site([device(1, RULES)]))
    sent = [begins(f"198.51.100.{number}") for number in range(40)]

    for frame in sent:
        judge.judge(headers_of([frame]), np.ones(1, np.int64))

    assert len(judge._known) <= 4


@pytest.mark.parametrize("seed", range(6))
def test_random_frames_are_judged_as_the_contract_says(seed):
    dice = random.Random(seed)
    policy = random_policy(dice)
    some = list(random_frames(policy, 600, dice))
    reference = Reference(policy)
    judge = Judge(policy)

    places = judge.judge(headers_of(some), np.ones(len(some), np.int64)).outcome.tolist()

    assert [judge.outcomes[place].passes for place in places] == [
        reference.passes(frame) for frame in some
    ]
