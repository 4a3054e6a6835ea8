"""No question for updates in two weeks."""

import pytest

from thingwarden.model import Confidence, Severity

from tests.checks.judged import OTHER_SITE, SITE, judged
from tests.home import Home

CHECK = "never-asks-for-updates"
HOST = "api.cam.example"
DAY = 86_400


def works(device, days=16, every=1):
    """A lookup and a request a day; gives the frame of the first request's connection."""
    frames = []
    for _ in range(0, days, every):
        device.asks(HOST, SITE)
        frames.append(len(device.home.records) + 1)
        device.requests(SITE, "POST /state HTTP/1.1", {"Host": HOST})
        device.home.waits(every * DAY)
    return frames[0]


def test_two_weeks_of_other_things_are_a_guess():
    home = Home()
    camera = home.device("camera")
    frame = works(camera)

    result = judged(home)

    finding = result.finding(camera, CHECK)
    assert (finding.severity, finding.confidence) == (Severity.LOW, Confidence.GUESS)
    assert result.frames(camera, CHECK) == [frame]


@pytest.mark.parametrize(
    "name",
    ["ota.cam.example", "cam-fw.s3.amazonaws.com", "play.googleapis.com", "cdn2.cam.example"],
)
def test_one_name_that_may_serve_updates_is_silent(name):
    home = Home()
    camera = home.device("camera")
    camera.asks(name, OTHER_SITE)
    works(camera)

    assert judged(home).is_silent(camera, CHECK)


def test_a_path_that_speaks_of_versions_is_silent():
    home = Home()
    camera = home.device("camera")
    camera.requests(SITE, "GET /v1/latest-version HTTP/1.1", {"Host": HOST})
    works(camera)

    assert judged(home).is_silent(camera, CHECK)


def test_ten_days_or_a_day_here_and_there_are_too_short():
    home = Home()
    camera, plug = home.device("camera"), home.device("plug")
    works(plug, days=30, every=5)
    works(camera, days=10)

    result = judged(home)

    assert not result.was_judged(camera, CHECK)
    assert not result.was_judged(plug, CHECK)


def test_servers_without_names_are_not_judged():
    home = Home()
    camera = home.device("camera")
    works(camera, days=8)
    camera.requests(OTHER_SITE, "GET / HTTP/1.1", {"Host": OTHER_SITE})
    works(camera, days=8)

    result = judged(home)

    assert not result.finding(camera, CHECK)
    assert not result.was_judged(camera, CHECK)
