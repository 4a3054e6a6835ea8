"""Old SSH servers."""

from thingwarden.model import Confidence, Severity

from tests.checks.judged import judged
from tests.home import Home

CHECK = "outdated-ssh-server"


def greets(home, banner):
    phone, camera = home.device("phone"), home.device("camera")
    stream = phone.connects(camera, 22)
    frame = stream.answers(f"{banner}\r\n".encode())
    stream.asks(b"SSH-2.0-OpenSSH_9.9\r\n")
    stream.closes()
    return camera, frame


def test_a_very_old_server_is_medium():
    home = Home()
    camera, frame = greets(home, "SSH-2.0-dropbear_2012.55")

    result = judged(home)

    finding = result.finding(camera, CHECK)
    assert (finding.severity, finding.confidence) == (Severity.MEDIUM, Confidence.LIKELY)
    assert result.frames(camera, CHECK) == [frame]


def test_an_old_server_is_low():
    home = Home()
    camera, _ = greets(home, "SSH-2.0-OpenSSH_7.9")

    assert judged(home).finding(camera, CHECK).severity is Severity.LOW


def test_a_current_server_is_silent():
    home = Home()
    camera, _ = greets(home, "SSH-2.0-dropbear_2022.83")

    assert judged(home).is_silent(camera, CHECK)


def test_a_server_of_a_distribution_is_not_judged():
    home = Home()
    computer, _ = greets(home, "SSH-2.0-OpenSSH_6.7p1 Debian-5+deb8u8")

    result = judged(home)

    assert not result.finding(computer, CHECK)
    assert not result.was_judged(computer, CHECK)
