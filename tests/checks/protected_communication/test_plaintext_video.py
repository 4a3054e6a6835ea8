"""Video by RTSP without encryption."""

from thingwarden.model import Confidence, Severity

from tests.checks.judged import SITE, judged
from tests.home import Device, Home, Place

CHECK = "plaintext-video"


def watches(viewer: Device, camera: Place | str, *, status: str = "200 OK") -> int:
    """Set up and play a stream; gives the frame of PLAY."""
    stream = viewer.connects(camera, 554)
    for number, method in enumerate(("DESCRIBE", "SETUP"), 1):
        stream.asks(_rtsp(f"{method} rtsp://cam/live RTSP/1.0", number))
        stream.answers(_rtsp("RTSP/1.0 200 OK", number))
    frame = stream.asks(_rtsp("PLAY rtsp://cam/live RTSP/1.0", 3))
    stream.answers(_rtsp(f"RTSP/1.0 {status}", 3))
    return frame


def _rtsp(line: str, number: int) -> bytes:
    return f"{line}\r\nCSeq: {number}\r\n\r\n".encode()


def test_a_stream_inside_the_network_is_the_camera_s_low():
    home = Home()
    recorder, camera = home.device("recorder"), home.device("camera")
    frame = watches(recorder, camera)

    result = judged(home)

    finding = result.finding(camera, CHECK)
    assert (finding.severity, finding.confidence) == (Severity.LOW, Confidence.LIKELY)
    assert result.frames(camera, CHECK) == [frame]
    assert not result.finding(recorder, CHECK)


def test_a_stream_to_the_internet_is_high():
    home = Home()
    camera = home.device("camera")
    frame = watches(Device(home.router.mac, SITE, name="stranger", home=home), camera)

    result = judged(home)

    assert result.finding(camera, CHECK).severity is Severity.HIGH
    assert result.frames(camera, CHECK) == [frame]


def test_a_refused_stream_is_silent():
    home = Home()
    recorder, camera = home.device("recorder"), home.device("camera")
    watches(recorder, camera, status="401 Unauthorized")

    assert judged(home).is_silent(camera, CHECK)


def test_without_rtsp_nothing_is_judged():
    home = Home()
    camera = home.device("camera")
    camera.knocks(SITE, 554)

    assert not judged(home).was_judged(camera, CHECK)
