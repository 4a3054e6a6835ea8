"""Devices that hang on one domain."""

from thingwarden.model import Confidence, Severity

from tests.checks.judged import OTHER_SITE, SITE, judged
from tests.home import Device, Home

CHECK = "one-domain"
HALF_A_DAY = 43_200


def fetches(device: Device, name: str, ip: str) -> int:
    """A page of 30 kB; gives the frame of the SYN."""
    asked = device.requests(ip, headers={"Host": name}, answer_body=b"x" * 30_000)
    return asked - 3


def lives_a_day(device: Device, names: dict[str, str]) -> list[int]:
    """Pages from each name, three times in a little more than a day; first frame of each."""
    frames = []
    for turn in range(3):
        frames += [fetches(device, name, ip) for name, ip in names.items()][: 9 * (turn == 0)]
        device.home.waits(HALF_A_DAY + 60)
    device.announces_by_mdns()
    return frames


def test_two_names_of_one_domain_are_a_fact():
    home = Home()
    plug = home.device("plug")
    frames = lives_a_day(plug, {"api.plugs.co.uk": SITE, "log.plugs.co.uk": OTHER_SITE})

    result = judged(home)

    finding = result.finding(plug, CHECK)
    assert (finding.severity, finding.confidence) == (Severity.INFO, Confidence.LIKELY)
    assert "plugs.co.uk" in finding.statement
    assert result.frames(plug, CHECK) == frames


def test_two_companies_that_share_a_public_suffix_are_two():
    home = Home()
    plug = home.device("plug")
    lives_a_day(plug, {"api.plugs.co.uk": SITE, "api.lamps.co.uk": OTHER_SITE})

    assert not judged(home).finding(plug, CHECK)


def test_a_peer_without_a_name_may_be_anybodys():
    home = Home()
    plug = home.device("plug")
    lives_a_day(plug, {"api.plugs.com": SITE, OTHER_SITE: OTHER_SITE})

    assert judged(home).is_silent(plug, CHECK)


def test_less_than_a_day_says_nothing():
    home = Home()
    plug = home.device("plug")
    fetches(plug, "api.plugs.com", SITE)
    home.waits(600)
    fetches(plug, "api.plugs.com", SITE)

    assert not judged(home).was_judged(plug, CHECK)
