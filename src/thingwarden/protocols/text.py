"""Bytes of text protocols -> text that is safe to show, header fields, addresses without secrets."""

import re
import unicodedata

MAX_HEAD_BYTES = 16 * 1024  # what is kept of a message
MAX_FIELDS = 128  # common servers refuse more than 100 header fields

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
