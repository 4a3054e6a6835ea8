"""Web servers that are past their end."""

from thingwarden.model import Confidence, Severity

from tests.checks.judged import SITE, judged
from tests.home import Home

CHECK = "outdated-web-server"


def serves(home, banner):
    phone, camera = home.device("phone"), home.device("camera")
    asked = phone.requests(camera, answer_headers={"Server": banner})
    return camera, asked + 2  # request, its acknowledgement, answer


def test_a_server_whose_support_is_over_is_medium():
    home = Home()
    camera, answer = serves(home, "Apache/2.2.3 (Unix) PHP/5.3.3")

    result = judged(home)

    finding = result.finding(camera, CHECK)
    assert (finding.severity, finding.confidence) == (Severity.MEDIUM, Confidence.LIKELY)
    assert result.frames(camera, CHECK) == [answer, answer]
    assert "Apache 2.2.3" in finding.statement
    assert "PHP 5.3.3" in finding.statement


def test_an_old_release_without_a_published_end_is_low():
    home = Home()
    camera, answer = serves(home, "lighttpd/1.4.53")

    result = judged(home)

    assert result.finding(camera, CHECK).severity is Severity.LOW
    assert result.frames(camera, CHECK) == [answer]


def test_a_current_server_is_silent():
    home = Home()
    camera, _ = serves(home, "Apache/2.4.62 (Unix)")

    assert not judged(home).finding(camera, CHECK)


def test_a_server_of_a_distribution_is_not_judged():
    home = Home()
    computer, _ = serves(home, "Apache/2.2.22 (Debian)")

    result = judged(home)

    assert not result.finding(computer, CHECK)
    assert not result.was_judged(computer, CHECK)


def test_what_a_server_on_the_internet_runs_is_not_the_devices_fault():
    home = Home()
    camera = home.device("camera")
    camera.requests(SITE, answer_headers={"Server": "Apache/2.2.3"})

    assert not judged(home).was_judged(camera, CHECK)
