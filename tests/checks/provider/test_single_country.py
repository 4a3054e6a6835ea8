"""Traffic that goes to addresses of one country."""

from thingwarden.model import Confidence, Severity

from tests.checks.judged import judged
from tests.home import Home

CHECK = "single-country"
GOOGLE, FASTLY = "8.8.8.8", "151.101.1.140"
IRELAND = "185.60.216.35"


def talk(device, address, times=1):
    """Downloads of 20 kB over HTTP; gives the frame of the first SYN."""
    first = len(device.home.records) + 1
    for _ in range(times):
        device.requests(address, answer_body=bytes(20_000))
    return first


def test_two_providers_of_one_country_are_one_country():
    home = Home()
    speaker = home.device("speaker")
    frames = [talk(speaker, GOOGLE, times=3), talk(speaker, FASTLY, times=2)]

    result = judged(home)

    finding = result.finding(speaker, CHECK)
    assert (finding.severity, finding.confidence) == (Severity.INFO, Confidence.LIKELY)
    assert finding.statement.endswith("one country: US (100 %).")
    assert result.frames(speaker, CHECK) == frames


def test_few_conversations_are_a_guess():
    home = Home()
    speaker = home.device("speaker")
    talk(speaker, GOOGLE)

    assert judged(home).finding(speaker, CHECK).confidence is Confidence.GUESS


def test_two_countries_are_silent():
    home = Home()
    speaker = home.device("speaker")
    talk(speaker, GOOGLE, times=3)
    talk(speaker, IRELAND)

    assert judged(home).is_silent(speaker, CHECK)


def test_a_few_bytes_are_not_judged():
    home = Home()
    speaker = home.device("speaker")
    speaker.requests(GOOGLE)

    assert not judged(home).was_judged(speaker, CHECK)
