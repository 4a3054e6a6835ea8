"""What is shown of bytes from text protocols, and what is never shown."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from thingwarden.protocols.text import (
    MAX_FIELDS,
    MAX_PARAMETERS,
    bare_host,
    bare_path,
    bare_url,
    clean,
    one_line,
    optional,
    read_parameters,
    read_scheme,
    read_status,
    sends_password,
    split_head,
    split_request_line,
    split_url,
)


def test_plain_text_stays_as_it_is():
    assert clean(b"  lighttpd/1.4.34 \r\n") == "lighttpd/1.4.34"
    assert clean("Küche 廚房".encode()) == "Küche 廚房"


def test_what_could_fool_a_reader_is_replaced():
    assert clean(b"a\x00b\x1b[2Jc\x7f") == "a\ufffdb\ufffd[2Jc\ufffd"
    assert clean(b"a\xff\xc3") == "a\ufffd\ufffd"
    assert clean("exe\u202egnp\u200b\ufeff.\u2066".encode()) == "exe\ufffdgnp\ufffd\ufffd.\ufffd"
    assert clean("line\u2028line\u00a0end".encode()) == "line\ufffdline end"


def test_long_text_is_cut_between_characters():
    assert clean(b"x" * 5000) == "x" * 255
    assert clean("ü😀".encode() * 5000, 5) == "ü😀ü😀ü"


@given(st.binary(max_size=600), st.integers(0, 40))
@settings(max_examples=200)
def test_any_bytes_become_printable_text(data, limit):
    text = clean(data, limit)

    assert len(text) <= limit
    assert text.isprintable()
    assert clean(text.encode(), limit) == text


def test_many_spaces_and_lines_become_one_line():
    assert one_line(b" Web\r\n\t  Camera \n") == "Web Camera"


def test_a_head_is_split_into_line_fields_and_body():
    data = b"\r\nGET / HTTP/1.1\r\nHost: a\r\nX:  b \nhost: second\r\n\r\nbody\r\n\r\n"

    assert split_head(data) == (
        b"GET / HTTP/1.1",
        {b"host": b"a", b"x": b"b"},
        b"body\r\n\r\n",
    )


def test_folded_lines_belong_to_the_field_above():
    data = b"S\n lost\nA: one\n two\n\tthree\na: other\n no\n\n"

    assert split_head(data) == (b"S", {b"a": b"one two three"}, b"")


def test_a_cut_line_of_a_head_is_left_out():
    assert split_head(b"S\nA: 1\nB: 2") == (b"S", {b"a": b"1"}, b"")
    with pytest.raises(ValueError, match="start line is cut"):
        split_head(b"GET / HT")


def test_a_head_without_end_is_bounded():
    many = b"S\n" + b"".join(b"f%d: x\n" % number for number in range(2000))

    assert len(split_head(many + b"\nbody")[1]) == MAX_FIELDS
    assert split_head(b"S\n" + b"A: 1\n" * 100_000 + b"B: 2\n\nbody") == (b"S", {b"a": b"1"}, b"")


def test_a_request_line_has_method_and_target():
    assert split_request_line(b"GET /a b HTTP/1.1", b"HTTP/1.") == (b"GET", b"/a b")
    for line in (b"GET /", b"", b"G\x00T / HTTP/1.1", b"GET  HTTP/1.1", b"GET / HTTP/2"):
        with pytest.raises(ValueError, match="no request line"):
            split_request_line(line, b"HTTP/1.")


def test_a_status_line_needs_no_reason():
    assert read_status(b"HTTP/1.1 404", b"HTTP/1.") == 404
    assert read_status(b"HTTP/1.0 200 OK then", b"HTTP/1.") == 200
    for line in (b"HTTP/1.1", b"HTTP/1.1 20", b"ICY 200 OK", b"HTTP/1.1 2000"):
        with pytest.raises(ValueError, match="no status line"):
            read_status(line, b"HTTP/1.")


@pytest.mark.parametrize(
    ("path", "shown"),
    [
        (b"/index.html?user=a", "/index.html"),
        (b"/a#b", "/a"),
        (b"/a;jsessionid=1234", "/a"),
        (b"/trackID=1", "/trackID=1"),
        (b"/user=admin_password=secret_channel=1.sdp", "/"),
        (b"/live/pwd=x", "/live/"),
        (b"admin:secret@host", "host"),
        (b"/api/83b7780291a6ceffbe0bd049104df831/lights", "/api/*/lights"),
        (b"/bot1234567890:AAFq-abcdefghijklmnop/send", "/*/send"),
        (b"/DCH-G020-1.1.0-0123456789abcdef.bin", "/DCH-G020-1.1.0-0123456789abcdef.bin"),
        (b"/a-page-of-many-words-without-number", "/a-page-of-many-words-without-number"),
    ],
)
def test_a_path_shows_no_secret(path, shown):
    assert bare_path(path) == shown


def test_a_long_path_is_cut():
    assert len(bare_path(b"/x" * 5000)) == 200


def test_an_address_is_split():
    assert split_url(b"HTTP://u:p@cam:80/a?b") == (b"http", True, b"cam:80", b"/a?b")
    assert split_url(b"rtsp://cam") == (b"rtsp", False, b"cam", b"")
    assert split_url(b"/to?u=http://x") == (b"", False, b"", b"/to?u=http://x")


@pytest.mark.parametrize(
    "url",
    [
        b"rtsp://admin:s3cret@cam/live",
        b"rtsp://admin:s3c@s3cret@cam/live",
        b"rtsp://admin:s3cret/x@cam/live",
        b"rtsp://admin:s3cret#1@cam/live",
        b"rtsp://admin:s3cret?1@cam/live",
        b"rtsp://admin:1/s3cret@cam/live",
        b"rtsp://admin:b@c/s3cret@cam/live",
        b"//admin:s3cret@cam/live",
        b"http://cam/live?password=s3cret",
        b"http://cam/live#s3cret",
    ],
)
def test_an_address_shows_no_login(url):
    assert "s3c" not in bare_url(url)
    assert "s3c" not in str(split_url(url)[2])


def test_an_address_keeps_the_rest():
    assert bare_url(b" http://192.168.1.1:1900/igd.xml ") == "http://192.168.1.1:1900/igd.xml"
    assert bare_url(b"//cam/login") == "//cam/login"
    assert bare_url(b"/login?next=/") == "/login"
    assert bare_url(b"http://" + b"h" * 999 + b"/p") == "http://" + "h" * 248


def test_a_host_loses_its_port():
    assert bare_host(b"Cam.Local.:8080") == "cam.local"
    assert bare_host(b"[fe80::1]:80") == "fe80::1"
    assert bare_host(b"fe80::1") == "fe80::1"
    assert bare_host(b"user:secret@cam") == "cam"
    assert bare_host(b" ") is None


def test_an_absent_or_empty_field_is_none():
    assert optional({b"a": b"x", b"b": b" "}, b"a") == "x"
    assert optional({b"a": b"x", b"b": b" "}, b"b") is None
    assert optional({}, b"a") is None


def test_a_scheme_is_the_first_word():
    assert read_scheme(b'Digest realm="x"') == "digest"
    assert read_scheme(b"") is None


@pytest.mark.parametrize(
    "data",
    [
        b"user=a&password=x",
        b"?loginpas=1&usr_pwd=x",
        b"Pass=x",
        b"user%5Bpass%5D=1&user[password]=x",
        b'{"login": {"userPassword": "x"}}',
        b'[{"pwd":1234}]',
        b'--b\r\nContent-Disposition: form-data; name="passwd"\r\n\r\nx\r\n--b--',
    ],
)
def test_a_field_named_like_a_password_is_seen(data):
    assert sends_password(data)


@pytest.mark.parametrize(
    "data",
    [
        b"",
        b"password=&user=x",
        b"compass=north&passive=1&bypass=1",
        b"text=my+password+is+long",
        b'{"hasPassword": true, "password": null, "pwd": ""}',
        b'{"note": "password"}',
        b"passwordless=1",
    ],
)
def test_other_fields_are_no_passwords(data):
    assert not sends_password(data)


@given(st.binary(max_size=300))
@settings(max_examples=150)
def test_any_bytes_are_handled(data):
    for step in (bare_host, bare_path, bare_url, split_url, read_scheme, sends_password):
        step(data)
    try:
        split_head(data)
    except ValueError as error:
        assert str(error) == "start line is cut"  # noqa: PT017 -- other bytes raise nothing


@pytest.mark.parametrize(
    ("data", "parameters"),
    [
        (b"a=1&user%5Bfull_name%5D=Ann%20B&x", [(b"a", b"1"), (b"fullname", b"Ann B")]),
        (b"a=1\r\nb=2=3", [(b"a", b"1"), (b"b", b"2=3")]),
        (b"a=%zz&=1&b=", [(b"a", b"%zz"), (b"", b"1"), (b"b", b"")]),
        (b' {"p": {"e-Mail": "a\\u0040b"}, "n": -1.5}', [(b"email", b"a@b"), (b"n", b"-1.5")]),
        (b'{"a": "\\x", "b": [1, 2], "c": true}', [(b"a", b"")]),
        (b'{"a": "cut', []),
        (b'{"a": 12', []),
    ],
)
def test_parameters_have_bare_names_and_whole_values(data, parameters):
    assert read_parameters(data) == parameters


def test_what_may_be_cut_is_no_parameter():
    assert read_parameters(b"a=1&b=12", whole=False) == [(b"a", b"1")]
    assert read_parameters(b"a=1&b=" + b"x" * 20_000) == [(b"a", b"1")]


def test_parameters_are_bounded():
    assert len(read_parameters(b"a=1&" * 500)) == MAX_PARAMETERS
    assert len(read_parameters(b"[" + b'"a":1,' * 500)) == MAX_PARAMETERS


@given(st.binary(max_size=200), st.booleans())
@settings(max_examples=100)
def test_any_bytes_have_parameters(data, whole):
    for text in (data, b"{" + data, b'{"a":"' + data + b'"}', b"a=" + data):
        for name, value in read_parameters(text, whole=whole):
            assert isinstance(name, bytes)
            assert isinstance(value, bytes)
