"""Devices that hammer what does not answer."""

from thingwarden.model import Confidence, Severity

from tests.checks.judged import SITE, judged
from tests.home import Home

CHECK = "retry-storm"


def test_knocks_without_pause_are_certain():
    home = Home()
    plug = home.device("plug")
    frame = plug.retries(SITE, 8883, times=300, every_seconds=5, refused=False)

    result = judged(home)

    finding = result.finding(plug, CHECK)
    assert (finding.severity, finding.confidence) == (Severity.LOW, Confidence.CERTAIN)
    assert result.frames(plug, CHECK) == list(range(frame, frame + 25))
    assert finding.evidence_total == 300


def test_a_name_asked_for_again_and_again_is_found():
    home = Home()
    plug = home.device("plug")
    for _ in range(200):
        plug.asks("gone.example", rcode=3)
        home.waits(5)

    assert judged(home).finding(plug, CHECK)


def test_more_than_one_knock_a_second_is_medium():
    home = Home()
    plug = home.device("plug")
    plug.retries(SITE, 8883, times=4000, every_seconds=0.2)

    assert judged(home).finding(plug, CHECK).severity is Severity.MEDIUM


def test_an_outage_of_the_internet_is_told_as_reliability_never_as_conduct():
    home = Home()
    devices = [home.device(name) for name in ("plug", "camera", "lamp")]
    for device in devices:
        device.joins_by_dhcp()
    for turn in range(1200):
        for device in devices:
            device.asks(f"cloud{turn % 3}.{device.name}.example", home.router.ip)
            device.knocks(home.router, 8883, refused=True)
            stream = device.connects(home.router, 443)
            stream.resets()
        home.waits(9)

    result = judged(home)

    for device in devices:
        assert result.finding(device, CHECK)
        counted = {
            each.concern.value for each in result.by_mac[device.mac].findings if each.severity.rank
        }
        assert counted == {"reliable-communication"}


def test_a_device_that_waits_longer_each_time_is_silent():
    home = Home()
    plug = home.device("plug")
    for attempt in range(20):
        plug.knocks(SITE, 8883, refused=True)
        home.waits(min(300, 2**attempt))

    assert judged(home).is_silent(plug, CHECK)


def test_many_connections_that_work_are_silent():
    home = Home()
    plug = home.device("plug")
    for _ in range(150):
        plug.asks("cloud.example", SITE)
        plug.requests(SITE)
        home.waits(5)

    assert judged(home).is_silent(plug, CHECK)


def test_without_questions_and_connections_nothing_is_judged():
    home = Home()
    plug = home.device("plug")
    plug.announces_by_mdns()

    assert not judged(home).was_judged(plug, CHECK)
