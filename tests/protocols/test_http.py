"""HTTP requests and answers: facts kept, secrets not."""

import base64
import gzip

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from thingwarden.protocols.http import HTTP, READER
from thingwarden.tables import EXCHANGE_COLUMNS

REQUEST = (
    b"POST /goform/login?next=%2F HTTP/1.1\r\n"
    b"Host: Camera.local:8080\r\n"
    b"User-Agent: curl/8.5.0\r\n"
    b"Content-Type: application/x-www-form-urlencoded; charset=utf-8\r\n"
    b"Content-Length: 25\r\n"
    b"\r\n"
    b"user=admin&password=s3cret"
)
ANSWER = (
    b"HTTP/1.1 401 Unauthorized\r\n"
    b"Server: lighttpd/1.4.34\r\n"
    b"Content-Type: text/html;charset=utf-8\r\n"
    b'WWW-Authenticate: Digest qop="auth", realm="IP Camera (C1)", nonce="abc"\r\n'
    b"Content-Length: 99\r\n"
    b"Location: http://u:s3cret@camera/login?token=s3cret\r\n"
    b"\r\n"
    b"<html><head><title>\n Camera &amp; Door\t</title></head>"
    b"<body><form><input name=p\n type='password'></form></body></html>"
)


def ask(head: bytes, body: bytes = b"") -> dict[str, object]:
    names = [column.name for column in HTTP.columns[len(EXCHANGE_COLUMNS) :]]
    return dict(zip(names, READER.read_client(head + b"\r\n\r\n" + body), strict=False))


def answer(head: bytes, body: bytes = b"") -> dict[str, object]:
    names = [column.name for column in HTTP.columns[len(EXCHANGE_COLUMNS) + READER.client_width :]]
    return dict(zip(names, READER.read_server(head + b"\r\n\r\n" + body), strict=True))


def test_a_request_is_read():
    assert READER.read_client(REQUEST) == (
        "POST",
        "camera.local",
        "/goform/login",
        True,
        "curl/8.5.0",
        "form",
        "application/x-www-form-urlencoded",
        25,
        False,
        None,
    )


def test_an_answer_is_read():
    assert READER.read_server(ANSWER) == (
        401,
        "lighttpd/1.4.34",
        "text/html",
        99,
        "http://camera/login",
        "digest",
        "IP Camera (C1)",
        "Camera & Door",
        True,
    )


def test_both_halves_fill_the_table():
    assert READER.client_width == len(READER.read_client(REQUEST))
    assert READER.server_width == len(READER.read_server(ANSWER))
    assert READER.ending_width == 0


@pytest.mark.parametrize(
    ("field", "credentials"),
    [
        (b"Authorization: Basic dTpw", "basic"),
        (b"authorization:   digest username=x", "digest"),
        (b"Authorization: Bearer s3cret", "bearer"),
        (b"Authorization: AWS4-HMAC-SHA256 Credential=x", "other"),
        (b"Authorization:", None),
        (b"X: y", None),
    ],
)
def test_only_the_scheme_of_credentials_is_told(field, credentials):
    assert ask(b"GET / HTTP/1.0\r\n" + field)["credentials"] == credentials


def test_a_password_in_query_json_or_chunks_is_a_form():
    json = b"POST /rpc HTTP/1.1\r\nContent-Type: application/json"
    chunked = json + b"\r\nTransfer-Encoding: chunked"

    assert ask(b"GET /cgi?usr=a&pwd=b HTTP/1.1")["credentials"] == "form"
    assert ask(json, b'{"params": {"password": "x"}}')["credentials"] == "form"
    assert ask(chunked, b'10\r\n{"passwd": "xyz"}\r\n0\r\n\r\n')["credentials"] == "form"


def test_a_binary_upload_is_no_form():
    head = b"POST /upgrade HTTP/1.1\r\nContent-Type: application/octet-stream"

    assert ask(head, b"&password=x")["credentials"] is None


def test_the_host_comes_from_the_target_if_it_is_there():
    proxied = ask(b"GET http://u:s3cret@Far.example:81/a/b?c HTTP/1.1\r\nHost: near")
    tunnel = ask(b"CONNECT far.example:443 HTTP/1.1\r\nHost: near")

    assert (proxied["host"], proxied["path"], proxied["credentials"]) == (
        "far.example",
        "/a/b",
        "other",
    )
    assert (tunnel["host"], tunnel["path"]) == ("far.example", None)


def test_a_request_without_host_has_none():
    row = ask(b"OPTIONS * HTTP/1.0")

    assert (row["host"], row["path"], row["has_query"]) == (None, "*", False)


def test_an_answer_needs_no_reason_and_no_fields():
    row = answer(b"HTTP/1.0 204")

    assert row["status"] == 204
    assert set(row.values()) == {204, None}


def test_interim_answers_are_passed_over():
    row = answer(b"HTTP/1.1 100 Continue", b"HTTP/1.1 201 Created\r\nServer: x\r\n\r\n")

    assert (row["status"], row["server"]) == (201, "x")


@pytest.mark.parametrize("size", [b"-1", b"1_0", b"9" * 40, b"", b"12a"])
def test_a_strange_length_is_not_known(size):
    assert answer(b"HTTP/1.1 200 OK\r\nContent-Length: " + size)["answer_bytes"] is None


@pytest.mark.parametrize(
    "field",
    [
        b'<input type="password">',
        b"<INPUT id=x TYPE = 'Password' name=y>",
        b"<input name=a\n\ttype=password/>",
        b'x = "<input class=\\"c\\" type=\\"password\\">"',
        b"<input name='a'type='password'>",
    ],
)
def test_a_password_field_is_found_in_any_writing(field):
    head = b"HTTP/1.1 200 OK\r\nContent-Type: text/html"

    assert answer(head, b"<p>" + field)["asks_password"] is True


@pytest.mark.parametrize(
    "field", [b"<input type=text name=password>", b"<input data-type=password>", b"type=password"]
)
def test_other_fields_ask_for_no_password(field):
    head = b"HTTP/1.1 200 OK\r\nContent-Type: text/html"

    assert answer(head, field)["asks_password"] is False


def test_a_page_without_type_counts_if_it_looks_like_one():
    page = answer(b"HTTP/1.1 200 OK", b" <!DOCTYPE html><title>x</title>")
    other = answer(b"HTTP/1.1 200 OK", b"x<title>x</title>")

    assert (page["title"], page["asks_password"]) == ("x", False)
    assert (other["title"], other["asks_password"]) == (None, None)


def test_a_compressed_page_is_inflated_within_bounds():
    head = b"HTTP/1.1 200 OK\r\nContent-Type: text/html\r\nContent-Encoding: gzip"
    page = b"<title>R1</title><input type=password>"
    bomb = gzip.compress(page + bytes(5_000_000))

    assert answer(head, bomb)["title"] == "R1"
    assert answer(head, b"\x1f\x8bnonsense")["asks_password"] is None


def test_a_title_cannot_smuggle_control_characters():
    row = answer(b"HTTP/1.1 200 OK\r\nContent-Type: text/html", b"<title>a&#x202e;b&#0;</title>")

    assert row["title"] == "a\ufffdb\ufffd"


def test_a_page_made_to_be_slow_is_read_quickly():
    head = b"HTTP/1.1 200 OK\r\nContent-Type: text/html\r\nContent-Encoding: gzip"
    for piece in (b"<input type ", b"<title", b"<input type=", b"<input " + b" " * 900):
        answer(head, gzip.compress(piece * (250_000 // len(piece))))


def login(head: bytes, body: bytes = b"", length: int | None = None) -> object:
    size = str(len(body) if length is None else length).encode()
    return ask(head + b"\r\nContent-Length: " + size, body)["default_login"]


def basic(pair: bytes) -> bytes:
    return b"GET / HTTP/1.1\r\nAuthorization: Basic " + base64.b64encode(pair)


def test_a_login_that_makers_ship_is_told():
    form = b"POST /login HTTP/1.1\r\nContent-Type: application/x-www-form-urlencoded"
    json = b"POST /login HTTP/1.1\r\nContent-Type: application/json"

    assert login(basic(b"admin:12345")) is True
    assert login(basic(b"admin:s3cret")) is False
    assert login(b"GET /cgi?usr=admin&pwd=12345&cmd=1 HTTP/1.1") is True
    assert login(form, b"username=admin&password=admin") is True
    assert login(json, b'{"auth": {"user": "admin", "password": "s3cret"}}') is False
    assert login(form, b"username=admin&remember=1") is None
    assert login(b"GET / HTTP/1.1\r\nAuthorization: Bearer YWRtaW46YWRtaW4=") is None
    assert login(b"GET / HTTP/1.1") is None


def test_a_form_that_is_cut_tells_no_login():
    form = b"POST /login HTTP/1.1\r\nContent-Type: application/x-www-form-urlencoded"

    assert login(form, b"username=admin&password=admin", length=40) is None
    assert login(form, b"password=admin&username=admin&x=1", length=40) is True


def test_kinds_of_data_in_query_and_body_are_told_never_their_values():
    row = ask(
        b"POST /v1?mac=0017885ec3e7&ssid=s3cret HTTP/1.1\r\nContent-Type: application/json"
        b"\r\nContent-Length: 40",
        b'{"lat": 52.5163, "lon": 13.3777, "id": 1}',
    )

    assert row["reveals"] == ("coordinates", "hardware-address", "wireless-name")
    assert ask(b"GET /a?lat=1&page=2 HTTP/1.1")["reveals"] is None
    assert ask(b"GET / HTTP/1.1")["reveals"] is None
    for value in ("0017885ec3e7", "s3cret", "52.5", "13.3"):
        assert value not in repr(row)


def test_secrets_do_not_come_out():
    assert "12345" not in repr(READER.read_client(basic(b"admin:12345") + b"\r\n\r\n"))
    assert "s3cret" not in repr(READER.read_client(REQUEST) + READER.read_server(ANSWER))
    assert "admin" not in repr(READER.read_client(REQUEST))


@pytest.mark.parametrize("read", [READER.read_client, READER.read_server])
def test_what_is_not_http_is_refused(read):
    for data in (b"", b"\x16\x03\x01\x02\x00\n", b"HTTP/2 200\r\n\r\n", b"SSH-2.0-x\r\n"):
        with pytest.raises(ValueError, match="line"):
            read(data)


def test_every_truncation_is_read_or_refused():
    for read, whole in ((READER.read_client, REQUEST), (READER.read_server, ANSWER)):
        first_line = whole.index(b"\n")
        for length in range(len(whole)):
            if length > first_line:
                assert read(whole[:length])[0] == read(whole)[0]
            else:
                with pytest.raises(ValueError, match="cut"):
                    read(whole[:length])


@given(st.binary(max_size=200), st.integers(0, len(REQUEST)), st.integers(0, len(ANSWER)))
@settings(max_examples=100)
def test_any_bytes_are_read_or_refused(data, asked, answered):
    pairs = [
        (READER.read_client, data),
        (READER.read_client, REQUEST[:asked] + data),
        (READER.read_server, ANSWER[:answered] + data),
    ]
    for read, message in pairs:
        try:
            read(message)
        except ValueError as error:
            assert "line" in str(error)  # noqa: PT017 -- both outcomes are right
