"""One time server on the Internet and no other."""

from thingwarden.model import Severity

from tests.checks.judged import OTHER_SITE, SITE, judged
from tests.home import Home

CHECK = "single-time-server"


def ask(device, servers):
    """Ask for the time once an hour; gives the first frame."""
    frames = []
    for server in servers:
        frames.append(device.sets_its_clock(server))
        device.home.waits(3600)
    return frames[0]


def test_one_server_is_told_by_its_name_with_the_first_question():
    home = Home()
    camera = home.device("camera")
    camera.asks("time.cam.example", SITE)
    frame = ask(camera, [SITE] * 5)

    result = judged(home)

    finding = result.finding(camera, CHECK)
    assert finding.severity is Severity.INFO
    assert finding.statement.endswith("only: time.cam.example.")
    assert result.frames(camera, CHECK) == [frame]


def test_two_servers_and_a_pool_are_silent():
    home = Home()
    camera, plug = home.device("camera"), home.device("plug")
    plug.asks("2.pool.ntp.org", "192.0.2.9")
    ask(camera, [SITE, OTHER_SITE] * 3)
    ask(plug, ["192.0.2.9"] * 5)

    result = judged(home)

    assert result.is_silent(camera, CHECK)
    assert result.is_silent(plug, CHECK)


def test_the_gateway_is_silent():
    home = Home()
    camera = home.device("camera")
    camera.joins_by_dhcp()
    ask(camera, [home.router.ip] * 5)

    assert judged(home).is_silent(camera, CHECK)


def test_one_question_is_not_judged():
    home = Home()
    camera = home.device("camera")
    ask(camera, [SITE])

    assert not judged(home).was_judged(camera, CHECK)
