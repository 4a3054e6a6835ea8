"""Pictures that are shown to anybody."""

from thingwarden.model import Confidence, Severity

from tests.checks.judged import SITE, judged
from tests.home import Device, Home

CHECK = "camera-without-login"


def watches(client, camera, *, method="DESCRIBE", status="200 OK", login=""):
    """One RTSP request and its answer; gives the frame of the request."""
    stream = client.connects(camera, 554)
    head = f"{method} rtsp://{camera.ip}/live RTSP/1.0\r\nCSeq: 1\r\n{login}\r\n"
    asked = stream.asks(head.encode())
    stream.answers(f"RTSP/1.0 {status}\r\nCSeq: 1\r\n\r\n".encode())
    stream.closes()
    return asked


def test_a_stream_that_anybody_may_play_is_certain():
    home = Home()
    camera, phone = home.device("camera"), home.device("phone")
    frames = [watches(phone, camera), watches(phone, camera, method="PLAY")]

    result = judged(home)

    finding = result.finding(camera, CHECK)
    assert (finding.severity, finding.confidence) == (Severity.HIGH, Confidence.CERTAIN)
    assert result.frames(camera, CHECK) == frames


def test_a_stranger_that_watches_is_critical():
    home = Home()
    camera = home.device("camera")
    watches(Device(home.router.mac, SITE, name="stranger", home=home), camera, method="PLAY")

    assert judged(home).finding(camera, CHECK).severity is Severity.CRITICAL


def test_a_camera_that_asks_for_a_login_is_silent():
    home = Home()
    camera, phone = home.device("camera"), home.device("phone")
    watches(phone, camera, status="401 Unauthorized")
    watches(phone, camera, login='Authorization: Digest username="x"\r\n')
    watches(phone, camera, method="OPTIONS")

    assert judged(home).is_silent(camera, CHECK)


def test_a_camera_that_nobody_watched_is_not_judged():
    home = Home()
    camera = home.device("camera")
    camera.requests(SITE)

    assert not judged(home).was_judged(camera, CHECK)
