"""One issuer of all certificates."""

from thingwarden.model import Severity

from tests.checks.judged import SITE, judged
from tests.home import Home
from tests.tls_bytes import make_certificate

CHECK = "single-certificate-authority"
NAMES = ("api.cam.example", "log.cam.example", "video.cam.example")


def test_three_servers_and_one_issuer_are_told_with_each_server_once():
    home = Home()
    camera = home.device("camera")
    frames = [camera.speaks_tls(SITE, name) for name in (*NAMES, NAMES[0])]

    result = judged(home)

    finding = result.finding(camera, CHECK)
    assert finding.severity is Severity.INFO
    assert finding.statement.startswith("One issuer vouches for all 3 servers")
    assert result.frames(camera, CHECK) == frames[:3]


def test_a_second_issuer_is_silent():
    home = Home()
    camera = home.device("camera")
    for name in NAMES:
        camera.speaks_tls(SITE, name)
    other = make_certificate(("own.cam.example",), own_issuer=True)
    camera.speaks_tls(SITE, "own.cam.example", certificate=other)

    assert judged(home).is_silent(camera, CHECK)


def test_two_servers_are_not_judged():
    home = Home()
    camera = home.device("camera")
    for name in (*NAMES[:2], *NAMES[:2]):
        camera.speaks_tls(SITE, name)

    assert not judged(home).was_judged(camera, CHECK)
