"""Strangers that come in over IPv6."""

from thingwarden.model import Confidence, Severity

from tests.checks.judged import judged
from tests.home import Device, Home

CHECK = "ipv6-reached-from-internet"
OWN, SITE = "2001:db8:1::217:88ff:fe00:10", "2606:2800:21f:cb07:6820:80da:af6b:8b2c"


def home_with_camera():
    home = Home()
    camera = home.device("camera")
    home.router_advertises(prefix="2001:db8:1::")
    return home, camera.at(OWN)


def stranger(home):
    return Device(home.router.mac, SITE, name="stranger", home=home)


def test_an_answer_to_a_stranger_over_ipv6_is_certain_and_severe():
    home, camera = home_with_camera()
    camera.requests(stranger(home))
    stream = stranger(home).connects(camera, 80)
    stream.asks(b"GET")
    stream.answers(b"200")
    stream.closes()

    result = judged(home)

    finding = result.finding(camera, CHECK)
    assert (finding.severity, finding.confidence) == (Severity.HIGH, Confidence.CERTAIN)
    assert result.frames(camera, CHECK) == [stream.frame]


def test_calling_out_and_being_refused_are_innocent():
    home, camera = home_with_camera()
    camera.requests(stranger(home))
    stranger(home).knocks(camera, 80, refused=True)

    assert judged(home).is_silent(camera, CHECK)


def test_without_ipv6_to_the_internet_it_is_not_judged():
    home = Home()
    camera = home.device("camera")
    camera.requests("93.184.215.14")

    assert not judged(home).was_judged(camera, CHECK)
