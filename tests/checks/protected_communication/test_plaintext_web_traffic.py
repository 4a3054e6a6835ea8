"""HTTP to the Internet that carries data."""

import pytest

from thingwarden.model import Confidence, Severity

from tests.checks.judged import SITE, judged
from tests.home import Home

CHECK = "plaintext-web-traffic"


def test_a_report_in_the_clear_is_medium_and_told_once():
    home = Home()
    scale = home.device("scale")
    frame = scale.requests(SITE, "POST /upload HTTP/1.1", {"Host": "scale.example"}, body=b"70.1")
    scale.requests(SITE, "POST /upload HTTP/1.1", {"Host": "scale.example"}, body=b"70.2")

    result = judged(home)

    finding = result.finding(scale, CHECK)
    assert (finding.severity, finding.confidence) == (Severity.MEDIUM, Confidence.CERTAIN)
    assert "scale.example" in finding.statement
    assert result.frames(scale, CHECK) == [frame]


def test_a_query_sends_data_too():
    home = Home()
    scale = home.device("scale")
    frame = scale.requests(SITE, "GET /register?serial=1 HTTP/1.1", answer_body=b"ok")

    result = judged(home)

    assert result.finding(scale, CHECK).severity is Severity.MEDIUM
    assert result.frames(scale, CHECK) == [frame]


def test_a_value_that_is_updated_is_data():
    home = Home()
    sensor = home.device("sensor")
    sensor.requests(SITE, "GET /update?field1=21.5 HTTP/1.1", answer_body=b"7")

    assert judged(home).finding(sensor, CHECK).severity is Severity.MEDIUM


def test_what_is_only_fetched_or_encrypted_in_itself_is_low():
    home = Home()
    radio, hub = home.device("radio"), home.device("hub")
    radio.requests(SITE, "GET /weather.json HTTP/1.1", answer_body=b"{}")
    headers = {"Host": "hub.example", "Content-Type": "application/x-encrypted"}
    hub.requests(SITE, "POST /in HTTP/1.1", headers, body=b"....")

    result = judged(home)

    assert result.finding(radio, CHECK).severity is Severity.LOW
    assert result.finding(hub, CHECK).severity is Severity.LOW


@pytest.mark.parametrize(
    ("path", "host"),
    [
        ("/generate_204", "www.example"),
        ("/", "connectivitycheck.example"),
        ("/root.crl", "lists.example"),
        ("/a", "ocsp.authority.example"),
        ("/time", "a.example"),
        ("/firmware/cam-1.2.bin", "a.example"),
        ("/agent/upgrade?model=1", "a.example"),
        ("/updates/latest", "a.example"),
    ],
)
def test_what_is_harmless_or_judged_elsewhere_is_silent(path, host):
    home = Home()
    camera = home.device("camera")
    camera.requests(SITE, f"GET {path} HTTP/1.1", {"Host": host}, answer_body=b"x")

    assert judged(home).is_silent(camera, CHECK)


def test_a_query_that_is_led_to_https_is_silent():
    home = Home()
    camera = home.device("camera")
    moved = {"Location": "https://cam.example/a"}
    camera.requests(SITE, "GET /a?b=1 HTTP/1.1", answer="302 Found", answer_headers=moved)

    assert judged(home).is_silent(camera, CHECK)


def test_a_way_to_https_and_an_empty_answer_are_silent():
    home = Home()
    camera = home.device("camera")
    moved = {"Location": "https://cam.example/"}
    camera.requests(SITE, answer="301 Moved", answer_headers=moved, answer_body=b"moved")
    camera.requests(SITE, answer="404 Not Found", answer_body=b"no")
    camera.requests(SITE)

    assert judged(home).is_silent(camera, CHECK)


def test_a_page_inside_the_home_is_not_judged():
    home = Home()
    phone, camera = home.device("phone"), home.device("camera")
    phone.requests(camera, "POST /set HTTP/1.1", body=b"on=1")

    assert not judged(home).was_judged(phone, CHECK)
