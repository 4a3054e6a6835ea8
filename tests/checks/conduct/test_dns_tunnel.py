"""Data in names, and names that are long for good reasons."""

import base64
import hashlib

from thingwarden.model import Confidence, Severity

from tests import messages
from tests.checks.judged import judged
from tests.home import Device, Home

CHECK = "dns-tunnel"
TXT = 16


def piece(number: int) -> str:
    """Fifty characters that stand for data."""
    data = hashlib.sha256(bytes((number,))).digest()
    return base64.b32encode(data).decode().lower()[:50]


def asks_for_text(device: Device, name: str) -> int:
    """A question for TXT, and an empty answer."""
    home = device.home
    port = home.fresh_port()
    question = messages.dns_question(name, identifier=port, kind=TXT)
    first = home.datagram(device, home.router, (port, 53), question)
    answer = messages.dns_answer(name, [], identifier=port, kind=TXT)
    home.datagram(home.router, device, (53, port), answer)
    return first


def test_data_asked_for_as_text_is_high():
    home = Home()
    camera = home.device("camera")
    frames = [asks_for_text(camera, f"{piece(number)}.t.evil.com") for number in range(80)]

    result = judged(home)

    finding = result.finding(camera, CHECK)
    assert (finding.severity, finding.confidence) == (Severity.HIGH, Confidence.LIKELY)
    assert result.frames(camera, CHECK) == frames[:25]
    assert "evil.com" in finding.statement


def test_data_asked_for_as_addresses_is_medium():
    home = Home()
    camera = home.device("camera")
    for number in range(80):
        camera.asks(f"{piece(number)}.t.evil.co.uk", "203.0.113.5")

    assert judged(home).finding(camera, CHECK).severity is Severity.MEDIUM


def test_a_virus_scanner_is_silent():
    home = Home()
    laptop = home.device("laptop")
    for number in range(80):
        asks_for_text(laptop, f"{piece(number)}.i.01.mac.sophosxl.net")

    assert judged(home).is_silent(laptop, CHECK)


def test_reverse_lookups_and_a_content_network_are_silent():
    home = Home()
    laptop = home.device("laptop")
    for number in range(120):
        nibbles = ".".join(f"{number:032x}")
        laptop.asks(f"{nibbles}.ip6.arpa", rcode=3)
        laptop.asks(f"d{number:03}qjxk2mv9a.cloudfront.net", "203.0.113.5")

    assert judged(home).is_silent(laptop, CHECK)


def test_the_same_long_name_again_and_again_is_silent():
    home = Home()
    plug = home.device("plug")
    for _ in range(200):
        plug.asks(f"{piece(1)}.iot.eu-west-1.amazonaws.com", "203.0.113.5")

    assert judged(home).is_silent(plug, CHECK)


def test_who_asks_nothing_is_not_judged():
    home = Home()
    bulb = home.device("bulb")
    bulb.announces_by_mdns()

    assert not judged(home).was_judged(bulb, CHECK)
