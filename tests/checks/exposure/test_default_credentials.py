"""Logins with pairs that makers ship."""

import base64

import pytest

from thingwarden.model import Confidence, Severity

from tests.checks.judged import SITE, judged
from tests.home import Device, Home
from tests.messages import mqtt_accepted, mqtt_connect

CHECK = "default-credentials"


def basic(user, password):
    secret = base64.b64encode(f"{user}:{password}".encode()).decode()
    return {"Host": "cam.example", "Authorization": f"Basic {secret}"}


def telnet(client, server, login, reply=b"\r\n\r\nBusyBox v1.20.2 built-in shell (ash)\r\n# "):
    """A session that ends in `reply`; gives the frame in which it began."""
    stream = client.connects(server, 23)
    for shown, typed in zip((b"login: ", b"Password: "), login, strict=True):
        stream.answers(shown)
        stream.asks(typed + b"\r\n")
    stream.answers(reply)
    stream.closes()


def ftp(client, server, login, reply=b"230 welcome\r\n"):
    stream = client.connects(server, 21)
    stream.answers(b"220 ready\r\n")
    stream.asks(b"USER %b\r\n" % login[0])
    stream.answers(b"331 password\r\n")
    stream.asks(b"PASS %b\r\n" % login[1])
    if reply:
        stream.answers(reply)
    stream.closes()


def test_a_web_login_that_was_let_in_is_high_and_certain():
    home = Home()
    phone, camera = home.device("phone"), home.device("camera")
    frame = phone.requests(camera, headers=basic("admin", "12345"))

    result = judged(home)

    finding = result.finding(camera, CHECK)
    assert (finding.severity, finding.confidence) == (Severity.HIGH, Confidence.CERTAIN)
    assert result.frames(camera, CHECK) == [frame]
    assert not result.finding(phone, CHECK)


def test_another_password_and_a_refused_login_are_silent():
    home = Home()
    phone, camera = home.device("phone"), home.device("camera")
    phone.requests(camera, headers=basic("admin", "not-kept"))
    phone.requests(camera, headers=basic("admin", "12345"), answer="401 Unauthorized")

    assert judged(home).is_silent(camera, CHECK)


def test_a_login_from_the_internet_is_critical():
    home = Home()
    camera = home.device("camera")
    stranger = Device(home.router.mac, SITE, name="stranger", home=home)
    telnet(stranger, camera, (b"root", b"xc3511"))

    finding = judged(home).finding(camera, CHECK)

    assert (finding.severity, finding.confidence) == (Severity.CRITICAL, Confidence.CERTAIN)


def test_an_attempt_from_the_internet_whose_end_is_not_known_is_silent():
    home = Home()
    camera = home.device("camera")
    stranger = Device(home.router.mac, SITE, name="stranger", home=home)
    telnet(stranger, camera, (b"root", b"xc3511"), reply=b"\r\n")

    assert judged(home).is_silent(camera, CHECK)


def test_a_telnet_login_let_in_at_the_second_try_is_silent():
    home = Home()
    phone, camera = home.device("phone"), home.device("camera")
    stream = phone.connects(camera, 23)
    for shown, typed in (
        (b"login: ", b"root"),
        (b"Password: ", b"xc3511"),
        (b"\r\nLogin incorrect\r\nlogin: ", b"root"),
        (b"Password: ", b"not-kept"),
    ):
        stream.answers(shown)
        stream.asks(typed + b"\r\n")
    stream.answers(b"\r\n\r\nBusyBox v1.20.2 built-in shell (ash)\r\n# ")
    stream.closes()

    assert judged(home).is_silent(camera, CHECK)


@pytest.mark.parametrize("reply", [b"230 welcome\r\n", b""])
def test_an_ftp_login_is_certain_once_its_end_is_known(reply):
    home = Home()
    phone, camera = home.device("phone"), home.device("camera")
    ftp(phone, camera, (b"admin", b"admin"), reply)

    finding = judged(home).finding(camera, CHECK)

    known = (Severity.HIGH, Confidence.CERTAIN)
    assert (finding.severity, finding.confidence) == (
        known if reply else (Severity.MEDIUM, Confidence.LIKELY)
    )


def test_many_attempts_whose_end_is_not_known_are_guesses_of_the_client():
    home = Home()
    phone, camera = home.device("phone"), home.device("camera")
    for password in (b"admin", b"1234", b"12345", b"pass"):
        ftp(phone, camera, (b"admin", password), b"")

    assert judged(home).is_silent(camera, CHECK)


def test_a_form_that_was_answered_is_likely_and_one_that_asks_again_silent():
    home = Home()
    phone, camera, hub = home.device("phone"), home.device("camera"), home.device("hub")
    form = {"Host": "c", "Content-Type": "application/x-www-form-urlencoded"}
    login = {"body": b"user=admin&password=admin"}
    frame = phone.requests(camera, "POST /login HTTP/1.1", form, **login, answer="302 Found")
    phone.requests(
        hub,
        "POST /login HTTP/1.1",
        form,
        **login,
        answer_headers={"Content-Type": "text/html"},
        answer_body=b"<html><input type=password></html>",
    )

    result = judged(home)

    finding = result.finding(camera, CHECK)
    assert (finding.severity, finding.confidence) == (Severity.MEDIUM, Confidence.LIKELY)
    assert result.frames(camera, CHECK) == [frame]
    assert result.is_silent(hub, CHECK)


@pytest.mark.parametrize(("code", "found"), [(0, True), (5, False)])
def test_a_device_that_logs_in_to_the_internet_with_a_shared_pair_is_medium(code, found):
    home = Home()
    plug = home.device("plug")
    stream = plug.connects(SITE, 1883)
    frame = stream.asks(mqtt_connect("plug", user="guest", password="guest"))
    stream.answers(mqtt_accepted(code))
    stream.closes()

    result = judged(home)

    assert result.was_judged(plug, CHECK)
    assert result.frames(plug, CHECK) == ([frame] if found else [])
    if found:
        finding = result.finding(plug, CHECK)
        assert (finding.severity, finding.confidence) == (Severity.MEDIUM, Confidence.CERTAIN)


def test_a_video_login_is_found_and_not_kept():
    home = Home()
    phone, camera = home.device("phone"), home.device("camera")
    stream = phone.connects(camera, 554)
    secret = basic("service", "service")["Authorization"].encode()
    frame = stream.asks(
        b"PLAY rtsp://c/1 RTSP/1.0\r\nCSeq: 1\r\nAuthorization: %b\r\n\r\n" % secret
    )
    stream.answers(b"RTSP/1.0 200 OK\r\nCSeq: 1\r\n\r\n")
    stream.closes()

    result = judged(home)

    assert result.frames(camera, CHECK) == [frame]
    assert secret[6:].decode() not in str(result.report)


def test_without_a_login_nothing_is_judged():
    home = Home()
    phone, camera = home.device("phone"), home.device("camera")
    phone.requests(camera)
    phone.connects(camera, 23).answers(b"login: ")

    assert not judged(home).was_judged(camera, CHECK)
