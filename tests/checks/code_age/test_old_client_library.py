"""Old libraries for web requests."""

import pytest

from thingwarden.model import Confidence, Severity

from tests.checks.judged import SITE, judged
from tests.home import Home

CHECK = "old-client-library"


def asks(home, user_agent):
    device = home.device("device")
    headers = {"Host": "a.example", "User-Agent": user_agent}
    return device, device.requests(SITE, "GET / HTTP/1.1", headers)


@pytest.mark.parametrize(
    ("user_agent", "named"),
    [
        ("curl/7.30.0", "curl 7.30.0"),
        ("Python-urllib/2.7", "Python 2.7"),
        ("okhttp/2.7.5", "okhttp 2.7.5"),
        ("okhttp/3.12.1", "okhttp 3.12.1"),
        ("Java/1.6.0_26", "Java 1.6.0"),
        ("Wget/1.13 (linux-uclibc)", "Wget 1.13"),
        ("Dalvik/1.6.0 (Linux; U; Android 4.4.2; TV Build/KOT49H)", "Dalvik 1.6.0"),
    ],
)
def test_old_libraries_are_low(user_agent, named):
    home = Home()
    device, frame = asks(home, user_agent)

    result = judged(home)

    finding = result.finding(device, CHECK)
    assert (finding.severity, finding.confidence) == (Severity.LOW, Confidence.LIKELY)
    assert result.frames(device, CHECK) == [frame]
    assert named in finding.statement


@pytest.mark.parametrize(
    "user_agent", ["curl/8.11.0", "okhttp/4.12.0", "Python/3.13 aiohttp/3.11.1", "Dalvik/2.1.0 (x)"]
)
def test_current_libraries_are_silent(user_agent):
    home = Home()
    device, _ = asks(home, user_agent)

    assert judged(home).is_silent(device, CHECK)


@pytest.mark.parametrize("user_agent", ["libcurl-agent/1.0", "Wget", "MyCurl/1.0"])
def test_texts_without_a_version_of_a_library_are_not_judged(user_agent):
    home = Home()
    device, _ = asks(home, user_agent)

    assert not judged(home).was_judged(device, CHECK)
