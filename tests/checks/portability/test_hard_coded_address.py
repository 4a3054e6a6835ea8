"""Addresses that no name led to."""

from thingwarden.model import Confidence, Severity

from tests.checks.judged import OTHER_SITE, SITE, judged
from tests.home import Device, Home

CHECK = "hard-coded-address"


def speaks(device: Device, ip: str, *, port: int = 9000) -> int:
    """A connection with data in no known language; gives the frame of the SYN."""
    stream = device.connects(ip, port)
    stream.asks(b"\x01\x02hello")
    stream.answers(b"\x01\x03welcome")
    stream.closes()
    return stream.frame


def home_that_was_watched(minutes: float = 90) -> tuple[Home, Device]:
    """A camera that asks for a name, and is used again later."""
    home = Home()
    camera = home.device("camera")
    camera.asks("cloud.example", SITE)
    speaks(camera, SITE)
    home.waits(minutes * 60)
    return home, camera


def test_an_address_from_nowhere_is_a_guess():
    home, camera = home_that_was_watched()
    frame = speaks(camera, OTHER_SITE)

    result = judged(home)

    finding = result.finding(camera, CHECK)
    assert (finding.severity, finding.confidence) == (Severity.LOW, Confidence.GUESS)
    assert result.frames(camera, CHECK) == [frame]


def test_an_address_that_a_name_gave_is_silent():
    home, camera = home_that_was_watched()
    camera.asks("other.example", OTHER_SITE)
    speaks(camera, OTHER_SITE)

    assert judged(home).is_silent(camera, CHECK)


def test_what_was_used_from_the_start_may_have_been_resolved_before():
    home = Home()
    camera = home.device("camera")
    speaks(camera, OTHER_SITE)
    camera.asks("cloud.example", SITE)
    home.waits(5400)
    speaks(camera, OTHER_SITE)

    assert judged(home).is_silent(camera, CHECK)


def test_a_name_inside_the_connection_is_enough():
    home, camera = home_that_was_watched()
    camera.speaks_tls(OTHER_SITE, "other.example")

    assert judged(home).is_silent(camera, CHECK)


def test_less_than_an_hour_says_nothing():
    home, camera = home_that_was_watched(minutes=20)
    speaks(camera, OTHER_SITE)

    assert not judged(home).was_judged(camera, CHECK)


def test_who_never_asks_for_names_is_not_judged():
    home = Home()
    camera = home.device("camera")
    home.device("plug").asks("cloud.example", SITE)
    camera.requests(SITE)
    home.waits(5400)
    speaks(camera, OTHER_SITE)

    assert not judged(home).was_judged(camera, CHECK)
