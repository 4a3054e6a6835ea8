"""Certificates that a device in the home shows itself."""

from thingwarden.model import Confidence, Severity

from tests.checks.judged import SITE, judged
from tests.checks.protected_communication.shown_certificates import (
    curve_certificate,
    rsa_certificate,
    shows_certificate,
)
from tests.home import Home

CHECK = "device-certificate"
NAME = "hub.local"


def test_an_expired_certificate_is_the_fault_of_the_device_that_shows_it():
    home = Home()
    phone, hub = home.device("phone"), home.device("hub")
    old = curve_certificate(NAME, valid_days=30)
    frame = phone.plays(hub, shows_certificate(NAME, old))

    result = judged(home)

    finding = result.finding(hub, CHECK)
    assert (finding.severity, finding.confidence) == (Severity.LOW, Confidence.CERTAIN)
    assert "2025-01-31" in finding.evidence[0].says
    assert result.frames(hub, CHECK) == [frame]
    assert not result.finding(phone, CHECK)


def test_a_short_key_is_told():
    home = Home()
    phone, hub = home.device("phone"), home.device("hub")
    phone.plays(hub, shows_certificate(NAME, rsa_certificate(NAME, bits=1024, own_issuer=True)))

    assert "rsa-1024" in judged(home).finding(hub, CHECK).statement


def test_a_certificate_that_the_device_signed_itself_is_silent():
    home = Home()
    phone, hub = home.device("phone"), home.device("hub")
    phone.plays(hub, shows_certificate(NAME, curve_certificate(NAME)))

    assert judged(home).is_silent(hub, CHECK)


def test_a_device_that_only_uses_tls_is_not_judged():
    home = Home()
    camera = home.device("camera")
    camera.plays(SITE, shows_certificate(NAME, curve_certificate(NAME, valid_days=30)))

    assert not judged(home).was_judged(camera, CHECK)
