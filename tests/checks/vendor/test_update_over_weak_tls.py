"""Updates over weak encryption."""

from thingwarden.model import Confidence, Severity

from tests.checks.judged import SITE, judged
from tests.home import Home
from tests.tls_bytes import make_certificate, old_hellos

CHECK = "update-over-weak-tls"
HOST = "firmware.cam.example"


def test_an_old_version_that_carries_data_is_likely_and_medium():
    home = Home()
    camera = home.device("camera")
    frame = camera.speaks_old_tls(SITE, HOST, version=0x0301)

    result = judged(home)

    finding = result.finding(camera, CHECK)
    assert (finding.severity, finding.confidence) == (Severity.MEDIUM, Confidence.LIKELY)
    assert f"{HOST} (TLS 1.0)" in finding.statement
    assert result.frames(camera, CHECK) == [frame]


def test_a_certificate_for_another_name_or_one_that_has_ended_is_told():
    home = Home()
    camera = home.device("camera")
    other = make_certificate(("www.other.example",))
    ended = make_certificate((HOST,), begins="2024-01-01", ends="2025-01-01")
    frames = [
        camera.speaks_tls(SITE, HOST, certificate=certificate) for certificate in (other, ended)
    ]

    assert judged(home).frames(camera, CHECK) == frames


def test_good_encryption_and_hellos_without_data_are_silent():
    home = Home()
    camera, plug = home.device("camera"), home.device("plug")
    camera.speaks_tls(SITE, HOST)
    plug.plays(SITE, old_hellos(HOST, goes_on=False))

    result = judged(home)

    assert result.is_silent(camera, CHECK)
    assert result.is_silent(plug, CHECK)


def test_packages_that_are_known_to_be_signed_are_silent():
    home = Home()
    laptop = home.device("laptop")
    laptop.speaks_old_tls(SITE, "update.microsoft.com", version=0x0302)

    assert judged(home).is_silent(laptop, CHECK)


def test_without_any_update_nothing_is_judged():
    home = Home()
    camera = home.device("camera")
    camera.speaks_old_tls(SITE, "api.cam.example")

    assert not judged(home).was_judged(camera, CHECK)
