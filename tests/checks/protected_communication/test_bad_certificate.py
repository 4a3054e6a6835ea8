"""Certificates that a client should have refused."""

import ssl

from thingwarden.model import Confidence, Severity

from tests.checks.judged import SITE, judged
from tests.home import Home
from tests.tls_bytes import alert, make_certificate, shake_hands

CHECK = "bad-certificate"
NAME = "cloud.cam.example"


def test_an_expired_certificate_that_the_client_accepts_is_certain():
    home = Home()
    camera = home.device("camera")
    old = make_certificate((NAME,), begins="2020-01-01", ends="2021-01-01")
    frame = camera.speaks_tls(SITE, NAME, certificate=old)

    result = judged(home)

    finding = result.finding(camera, CHECK)
    assert (finding.severity, finding.confidence) == (Severity.MEDIUM, Confidence.CERTAIN)
    assert "expired since 2021-01-01" in finding.evidence[0].says
    assert result.frames(camera, CHECK) == [frame]


def test_a_certificate_for_another_name_is_high():
    home = Home()
    camera = home.device("camera")
    camera.speaks_tls(SITE, NAME, certificate=make_certificate(("other.example",)))

    finding = judged(home).finding(camera, CHECK)

    assert (finding.severity, finding.confidence) == (Severity.HIGH, Confidence.LIKELY)


def test_a_self_signed_certificate_may_be_known_by_heart():
    home = Home()
    camera = home.device("camera")
    camera.speaks_tls(SITE, NAME, certificate=make_certificate((NAME,), own_issuer=True))

    finding = judged(home).finding(camera, CHECK)

    assert (finding.severity, finding.confidence) == (Severity.MEDIUM, Confidence.LIKELY)


def test_a_self_signed_certificate_on_the_local_network_is_low():
    home = Home()
    phone, hub = home.device("phone"), home.device("hub")
    phone.speaks_tls(
        hub, "hub.local", certificate=make_certificate(("hub.local",), own_issuer=True)
    )

    result = judged(home)

    assert result.finding(phone, CHECK).severity is Severity.LOW
    assert not result.finding(hub, CHECK)


def test_a_wildcard_stands_for_one_label_only():
    home = Home()
    right, wrong = home.device("right"), home.device("wrong")
    right.speaks_tls(SITE, NAME, certificate=make_certificate(("*.cam.example",)))
    wrong.speaks_tls(SITE, f"a.{NAME}", certificate=make_certificate(("*.cam.example",)))

    result = judged(home)

    assert result.is_silent(right, CHECK)
    assert result.finding(wrong, CHECK)


def test_a_bad_certificate_that_the_client_refuses_is_silent():
    home = Home()
    camera = home.device("camera")
    old = make_certificate((NAME,), begins="2020-01-01", ends="2021-01-01")
    camera.plays(SITE, [*shake_hands(NAME, old)[:2], (True, alert(45))])

    assert judged(home).is_silent(camera, CHECK)


def test_a_certificate_that_nobody_can_see_is_not_judged():
    home = Home()
    camera = home.device("camera")
    old = make_certificate((NAME,), begins="2020-01-01", ends="2021-01-01")
    camera.speaks_tls(SITE, NAME, certificate=old, version=ssl.TLSVersion.TLSv1_3)

    assert not judged(home).was_judged(camera, CHECK)
