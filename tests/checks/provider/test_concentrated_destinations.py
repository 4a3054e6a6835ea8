"""Traffic that goes to one provider."""

from thingwarden.model import Confidence, Severity

from tests.checks.judged import judged
from tests.home import Home

CHECK = "concentrated-destinations"
GOOGLE = ("8.8.8.8", "8.8.4.4")
CLOUDFLARE = ("1.1.1.1", "1.0.0.1")


def talk(device, address, times=1):
    """Downloads of 20 kB over HTTP; gives the frame of the first SYN."""
    first = len(device.home.records) + 1
    for _ in range(times):
        device.requests(address, answer_body=bytes(20_000))
    return first


def test_one_provider_is_a_fact_that_costs_nothing():
    home = Home()
    speaker = home.device("speaker")
    frames = [talk(speaker, GOOGLE[0], times=5), talk(speaker, GOOGLE[1])]

    result = judged(home)

    finding = result.finding(speaker, CHECK)
    assert (finding.severity, finding.confidence) == (Severity.INFO, Confidence.CERTAIN)
    assert finding.statement.endswith("one provider: Google LLC (100 %).")
    assert result.frames(speaker, CHECK) == frames


def test_few_conversations_are_a_guess():
    home = Home()
    speaker = home.device("speaker")
    talk(speaker, GOOGLE[0], times=2)

    assert judged(home).finding(speaker, CHECK).confidence is Confidence.GUESS


def test_two_providers_are_silent():
    home = Home()
    speaker = home.device("speaker")
    talk(speaker, GOOGLE[0], times=4)
    talk(speaker, CLOUDFLARE[0], times=4)

    assert judged(home).is_silent(speaker, CHECK)


def test_a_few_bytes_are_not_judged():
    home = Home()
    speaker = home.device("speaker")
    speaker.requests(GOOGLE[0])

    assert not judged(home).was_judged(speaker, CHECK)
