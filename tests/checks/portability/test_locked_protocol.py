"""Languages of makers' own."""

from thingwarden.model import Confidence, Severity

from tests.checks.judged import OTHER_SITE, SITE, judged
from tests.home import Device, Home

CHECK = "locked-protocol"


def sends(device: Device, ip: str, port: int, *, kilobytes: int = 150) -> int:
    """Data in no known language, answered; gives the frame of the SYN."""
    stream = device.connects(ip, port)
    stream.asks(b"\x55\xaa" * 500 * kilobytes)
    stream.answers(b"\x55\xaa\0\0")
    stream.closes()
    return stream.frame


def test_most_of_its_data_in_no_known_language_is_a_guess():
    home = Home()
    camera = home.device("camera")
    camera.speaks_tls(OTHER_SITE, "api.example")
    frame = sends(camera, SITE, 6789)

    result = judged(home)

    finding = result.finding(camera, CHECK)
    assert (finding.severity, finding.confidence) == (Severity.LOW, Confidence.GUESS)
    assert result.frames(camera, CHECK) == [frame]


def test_open_protocols_by_content_and_by_port_are_silent():
    home = Home()
    camera = home.device("camera")
    camera.requests(SITE, body=b"x" * 150_000, port=6789)
    sends(camera, SITE, 8883)

    assert judged(home).is_silent(camera, CHECK)


def test_a_connection_whose_start_was_not_seen_may_be_anything():
    home = Home()
    camera = home.device("camera")
    camera.requests(OTHER_SITE, body=b"x" * 150_000)
    first = len(home.records)
    sends(camera, SITE, 6789)
    del home.records[first : first + 3]

    assert judged(home).is_silent(camera, CHECK)


def test_little_data_says_nothing():
    home = Home()
    camera = home.device("camera")
    sends(camera, SITE, 6789, kilobytes=5)

    assert not judged(home).was_judged(camera, CHECK)
