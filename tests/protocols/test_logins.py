"""Whether a login is one that makers ship, and nothing else of it."""

import base64
import csv
from importlib import resources

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from thingwarden.protocols.http import HTTP as TABLE
from thingwarden.protocols.http import READER as HTTP
from thingwarden.protocols.logins import is_default, is_default_basic, is_default_form
from thingwarden.tables import EXCHANGE_COLUMNS

from tests.flows.observed import observe
from tests.home import Home
from tests.messages import mqtt_accepted, mqtt_connect

NAMES = [column.name for column in TABLE.columns[len(EXCHANGE_COLUMNS) :]]
BASIC = b"Basic " + base64.b64encode(b"admin:12345")


def test_pairs_that_makers_ship_are_known_letter_by_letter():
    assert is_default(b"root", b"xc3511")
    assert is_default(b"admin", b"")
    assert not is_default(b"Root", b"xc3511")
    assert not is_default(b"root", b"xc3511 ")
    assert not is_default(b"", b"")


def test_each_pair_stands_once_with_its_source():
    path = resources.files("thingwarden") / "data" / "default_logins.csv"
    rows = list(csv.DictReader(path.read_text("ascii").splitlines()))

    pairs = [(row["user"], row["password"]) for row in rows]
    assert len(set(pairs)) == len(pairs) >= 60
    assert all(row["user"] and row["source"] for row in rows)


@pytest.mark.parametrize(
    ("field", "default"),
    [
        (BASIC, True),
        (b"basic   " + BASIC[6:], True),
        (b"Basic " + base64.b64encode(b"admin:a:b"), False),
        (b"Basic " + base64.b64encode(b"admin"), None),
        (b"Basic x", None),
        (b"Basic " + b"YWRt" * 100, None),
        (b"Digest " + BASIC[6:], None),
        (b"", None),
    ],
)
def test_a_basic_login_is_read_or_not_known(field, default):
    assert is_default_basic(field) is default


def test_a_login_that_is_cut_is_not_known():
    head = b"GET / HTTP/1.1\r\nAuthorization: "
    whole = head + BASIC + b"\r\n\r\n"

    for length in range(len(head), len(whole)):
        default = dict(zip(NAMES, HTTP.read_client(whole[:length]), strict=False))["default_login"]
        assert default is (True if length > len(head + BASIC) + 1 else None)


@given(st.binary(max_size=100))
@settings(max_examples=100)
def test_any_bytes_are_safe(data):
    assert is_default_basic(data) in {None, True, False}
    assert is_default_basic(b"Basic " + data) in {None, True, False}


def test_a_form_needs_both_names():
    assert is_default_form([(b"user", b"admin"), (b"pwd", b"12345")]) is True
    assert is_default_form([(b"user", b"admin"), (b"newpwd", b"12345")]) is None
    assert is_default_form([(b"pwd", b"12345")]) is None


def test_no_column_of_any_table_has_the_user_name_or_the_password():
    home = Home()
    phone, camera = home.device("phone"), home.device("camera")
    user, password = b"supervisor", b"supervisor"
    field = "Basic " + base64.b64encode(user + b":" + password).decode()
    phone.requests(camera, headers={"Host": "c", "Authorization": field})
    phone.requests(camera, f"GET /a?user={user.decode()}&pwd={password.decode()} HTTP/1.1")
    telnet = phone.connects(camera, 23)
    for shown, typed in ((b"login: ", user), (b"Password: ", password), (b"# ", b"exit")):
        telnet.answers(shown)
        telnet.asks(typed + b"\r\n")
    ftp = phone.connects(camera, 21)
    ftp.answers(b"220 ready\r\n")
    ftp.asks(b"USER %b\r\nPASS %b\r\n" % (user, password))
    ftp.answers(b"331 go on\r\n230 in\r\n")
    rtsp = phone.connects(camera, 554)
    rtsp.asks(b"PLAY rtsp://c/1 RTSP/1.0\r\nAuthorization: %b\r\n\r\n" % field.encode())
    rtsp.answers(b"RTSP/1.0 200 OK\r\n\r\n")
    mqtt = phone.connects(camera, 1883)
    mqtt.asks(mqtt_connect("hub", user=user.decode(), password=password.decode()))
    mqtt.answers(mqtt_accepted())

    rows = observe(home.capture())

    told = {
        name: [row["default_login"] for row in rows[name]] for name in ("telnet", "ftp", "rtsp")
    }
    assert told == {"telnet": [True], "ftp": [True], "rtsp": [True]}
    assert [row["default_login"] for row in rows["http"]] == [True, True]
    assert [row["default_login"] for row in rows["mqtt"] if row["kind"] == "connect"] == [True]
    assert not rows["problems"]
    for secret in (user.decode(), field[6:]):
        assert secret not in repr(rows)


def test_an_error_tells_nothing_of_the_bytes():
    with pytest.raises(ValueError, match="line") as error:
        HTTP.read_client(b"GET / FTP/1.1\r\nAuthorization: " + BASIC + b"\r\n\r\n")

    assert "YWRt" not in str(error.value)
