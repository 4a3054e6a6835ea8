import numpy as np
import pytest

from thingwarden.policy.proof import tally as tallying
from thingwarden.policy.proof.judge import Judge
from thingwarden.policy.proof.tally import Tallies, Tally

from tests import frames
from tests.policy.proof.story import CLOUD, IP, MAC, POLICY, answers, back, begins, out
from tests.policy.proof.test_judge import headers_of
from tests.rule_sets import GATEWAY_MAC


def tallied(some, *, confirmed=None):
    judge, tallies = Judge(POLICY), Tallies()
    headers, times = headers_of(some), np.arange(1, len(some) + 1, dtype=np.int64)
    outcome = judge.judge(headers, times).outcome
    tallies.add(judge, headers, outcome, times, confirmed)
    return tallies


def stops(some):
    return {
        (stop.way, stop.rule, stop.peer, stop.protocol, stop.service): (each.packets, each.first_us)
        for stop, each in tallied(some).stopped.items()
    }


@pytest.mark.parametrize(
    ("frame", "stop"),
    [
        (begins(), ("from", "default", CLOUD, 6, 443)),
        (answers(), ("to", "default", CLOUD, 6, 443)),
        (answers(flags=frames.SYN), ("to", "default", CLOUD, 6, 50000)),
        (begins(by="10.9.9.9"), ("from", "spoof", "10.9.9.9", 6, 443)),
        (
            out(frames.udp(IP, CLOUD, 40000, 123, b""), 17),
            ("from", "default", CLOUD, 17, 123),
        ),
        (back(frames.udp(CLOUD, IP, 123, 40000, b""), 17), ("to", "default", CLOUD, 17, 123)),
        (back(frames.icmp(8, 0, bytes(4)), 1), ("to", "default", CLOUD, 1, 8)),
        (out(b"", 47), ("from", "default", CLOUD, 47, -1)),
        (
            frames.ethernet(
                MAC, GATEWAY_MAC, frames.arp(2, (MAC, "10.9.9.9"), (GATEWAY_MAC, IP)), 0x0806
            ),
            ("from", "spoof", "10.9.9.9", 0, -1),
        ),
        (
            out(
                frames.tcp(("2001:db8::1", "2001:db8::2"), (9, 80), 2),
                by="2001:db8::1",
                to="2001:db8::2",
            ),
            ("from", "spoof", "2001:db8::1", 6, 80),
        ),
    ],
)
def test_what_is_stopped_is_told_by_whom_what_and_which_service(frame, stop):
    assert stops([frame]) == {stop: (1, 1)}


def test_equal_stops_are_one_with_their_first_and_last_time():
    tallies = tallied([begins(), begins(port=80), begins()])

    ((first, other),) = [sorted(tallies.stopped.items(), key=lambda one: -one[1].packets)]
    assert (first[0].service, first[1].packets, first[1].first_us, first[1].last_us) == (
        443,
        2,
        1,
        3,
    )
    assert other[1].packets == 1


def test_what_the_kernel_confirmed_is_counted_where_it_belongs():
    tallies = tallied(
        [begins(), begins(), begins(port=80)], confirmed=np.array([True, False, True])
    )

    found = {stop.service: tally.confirmed for stop, tally in tallies.stopped.items()}
    assert found == {443: 1, 80: 1}


def test_a_flood_of_different_stops_is_bounded_and_still_counted(monkeypatch):
    monkeypatch.setattr(tallying, "MOST_STOPS", 5)

    tallies = tallied([begins(port=port) for port in range(100, 120)])

    assert len(tallies.stopped) == 5
    assert sum(tallies.more.values()) == 15


def test_frames_of_nobody_are_only_counted():
    tallies = tallied([frames.ethernet("02:09:09:09:09:09", GATEWAY_MAC, b"x" * 46, 0x88B5)])

    assert (tallies.frames, tallies.foreign) == (1, 1)
    assert not tallies.stopped
    assert not tallies.passed


def test_sums_do_not_depend_on_where_batches_end():
    one, two = Tally(), Tally()
    one.add(3, 5, 9)
    for packets, first, last in ((1, 7, 9), (2, 5, 6)):
        two.add(packets, first, last)

    assert one == two


def test_what_could_not_be_judged_is_told_by_its_reason():
    tallies = Tallies()
    tallies.leave_out("cut", 2)
    tallies.leave_out("cut", 3)
    tallies.leave_out("none", 0)

    assert tallies.untested == {"cut": 5}
