"""Services whose name is gone."""

import struct

from thingwarden.model import Confidence, Severity

from tests import messages
from tests.checks.judged import SITE, judged
from tests.home import Device, Home

CHECK = "orphaned-service"
SOA = 6


def is_denied(device: Device, name: str, *, zone: str | None) -> int:
    """A question, and the answer that there is no such name; gives the frame of the answer."""
    home = device.home
    port = home.fresh_port()
    question = messages.dns_question(name, identifier=port)
    home.datagram(device, home.router, (port, 53), question)
    answer = bytearray(messages.dns_answer(name, [], identifier=port, rcode=3))
    if zone is not None:
        answer[8:10] = struct.pack("!H", 1)
        value = messages.dns_name("ns.example") * 2 + bytes(20)
        answer += messages.dns_record(zone, value, SOA)
    return home.datagram(home.router, device, (53, port), bytes(answer))


def asks_on(device: Device, name: str, *, zone: str | None = None, times: int = 24) -> list[int]:
    """A denied question every ten minutes."""
    frames = []
    for _ in range(times):
        device.asks("cloud.maker.org", SITE)
        frames.append(is_denied(device, name, zone=zone))
        device.home.waits(600)
    return frames


def test_a_domain_that_its_registry_denies_is_certain():
    home = Home()
    camera = home.device("camera")
    frames = asks_on(camera, "p2p.gonecam.com", zone="com")

    result = judged(home)

    finding = result.finding(camera, CHECK)
    assert (finding.severity, finding.confidence) == (Severity.MEDIUM, Confidence.CERTAIN)
    assert result.frames(camera, CHECK) == frames
    assert not result.finding(camera, "failing-names")


def test_without_the_zone_it_is_a_guess():
    home = Home()
    camera = home.device("camera")
    asks_on(camera, "p2p.gonecam.com")

    finding = judged(home).finding(camera, CHECK)
    assert (finding.severity, finding.confidence) == (Severity.LOW, Confidence.GUESS)


def test_a_name_that_its_own_domain_denies_cannot_be_registered():
    home = Home()
    camera = home.device("camera")
    asks_on(camera, "old.livecam.com", zone="livecam.com")

    assert judged(home).is_silent(camera, CHECK)


def test_a_domain_of_which_another_name_lives_is_silent():
    home = Home()
    camera = home.device("camera")
    camera.asks("www.livecam.com", SITE)
    asks_on(camera, "old.livecam.com")

    assert judged(home).is_silent(camera, CHECK)


def test_a_few_denials_within_an_hour_are_too_little():
    home = Home()
    camera = home.device("camera")
    asks_on(camera, "p2p.gonecam.com", zone="com", times=3)

    result = judged(home)

    assert not result.finding(camera, CHECK)
    assert not result.was_judged(camera, CHECK)
