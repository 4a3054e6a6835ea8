"""The kernel judge tells what rules do with each frame, and leaves nothing behind."""

import os
import signal
import subprocess

import numpy as np
import pytest

from thingwarden.errors import GatewayError
from thingwarden.model import Known
from thingwarden.policy.entries import Way
from thingwarden.policy.gateway.steps import Step
from thingwarden.policy.proof import kernel
from thingwarden.policy.proof.kernel import WHY_UNTESTED, KernelJudge, kernel_ability

from tests.policy.proof.kernel_here import ELSEWHERE, asks, needs_kernel, policy

KNOWN = (Known(name="a.example", addresses=(ELSEWHERE,)),)
LLDP = bytes.fromhex("0180c200000e020100000001" + "88cc") + bytes(46)


@needs_kernel
def test_what_a_rule_allows_passes_and_the_rest_is_stopped():
    with KernelJudge(policy(known=KNOWN)) as judge:
        verdicts = judge.judge([asks(), asks(port=80), asks(to="198.51.100.8")])

    assert verdicts.passed.tolist() == [True, False, False]
    assert not verdicts.untested.any()


@needs_kernel
def test_thousands_of_frames_each_get_their_own_verdict():
    wanted = np.random.default_rng(5).random(5000) < 0.5
    frames = [asks(port=443 if good else 80) + bytes(i % 300) for i, good in enumerate(wanted)]

    with KernelJudge(policy(known=KNOWN)) as judge:
        passed = judge.judge(frames).passed

    assert (passed == wanted).all()


@needs_kernel
def test_counters_tell_which_rule_let_how_many_pass():
    with KernelJudge(policy(known=KNOWN)) as judge:
        judge.judge([asks(), asks(), asks(port=80)])
        counted = judge.counted()

    device = "d-020100000001"
    assert counted[device, "web", Way.FROM] == 2
    assert counted[device, "default", Way.FROM] == 1


@needs_kernel
def test_a_name_gets_and_loses_addresses_between_frames():
    with KernelJudge(policy()) as judge:
        before = judge.judge([asks()]).passed[0]
        judge.tell("a.example", [ELSEWHERE, "2001:db8::1", "no address"])
        told = judge.judge([asks()]).passed[0]
        judge.forget("a.example", [ELSEWHERE])
        after = judge.judge([asks()]).passed[0]

    assert (before, told, after) == (False, True, False)


@needs_kernel
def test_an_address_that_a_name_does_not_have_cannot_be_taken():
    with KernelJudge(policy()) as judge, pytest.raises(GatewayError, match="No such file"):
        judge.forget("a.example", [ELSEWHERE])


@needs_kernel
def test_one_judge_takes_one_policy_after_the_other():
    with KernelJudge(policy()) as judge:
        before = judge.judge([asks()]).passed[0]
        judge.load(policy(known=KNOWN))
        after = judge.judge([asks()]).passed[0]

    assert (before, after) == (False, True)


@needs_kernel
def test_log_only_rules_stop_nothing():
    with KernelJudge(policy(), step=Step.LOG) as judge:
        assert judge.judge([asks()]).passed.all()


@needs_kernel
def test_what_no_bridge_forwards_is_not_called_stopped():
    frames = [asks()[:13], bytes(65550), LLDP, asks(by="03:00:00:00:00:01")]

    with KernelJudge(policy()) as judge:
        verdicts = judge.judge(frames)

    assert not verdicts.passed.any()
    assert [WHY_UNTESTED[code][:9] for code in verdicts.untested] == [
        "shorter t",
        "longer th",
        "forwarded",
        "forwarded",
    ]


@needs_kernel
def test_no_frames_have_no_verdicts():
    with KernelJudge(policy()) as judge:
        assert len(judge.judge([]).passed) == 0


@needs_kernel
def test_frames_are_asked_in_parts(monkeypatch):
    monkeypatch.setattr(kernel, "MOST_BYTES", 100)
    frames = [asks(), asks(port=80), asks() + bytes(200), asks(port=80)]

    with KernelJudge(policy(known=KNOWN)) as judge:
        assert judge.judge(frames).passed.tolist() == [True, False, True, False]


@needs_kernel
def test_refused_rules_are_told_in_nfts_words_and_change_nothing():
    with KernelJudge(policy(known=KNOWN)) as judge:
        with pytest.raises(GatewayError, match=r"stay as they are: .*syntax error"):
            judge.change("add nonsense")

        assert judge.judge([asks()]).passed.all()


@needs_kernel
def test_a_killed_process_is_told_in_a_sentence():
    with KernelJudge(policy()) as judge:
        os.kill(judge._process._child.pid, signal.SIGKILL)

        with pytest.raises(GatewayError, match="the kernel judge cannot run"):
            judge.judge([asks()])
        with pytest.raises(GatewayError, match="has ended"):
            judge.judge([asks()])


@needs_kernel
def test_the_network_outside_stays_as_it_is():
    before = links()

    with KernelJudge(policy()):
        during = links()

    assert before == during == links()


def test_a_judge_that_was_not_started_says_so():
    with pytest.raises(GatewayError, match="not been started"):
        KernelJudge(policy()).judge([asks()])


@pytest.mark.parametrize("missing", ["unshare", "ip"])
def test_what_is_missing_is_said(monkeypatch, tmp_path, missing):
    for program in {"unshare", "ip"} - {missing}:
        found = subprocess.run(["which", program], capture_output=True, text=True, check=False)
        if found.returncode:
            pytest.skip(f"the program {program} is missing")
        (tmp_path / program).symlink_to(found.stdout.strip())
    monkeypatch.setenv("PATH", str(tmp_path))

    said = kernel_ability.__wrapped__()

    assert said is not None
    assert "not" in said or "missing" in said


def links():
    done = subprocess.run(["ip", "-o", "link"], capture_output=True, text=True, check=False)
    return sorted(line.split(":")[1] for line in done.stdout.splitlines())
