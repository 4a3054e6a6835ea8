"""Names that are kept up to date."""

from thingwarden.model import Confidence, Severity

from tests.checks.judged import SITE, judged
from tests.home import Home

CHECK = "dynamic-dns-update"


def test_a_report_of_its_address_is_told():
    home = Home()
    camera = home.device("camera")
    asked = camera.requests(SITE, "GET /nic/update HTTP/1.1", {"Host": "members.dyndns.org"})

    result = judged(home)

    finding = result.finding(camera, CHECK)
    assert (finding.severity, finding.confidence) == (Severity.LOW, Confidence.LIKELY)
    assert len(result.frames(camera, CHECK)) == 1
    assert result.frames(camera, CHECK)[0] < asked


def test_another_host_of_the_same_owner_is_silent():
    home = Home()
    camera = home.device("camera")
    camera.requests(SITE, "GET / HTTP/1.1", {"Host": "www.dyndns.org"})

    assert judged(home).is_silent(camera, CHECK)


def test_without_a_name_on_the_internet_it_is_not_judged():
    home = Home()
    camera = home.device("camera")
    camera.asks("members.dyndns.org")

    assert not judged(home).was_judged(camera, CHECK)
