"""Ports that botnets use."""

from thingwarden.model import Confidence, Severity

from tests.checks.judged import SITE, judged
from tests.home import Home

CHECK = "botnet-port"


def test_a_server_for_chat_that_answers_is_a_guess():
    home = Home()
    camera = home.device("camera")
    stream = camera.connects(SITE, 6667)
    stream.asks(b"NICK x\r\n")
    stream.answers(b":irc.example 001 x\r\n")

    result = judged(home)

    finding = result.finding(camera, CHECK)
    assert (finding.severity, finding.confidence) == (Severity.LOW, Confidence.GUESS)
    assert result.frames(camera, CHECK) == [stream.frame]


def test_the_local_protocol_of_a_plug_is_silent():
    home = Home()
    phone, plug = home.device("phone"), home.device("plug")
    stream = phone.connects(plug, 6668)
    stream.asks(b"\x00\x00\x55\xaa")
    stream.answers(b"\x00\x00\x55\xaa")
    phone.requests(SITE)

    assert judged(home).is_silent(phone, CHECK)


def test_a_knock_that_nobody_answers_is_silent():
    home = Home()
    camera = home.device("camera")
    camera.knocks(SITE, 6667)

    assert judged(home).is_silent(camera, CHECK)


def test_who_stays_at_home_is_not_judged():
    home = Home()
    bulb, hub = home.device("bulb"), home.device("hub")
    bulb.requests(hub)

    assert not judged(home).was_judged(bulb, CHECK)
