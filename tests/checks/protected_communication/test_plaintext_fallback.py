"""Plain data after TLS has failed."""

from thingwarden.model import Confidence, Severity

from tests.checks.judged import OTHER_SITE, SITE, judged
from tests.home import Device, Home
from tests.tls_bytes import alert, make_certificate, shake_hands

CHECK = "plaintext-fallback"
WORD = b"temperature"


def reports(device: Device, to: str = SITE) -> int:
    """Data in plain HTTP; gives the frame of its SYN, where its flow begins."""
    first = len(device.home.records) + 1
    device.requests(to, "POST /report HTTP/1.1", body=WORD, answer_body=b"ok")
    return first


def test_plain_data_after_each_refused_tls_is_certain():
    home = Home()
    camera = home.device("camera")
    frames = []
    for _ in range(2):
        camera.knocks(SITE, 443, refused=True)
        home.waits(2)
        frames.append(reports(camera))
        home.waits(300)

    result = judged(home)

    finding = result.finding(camera, CHECK)
    assert (finding.severity, finding.confidence) == (Severity.MEDIUM, Confidence.CERTAIN)
    assert result.frames(camera, CHECK) == frames


def test_an_alert_is_a_failure_and_once_is_a_low_guess():
    home = Home()
    camera = home.device("camera")
    hello = shake_hands("cam.example", make_certificate(("cam.example",)))[0]
    camera.plays(SITE, [hello, (False, alert(40))])
    frame = reports(camera)

    result = judged(home)

    finding = result.finding(camera, CHECK)
    assert (finding.severity, finding.confidence) == (Severity.LOW, Confidence.GUESS)
    assert result.frames(camera, CHECK) == [frame]


def test_a_device_that_speaks_plainly_anyway_is_silent():
    home = Home()
    camera = home.device("camera")
    for _ in range(3):
        reports(camera)
        home.waits(300)
    camera.knocks(SITE, 443, refused=True)
    reports(camera)

    assert judged(home).is_silent(camera, CHECK)


def test_plain_data_much_later_or_to_somebody_else_is_silent():
    home = Home()
    camera = home.device("camera")
    camera.knocks(SITE, 443, refused=True)
    reports(camera, OTHER_SITE)
    home.waits(120)
    reports(camera)

    assert judged(home).is_silent(camera, CHECK)


def test_a_connectivity_check_in_both_ways_is_silent():
    home = Home()
    phone = home.device("phone")
    for _ in range(2):
        phone.knocks(SITE, 443)
        phone.requests(SITE, "GET /generate_204 HTTP/1.1", answer="204 No Content")

    assert judged(home).is_silent(phone, CHECK)


def test_a_try_that_succeeds_after_one_that_fails_is_silent():
    home = Home()
    camera = home.device("camera")
    for _ in range(2):
        camera.knocks(SITE, 443)
        camera.speaks_tls(SITE, "cam.example")
        reports(camera)
        home.waits(300)

    assert judged(home).is_silent(camera, CHECK)


def test_where_tls_never_failed_nothing_is_judged():
    home = Home()
    camera = home.device("camera")
    camera.speaks_tls(SITE, "cam.example")
    reports(camera)

    assert not judged(home).was_judged(camera, CHECK)
