"""Bytes of text protocols -> text that is safe to show, header fields, addresses without secrets."""

import json
import re
import unicodedata
from itertools import islice
from urllib.parse import unquote_to_bytes

Parameter = tuple[bytes, bytes]
"""Name, only lower-case letters and digits of its last part, and value of something sent."""

MAX_HEAD_BYTES = 16 * 1024  # what is kept of a message
MAX_FIELDS = 128  # common servers refuse more than 100 header fields
MAX_FORM_BYTES = 8 * 1024  # of a query, form or JSON text: forms of devices are far smaller
MAX_PARAMETERS = 64
MAX_VALUE_BYTES = 512

_UNKNOWN = "\N{REPLACEMENT CHARACTER}"
_PATH_END = re.compile(rb"[?#;]")
_AUTHORITY_END = re.compile(rb"[/?#]")
_LOGIN_IN_PATH = re.compile(rb"(?:pass|pwd|psw|user|usr|login|auth|token)[^=/]{0,20}=", re.I)
_KEY_IN_PATH = re.compile(  # 24 characters or more of a key, an account or a token
    rb"(?<=/)(?=[^/]*[0-9])(?=[^/]*[A-Za-z])[\w:~-]{24,}(?:%3[Dd]){0,2}(?=/|$)"
)
_METHOD = re.compile(rb"[A-Za-z][A-Za-z_-]{1,31}")
_PASSWORD_NAME = re.compile(
    rb"(?:password|passwd|passphrase|passwort|pwd|psw"
    rb"|(?:^|[^a-z]|user|login|admin|web|ftp|new|old)pass)[0-9]{0,2}\]?$"
)
_FORM_NAME = re.compile(  # in a form, a query or a part of a multipart form
    rb'(?:^|(?<=[&?\s])|(?<=name="))([^&?=\s"]{1,64})(?==[^&\s]|"\s)'
)
_JSON_NAME = re.compile(rb'"([^"\\]{1,64})"\s*:\s*["0-9](?!")')
_JSON_PAIR = re.compile(  # a text or a number that ends before the bytes do
    rb'"([^"\\]{1,64})"\s{0,8}:\s{0,8}'
    rb'(?:"((?:[^"\\]|\\.){0,512})"|(-?[0-9][0-9.eE+-]{0,31})(?=[\s,}\]]))'
)
_FORM_END = re.compile(rb"[&\r\n]")
_NAME_END = re.compile(rb"[\[.:]")
_NO_NAME = re.compile(rb"[^a-z0-9]")


def clean(data: bytes, limit: int = 255) -> str:
    """Text of at most `limit` characters, without surrounding white space.

    Invalid UTF-8, control characters, bidirectional overrides, zero-width and unassigned
    characters become U+FFFD; other kinds of space become a plain one.
    """
    data = data.strip()[: 4 * limit]  # UTF-8 has at most 4 bytes a character
    text = data.decode("utf-8", "replace")[:limit]
    if not text.isprintable():
        text = "".join([_shown(character) for character in text])
    return text.strip(" ")


def one_line(data: bytes, limit: int = 255) -> str:
    """`clean` text in which each run of white space, line ends too, is one space."""
    return clean(b" ".join(data.split()), limit)


def split_head(data: bytes) -> tuple[bytes, dict[bytes, bytes], bytes]:
    """Start line, header fields (name in lower case -> its first value), body.

    A last line that is cut is left out, and so is everything past `MAX_FIELDS` fields or
    `MAX_HEAD_BYTES`; the body is then empty. Raises `ValueError` if the start line is cut.
    Lines may end in LF alone and be folded: RFC 9112 sections 2.2 and 5.2.
    """
    data = data.lstrip(b"\r\n")
    end = data.find(b"\n", 0, MAX_HEAD_BYTES)
    if end < 0:
        raise ValueError("start line is cut")
    start_line = data[:end].strip()
    fields: dict[bytes, bytes] = {}
    name = b""
    while len(fields) < MAX_FIELDS:
        start = end + 1
        end = data.find(b"\n", start, MAX_HEAD_BYTES)
        if end < 0:
            break
        line = data[start:end]
        if line in {b"", b"\r"}:
            return start_line, fields, data[end + 1 :]
        if line[:1] not in {b" ", b"\t"}:
            name = _add_field(fields, line)
        elif name:
            fields[name] += b" " + line.strip()
    return start_line, fields, b""


def split_request_line(line: bytes, version: bytes | tuple[bytes, ...]) -> tuple[bytes, bytes]:
    """Split into method and target; raises `ValueError` unless the line ends in `version` and digits."""
    method, _, rest = line.partition(b" ")
    target, _, found = rest.strip().rpartition(b" ")
    target = target.strip()
    if not target or not _METHOD.fullmatch(method) or not found.startswith(version):
        raise ValueError("no request line")
    return method, target


def read_status(line: bytes, version: bytes | tuple[bytes, ...]) -> int:
    """Status code of a status line, with or without a reason (RFC 9112 section 4)."""
    code = line.split(maxsplit=2)[1:2]
    if not line.startswith(version) or not code or len(code[0]) != 3 or not code[0].isdigit():
        raise ValueError("no status line")
    return int(code[0])


def split_url(url: bytes) -> tuple[bytes, bool, bytes, bytes]:
    """Scheme in lower case, whether a login is written into it, host with port, rest from the path.

    What has no scheme with `://` is all rest (RFC 3986 section 3). Where an `@` inside a password
    leaves it open which part is secret, host and rest are empty.
    """
    scheme, mark, rest = url.partition(b"://")
    if not mark or not scheme.isalnum():
        return b"", False, b"", url
    end = _AUTHORITY_END.search(rest)
    at = end.start() if end else len(rest)
    user, login, host = rest[:at].rpartition(b"@")
    rest = rest[at:]
    _, colon, port = host.rpartition(b":")
    if b"@" in rest and (login or (colon and not port.isdigit())):
        return scheme.lower(), True, b"", b""
    if b"@" in rest and colon:
        rest = b""
    return scheme.lower(), bool(user), host, rest


def bare_path(path: bytes, limit: int = 200) -> str:
    """Path without query, fragment, parameters and any login; a part like a key becomes `*`."""
    end = _PATH_END.search(path)
    path = path[: end.start()] if end else path
    if b"@" in path and not path.startswith(b"/"):
        path = path.rpartition(b"@")[2]
    if b"=" in path:
        login = _LOGIN_IN_PATH.search(path)
        path = path[: login.start()] if login else path
    if len(path) > 24:
        path = _KEY_IN_PATH.sub(b"*", path)
    return clean(path, limit)


def bare_url(url: bytes, limit: int = 255) -> str:
    """Address as text, without login, query and fragment."""
    url = url.strip()
    if url.startswith(b"//"):
        return bare_url(b"http:" + url, limit + 5)[5:]
    scheme, _, host, rest = split_url(url)
    start = clean(scheme + b"://" + host, limit) if scheme else ""
    return (start + bare_path(rest, limit))[:limit]


def bare_host(host: bytes) -> str | None:
    """Host name in lower case without port, brackets and final dot; None if empty."""
    host = host.strip().rpartition(b"@")[2]
    if host.startswith(b"["):
        host = host[1:].partition(b"]")[0]
    elif host.count(b":") == 1:
        host = host.partition(b":")[0]
    return clean(host).lower().rstrip(".") or None


def optional(fields: dict[bytes, bytes], name: bytes, limit: int = 255) -> str | None:
    """Value of the field `name` as text; None if it is absent or empty."""
    value = fields.get(name)
    return (clean(value, limit) or None) if value else None


def read_scheme(value: bytes) -> str | None:
    """Scheme of an Authorization or WWW-Authenticate field, lower case; None if there is none."""
    scheme = value.strip().partition(b" ")[0].rstrip(b",")
    return clean(scheme, 32).lower() or None


def sends_password(data: bytes) -> bool:
    """Whether a form, query or JSON text gives a value to a field named like a password."""
    lower = data.lower()
    if b"pass" not in lower and b"pwd" not in lower and b"psw" not in lower:
        return False
    pattern = _JSON_NAME if lower.lstrip()[:1] in {b"{", b"["} else _FORM_NAME
    return any(_PASSWORD_NAME.search(found[1]) for found in pattern.finditer(lower))


def read_parameters(data: bytes, *, whole: bool = True) -> list[Parameter]:
    """Names and values in a query, form or JSON text, in order, within bounds; bad ones are left out.

    Where the text was not seen `whole`, a value that may be cut is left out too.
    """
    if len(data) > MAX_FORM_BYTES:
        data, whole = data[:MAX_FORM_BYTES], False
    if data.lstrip()[:1] in {b"{", b"["}:
        pairs = [
            (found[1], found[2], found[3])
            for found in islice(_JSON_PAIR.finditer(data), MAX_PARAMETERS)
        ]
        return [
            (_bare_name(name), _unescape(text) if text is not None else number)
            for name, text, number in pairs
        ]
    parts = _FORM_END.split(data, MAX_PARAMETERS)
    if not whole or len(parts) > MAX_PARAMETERS:
        parts.pop()
    split = [part.partition(b"=") for part in parts]
    return [
        (_bare_name(unquote_to_bytes(name)), unquote_to_bytes(value))
        for name, mark, value in split
        if mark and len(name) <= 64 and len(value) <= MAX_VALUE_BYTES
    ]


def _bare_name(name: bytes) -> bytes:
    """`user[e-mail]` -> `email`."""
    last = _NAME_END.split(name.lower().rstrip(b"]"))[-1]
    return _NO_NAME.sub(b"", last)


def _unescape(text: bytes) -> bytes:
    """Content of a JSON string; empty if it is none."""
    if b"\\" not in text:
        return text
    try:
        value = json.loads(b'"' + text + b'"')
    except ValueError:
        return b""
    return value.encode("utf-8", "replace") if isinstance(value, str) else b""


def _shown(character: str) -> str:
    if character.isprintable():
        return character
    return " " if unicodedata.category(character) == "Zs" else _UNKNOWN


def _add_field(fields: dict[bytes, bytes], line: bytes) -> bytes:
    """Return the name; empty if the field was there, so that what is folded below it is lost too."""
    name, _, value = line.partition(b":")
    name = name.strip().lower()
    if name in fields:
        return b""
    fields[name] = value.strip()
    return name
