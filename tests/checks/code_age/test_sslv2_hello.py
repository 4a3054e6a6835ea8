"""Hellos in the form of SSLv2."""

from thingwarden.model import Confidence, Severity

from tests.checks.judged import SITE, judged
from tests.home import Home

CHECK = "sslv2-hello"


def sslv2_hello(version: int) -> bytes:
    """RFC 5246 appendix E.2: TLS suites and one of SSLv2 in the old form."""
    suites = bytes.fromhex("00002f 0700c0".replace(" ", ""))
    sizes = len(suites).to_bytes(2, "big") + b"\0\0" + (16).to_bytes(2, "big")
    body = b"\1" + version.to_bytes(2, "big") + sizes + suites + bytes(range(16))
    return (0x8000 | len(body)).to_bytes(2, "big") + body


def test_the_old_form_is_certain():
    home = Home()
    camera = home.device("camera")
    frame = camera.plays(SITE, [(True, sslv2_hello(0x0301))])

    result = judged(home)

    finding = result.finding(camera, CHECK)
    assert (finding.severity, finding.confidence) == (Severity.MEDIUM, Confidence.CERTAIN)
    assert result.frames(camera, CHECK) == [frame]


def test_an_old_version_in_the_new_form_is_silent():
    home = Home()
    camera = home.device("camera")
    camera.speaks_old_tls(SITE, "a.example")

    assert judged(home).is_silent(camera, CHECK)


def test_a_device_without_encryption_is_not_judged():
    home = Home()
    camera = home.device("camera")
    camera.requests(SITE)

    assert not judged(home).was_judged(camera, CHECK)
