"""Servers of many providers."""

from thingwarden.model import Severity

from tests.checks.judged import judged
from tests.home import Home

CHECK = "cloud-many-providers"
SERVERS = (
    "8.8.8.8",
    "151.101.1.140",
    "185.60.216.35",
    "46.4.0.1",
    "52.95.110.1",
    "20.42.65.90",
    "104.244.42.1",
    "17.253.144.10",
)


def test_eight_providers_are_told_with_the_first_conversation_with_each():
    home = Home()
    tv = home.device("tv")
    frames = []
    for server in (*SERVERS, "8.8.4.4"):
        frames.append(len(home.records) + 1)
        tv.requests(server)

    result = judged(home)

    finding = result.finding(tv, CHECK)
    assert finding.severity is Severity.INFO
    assert "8 providers" in finding.statement
    assert result.frames(tv, CHECK) == frames[:8]


def test_many_servers_of_seven_providers_are_silent():
    home = Home()
    tv = home.device("tv")
    for server in (*SERVERS[:7], "8.8.4.4", "52.95.110.2"):
        tv.requests(server)

    assert judged(home).is_silent(tv, CHECK)


def test_without_a_conversation_nothing_is_judged():
    home = Home()
    tv = home.device("tv")
    for server in SERVERS:
        tv.knocks(server, 443)

    assert not judged(home).was_judged(tv, CHECK)
