"""Values that a device told -> the rules of shipped knowledge that hold for them."""

import re
from collections import defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from fnmatch import translate
from functools import cache, lru_cache

from thingwarden.inventory.identification.kinds import Kind
from thingwarden.inventory.identification.normal import plain
from thingwarden.inventory.vendors import read_knowledge


@dataclass(frozen=True, slots=True, kw_only=True)
class Rule:
    """A value of a channel that tells what a thing is."""

    form: str
    """exact, prefix, suffix, contains, glob, regex, or domain (a name and all names below it)."""
    pattern: str
    literal: str
    """What a value must contain for the pattern to be tried; empty if that is not known."""
    kind: Kind
    strength: float
    source: str


@dataclass(slots=True)
class _Book:
    """The rules of one channel, by the way in which they are looked up."""

    exact: dict[str, list[Rule]] = field(default_factory=lambda: defaultdict(list))
    domains: dict[str, list[Rule]] = field(default_factory=lambda: defaultdict(list))
    others: list[Rule] = field(default_factory=list)


@lru_cache(maxsize=65_536)
def find_rules(channel: str, raw: str) -> tuple[Rule, ...]:
    """Rules that hold for a value of a channel."""
    book = _books().get(channel)
    if book is None:
        return ()
    value = plain(raw)
    return (
        *book.exact.get(value, ()),
        *_of_domains(book, value),
        *(rule for rule in book.others if rule.literal in value and _holds(rule, value)),
    )


def _of_domains(book: _Book, name: str) -> Iterator[Rule]:
    """Rules of the longest part of a name that has some."""
    labels = name.rstrip(".").split(".")[-12:] if book.domains else []
    for start in range(len(labels)):
        found = book.domains.get(".".join(labels[start:]))
        if found:
            yield from found
            return


def _holds(rule: Rule, value: str) -> bool:
    match rule.form:
        case "prefix":
            return value.startswith(rule.pattern)
        case "suffix":
            return value.endswith(rule.pattern)
        case "contains":
            return rule.pattern in value
    return _compiled(rule.form, rule.pattern).search(value) is not None


@lru_cache(maxsize=8192)
def _compiled(form: str, pattern: str) -> re.Pattern[str]:
    return re.compile(translate(pattern) if form == "glob" else pattern)


@cache
def _books() -> dict[str, _Book]:
    table = read_knowledge("identity_rules")
    return shelve((row["channel"], _rule(row)) for row in table.to_pylist())


def shelve(rules: Iterable[tuple[str, Rule]]) -> dict[str, _Book]:
    """Rules by channel, ready to be looked up."""
    books: dict[str, _Book] = defaultdict(_Book)
    for channel, rule in rules:
        book = books[channel]
        if rule.form == "exact":
            book.exact[rule.pattern].append(rule)
        elif rule.form == "domain":
            book.domains[rule.pattern].append(rule)
        else:
            book.others.append(rule)
    return dict(books)


def _rule(row: dict[str, object]) -> Rule:
    kind = Kind(
        vendor=str(row["maker"] or ""),
        family=str(row["family"] or ""),
        model=str(row["model"] or ""),
        category=str(row["category"] or ""),
    )
    pattern, form = str(row["pattern"]), str(row["form"])
    literal = str(row["literal"] or (pattern if form in ("prefix", "suffix", "contains") else ""))
    return Rule(
        form=form,
        pattern=pattern,
        literal=literal,
        kind=kind,
        strength=float(str(row["strength"])),
        source=str(row["source"]),
    )
