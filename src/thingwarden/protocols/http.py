"""HTTP/1 messages -> requests with their answers (RFC 9112)."""

import html
import re
from functools import lru_cache

from thingwarden.protocols.body import read_content
from thingwarden.protocols.logins import is_default_basic, is_default_form
from thingwarden.protocols.reader import ExchangeReader, Row
from thingwarden.protocols.revealed import tell_revealed
from thingwarden.protocols.text import (
    bare_host,
    bare_path,
    bare_url,
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
from thingwarden.tables import FLAG, LIST, SMALL, TEXT, WHOLE, column, exchange_table

VERSION = b"HTTP/1."
MAX_INTERIM = 4  # answers 1xx before the one that counts

_FORM_TYPES = ("application/x-www-form-urlencoded", "multipart/form-data", "application/json")
_PAGE_TYPES = ("text/html", "application/xhtml+xml")
_REALM = re.compile(rb'realm\s{0,4}=\s{0,4}(?:"([^"]{0,255})|([^\s,"]{1,255}))', re.I)
_ASKS_PASSWORD = re.compile(
    rb"""<input(?=\s)[^<>]{0,1000}(?<=[\s"'])type\s{0,4}=\s{0,4}\\?["']?password""", re.I
)

HTTP = exchange_table(
    "http",
    "one row per HTTP request with its answer",
    (
        column("method", TEXT, "request method"),
        column("host", TEXT, "Host header, lower case, without port"),
        column("path", TEXT, "path without query, at most 200 characters"),
        column("has_query", FLAG, "a query string was sent (it is not kept)"),
        column("user_agent", TEXT, "User-Agent header"),
        column(
            "credentials",
            TEXT,
            "basic, digest, bearer, other, form (a password field in a form, JSON "
            "or query); null if none",
        ),
        column("request_type", TEXT, "Content-Type of the request, without parameters"),
        column("request_bytes", WHOLE, "Content-Length of the request"),
        column(
            "default_login",
            FLAG,
            "the user name and password are a pair that makers ship, see "
            "data/default_logins.csv; null if no login could be read",
        ),
        column(
            "reveals",
            LIST,
            "kinds of data readable in the query, form or JSON: coordinates, date-of-birth, email, "
            "hardware-address, health, person-name, phone, serial, token, wireless-name; null if none",
        ),
        column("status", SMALL, "status code of the answer"),
        column("server", TEXT, "Server header"),
        column("answer_type", TEXT, "Content-Type of the answer, without parameters"),
        column("answer_bytes", WHOLE, "Content-Length of the answer"),
        column("location", TEXT, "Location header without query"),
        column("authenticate", TEXT, "scheme of WWW-Authenticate, lower case"),
        column("realm", TEXT, "realm of WWW-Authenticate"),
        column("title", TEXT, "title of an HTML page"),
        column(
            "asks_password",
            FLAG,
            "the HTML page has a password field; null if no page was seen",
        ),
    ),
)


def read_request(data: bytes) -> Row:
    """Client half of a row from one request; raises `ValueError` if it is not HTTP/1."""
    line, fields, body = split_head(data)
    method, target = split_request_line(line, VERSION)
    host, path, login = _split_target(method, target)
    request_type = _media_type(fields)
    form = read_content(fields, body) if _is_form(request_type) else b""
    return (
        method.decode("ascii"),
        host or bare_host(fields.get(b"host", b"")),
        path,
        b"?" in target,
        optional(fields, b"user-agent"),
        _credentials(fields, target, form) or ("other" if login else None),
        request_type,
        _length(fields),
        *_read_sent(fields, target, form, whole=len(body) >= (_length(fields) or 1)),
    )


def read_answer(data: bytes) -> Row:
    """Server half of a row from one answer; raises `ValueError` if it is not HTTP/1."""
    line, fields, body = split_head(data)
    status = read_status(line, VERSION)
    for _ in range(MAX_INTERIM):
        if not 100 <= status < 200 or not body.startswith(VERSION):
            break
        line, fields, body = split_head(body)
        status = read_status(line, VERSION)
    answer_type = _media_type(fields)
    challenge = fields.get(b"www-authenticate", b"")
    location = fields.get(b"location")
    return (
        status,
        optional(fields, b"server"),
        answer_type,
        _length(fields),
        (bare_url(location) or None) if location else None,
        read_scheme(challenge),
        _realm(challenge),
        *_read_page(answer_type, fields, body),
    )


def _split_target(method: bytes, target: bytes) -> tuple[str | None, str | None, bool]:
    """Host, path, whether a login is in it (RFC 9112 section 3.2)."""
    if method == b"CONNECT":
        return bare_host(target), None, b"@" in target
    scheme, login, host, rest = split_url(target)
    if not scheme:
        return None, bare_path(target), False
    return bare_host(host), bare_path(rest) or "/", login


def _credentials(fields: dict[bytes, bytes], target: bytes, form: bytes) -> str | None:
    scheme = read_scheme(fields.get(b"authorization", b""))
    if scheme:
        return scheme if scheme in {"basic", "digest", "bearer"} else "other"
    if sends_password(b"?" + target.partition(b"?")[2]) or sends_password(form):
        return "form"
    return None


def _read_sent(
    fields: dict[bytes, bytes], target: bytes, form: bytes, *, whole: bool
) -> tuple[bool | None, tuple[str, ...] | None]:
    """Whether the login is one that makers ship, and which kinds of data can be read."""
    query = target.partition(b"?")[2]
    parameters = read_parameters(query) if query else []
    if form:
        parameters += read_parameters(form, whole=whole)
    login = is_default_basic(fields[b"authorization"]) if b"authorization" in fields else None
    if login is None and parameters:
        login = is_default_form(parameters)
    return login, tell_revealed(parameters) or None if parameters else None


def _is_form(request_type: str | None) -> bool:
    """Small devices often send forms as text, or without saying what it is."""
    return request_type is None or request_type in _FORM_TYPES or request_type.startswith("text/")


def _media_type(fields: dict[bytes, bytes]) -> str | None:
    value = fields.get(b"content-type")
    return (one_line(value.partition(b";")[0]).lower() or None) if value else None


def _length(fields: dict[bytes, bytes]) -> int | None:
    value = fields.get(b"content-length", b"")
    return int(value) if value.isdigit() and len(value) < 16 else None


def _realm(challenge: bytes) -> str | None:
    found = _REALM.search(challenge)
    return one_line(found[1] or found[2] or b"") or None if found else None


def _read_page(
    answer_type: str | None, fields: dict[bytes, bytes], body: bytes
) -> tuple[str | None, bool | None]:
    """Title, whether a password is asked for; both None if there is no HTML page."""
    if not body or (answer_type is not None and answer_type not in _PAGE_TYPES):
        return None, None
    page = read_content(fields, body)
    if not page or (answer_type is None and not _looks_like_page(page)):
        return None, None
    return _title(page), _ASKS_PASSWORD.search(page) is not None


def _looks_like_page(page: bytes) -> bool:
    return page[:64].lstrip().lower().startswith((b"<!doctype html", b"<html"))


def _title(page: bytes) -> str | None:
    lower = page.lower()
    start = lower.find(b"<title")
    start = lower.find(b">", start) + 1 if start >= 0 else 0
    end = lower.find(b"</title", start) if start else -1
    if end < 0:
        return None
    text = html.unescape(page[start:end][:2048].decode("utf-8", "replace"))
    return one_line(text.encode()) or None


READER = ExchangeReader(
    name="http",
    table=HTTP,
    read_client=lru_cache(maxsize=256)(read_request),  # a thing asks the same again and again
    read_server=read_answer,
    client_width=10,
    server_width=9,
)
