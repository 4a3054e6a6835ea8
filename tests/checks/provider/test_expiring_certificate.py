"""Certificates that end."""

import ssl

from thingwarden.model import Confidence, Severity

from tests.checks.judged import SITE, judged
from tests.home import Home
from tests.tls_bytes import make_certificate

CHECK = "expiring-certificate"
HOST = "api.cam.example"
ENDS_SOON = make_certificate((HOST,), begins="2023-01-01", ends="2026-01-10")
"""Nine days after the captures begin, and for three years."""


def test_a_long_certificate_that_ends_soon_may_stop_the_device():
    home = Home()
    camera = home.device("camera")
    frames = [camera.speaks_tls(SITE, HOST, certificate=ENDS_SOON) for _ in range(2)]

    result = judged(home)

    finding = result.finding(camera, CHECK)
    assert (finding.severity, finding.confidence) == (Severity.INFO, Confidence.LIKELY)
    assert finding.statement.endswith(f"{HOST} (2026-01-10).")
    assert result.frames(camera, CHECK) == frames[1:]


def test_a_certificate_that_is_shown_after_its_end_is_certain_and_low():
    home = Home()
    camera = home.device("camera")
    ended = make_certificate((HOST,), begins="2025-01-01", ends="2025-12-20")
    frame = camera.speaks_tls(SITE, HOST, certificate=ended)

    result = judged(home)

    finding = result.finding(camera, CHECK)
    assert (finding.severity, finding.confidence) == (Severity.LOW, Confidence.CERTAIN)
    assert result.frames(camera, CHECK) == [frame]


def test_a_short_certificate_that_ends_soon_is_renewed_by_a_machine():
    home = Home()
    camera = home.device("camera")
    short = make_certificate((HOST,), begins="2025-10-12", ends="2026-01-10")
    camera.speaks_tls(SITE, HOST, certificate=short)

    assert judged(home).is_silent(camera, CHECK)


def test_a_certificate_that_was_renewed_meanwhile_is_silent():
    home = Home()
    camera = home.device("camera")
    camera.speaks_tls(SITE, HOST, certificate=ENDS_SOON)
    camera.speaks_tls(SITE, HOST)

    assert judged(home).is_silent(camera, CHECK)


def test_a_certificate_that_cannot_be_seen_is_not_judged():
    home = Home()
    camera = home.device("camera")
    camera.speaks_tls(SITE, HOST, certificate=ENDS_SOON, version=ssl.TLSVersion.TLSv1_3)

    assert not judged(home).was_judged(camera, CHECK)
