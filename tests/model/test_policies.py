import dataclasses

import pytest

from thingwarden.model import ANY, Behaviour, Initiator, Peer, PeerKind, Span


def test_behaviours_are_values_that_sets_can_hold():
    one, same = (
        Behaviour(initiator=Initiator.DEVICE, peer=Peer(kind=PeerKind.LOCAL), protocol=6)
        for _ in range(2)
    )

    assert len({one, same}) == 1
    assert one.service == ANY
    with pytest.raises(dataclasses.FrozenInstanceError):
        one.protocol = 17


def test_spans_are_ordered_by_their_beginning():
    assert sorted([Span(first=5, last=6), Span(first=1, last=9)])[0].first == 1
