"""A main service at a single address."""

from thingwarden.model import Confidence, Severity

from tests.checks.judged import OTHER_SITE, SITE, judged
from tests.home import Home

CHECK = "single-address-service"
HOST = "cloud.cam.example"
SIX_HOURS = 6 * 3600


def use(device, addresses, *, host=HOST, bytes_each=10_000, seconds=SIX_HOURS):
    """Look the name up and fetch something, again and again; gives the frames of the answers."""
    frames = []
    for address in addresses:
        frames.append(device.asks(host, address) + 1)
        device.requests(address, "GET / HTTP/1.1", {"Host": host}, answer_body=bytes(bytes_each))
        device.home.waits(seconds)
    return frames


def test_a_name_that_always_has_the_same_address_is_told_with_the_answers():
    home = Home()
    camera = home.device("camera")
    frames = use(camera, [SITE] * 6)

    result = judged(home)

    finding = result.finding(camera, CHECK)
    assert (finding.severity, finding.confidence) == (Severity.INFO, Confidence.LIKELY)
    assert f"{HOST} ({SITE})" in finding.statement
    assert result.frames(camera, CHECK) == frames


def test_a_second_address_is_silent():
    home = Home()
    camera = home.device("camera")
    use(camera, [SITE] * 5 + [OTHER_SITE])

    assert judged(home).is_silent(camera, CHECK)


def test_only_the_name_with_the_most_data_counts():
    home = Home()
    camera = home.device("camera")
    use(camera, [SITE, OTHER_SITE] * 3, bytes_each=40_000)
    use(camera, ["192.0.2.7"] * 6, host="small.cam.example")

    assert judged(home).is_silent(camera, CHECK)


def test_an_hour_is_too_short():
    home = Home()
    camera = home.device("camera")
    use(camera, [SITE] * 6, seconds=600)

    assert not judged(home).was_judged(camera, CHECK)
