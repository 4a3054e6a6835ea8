"""Strangers that come in over IPv4."""

from thingwarden.model import Confidence, Severity

from tests.checks.judged import SITE, judged
from tests.home import Device, Home

CHECK = "reached-from-internet"


def stranger(home):
    return Device(home.router.mac, SITE, name="stranger", home=home)


def test_an_answer_to_a_stranger_is_certain_and_severe():
    home = Home()
    camera = home.device("camera")
    stream = stranger(home).connects(camera, 8080)
    stream.asks(b"GET")
    stream.answers(b"200")
    stream.closes()

    result = judged(home)

    finding = result.finding(camera, CHECK)
    assert (finding.severity, finding.confidence) == (Severity.HIGH, Confidence.CERTAIN)
    assert result.frames(camera, CHECK) == [stream.frame]


def test_a_stranger_before_a_closed_door_is_nobodys_fault():
    home = Home()
    camera = home.device("camera")
    camera.requests(SITE)
    stranger(home).knocks(camera, 8080, refused=True)
    stranger(home).knocks(camera, 23)

    assert judged(home).is_silent(camera, CHECK)


def test_the_data_connection_of_a_server_that_the_device_called_is_expected():
    home = Home()
    camera = home.device("camera")
    control = camera.connects(SITE, 21)
    control.answers(b"220 ready\r\n")
    data = stranger(home).connects(camera, 50123)
    data.answers(b"picture")
    data.closes()

    assert judged(home).is_silent(camera, CHECK)


def test_a_neighbour_is_no_stranger():
    home = Home()
    camera, phone = home.device("camera"), home.device("phone")
    phone.requests(camera)

    assert judged(home).is_silent(camera, CHECK)
