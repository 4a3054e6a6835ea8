"""CoAP to the Internet without DTLS."""

from thingwarden.model import Confidence, Severity

from tests.checks.judged import SITE, judged
from tests.home import Device, Home

CHECK = "coap-without-dtls"
PATH = b"\xb5state"  # Uri-Path, five letters (RFC 7252 section 5.10)
POST, CONTENT, EMPTY = b"\x02", b"\x45", b"\x00"


def coap(code: bytes, rest: bytes) -> bytes:
    """A confirmable message without a token."""
    return b"\x40" + code + b"\x12\x34" + rest


def test_a_readable_post_is_certain():
    home = Home()
    plug = home.device("plug")
    cloud = home.place(SITE)
    frame = home.datagram(plug, cloud, (40000, 5683), coap(POST, PATH + b"\xffon"))
    home.datagram(cloud, plug, (5683, 40000), coap(b"\x44", b""))

    result = judged(home)

    finding = result.finding(plug, CHECK)
    assert (finding.severity, finding.confidence) == (Severity.MEDIUM, Confidence.CERTAIN)
    assert result.frames(plug, CHECK) == [frame]


def test_a_payload_without_a_path_may_be_protected_by_itself():
    home = Home()
    plug = home.device("plug")
    home.datagram(plug, home.place(SITE), (40000, 5683), coap(POST, b"\xff\x93\x11\x70"))

    assert judged(home).finding(plug, CHECK).confidence is Confidence.LIKELY


def test_coap_at_home_and_what_a_stranger_sends_unasked_are_silent():
    home = Home()
    plug, hub = home.device("plug"), home.device("hub")
    plug.joins_by_dhcp()
    stranger = Device(home.router.mac, SITE, name="stranger", home=home)
    home.datagram(plug, hub, (40000, 5683), coap(POST, PATH + b"\xffon"))
    home.datagram(stranger, plug, (40000, 5683), coap(POST, PATH + b"\xffon"))
    plug.sets_its_clock("162.159.200.1")

    assert judged(home).is_silent(plug, CHECK)


def test_a_ping_without_a_payload_is_silent():
    home = Home()
    plug = home.device("plug")
    home.datagram(plug, home.place(SITE), (40000, 5683), coap(EMPTY, b""))

    assert judged(home).is_silent(plug, CHECK)


def test_without_the_internet_nothing_is_judged():
    home = Home()
    plug, hub = home.device("plug"), home.device("hub")
    home.datagram(plug, hub, (40000, 5683), coap(POST, PATH + b"\xffon"))

    assert not judged(home).was_judged(plug, CHECK)
