"""TLS whose client names no server."""

from thingwarden.model import Confidence, Severity

from tests.checks.judged import OTHER_SITE, SITE, judged
from tests.home import Home

CHECK = "tls-without-name"


def test_a_client_that_never_names_a_server_is_a_fact_worth_knowing():
    home = Home()
    camera = home.device("camera")
    frame = camera.speaks_tls(SITE, None)
    camera.speaks_tls(SITE, None)
    other = camera.speaks_tls(OTHER_SITE, None)

    result = judged(home)

    finding = result.finding(camera, CHECK)
    assert (finding.severity, finding.confidence) == (Severity.INFO, Confidence.CERTAIN)
    assert result.frames(camera, CHECK) == [frame, other]


def test_a_client_that_names_one_server_is_silent():
    home = Home()
    camera = home.device("camera")
    for name in (None, None, "cam.example"):
        camera.speaks_tls(SITE, name)

    assert judged(home).is_silent(camera, CHECK)


def test_two_connections_are_too_few():
    home = Home()
    camera = home.device("camera")
    for _ in range(2):
        camera.speaks_tls(SITE, None)

    result = judged(home)

    assert not result.finding(camera, CHECK)
    assert not result.was_judged(camera, CHECK)
