"""What a rule about things is, and patterns of others -> patterns that are safe to ask of any value."""

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from fnmatch import translate
from re import _constants as codes  # type: ignore[attr-defined]  # the tree of a pattern has no public name
from re import _parser as parser  # type: ignore[attr-defined]  # as above
from typing import Any

FORMS = ("exact", "prefix", "suffix", "contains", "glob", "regex", "domain")

SHORTEST_LITERAL = 3
"""Letters that a value must hold before a regex is asked: fewer are in nearly every value."""

MOST_REPEATS = 4
"""Unbounded repeats in one pattern: more take long on a value made for it."""

KEPT_ESCAPES = frozenset("dDsSwWbBA")
CONTROLS = frozenset("rntfv")


class RefusedPatternError(ValueError):
    """The pattern is risky, or says more than values hold by the time they are asked."""


@dataclass(frozen=True, slots=True, kw_only=True, order=True)
class Rule:
    """A value of a channel, and what a thing is that tells it."""

    channel: str
    form: str
    pattern: str
    literal: str | None = None
    """What a value must hold for a regex to be tried."""
    maker: str | None = None
    family: str | None = None
    model: str | None = None
    category: str | None = None
    strength: float
    """Probability that a thing with this value is what the rule says."""
    source: str


def matches(rule: Rule, value: str) -> bool:
    """Whether the rule holds for a lower-case value."""
    match rule.form:
        case "exact":
            return value == rule.pattern
        case "prefix":
            return value.startswith(rule.pattern)
        case "suffix":
            return value.endswith(rule.pattern)
        case "contains":
            return rule.pattern in value
        case "domain":
            return value == rule.pattern or value.endswith("." + rule.pattern)
        case "glob":
            return re.match(translate(rule.pattern), value) is not None
    return re.search(rule.pattern, value) is not None


def lower_pattern(pattern: str) -> str:
    """A regex for values in lower case with single spaces; raises `RefusedPatternError`."""
    body = re.sub(r"^\(\?[is]+\)", "", pattern)
    body = re.sub(r"\(\?i:", "(?:", re.sub(r"(?:\\r\\n)+", " ", body))
    if re.search(r"\(\?(?!:)|\[\[:", body):
        raise RefusedPatternError("looks around, names groups or classes")
    lower = re.sub(r"\\.|[^\\]+", lambda found: _lower(found.group()), body, flags=re.S)
    single = re.sub(r"\(\?: (?:\| )*\)", " ", lower)
    return re.sub(r"(?<!\\) \*", " ?", re.sub(r"(?<!\\) \+", " ", single))


def _lower(part: str) -> str:
    if part[0] != "\\":
        return part.lower()
    letter = part[1]
    if letter in CONTROLS:
        return " "
    if letter in "zZ":
        return "$"
    if letter.isalnum() and letter not in KEPT_ESCAPES:
        raise RefusedPatternError(f"unknown escape {part}")
    return part if letter in KEPT_ESCAPES else re.escape(letter)


def simplest(pattern: str) -> tuple[str, str, str | None]:
    """Form, pattern and literal that ask the same as a lower-case regex; refuses what is risky."""
    try:
        tree = parser.parse(pattern)
    except (re.error, OverflowError) as error:
        raise RefusedPatternError(str(error)) from error
    _refuse_risks(tree)
    literal = max(_runs(tree), key=len, default="")
    if len(literal.strip()) < SHORTEST_LITERAL:
        raise RefusedPatternError("nothing that a value must hold")
    fixed = _fixed(list(tree))
    return (*fixed, None) if fixed else ("regex", pattern, literal)


def _fixed(nodes: list[Any]) -> tuple[str, str] | None:
    """Form and text of a pattern that is nothing but text between anchors."""
    kinds = [str(code) for code, _ in nodes]
    starts = kinds[:1] == ["AT"] and "BEGINNING" in str(nodes[0][1])
    ends = kinds[-1:] == ["AT"] and "END" in str(nodes[-1][1])
    middle = nodes[1 if starts else 0 : -1 if ends else None]
    if any(code is not codes.LITERAL for code, _ in middle):
        return None
    text = "".join(chr(value) for _, value in middle)
    form = {(True, True): "exact", (True, False): "prefix", (False, True): "suffix"}
    return form.get((starts, ends), "contains"), text


def _refuse_risks(tree: Any, *, repeated: bool = False) -> int:  # noqa: ANN401  # parsed patterns have no types
    """Count unbounded repeats; one inside another, or too many, are refused."""
    found = 0
    for code, value in tree:
        if code in (codes.GROUPREF, codes.GROUPREF_EXISTS, codes.ASSERT, codes.ASSERT_NOT):
            raise RefusedPatternError("refers back or looks around")
        inside = repeated
        if code in (codes.MAX_REPEAT, codes.MIN_REPEAT):
            open_ended = value[1] > 64
            if repeated and open_ended:
                raise RefusedPatternError("repeats what repeats")
            found, inside = found + open_ended, repeated or value[1] > 1
        if inside and code is codes.BRANCH and _alike(value[1]):
            raise RefusedPatternError("repeats a choice between likes")
        found += sum(_refuse_risks(part, repeated=inside) for part in _parts(code, value))
    if found > MOST_REPEATS:
        raise RefusedPatternError("repeats too much")
    return found


def _alike(choices: Sequence[Any]) -> bool:
    """Whether two choices may begin alike: repeated, they can be taken apart in countless ways."""
    firsts = [str(choice[0]) if len(choice) else "" for choice in choices]
    plain = all(len(choice) and choice[0][0] is codes.LITERAL for choice in choices)
    return not plain or len(set(firsts)) < len(firsts)


def _parts(code: Any, value: Any) -> Sequence[Any]:  # noqa: ANN401
    """The patterns inside one node."""
    if code in (codes.MAX_REPEAT, codes.MIN_REPEAT):
        return [value[2]]
    if code is codes.SUBPATTERN:
        return [value[-1]]
    return list(value[1]) if code is codes.BRANCH else []


def _runs(tree: Any) -> Iterable[str]:  # noqa: ANN401
    """Texts that every value must hold for which the pattern holds."""
    run = ""
    for code, value in tree:
        if code is codes.LITERAL:
            run += chr(value)
            continue
        if code is codes.AT:
            continue
        yield run
        run = ""
        if code is codes.SUBPATTERN or (code in (codes.MAX_REPEAT, codes.MIN_REPEAT) and value[0]):
            yield from _runs(_parts(code, value)[0])
    yield run
