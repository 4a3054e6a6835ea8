"""Old versions of NTP."""

import pytest

from thingwarden.model import Confidence, Severity

from tests.checks.judged import SITE, judged
from tests.home import Home

CHECK = "old-ntp-version"


def asks_the_time(home, device, version):
    question = bytes((version << 3 | 3, 0, 6, 0xEC)) + bytes(44)
    return home.datagram(device, home.place(SITE), (home.fresh_port(), 123), question)


@pytest.mark.parametrize(("version", "severity"), [(3, Severity.INFO), (1, Severity.LOW)])
def test_old_versions_are_certain(version, severity):
    home = Home()
    camera = home.device("camera")
    frame = asks_the_time(home, camera, version)

    result = judged(home)

    finding = result.finding(camera, CHECK)
    assert (finding.severity, finding.confidence) == (severity, Confidence.CERTAIN)
    assert result.frames(camera, CHECK) == [frame]


def test_one_question_of_version_4_acquits():
    home = Home()
    camera = home.device("camera")
    asks_the_time(home, camera, 3)
    camera.sets_its_clock(SITE)

    assert judged(home).is_silent(camera, CHECK)


def test_a_device_that_never_asks_is_not_judged():
    home = Home()
    camera = home.device("camera")
    camera.requests(SITE)

    assert not judged(home).was_judged(camera, CHECK)
