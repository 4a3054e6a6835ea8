"""Telnet served or used."""

from thingwarden.model import Confidence, Severity

from tests.checks.judged import SITE, judged
from tests.home import Device, Home

CHECK = "telnet"


def test_a_login_is_certain_and_told_of_both_ends():
    home = Home()
    phone, camera = home.device("phone"), home.device("camera")
    first = len(home.records) + 1
    phone.logs_in_by_telnet(camera)

    result = judged(home)

    served, used = result.finding(camera, CHECK), result.finding(phone, CHECK)
    assert (served.severity, served.confidence) == (Severity.HIGH, Confidence.CERTAIN)
    assert used.severity is Severity.MEDIUM
    assert first <= result.frames(camera, CHECK)[0] <= len(home.records)


def test_a_knock_on_a_closed_port_is_nobodys_fault():
    home = Home()
    phone, camera = home.device("phone"), home.device("camera")
    phone.knocks(camera, 23, refused=True)
    phone.knocks(camera, 23)

    result = judged(home)

    assert result.is_silent(camera, CHECK)
    assert result.is_silent(phone, CHECK)


def test_an_open_port_on_which_nothing_is_said_is_a_guess():
    home = Home()
    phone, camera = home.device("phone"), home.device("camera")
    stream = phone.connects(camera, 23)
    stream.closes()

    result = judged(home)

    assert result.finding(camera, CHECK).confidence is Confidence.GUESS
    assert result.frames(camera, CHECK) == [stream.frame]
    assert result.is_silent(phone, CHECK)


def test_a_login_from_the_internet_is_critical():
    home = Home()
    camera = home.device("camera")
    stranger = Device(home.router.mac, SITE, name="stranger", home=home)
    stranger.logs_in_by_telnet(camera)

    assert judged(home).finding(camera, CHECK).severity is Severity.CRITICAL
