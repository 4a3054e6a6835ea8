"""Questions for updates that stopped."""

from thingwarden.model import Confidence, Severity

from tests.checks.judged import SITE, judged
from tests.home import Home

CHECK = "update-check-stopped"
DAY = 86_400


def lives(device, days, *, asks=False):
    """A day's traffic, day after day; gives the frames of questions for updates."""
    frames = []
    for _ in range(days):
        if asks:
            frames.append(device.asks("fota.cam.example", SITE))
        device.requests(SITE, "POST /state HTTP/1.1", {"Host": "api.cam.example"})
        device.home.waits(DAY)
    return frames


def test_daily_questions_that_stopped_for_three_weeks_are_told_with_all_of_them():
    home = Home()
    camera = home.device("camera")
    frames = lives(camera, 8, asks=True)
    lives(camera, 22)

    result = judged(home)

    finding = result.finding(camera, CHECK)
    assert (finding.severity, finding.confidence) == (Severity.LOW, Confidence.LIKELY)
    assert "for 22 days" in finding.statement
    assert result.frames(camera, CHECK) == frames


def test_a_few_questions_are_a_guess():
    home = Home()
    camera = home.device("camera")
    lives(camera, 4, asks=True)
    lives(camera, 22)

    assert judged(home).finding(camera, CHECK).confidence is Confidence.GUESS


def test_weekly_questions_are_not_missed_after_two_weeks():
    home = Home()
    camera = home.device("camera")
    for _ in range(4):
        lives(camera, 1, asks=True)
        lives(camera, 6)
    lives(camera, 10)

    assert judged(home).is_silent(camera, CHECK)


def test_a_device_that_was_off_meanwhile_is_silent():
    home = Home()
    camera = home.device("camera")
    lives(camera, 6, asks=True)
    home.waits(20 * DAY)
    lives(camera, 2)

    assert judged(home).is_silent(camera, CHECK)


def test_two_questions_are_not_judged():
    home = Home()
    camera = home.device("camera")
    lives(camera, 2, asks=True)
    lives(camera, 20)

    assert not judged(home).was_judged(camera, CHECK)
