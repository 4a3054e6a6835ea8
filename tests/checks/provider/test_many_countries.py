"""Servers in many countries."""

from thingwarden.model import Severity

from tests.checks.judged import judged
from tests.home import Home

CHECK = "many-countries"
SERVERS = ("8.8.8.8", "185.60.216.35", "46.4.0.1", "200.160.2.3", "168.126.63.1", "129.132.1.1")
"""In the US, Ireland, Germany, Brazil, Korea and Switzerland."""


def test_six_countries_are_told_with_the_first_conversation_in_each():
    home = Home()
    tv = home.device("tv")
    frames = []
    for server in (*SERVERS, *SERVERS):
        frames.append(len(home.records) + 1)
        tv.requests(server)

    result = judged(home)

    finding = result.finding(tv, CHECK)
    assert finding.severity is Severity.INFO
    assert "6 countries" in finding.statement
    assert result.frames(tv, CHECK) == frames[:6]


def test_five_countries_are_silent():
    home = Home()
    tv = home.device("tv")
    for server in SERVERS[:5]:
        tv.requests(server)

    assert judged(home).is_silent(tv, CHECK)


def test_servers_that_never_answered_and_questions_for_names_and_time_do_not_count():
    home = Home()
    tv = home.device("tv")
    for server in SERVERS[1:]:
        tv.knocks(server, 443)
        tv.asks("a.example", "192.0.2.1", resolver=server)
        tv.sets_its_clock(server)

    assert not judged(home).was_judged(tv, CHECK)
