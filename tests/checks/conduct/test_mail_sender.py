"""Mail to many servers, and mail as honest devices send it."""

from thingwarden.model import Confidence, Severity

from tests.checks.judged import SITE, judged
from tests.home import Device, Home

CHECK = "mail-sender"


def mails(device: Device, server: str, port: int = 25) -> int:
    """Greeting, hello and good-bye."""
    stream = device.connects(server, port)
    stream.answers(b"220 mx.example ESMTP\r\n")
    stream.asks(b"EHLO camera\r\n")
    stream.answers(b"250 mx.example\r\n")
    stream.closes()
    return stream.frame


def test_many_mail_servers_are_likely():
    home = Home()
    camera = home.device("camera")
    frames = [mails(camera, f"45.33.{number}.7") for number in range(4)]

    result = judged(home)

    finding = result.finding(camera, CHECK)
    assert (finding.severity, finding.confidence) == (Severity.MEDIUM, Confidence.LIKELY)
    assert result.frames(camera, CHECK) == frames


def test_a_camera_that_mails_its_pictures_to_one_server_is_silent():
    home = Home()
    camera = home.device("camera")
    for _ in range(10):
        mails(camera, SITE)
    for number in range(5):
        mails(camera, f"45.33.{number}.7", 587)

    assert judged(home).is_silent(camera, CHECK)


def test_knocks_that_nobody_answers_are_silent():
    home = Home()
    camera = home.device("camera")
    for number in range(5):
        camera.knocks(f"45.33.{number}.7", 25)

    assert judged(home).is_silent(camera, CHECK)


def test_who_stays_at_home_is_not_judged():
    home = Home()
    bulb, hub = home.device("bulb"), home.device("hub")
    bulb.requests(hub)

    assert not judged(home).was_judged(bulb, CHECK)
