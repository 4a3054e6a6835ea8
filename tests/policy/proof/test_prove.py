import pytest

from thingwarden.model import Known
from thingwarden.policy.proof.judge import Judge
from thingwarden.policy.proof.prove import (
    OTHER_LINK,
    TOO_SHORT,
    hash_policy,
    judge_file,
    open_files,
    prove,
)
from thingwarden.policy.proof.tally import Tallies

from tests import frames
from tests.policy.proof.kernel_here import needs_kernel
from tests.policy.proof.story import (
    CLOUD,
    ELSEWHERE,
    POLICY,
    RULES,
    STORY,
    answers,
    begins,
    told,
    write,
)
from tests.rule_sets import device, site


@pytest.fixture
def capture(tmp_path):
    return lambda sent=STORY, **rest: write(tmp_path / "story.pcap", sent, **rest)


def passing(path, policy=POLICY):
    """Whether each frame passes."""
    found = []
    for file in open_files([path]):
        for batch in judge_file(file, Judge(policy), Tallies()):
            found += [] if isinstance(batch, str) else batch.passes.tolist()
    return found


def test_a_name_has_the_addresses_that_the_resolver_told_and_only_from_then_on(capture):
    assert passing(capture()) == [False, True, True, True, False, False, True]


@pytest.mark.parametrize(
    "answer",
    [
        told(by=ELSEWHERE),
        told(sender="02:01:00:00:00:01"),
        told("other.example"),
        told(addresses=[ELSEWHERE]),
    ],
)
def test_answers_of_anyone_else_or_for_other_names_open_nothing(capture, answer):
    assert not passing(capture([answer, begins()]))[-1]


def test_what_a_name_had_when_last_seen_holds_at_first(capture):
    known = (Known(name="a.example", addresses=(CLOUD,)),)
    policy = site([device(1, RULES, known=known)])

    assert passing(capture([begins()]), policy) == [True]


def test_an_address_that_nobody_uses_is_forgotten_after_25_hours(capture):
    day_us = 24 * 3600 * 1_000_000

    used = passing(capture([told(), begins(), begins(), begins()], step_us=day_us))
    unused = passing(capture([told(), begins()], step_us=2 * day_us))

    assert used == [True] * 4
    assert unused == [True, False]


def test_packets_of_a_peer_that_begin_something_are_stopped(capture):
    assert passing(capture([told(), answers(flags=frames.SYN), answers()])) == [True, False, True]


def test_what_was_judged_is_counted_by_rule_and_by_what_was_stopped(capture):
    path = capture()

    proof = prove(POLICY, open_files([path]), kernel="not asked")

    passed = {(way, rule): tally.packets for (_, way, rule), tally in proof.tallies.passed.items()}
    stopped = {
        (stop.rule, stop.peer, stop.service): tally.packets
        for stop, tally in proof.tallies.stopped.items()
    }
    assert passed == {("to", "dns"): 1, ("from", "web"): 1, ("to", "web"): 1}
    assert stopped == {
        ("default", CLOUD, 443): 1,
        ("default", ELSEWHERE, 443): 1,
        ("spoof", "10.9.9.9", 443): 1,
    }
    assert (proof.tallies.frames, proof.tallies.foreign) == (7, 1)
    assert [(one.name, one.frames, len(one.sha256)) for one in proof.captures] == [
        ("story.pcap", 7, 64)
    ]
    assert (proof.kernel, proof.confirmed) == ("not asked", 0)


@needs_kernel
def test_the_kernel_confirms_each_verdict(capture):
    proof = prove(POLICY, open_files([capture()]))

    assert proof.differing == 0
    assert proof.confirmed == 7
    tallies = [*proof.tallies.passed.values(), *proof.tallies.stopped.values()]
    assert all(tally.confirmed == tally.packets for tally in tallies)


@needs_kernel
def test_the_kernel_confirms_the_sample_by_the_policy_learnt_of_it(learnt, sample):
    proof = prove(learnt, open_files([sample]))

    assert proof.differing == 0
    assert proof.confirmed > 2_500


def test_a_frame_without_ethernet_is_not_judged_but_told(tmp_path):
    path = tmp_path / "short.pcap"
    path.write_bytes(frames.pcap_header() + frames.pcap_record(1, b"short"))
    other = tmp_path / "ppp.pcap"
    other.write_bytes(frames.pcap_header(9) + frames.pcap_record(2, bytes(60)))

    proof = prove(POLICY, open_files([path, other]), kernel="not asked")

    assert proof.tallies.untested == {TOO_SHORT: 1, OTHER_LINK: 1}


def test_captures_are_judged_in_the_order_of_their_time(tmp_path):
    later = write(tmp_path / "a.pcap", [told(), begins()])
    (tmp_path / "b.pcap").write_bytes(frames.pcap_header() + frames.pcap_record(5, begins()))

    files = open_files([later, tmp_path / "b.pcap"])

    assert [file.name.rpartition("/")[2] for file in files] == ["b.pcap", "a.pcap"]


def test_a_policy_has_one_hash_for_the_same_rules():
    assert hash_policy(POLICY) == hash_policy(site([device(1, RULES, addresses=("10.0.0.1",))]))
    assert hash_policy(POLICY) != hash_policy(site([device(1, RULES[:1])]))
