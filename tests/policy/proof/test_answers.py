import struct
from itertools import pairwise

import pytest

from thingwarden.policy.proof.answers import LONGEST_ALIAS
from thingwarden.policy.proof.judge import Judge
from thingwarden.policy.proof.prove import judge_file, open_files
from thingwarden.policy.proof.tally import Tallies

from tests import frames, messages
from tests.policy.proof.story import CLOUD, IP, POLICY, RESOLVER, STORY, back, begins, told, write
from tests.rule_sets import UDP

CNAME = 5


def alias(chain, address=CLOUD, *, rcode=0, response=True):
    """A resolver's answer to a question for the first of `chain`, each an alias of the next."""
    flags = (0x8180 if response else 0x0100) | rcode
    head = struct.pack("!HHHHHH", 7, flags, 1, len(chain), 0, 0)
    question = messages.dns_name(chain[0]) + struct.pack("!HH", 1, 1)
    steps = [
        messages.dns_record(one, messages.dns_name(other), CNAME) for one, other in pairwise(chain)
    ]
    last = messages.dns_record(chain[-1], frames.ip_bytes(address), 1)
    return datagram(head + question + b"".join(steps) + last)


def datagram(message, *, by=RESOLVER, port=53):
    return back(frames.udp(by, IP, port, 40000, message), UDP, by=by)


def opens(tmp_path, *some):
    """Whether what follows these answers passes."""
    (file,) = open_files([write(tmp_path / "x.pcap", [*some, begins()])])
    batches = list(judge_file(file, Judge(POLICY), Tallies()))
    return bool(batches[0].passes[-1])


def test_an_answer_for_an_alias_is_for_the_name_that_was_asked(tmp_path):
    assert opens(tmp_path, alias(["a.example", "cdn.example", "edge.example"]))


def test_an_alias_of_a_name_says_nothing_of_the_name(tmp_path):
    assert not opens(tmp_path, alias(["cdn.example", "a.example"]))


def test_aliases_that_lead_in_a_circle_or_too_far_end(tmp_path):
    far = ["a.example", *(f"c{number}.example" for number in range(LONGEST_ALIAS + 1))]

    assert not opens(tmp_path, alias(["a.example", "b.other", "a.example"], "203.0.113.1"))
    assert not opens(tmp_path, alias(far))
    assert opens(tmp_path, alias(far[: LONGEST_ALIAS - 1]))


@pytest.mark.parametrize(
    "frame",
    [
        alias(["a.example"], rcode=3),
        alias(["a.example"], response=False),
        datagram(b"\x00\x07\x81\x80"),
        datagram(messages.dns_answer("a.example", [CLOUD]), port=5353),
        datagram(messages.dns_answer("a.example", [CLOUD]), by="192.168.1.2"),
        datagram(messages.dns_answer("a.example", [])),
        begins(RESOLVER, 53),
    ],
    ids=["failed", "a question", "cut", "another port", "another host", "empty", "no answer"],
)
def test_what_is_no_answer_of_the_resolver_opens_nothing(tmp_path, frame):
    assert not opens(tmp_path, frame)


def test_answers_come_in_the_order_of_their_frames(tmp_path):
    (file,) = open_files([write(tmp_path / "x.pcap", [*STORY, told("x.b.example"), told()])])

    (batch, _) = judge_file(file, Judge(POLICY), Tallies())

    assert [(row, one.name) for row, one in batch.verdicts.told] == [
        (2, "a.example"),
        (8, "*.b.example"),
    ]
