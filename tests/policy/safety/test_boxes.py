from itertools import product

from hypothesis import given
from hypothesis import strategies as st

from thingwarden.model import PeerKind, Span
from thingwarden.policy.entries import rule_entries
from thingwarden.policy.safety.boxes import box_of, meet, ports_of, without

from tests.rule_sets import ICMP, NETWORK, UDP, peer, rule

SMALL = st.tuples(st.integers(0, 3), st.integers(0, 3)).map(lambda pair: tuple(sorted(pair)))
BOXES = st.tuples(SMALL, SMALL, SMALL, SMALL)
POINTS = list(product(range(4), repeat=4))


def points(*boxes):
    """All packets in boxes, each as often as it is in one."""
    return [
        point
        for box in boxes
        for point in POINTS
        if all(low <= at <= high for at, (low, high) in zip(point, box, strict=True))
    ]


def entries(one):
    return list(rule_entries(one, NETWORK))


@given(BOXES, BOXES)
def test_two_boxes_share_the_packets_that_are_in_both(one, other):
    shared = meet(one, other)

    assert set(points(shared) if shared else ()) == set(points(one)) & set(points(other))


@given(st.lists(BOXES, max_size=3), BOXES)
def test_what_is_left_is_what_was_there_and_is_not_taken_away(boxes, away):
    left = points(*without(boxes, away))

    assert sorted(left) == sorted(
        point for point in points(*boxes) if point not in set(points(away))
    )


def test_a_question_may_begin_a_connection_and_an_answer_not():
    there, back = entries(rule("web", peer(PeerKind.LOCAL), port=80))

    assert box_of(there, (1, 2)) == ((1, 2), (0, 65535), (80, 80), (0, 1))
    assert box_of(back, (1, 2)) == ((1, 2), (0, 65535), (80, 80), (0, 0))


def test_types_of_icmp_end_at_255():
    there, *_ = entries(rule("ping", peer(PeerKind.LOCAL), ICMP, 0, last=65535))

    assert box_of(there, (0, 0))[1] == (0, 255)


def test_entries_are_found_by_their_ports_in_their_order():
    some = [
        entries(rule(str(port), peer(PeerKind.LOCAL), UDP, port, last=port + 9))[0]
        for port in (100, 90, 500, 105)
    ]
    (wanted, *_) = entries(rule("x", peer(PeerKind.LOCAL), UDP, 104, last=104))

    assert ports_of(some).meeting(wanted).tolist() == [0]
    assert Span(first=104, last=104) == wanted.peer
    (wide, *_) = entries(rule("x", peer(PeerKind.LOCAL), UDP, 95, last=110))
    assert ports_of(some).meeting(wide).tolist() == [0, 1, 3]


def test_no_entries_meet_nothing():
    (wanted, *_) = entries(rule("x", peer(PeerKind.LOCAL)))

    assert ports_of([]).meeting(wanted).tolist() == []
