"""Services on the Internet in plain protocols."""

from thingwarden.model import Confidence, Severity

from tests.checks.judged import SITE, judged
from tests.home import Home

CHECK = "unencrypted-cloud-protocol"
LETTER = b"picture " * 800


def test_a_mail_in_the_clear_is_a_guess():
    home = Home()
    camera = home.device("camera")
    mail = camera.connects(SITE, 25)
    frame = mail.frame
    mail.answers(b"220 mail.example\r\n")
    mail.asks(LETTER)
    mail.closes()

    result = judged(home)

    finding = result.finding(camera, CHECK)
    assert (finding.severity, finding.confidence) == (Severity.LOW, Confidence.GUESS)
    assert result.frames(camera, CHECK) == [frame]


def test_mail_inside_tls_and_a_greeting_only_are_silent():
    home = Home()
    camera, printer = home.device("camera"), home.device("printer")
    camera.speaks_tls(SITE, "mail.example", port=25)
    greeted = printer.connects(SITE, 25)
    greeted.answers(b"220 mail.example\r\n")
    greeted.asks(b"QUIT\r\n")

    result = judged(home)

    assert result.is_silent(camera, CHECK)
    assert result.is_silent(printer, CHECK)


def test_mail_at_home_is_not_judged():
    home = Home()
    camera, store = home.device("camera"), home.device("store")
    mail = camera.connects(store, 25)
    mail.answers(b"220 store\r\n")
    mail.asks(LETTER)

    assert not judged(home).was_judged(camera, CHECK)
