"""Encrypted connections that never come about."""

from thingwarden.model import Confidence, Severity

from tests.checks.judged import OTHER_SITE, SITE, judged
from tests.home import Device, Home
from tests.tls_bytes import alert, old_hellos

CHECK = "failing-handshakes"
UNKNOWN_AUTHORITY, HANDSHAKE_FAILURE = 48, 40


def is_refused(device: Device, name: str, *, times: int, by_client: bool = True) -> list[int]:
    """Handshakes that end in an alert; frames of the client hellos."""
    frames = []
    for _ in range(times):
        hellos = old_hellos(name, version=0x0303, cipher=0xC02F, goes_on=False)
        ends = (by_client, alert(UNKNOWN_AUTHORITY if by_client else HANDSHAKE_FAILURE))
        frames.append(
            device.plays(OTHER_SITE, [hellos[0], ends] if not by_client else [*hellos, ends])
        )
        device.home.waits(60)
    return frames


def test_a_server_whose_certificate_is_never_trusted_is_found():
    home = Home()
    camera = home.device("camera")
    camera.speaks_tls(SITE, "cloud.example")
    frames = is_refused(camera, "logs.example", times=12)

    result = judged(home)

    finding = result.finding(camera, CHECK)
    assert (finding.severity, finding.confidence) == (Severity.LOW, Confidence.CERTAIN)
    assert "unknown authority" in finding.statement
    assert result.frames(camera, CHECK) == frames


def test_a_server_that_refuses_is_found_too():
    home = Home()
    camera = home.device("camera")
    camera.speaks_tls(SITE, "cloud.example")
    is_refused(camera, "logs.example", times=12, by_client=False)

    assert "the server ended" in judged(home).finding(camera, CHECK).statement


def test_a_server_that_works_once_is_silent():
    home = Home()
    camera = home.device("camera")
    camera.speaks_tls(OTHER_SITE, "logs.example")
    is_refused(camera, "logs.example", times=12)

    assert judged(home).is_silent(camera, CHECK)


def test_a_few_failures_are_everyday():
    home = Home()
    camera = home.device("camera")
    camera.speaks_tls(SITE, "cloud.example")
    is_refused(camera, "logs.example", times=3)

    assert judged(home).is_silent(camera, CHECK)


def test_without_a_handshake_that_works_nothing_is_judged():
    home = Home()
    camera = home.device("camera")
    is_refused(camera, "logs.example", times=12)

    assert not judged(home).was_judged(camera, CHECK)
