"""Devices whose data must be sent twice."""

from thingwarden.model import Confidence, Severity

from tests.checks.judged import SITE, judged
from tests.home import Device, Home

CHECK = "many-retransmissions"


def uploads(device: Device, *, segments: int, repeat_every: int) -> int:
    """Segments to a server, of which every so many comes twice; gives the frame of the SYN."""
    stream = device.connects(SITE, 443)
    for number in range(segments):
        stream.asks(b"x" * 100)
        if repeat_every and number % repeat_every == 0:
            stream.sequences[0] -= 100
            stream.asks(b"x" * 100)
        stream.answers(b"ok")
    stream.closes()
    return stream.frame


def test_one_in_five_sent_again_is_found():
    home = Home()
    camera = home.device("camera")
    frame = uploads(camera, segments=600, repeat_every=5)

    result = judged(home)

    finding = result.finding(camera, CHECK)
    assert (finding.severity, finding.confidence) == (Severity.LOW, Confidence.CERTAIN)
    assert result.frames(camera, CHECK) == [frame]


def test_half_of_the_segments_is_worse():
    home = Home()
    camera = home.device("camera")
    uploads(camera, segments=600, repeat_every=2)

    assert judged(home).finding(camera, CHECK).severity is Severity.MEDIUM


def test_a_few_repeats_are_everyday():
    home = Home()
    camera = home.device("camera")
    uploads(camera, segments=600, repeat_every=40)

    assert judged(home).is_silent(camera, CHECK)


def test_a_short_connection_says_nothing():
    home = Home()
    camera = home.device("camera")
    uploads(camera, segments=50, repeat_every=3)

    assert not judged(home).was_judged(camera, CHECK)
