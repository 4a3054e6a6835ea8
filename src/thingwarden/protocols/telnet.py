"""Telnet sessions -> whether somebody logged in, never with what (RFC 854)."""

import re
from dataclasses import dataclass

from thingwarden.protocols.logins import is_default
from thingwarden.protocols.reader import ExchangeReader, Row
from thingwarden.protocols.text import one_line
from thingwarden.tables import FLAG, SMALL, TEXT, column, exchange_table

MAX_BYTES = 8 * 1024  # of each side: a login stands at the beginning
MAX_BANNER = 200

_IAC, _SB, _SE = 255, 250, b"\xff\xf0"  # RFC 854: command, begin and end of subnegotiation
_WILL = 251  # RFC 854: WILL, WONT, DO and DONT, 251 to 254, have one more byte

_LINE_END = re.compile(rb"\r\n|\r|\n")
_PROMPT = re.compile(
    rb"(?P<login>(?<!last )(?<!failed )\b(?:log ?[io]n(?: ?(?:as|name|id))?"
    rb"|user(?:[ _]?(?:name|id))?|account) ?[:>])"
    rb"|(?P<password>\b(?:pass(?:word|wd|code|wort)?|pwd|senha|mot de passe|contrase.{1,2}a)"
    rb"(?: for [^\r\n:]{1,64})? ?[:>?])"
)
_ANY_PROMPT = re.compile(rb"(?<!\d):|:(?!\d\d)|[>#$%?]")  # a time of day is none
_REFUSED = re.compile(
    rb"incorrect|(?<!last )failed|failure|denied|invalid|\bbad\b|wrong|reject|not allowed|locked"
)
_ACCEPTED = re.compile(rb"^[^\r\n]{0,64}[$#>%](?: |$|\r)|welcome|last login|busybox", re.M)
_ESCAPE = re.compile(rb"\x1b\[[0-9;?]{0,32}[A-Za-z]")  # colours and moves of a terminal

TELNET = exchange_table(
    "telnet",
    "one row per Telnet connection in which the server spoke",
    (
        column("client_sent_text", FLAG, "the client sent more than option negotiation"),
        column(
            "default_login",
            FLAG,
            "the first two lines typed are a user name and password that makers ship, see "
            "data/default_logins.csv; null if there are not two",
        ),
        column(
            "banner",
            TEXT,
            "what the server said before it asked for a login, at most 200 characters",
        ),
        column("asked_login", FLAG, "the server asked for a user name"),
        column("asked_password", FLAG, "the server asked for a password"),
        column("outcome", TEXT, "accepted, refused or unknown; null if no login was asked for"),
        column("attempts", SMALL, "how often a password was asked for"),
    ),
)


@dataclass(frozen=True, slots=True, kw_only=True)
class _Prompt:
    """Where the server asked for something."""

    kind: str
    """login or password"""
    start: int
    end: int


def read_typed(data: bytes) -> Row:
    """Client half of a row from the first bytes of the client."""
    text = _strip_options(data[:MAX_BYTES])
    return (bool(text), _is_default(text))


def read_shown(data: bytes) -> Row:
    """Server half of a row from the first bytes of the server, which may echo what was typed."""
    data = data[:MAX_BYTES]
    negotiates = data.startswith(b"\xff")  # so these are surely the first bytes
    text = _ESCAPE.sub(b"", _strip_options(data))
    lower = text.lower()
    prompts = [
        _Prompt(kind=found.lastgroup or "", start=found.start(), end=found.end())
        for found in _PROMPT.finditer(lower)
    ]
    outcome, used = _follow(lower, prompts)
    return (
        _banner(text, prompts, negotiates=negotiates),
        any(prompt.kind == "login" for prompt in prompts[:used]),
        any(prompt.kind == "password" for prompt in prompts[:used]),
        outcome,
        sum(prompt.kind == "password" for prompt in prompts[:used]),
    )


def _is_default(text: bytes) -> bool | None:
    """Whether makers ship the pair typed first; empty lines before it only wake the other end."""
    user, *more = _LINE_END.split(text.lstrip(b"\r\n"), 2)
    return is_default(user, more[0]) if len(more) == 2 else None  # what follows may be nothing


def _strip_options(data: bytes) -> bytes:
    """Drop option negotiation and NUL bytes (RFC 854)."""
    parts = []
    at = 0
    while (found := data.find(b"\xff", at)) >= 0:
        parts.append(data[at:found])
        command = data[found + 1] if found + 1 < len(data) else 0
        at = found + (3 if _WILL <= command < _IAC else 2)
        if command == _SB:
            end = data.find(_SE, at)
            at = end + 2 if end >= 0 else len(data)
    parts.append(data[at:])
    return b"".join(parts).replace(b"\0", b"")


def _follow(lower: bytes, prompts: list[_Prompt]) -> tuple[str | None, int]:
    """How the last answered login ended, and how many prompts came until one was accepted."""
    outcome = "unknown" if prompts else None
    for number, prompt in enumerate(prompts):
        following = prompts[number + 1] if number + 1 < len(prompts) else None
        result = _judge(lower, prompt, following)
        if result == "accepted":
            return result, number + 1
        outcome = result or outcome
    return outcome, len(prompts)


def _judge(lower: bytes, prompt: _Prompt, following: _Prompt | None) -> str | None:
    """Judge the text after a prompt; the rest of the prompt's own line may be an echo."""
    said = lower[prompt.end : following.start if following else len(lower)]
    reply = said.replace(b"\r", b"\n").partition(b"\n")[2]
    lines = [line for line in reply.split(b"\n") if line]
    if _REFUSED.search(b" ".join(lines[:3])):  # later lines greet whoever came in
        return "refused"
    if _ACCEPTED.search(reply):
        return "accepted"
    asks_again = following is not None and prompt.kind == "password"
    return "refused" if asks_again else None


def _banner(text: bytes, prompts: list[_Prompt], *, negotiates: bool) -> str | None:
    """Return what was said before the first prompt; nothing if it could be an echo of a login."""
    before = text[: prompts[0].start] if prompts else text
    if prompts and prompts[0].kind == "login":
        seen_whole = negotiates or _REFUSED.search(before.lower()) is None
        return one_line(before, MAX_BANNER) or None if seen_whole else None
    if not negotiates:
        return None
    unknown = _ANY_PROMPT.search(before)
    before = before[: unknown.start()] if unknown else before
    if prompts and not unknown:
        before = before.rpartition(b"\n")[0]  # what stands before the prompt may be a user name
    return one_line(before, MAX_BANNER) or None


READER = ExchangeReader(
    name="telnet",
    table=TELNET,
    read_client=read_typed,
    read_server=read_shown,
    client_width=2,
    server_width=5,
)
