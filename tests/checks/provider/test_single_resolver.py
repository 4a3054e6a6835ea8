"""One resolver on the Internet and no other."""

from thingwarden.model import Severity

from tests.checks.judged import judged
from tests.home import Home

CHECK = "single-resolver"
GOOGLE, QUAD9 = "8.8.8.8", "9.9.9.9"


def ask(device, resolver="", times=12):
    """Questions that are answered; gives the first frame."""
    frames = [
        device.asks(f"n{number}.example", "192.0.2.1", resolver=resolver) for number in range(times)
    ]
    return frames[0]


def test_one_resolver_on_the_internet_is_told_with_the_first_question():
    home = Home()
    camera = home.device("camera")
    frame = ask(camera, GOOGLE)

    result = judged(home)

    finding = result.finding(camera, CHECK)
    assert finding.severity is Severity.INFO
    assert GOOGLE in finding.statement
    assert result.frames(camera, CHECK) == [frame]


def test_two_resolvers_and_the_gateway_are_silent():
    home = Home()
    camera, plug = home.device("camera"), home.device("plug")
    plug.joins_by_dhcp()
    ask(camera, GOOGLE)
    ask(camera, QUAD9, times=1)
    ask(plug)

    result = judged(home)

    assert result.is_silent(camera, CHECK)
    assert result.is_silent(plug, CHECK)


def test_a_resolver_that_the_network_told_is_silent():
    home = Home()
    camera = home.device("camera")
    camera.joins_by_dhcp(dns=[GOOGLE])
    ask(camera, GOOGLE)

    assert judged(home).is_silent(camera, CHECK)


def test_a_few_questions_are_not_judged():
    home = Home()
    camera = home.device("camera")
    ask(camera, GOOGLE, times=5)

    assert not judged(home).was_judged(camera, CHECK)
