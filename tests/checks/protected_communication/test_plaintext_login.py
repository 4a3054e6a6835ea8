"""Passwords sent unencrypted."""

from thingwarden.model import Confidence, Severity

from tests.checks.judged import OTHER_SITE, SITE, judged
from tests.home import Home

CHECK = "plaintext-login"


def test_a_basic_login_on_the_internet_is_certain():
    home = Home()
    camera = home.device("camera")
    headers = {"Host": "cam.example", "Authorization": "Basic dXNlcjpwYXNz"}
    frame = camera.requests(SITE, headers=headers)

    result = judged(home)

    finding = result.finding(camera, CHECK)
    assert (finding.severity, finding.confidence) == (Severity.HIGH, Confidence.CERTAIN)
    assert result.frames(camera, CHECK) == [frame]


def test_the_device_that_asks_for_the_password_is_blamed_not_the_phone():
    home = Home()
    phone, camera = home.device("phone"), home.device("camera")
    phone.logs_in_by_telnet(camera)

    result = judged(home)

    assert result.finding(camera, CHECK).severity is Severity.HIGH
    assert result.is_silent(phone, CHECK)


def test_an_mqtt_password_is_found_and_its_value_is_not_kept():
    home = Home()
    plug = home.device("plug")
    frame = plug.speaks_mqtt(SITE, password="not-kept")

    result = judged(home)

    assert result.frames(plug, CHECK) == [frame]
    assert "not-kept" not in str(result.report)


def test_a_digest_is_low():
    home = Home()
    camera = home.device("camera")
    headers = {"Host": "cam.example", "Authorization": 'Digest username="u", response="00"'}
    camera.requests(SITE, headers=headers)

    finding = judged(home).finding(camera, CHECK)

    assert (finding.severity, finding.confidence) == (Severity.LOW, Confidence.LIKELY)


def test_an_anonymous_ftp_login_is_silent():
    home = Home()
    box = home.device("box")
    ftp = box.connects(SITE, 21)
    ftp.answers(b"220 ready\r\n")
    ftp.asks(b"USER anonymous\r\n")
    ftp.answers(b"331 any password\r\n")
    ftp.asks(b"PASS guest@\r\n")
    ftp.answers(b"230 welcome\r\n")
    ftp.closes()

    assert judged(home).is_silent(box, CHECK)


def test_a_page_without_login_and_a_login_inside_tls_are_silent():
    home = Home()
    camera = home.device("camera")
    camera.requests(SITE)
    camera.speaks_tls(OTHER_SITE, "cam.example")

    assert judged(home).is_silent(camera, CHECK)


def test_without_a_conversation_nothing_is_judged():
    home = Home()
    camera = home.device("camera")
    camera.announces_by_mdns()

    assert not judged(home).was_judged(camera, CHECK)
