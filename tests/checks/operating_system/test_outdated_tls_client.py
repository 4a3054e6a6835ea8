"""Libraries that know nothing newer than TLS 1.1."""

from thingwarden.model import Confidence, Severity

from tests.checks.judged import SITE, judged
from tests.home import Home

CHECK = "outdated-tls-client"
NAMES = ("a.example", "b.example", "c.example")


def test_a_device_that_never_offers_tls_1_2_is_likely_old():
    home = Home()
    camera = home.device("camera")
    frames = [camera.speaks_old_tls(SITE, name) for name in NAMES]

    result = judged(home)

    finding = result.finding(camera, CHECK)
    assert (finding.severity, finding.confidence) == (Severity.MEDIUM, Confidence.LIKELY)
    assert result.frames(camera, CHECK) == frames


def test_one_hello_that_offers_tls_1_2_acquits():
    home = Home()
    camera = home.device("camera")
    for name in NAMES:
        camera.speaks_old_tls(SITE, name)
    camera.speaks_tls(SITE, "d.example")

    assert judged(home).is_silent(camera, CHECK)


def test_a_single_hello_is_too_little():
    home = Home()
    camera = home.device("camera")
    camera.speaks_old_tls(SITE, "a.example")

    result = judged(home)

    assert not result.finding(camera, CHECK)
    assert not result.was_judged(camera, CHECK)
