"""Personal data in requests that are not encrypted."""

import pytest

from thingwarden.model import Confidence, Severity

from tests.checks.judged import SITE, judged
from tests.home import Home

CHECK = "plaintext-personal-data"


def test_coordinates_and_an_address_in_a_query_are_certain():
    home = Home()
    station = home.device("station")
    query = "lat=52.5163&lon=13.3777&email=ann%40mail.example"
    frame = station.requests(SITE, f"GET /weather?{query} HTTP/1.1")

    result = judged(home)

    finding = result.finding(station, CHECK)
    assert (finding.severity, finding.confidence) == (Severity.MEDIUM, Confidence.CERTAIN)
    assert result.frames(station, CHECK) == [frame, frame]
    assert "coordinates of a place to a.example" in finding.statement
    for value in ("52.51", "13.37", "mail.example"):
        assert value not in str(result.report)


def test_measurements_of_a_body_are_high():
    home = Home()
    scale = home.device("scale")
    headers = {"Host": "scale.example", "Content-Type": "application/json"}
    frame = scale.requests(
        SITE, "POST /v1 HTTP/1.1", headers, body=b'{"weight": 71.5, "impedance": 512}'
    )

    result = judged(home)

    assert result.finding(scale, CHECK).severity is Severity.HIGH
    assert result.frames(scale, CHECK) == [frame]


def test_a_kind_is_told_once_for_each_peer():
    home = Home()
    station = home.device("station")
    first = station.requests(SITE, "GET /weather?ssid=Ann HTTP/1.1")
    station.requests(SITE, "GET /weather?ssid=Ben HTTP/1.1")

    assert judged(home).frames(station, CHECK) == [first]


@pytest.mark.parametrize(
    "query", ["lat=52&lon=13", "city=Berlin&weight=400", "id=17&mac=0017885ec3e7"]
)
def test_what_tells_of_no_person_is_silent(query):
    home = Home()
    station = home.device("station")
    station.requests(SITE, f"GET /weather?{query} HTTP/1.1")

    assert judged(home).is_silent(station, CHECK)


def test_the_same_to_a_neighbour_is_nothing_to_judge():
    home = Home()
    station, hub = home.device("station"), home.device("hub")
    station.requests(hub, "GET /weather?lat=52.5163&lon=13.3777 HTTP/1.1")

    result = judged(home)

    assert not result.finding(station, CHECK)
    assert not result.finding(hub, CHECK)
    assert not result.was_judged(station, CHECK)
