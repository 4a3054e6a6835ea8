"""Floods, and what needs many packets honestly."""

from thingwarden.model import Confidence, Severity

from tests import frames
from tests.checks.judged import SITE, judged
from tests.home import Device, Home

CHECK = "flood-source"


def sends_datagrams(device: Device, to: str, count: int, *, port: int = 9) -> int:
    """One and the same datagram again and again, a thousand a second."""
    home = device.home
    first = home.datagram(device, home.place(to), (5000, port), bytes(100))
    for _ in range(count - 1):
        home.sends(home.records[first - 1][1])
    return first


def sends_syns(device: Device, to: str, count: int) -> int:
    """One and the same knock again and again, a thousand a second."""
    first = device.knocks(to, 80)
    for _ in range(count - 1):
        device.home.sends(device.home.records[first - 1][1])
    return first


def test_datagrams_that_nobody_answers_are_a_flood():
    home = Home()
    camera = home.device("camera")
    frame = sends_datagrams(camera, SITE, 10_500)

    result = judged(home)

    finding = result.finding(camera, CHECK)
    assert (finding.severity, finding.confidence) == (Severity.HIGH, Confidence.CERTAIN)
    assert result.frames(camera, CHECK) == [frame]


def test_connections_that_are_never_completed_are_a_flood():
    home = Home()
    camera = home.device("camera")
    frame = sends_syns(camera, SITE, 10_500)

    assert judged(home).frames(camera, CHECK) == [frame]


def test_a_stream_whose_receiver_reports_back_is_silent():
    home = Home()
    camera = home.device("camera")
    sends_datagrams(camera, SITE, 10_500, port=5004)
    place = home.place(SITE)
    home.datagram(place, camera, (5005, 5001), bytes(40))

    assert judged(home).is_silent(camera, CHECK)


def test_a_stream_to_the_group_or_to_a_lamp_is_silent():
    home = Home()
    camera, lamp = home.device("camera"), home.device("lamp")
    lamp.announces_by_mdns()
    sends_datagrams(camera, lamp.ip, 10_500)
    group = camera.sends_to_group("239.1.2.3", 5004, bytes(100), src_port=5000)
    for _ in range(10_500):
        home.sends(home.records[group - 1][1])

    assert judged(home).is_silent(camera, CHECK)


def test_a_server_that_is_down_is_no_flood():
    home = Home()
    plug = home.device("plug")
    plug.retries(SITE, 443, times=2_000, every_seconds=0.5)

    assert judged(home).is_silent(plug, CHECK)


def test_who_only_answers_is_not_judged():
    home = Home()
    bulb = home.device("bulb")
    home.sends(frames.ethernet(bulb.mac, frames.BROADCAST, bytes(46), 0x88B5))

    assert not judged(home).was_judged(bulb, CHECK)
