"""Servers that break connections off."""

from thingwarden.model import Confidence, Severity

from tests.checks.judged import SITE, judged
from tests.home import Device, Home

CHECK = "connection-resets"


def uses(device: Device, *, times: int, resets: int, closed_first: bool = False) -> list[int]:
    """Connections of which the first ones are reset by the server; frames of those."""
    frames = []
    for number in range(times):
        stream = device.connects(SITE, 443)
        stream.asks(b"hello")
        stream.answers(b"welcome")
        if number >= resets or closed_first:
            stream.closes()
        else:
            frames.append(stream.frame)
            stream.resets()
        device.home.waits(30)
    return frames


def test_a_server_that_resets_most_is_found():
    home = Home()
    camera = home.device("camera")
    frames = uses(camera, times=60, resets=40)

    result = judged(home)

    finding = result.finding(camera, CHECK)
    assert (finding.severity, finding.confidence) == (Severity.LOW, Confidence.CERTAIN)
    assert "67 %" in finding.statement
    assert result.frames(camera, CHECK) == frames[:25]


def test_some_resets_are_everyday():
    home = Home()
    camera = home.device("camera")
    uses(camera, times=60, resets=20)

    assert judged(home).is_silent(camera, CHECK)


def test_a_reset_after_the_device_closed_is_no_fault():
    home = Home()
    camera = home.device("camera")
    uses(camera, times=60, resets=60, closed_first=True)

    assert judged(home).is_silent(camera, CHECK)


def test_a_few_connections_say_nothing():
    home = Home()
    camera = home.device("camera")
    uses(camera, times=10, resets=10)

    assert not judged(home).was_judged(camera, CHECK)
