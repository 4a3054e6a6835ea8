"""Operating systems whose maker has stopped mending them."""

import pytest

from thingwarden.model import Confidence, Severity

from tests.checks.judged import SITE, judged
from tests.home import Home

CHECK = "outdated-system"
FROZEN = (
    "Mozilla/5.0 (Linux; Android 10; K) AppleWebKit/537.36 (KHTML, like Gecko)"
    " Chrome/130.0.0.0 Mobile Safari/537.36"
)


def asks(home, user_agent):
    device = home.device("device")
    headers = {"Host": "a.example", "User-Agent": user_agent}
    return device, device.requests(SITE, "GET / HTTP/1.1", headers)


def test_an_old_android_is_likely():
    home = Home()
    phone, frame = asks(home, "Dalvik/2.1.0 (Linux; U; Android 5.1.1; SM-N7505 Build/LMY47X)")

    result = judged(home)

    finding = result.finding(phone, CHECK)
    assert (finding.severity, finding.confidence) == (Severity.MEDIUM, Confidence.LIKELY)
    assert result.frames(phone, CHECK) == [frame]
    assert "Android 5.1.1" in finding.statement


def test_an_android_that_asks_for_an_address_says_its_version():
    home = Home()
    box = home.device("box")
    frame = box.joins_by_dhcp(vendor_class="android-dhcp-7.1.2")

    assert judged(home).frames(box, CHECK) == [frame]


@pytest.mark.parametrize(
    "user_agent",
    [
        "Microsoft-CryptoAPI/6.1",
        "Mozilla/5.0 (iPhone; CPU iPhone OS 9_3_5 like Mac OS X) AppleWebKit/601.1.46",
    ],
)
def test_other_systems_are_known(user_agent):
    home = Home()
    device, frame = asks(home, user_agent)

    assert judged(home).frames(device, CHECK) == [frame]


def test_a_current_android_is_silent():
    home = Home()
    phone, _ = asks(home, "Dalvik/2.1.0 (Linux; U; Android 15; Pixel 8 Build/AP3A)")

    assert judged(home).is_silent(phone, CHECK)


@pytest.mark.parametrize(
    "user_agent",
    [
        FROZEN,
        "Mozilla/4.0 (compatible; MSIE 6.0; Windows NT 5.1)",
        "ksoap2-android/2.6.0+",
        "Pinterest for Android/5.6",
    ],
)
def test_texts_that_say_nothing_of_the_system_are_not_judged(user_agent):
    home = Home()
    device, _ = asks(home, user_agent)

    result = judged(home)

    assert not result.finding(device, CHECK)
    assert not result.was_judged(device, CHECK)


def test_the_vendor_class_of_every_windows_is_no_evidence():
    home = Home()
    computer = home.device("computer")
    computer.joins_by_dhcp(vendor_class="MSFT 5.0")

    assert not judged(home).was_judged(computer, CHECK)
