"""Which kinds of data can be read in a request; never the data."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from thingwarden.protocols.revealed import tell_revealed
from thingwarden.protocols.text import read_parameters

from tests.flows.observed import observe
from tests.home import Home

EVERYTHING = (
    b"lat=52.5163&lon=13.3777&email=ann%40mail.example&phone=%2B49301234567"
    b"&mac=00:17:88:5e:c3:e7&ssid=Ann%20home&serial=SN48213377&firstname=Ann&dob=1980-02-29"
    b"&access_token=a1b2c3d4e5f6a7b8c9d0&heart_rate=61"
)
ALL_KINDS = (
    "coordinates",
    "date-of-birth",
    "email",
    "hardware-address",
    "health",
    "person-name",
    "phone",
    "serial",
    "token",
    "wireless-name",
)


def told(data: bytes) -> tuple[str, ...]:
    return tell_revealed(read_parameters(data))


def test_every_kind_is_told_by_name_and_form():
    assert told(EVERYTHING) == ALL_KINDS


@pytest.mark.parametrize(
    ("data", "kind"),
    [
        (b"latlng=52.5163,13.3777", "coordinates"),
        (b'{"pos": {"latitude": -33.8568, "longitude": 151.2153}}', "coordinates"),
        (b'{"user": {"username": "ann@mail.example"}}', "email"),
        (b"bssid=00-17-88-5E-C3-E7", "hardware-address"),
        (b"macAddress=0017885ec3e7", "hardware-address"),
        (b"device_id=4d696e6900001000", "serial"),
        (b"sn=A1B2C3D4E5", "serial"),
        (b"uuid=4d696e69-0000-1000-8000-001122334455", "serial"),
        (b"lastName=M%C3%BCller-L%C3%BCdenscheidt", "person-name"),
        (b"birthday=19800229", "date-of-birth"),
        (b"birthday=29.02.1980", "date-of-birth"),
        (b'{"session": "0f3c9a7be21d4856aa"}', "token"),
        (b"auth=a1b2c3d4e5f6a7b8c9d0", "token"),
        (b'{"weight": 71.5, "bmi": 22.4}', "health"),
        (b'{"blood_glucose": 98}', "health"),
    ],
)
def test_one_kind_is_told(data, kind):
    assert told(data) == (kind,)


@pytest.mark.parametrize(
    "data",
    [
        b"lat=52.5163",
        b"lat=52&lon=13",
        b"lat=0.0000&lon=0.0000",
        b"lat=152.5163&lon=13.3777",
        b"location=DE,BE",
        b"email=",
        b"icon=star@2x.png",
        b"user=admin",
        b"phone=iphone12",
        b"mobile=1",
        b"mac=000000000000",
        b"mac=02:00:00:00:00:00",
        b"mac=1",
        b"hmac=0017885ec3e7",
        b"ssid=%3Cunknown%20ssid%3E",
        b"ssid=1",
        b"serial=00000000",
        b"deviceid=unknown",
        b"sn=1767225600",
        b"did=yes",
        b"firstname=null",
        b"fullname=1",
        b"dob=yes",
        b"birth=1980-13-40",
        b"token=abc",
        b"auth=00b3b4488e4e9d2afbf09f34a1b2c3d4e5f6a7b8",
        b"session=trueandalsofalseandmore",
        b"weight=400",
        b"bpm=120&title=x",
        b"heartrate=on",
        b"heart_rate=9999",
        b"firmware=1.2.3&model=X1&page=2",
        b"",
    ],
)
def test_what_only_looks_like_it_is_not_told(data):
    assert told(data) == ()


def test_every_truncation_is_safe():
    for length in range(len(EVERYTHING)):
        assert set(told(EVERYTHING[:length])) <= set(ALL_KINDS)


NAMES = [part.partition(b"=")[0] for part in EVERYTHING.split(b"&")]


@given(st.sampled_from(NAMES), st.binary(max_size=200))
@settings(max_examples=200)
def test_any_bytes_are_safe(name, value):
    kinds = tell_revealed([(name, value)]) + told(value) + told(name + b"=" + value)

    assert set(kinds) <= set(ALL_KINDS)


@pytest.mark.parametrize("piece", [b"a", b"1", b"1.", b"a ", b"a-", b"a@", b"00:", b"a.b"])
def test_values_made_to_be_slow_are_told_quickly(piece):
    value = piece * (500 // len(piece)) + b"!"

    assert told(b"&".join(name + b"=" + value for name in NAMES * 5)) in {(), ("wireless-name",)}


def test_no_column_of_any_table_has_a_value():
    home = Home()
    plug = home.device("plug")
    plug.requests("93.184.215.14", f"GET /a?{EVERYTHING.decode()} HTTP/1.1")
    form = {"Host": "a.example", "Content-Type": "application/x-www-form-urlencoded"}
    plug.requests("93.184.215.14", "POST /b HTTP/1.1", form, body=EVERYTHING)

    rows = observe(home.capture())

    assert [row["reveals"] for row in rows["http"]] == [list(ALL_KINDS)] * 2
    for part in EVERYTHING.split(b"&")[:-1]:
        assert part.partition(b"=")[2].decode() not in repr(rows)
