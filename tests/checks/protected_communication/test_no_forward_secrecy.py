"""Key exchanges that a stolen key opens later."""

import pytest

from thingwarden.model import Confidence, Severity

from tests.checks.judged import SITE, judged
from tests.home import Home
from tests.tls_bytes import alert, old_hellos

CHECK = "no-forward-secrecy"
STATIC_RSA = 0x003C  # TLS_RSA_WITH_AES_128_CBC_SHA256
STATIC_PSK = 0x00AE  # TLS_PSK_WITH_AES_128_CBC_SHA256
EPHEMERAL = 0xC02F  # TLS_ECDHE_RSA_WITH_AES_128_GCM_SHA256


@pytest.mark.parametrize("cipher", [STATIC_RSA, STATIC_PSK])
def test_long_lived_keys_only_are_low_and_certain(cipher):
    home = Home()
    camera = home.device("camera")
    frame = camera.speaks_old_tls(SITE, "cam.example", version=0x0303, cipher=cipher)
    camera.speaks_old_tls(SITE, "cam.example", version=0x0303, cipher=cipher)

    result = judged(home)

    finding = result.finding(camera, CHECK)
    assert (finding.severity, finding.confidence) == (Severity.LOW, Confidence.CERTAIN)
    assert result.frames(camera, CHECK) == [frame]


def test_ephemeral_keys_are_silent():
    home = Home()
    camera = home.device("camera")
    camera.speaks_old_tls(SITE, "cam.example", version=0x0303, cipher=EPHEMERAL)
    camera.speaks_tls(SITE, "cam.example")

    assert judged(home).is_silent(camera, CHECK)


def test_a_choice_without_data_is_likely_and_a_refused_one_is_silent():
    home = Home()
    camera, strict = home.device("camera"), home.device("strict")
    hellos = old_hellos("cam.example", version=0x0303, cipher=STATIC_RSA, goes_on=False)
    camera.plays(SITE, hellos)
    strict.plays(SITE, [*hellos, (True, alert(40))])

    result = judged(home)

    assert result.finding(camera, CHECK).confidence is Confidence.LIKELY
    assert result.is_silent(strict, CHECK)


def test_without_tls_nothing_is_judged():
    home = Home()
    camera = home.device("camera")
    camera.requests(SITE)

    assert not judged(home).was_judged(camera, CHECK)
