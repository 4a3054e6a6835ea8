"""Answers to strangers that are larger than their questions."""

from thingwarden.model import Confidence, Severity

from tests import messages
from tests.checks.judged import SITE, judged
from tests.home import Device, Home

CHECK = "amplifier"
STRANGERS = [f"45.33.{number}.7" for number in range(4)]


def answers(device: Device, stranger: str, port: int, sizes: tuple[int, int]) -> int:
    """A question of the first size and an answer of the second."""
    home = device.home
    place = home.place(stranger)
    first = home.datagram(place, device, (40000, port), bytes(sizes[0]))
    home.datagram(device, place, (port, 40000), bytes(sizes[1]))
    return first


def test_answers_to_several_strangers_are_certain():
    home = Home()
    camera = home.device("camera")
    frames = [answers(camera, stranger, 1900, (90, 300)) for stranger in STRANGERS]

    result = judged(home)

    finding = result.finding(camera, CHECK)
    assert (finding.severity, finding.confidence) == (Severity.HIGH, Confidence.CERTAIN)
    assert result.frames(camera, CHECK) == frames


def test_one_stranger_is_enough_for_ten_times_as_much():
    home = Home()
    camera = home.device("camera")
    camera.requests(SITE)
    frame = answers(camera, STRANGERS[0], 11211, (15, 1400))

    assert judged(home).frames(camera, CHECK) == [frame]


def test_a_time_server_that_answers_as_much_as_it_is_asked_is_silent():
    home = Home()
    server = home.device("server")
    for stranger in STRANGERS:
        place = home.place(stranger)
        home.datagram(place, server, (40000, 123), messages.ntp(3))
        home.datagram(server, place, (123, 40000), messages.ntp(4, 2))

    assert judged(home).is_silent(server, CHECK)


def test_one_who_asks_from_outside_is_silent():
    home = Home()
    camera = home.device("camera")
    camera.requests(SITE)
    answers(camera, STRANGERS[0], 161, (80, 300))

    assert judged(home).is_silent(camera, CHECK)


def test_who_asks_itself_is_not_judged():
    home = Home()
    camera, neighbour = home.device("camera"), home.device("neighbour")
    camera.sets_its_clock(SITE)
    answers(camera, neighbour.ip, 1900, (90, 300))

    assert not judged(home).was_judged(camera, CHECK)
