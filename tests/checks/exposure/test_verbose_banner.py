"""Banners with a version."""

import pytest

from thingwarden.model import Confidence, Severity

from tests.checks.judged import SITE, judged
from tests.home import Home

CHECK = "verbose-banner"


def test_a_version_in_a_banner_is_a_fact_to_know():
    home = Home()
    camera, phone = home.device("camera"), home.device("phone")
    frame = phone.requests(camera, answer_headers={"Server": "lighttpd/1.4.35"})

    result = judged(home)

    finding = result.finding(camera, CHECK)
    assert (finding.severity, finding.confidence) == (Severity.INFO, Confidence.CERTAIN)
    assert len(result.frames(camera, CHECK)) == 1
    assert result.frames(camera, CHECK)[0] > frame
    assert "lighttpd/1.4.35" in finding.statement


@pytest.mark.parametrize(
    "banner", ["webserver", "Embedded UPnP/1.0", "Unspecified, UPnP/1.0, Unspecified", "HTTP/1.1"]
)
def test_a_banner_without_a_version_of_its_software_is_silent(banner):
    home = Home()
    camera, phone = home.device("camera"), home.device("phone")
    phone.requests(camera, answer_headers={"Server": banner})

    assert judged(home).is_silent(camera, CHECK)


def test_what_servers_on_the_internet_say_is_not_the_devices():
    home = Home()
    camera = home.device("camera")
    camera.requests(SITE, answer_headers={"Server": "nginx/1.18.0"})

    result = judged(home)

    assert not result.finding(camera, CHECK)
    assert not result.was_judged(camera, CHECK)
