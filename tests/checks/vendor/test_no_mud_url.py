"""No MUD URL."""

from thingwarden.model import Severity

from tests.checks.judged import SITE, judged
from tests.checks.vendor.mud import joins_with_mud
from tests.home import Home

CHECK = "no-mud-url"


def test_joining_without_a_url_is_told_with_the_first_message():
    home = Home()
    camera = home.device("camera")
    frame = camera.joins_by_dhcp()

    result = judged(home)

    assert result.finding(camera, CHECK).severity is Severity.INFO
    assert result.frames(camera, CHECK) == [frame]


def test_a_url_in_a_later_message_is_enough():
    home = Home()
    camera = home.device("camera")
    camera.joins_by_dhcp()
    joins_with_mud(camera, "https://mud.cam.example/cam1")

    assert judged(home).is_silent(camera, CHECK)


def test_without_dhcp_nothing_is_judged():
    home = Home()
    camera = home.device("camera")
    camera.speaks_tls(SITE, "api.cam.example")

    assert not judged(home).was_judged(camera, CHECK)
