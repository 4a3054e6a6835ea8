"""Web servers that nobody works on any more."""

import pytest

from thingwarden.model import Confidence, Severity

from tests.checks.judged import SITE, judged
from tests.home import Home

CHECK = "abandoned-software"


def serves(home, banner):
    phone, camera = home.device("phone"), home.device("camera")
    asked = phone.requests(camera, answer_headers={"Server": banner} if banner else None)
    return camera, asked + 2  # request, its acknowledgement, answer


@pytest.mark.parametrize(
    ("banner", "named"),
    [
        ("Boa/0.94.14rc21", "Boa 0.94.14"),
        ("GoAhead-Webs", "GoAhead-Webs"),
        ("Allegro-Software-RomPager/4.07 UPnP/1.0", "RomPager 4.07"),
        ("uc-httpd 1.0.0", "uc-httpd 1.0.0"),
        ("Cross Web Server", "Cross Web Server"),
        ("thttpd/2.25b 29dec2003", "thttpd 2.25"),
        ("mini_httpd/1.19 19dec2003", "mini_httpd 1.19"),
    ],
)
def test_abandoned_servers_are_likely_a_weakness(banner, named):
    home = Home()
    camera, answer = serves(home, banner)

    result = judged(home)

    finding = result.finding(camera, CHECK)
    assert (finding.severity, finding.confidence) == (Severity.MEDIUM, Confidence.LIKELY)
    assert result.frames(camera, CHECK) == [answer]
    assert f"{named}." in finding.statement


@pytest.mark.parametrize("banner", ["Allegro-Software-RomPager/5.40", "thttpd/2.29"])
def test_releases_that_are_looked_after_are_silent(banner):
    home = Home()
    camera, _ = serves(home, banner)

    assert judged(home).is_silent(camera, CHECK)


def test_a_server_without_a_name_is_not_judged():
    home = Home()
    camera, _ = serves(home, "")

    assert not judged(home).was_judged(camera, CHECK)


def test_an_abandoned_server_on_the_internet_is_not_the_devices_fault():
    home = Home()
    camera = home.device("camera")
    camera.requests(SITE, answer_headers={"Server": "Boa/0.94.13"})

    assert not judged(home).finding(camera, CHECK)
