"""Old TLS versions and weak cipher suites."""

import pytest

from thingwarden.model import Confidence, Severity

from tests.checks.judged import SITE, judged
from tests.home import Home
from tests.tls_bytes import alert, old_hellos

CHECK = "old-tls"


def test_tls_1_0_that_carries_data_is_certain():
    home = Home()
    camera = home.device("camera")
    frame = camera.speaks_old_tls(SITE, "cam.example", version=0x0301)

    result = judged(home)

    finding = result.finding(camera, CHECK)
    assert (finding.severity, finding.confidence) == (Severity.MEDIUM, Confidence.CERTAIN)
    assert result.frames(camera, CHECK) == [frame]


@pytest.mark.parametrize("cipher", [0x0005, 0x0009, 0x0001, 0x0018])
def test_broken_ciphers_are_worse_than_old_versions(cipher):
    home = Home()
    camera = home.device("camera")
    camera.speaks_old_tls(SITE, "cam.example", version=0x0303, cipher=cipher)

    assert judged(home).finding(camera, CHECK).severity is Severity.HIGH


def test_a_device_that_serves_old_tls_is_blamed_too():
    home = Home()
    phone, camera = home.device("phone"), home.device("camera")
    phone.speaks_old_tls(camera, "cam.local", version=0x0302)

    result = judged(home)

    assert result.finding(camera, CHECK)
    assert result.finding(phone, CHECK)


def test_hellos_without_data_are_likely():
    home = Home()
    camera = home.device("camera")
    camera.plays(SITE, old_hellos("cam.example", goes_on=False))

    assert judged(home).finding(camera, CHECK).confidence is Confidence.LIKELY


def test_a_weak_choice_that_the_client_refuses_is_silent():
    home = Home()
    camera = home.device("camera")
    refused = [*old_hellos("cam.example", goes_on=False), (True, alert(70, 0x0301))]
    camera.plays(SITE, refused)

    assert judged(home).is_silent(camera, CHECK)


def test_tls_1_2_with_good_ciphers_is_silent():
    home = Home()
    camera = home.device("camera")
    camera.speaks_tls(SITE, "cam.example")

    assert judged(home).is_silent(camera, CHECK)
