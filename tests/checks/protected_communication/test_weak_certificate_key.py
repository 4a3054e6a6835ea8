"""Certificates of the Internet with short keys or broken hashes."""

from thingwarden.model import Confidence, Severity

from tests.checks.judged import SITE, judged
from tests.checks.protected_communication.shown_certificates import (
    rsa_certificate,
    sha1_certificate,
    shows_certificate,
)
from tests.home import Home

CHECK = "weak-certificate-key"
NAME = "cloud.cam.example"


def test_a_short_key_that_the_client_accepts_is_certain():
    home = Home()
    camera = home.device("camera")
    frame = camera.plays(SITE, shows_certificate(NAME, rsa_certificate(NAME, bits=1024)))

    result = judged(home)

    finding = result.finding(camera, CHECK)
    assert (finding.severity, finding.confidence) == (Severity.MEDIUM, Confidence.CERTAIN)
    assert "rsa-1024" in finding.statement
    assert result.frames(camera, CHECK) == [frame]


def test_sha_1_is_low_unless_the_certificate_signed_itself():
    home = Home()
    camera, own = home.device("camera"), home.device("own")
    camera.plays(SITE, shows_certificate(NAME, sha1_certificate(NAME)))
    root = sha1_certificate(NAME, own_issuer=True)
    own.plays(SITE, shows_certificate(NAME, root))

    result = judged(home)

    assert result.finding(camera, CHECK).severity is Severity.LOW
    assert result.is_silent(own, CHECK)


def test_a_key_of_2048_bits_is_silent():
    home = Home()
    camera = home.device("camera")
    camera.plays(SITE, shows_certificate(NAME, rsa_certificate(NAME)))

    assert judged(home).is_silent(camera, CHECK)


def test_a_weak_certificate_that_is_not_accepted_or_not_of_the_internet_is_not_judged():
    home = Home()
    camera, hub = home.device("camera"), home.device("hub")
    weak = rsa_certificate(NAME, bits=1024)
    camera.plays(SITE, shows_certificate(NAME, weak, goes_on=False))
    camera.plays(hub, shows_certificate(NAME, weak))

    result = judged(home)

    assert not result.finding(camera, CHECK)
    assert not result.was_judged(camera, CHECK)
