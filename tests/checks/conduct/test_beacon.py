"""Calls to addresses without a name, and honest keep-alives."""

from thingwarden.model import Confidence, Severity

from tests.checks.judged import SITE, judged
from tests.home import Device, Home

CHECK = "beacon"
NAMELESS = "45.33.32.156"


def calls(device: Device, to: str, port: int, *, times: int, every_seconds: float) -> list[int]:
    """Short talks, one after the other."""
    frames = []
    for _ in range(times):
        stream = device.connects(to, port)
        frames.append(stream.frame)
        stream.asks(b"ping")
        stream.answers(b"pong")
        stream.closes()
        device.home.waits(every_seconds)
    return frames


def test_many_calls_like_a_clocks_are_likely():
    home = Home()
    camera = home.device("camera")
    camera.asks("api.vendor.com", SITE)
    frames = calls(camera, NAMELESS, 6789, times=40, every_seconds=130)

    result = judged(home)

    finding = result.finding(camera, CHECK)
    assert (finding.severity, finding.confidence) == (Severity.MEDIUM, Confidence.LIKELY)
    assert result.frames(camera, CHECK) == frames[:25]


def test_some_calls_are_a_guess():
    home = Home()
    camera = home.device("camera")
    camera.asks("api.vendor.com", SITE)
    calls(camera, NAMELESS, 6789, times=12, every_seconds=400)

    finding = judged(home).finding(camera, CHECK)

    assert (finding.severity, finding.confidence) == (Severity.LOW, Confidence.GUESS)


def test_keep_alives_to_what_was_looked_up_are_silent():
    home = Home()
    hub = home.device("hub")
    hub.asks("cloud.vendor.com", SITE)
    calls(hub, SITE, 6789, times=40, every_seconds=130)

    assert judged(home).is_silent(hub, CHECK)


def test_a_usual_port_and_a_program_between_peers_are_silent():
    home = Home()
    laptop = home.device("laptop")
    laptop.asks("tracker.example.com", SITE)
    calls(laptop, NAMELESS, 8883, times=15, every_seconds=300)
    for number in range(8):
        calls(laptop, f"81.2.{number}.9", 6881, times=12, every_seconds=400)

    assert judged(home).is_silent(laptop, CHECK)


def test_without_any_lookup_names_may_be_missing():
    home = Home()
    camera = home.device("camera")
    calls(camera, NAMELESS, 6789, times=15, every_seconds=300)

    assert not judged(home).was_judged(camera, CHECK)
