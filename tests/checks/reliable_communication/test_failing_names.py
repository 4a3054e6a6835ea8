"""Names that never resolve."""

from thingwarden.model import Confidence, Severity

from tests.checks.judged import SITE, judged
from tests.home import Device, Home

CHECK = "failing-names"
REFUSED, SERVER_FAILURE, NO_SUCH_NAME = 5, 2, 3


def asks_on(device: Device, name: str, *, rcode: int = 0, times: int = 30) -> int:
    """The same question every five minutes, a good one beside it; gives the first frame."""
    first = len(device.home.records) + 1
    for _ in range(times):
        device.asks(name, rcode=rcode)
        device.asks("cloud.example", SITE)
        device.home.waits(300)
    return first


def test_a_name_that_always_fails_is_certain():
    home = Home()
    plug = home.device("plug")
    frame = asks_on(plug, "stats.plugs.example", rcode=SERVER_FAILURE)

    result = judged(home)

    finding = result.finding(plug, CHECK)
    assert (finding.severity, finding.confidence) == (Severity.LOW, Confidence.CERTAIN)
    assert result.frames(plug, CHECK) == [frame]


def test_a_name_that_nobody_answers_is_found():
    home = Home()
    plug = home.device("plug")
    asks_on(plug, "stats.plugs.example")

    assert judged(home).finding(plug, CHECK)


def test_local_names_and_searches_for_a_proxy_are_silent():
    home = Home()
    laptop = home.device("laptop")
    for name in ("nas.local", "wpad.office.example", "printer", "1.1.168.192.in-addr.arpa"):
        asks_on(laptop, name, rcode=SERVER_FAILURE)

    assert judged(home).is_silent(laptop, CHECK)


def test_a_name_that_another_device_gets_is_filtered_for_this_one():
    home = Home()
    plug, phone = home.device("plug"), home.device("phone")
    phone.asks("ads.plugs.example", SITE)
    asks_on(plug, "ads.plugs.example", rcode=REFUSED)

    assert judged(home).is_silent(plug, CHECK)


def test_without_any_answer_nothing_is_judged():
    home = Home()
    plug = home.device("plug")
    for _ in range(30):
        plug.asks("stats.plugs.example")
        home.waits(300)

    assert not judged(home).was_judged(plug, CHECK)
