"""A MUD URL without encryption."""

from thingwarden.model import Confidence, Severity

from tests.checks.judged import judged
from tests.checks.vendor.mud import joins_with_mud
from tests.home import Home

CHECK = "mud-url-not-https"


def test_an_address_with_http_is_certain_and_told_once():
    home = Home()
    camera = home.device("camera")
    camera.joins_by_dhcp()
    frames = [joins_with_mud(camera, "http://mud.cam.example/cam1") for _ in range(2)]

    result = judged(home)

    finding = result.finding(camera, CHECK)
    assert (finding.severity, finding.confidence) == (Severity.MEDIUM, Confidence.CERTAIN)
    assert "http://mud.cam.example/cam1" in finding.statement
    assert result.frames(camera, CHECK) == frames[:1]


def test_an_address_with_https_is_silent():
    home = Home()
    camera = home.device("camera")
    joins_with_mud(camera, "https://mud.cam.example/cam1")

    assert judged(home).is_silent(camera, CHECK)


def test_without_an_address_nothing_is_judged():
    home = Home()
    camera = home.device("camera")
    camera.joins_by_dhcp()

    assert not judged(home).was_judged(camera, CHECK)
