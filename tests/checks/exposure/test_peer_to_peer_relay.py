"""Holes through the router."""

from thingwarden.model import Confidence, Severity

from tests.checks.judged import OTHER_SITE, SITE, judged
from tests.home import Home

CHECK = "peer-to-peer-relay"


def announces(camera, server, *, answered=True, port=32100):
    home = camera.home
    place, own = home.place(server), home.fresh_port()
    frame = home.datagram(camera, place, (own, port), b"\xf1\x00\x00\x00")
    if answered:
        home.datagram(place, camera, (port, own), b"\xf1\x01\x00\x10")
    return frame


def test_two_servers_of_which_one_answers_are_likely():
    home = Home()
    camera = home.device("camera")
    frames = [announces(camera, SITE), announces(camera, OTHER_SITE, answered=False)]

    result = judged(home)

    finding = result.finding(camera, CHECK)
    assert (finding.severity, finding.confidence) == (Severity.MEDIUM, Confidence.LIKELY)
    assert result.frames(camera, CHECK) == frames


def test_one_server_no_answer_or_another_port_are_silent():
    home = Home()
    one, deaf, other = (home.device(name) for name in ("one", "deaf", "other"))
    announces(one, SITE)
    for server in (SITE, OTHER_SITE):
        announces(deaf, server, answered=False)
        announces(other, server, port=32101)

    result = judged(home)

    assert all(result.is_silent(device, CHECK) for device in (one, deaf, other))


def test_without_udp_to_the_internet_it_is_not_judged():
    home = Home()
    camera = home.device("camera")
    camera.requests(SITE)

    assert not judged(home).was_judged(camera, CHECK)
