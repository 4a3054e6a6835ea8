"""`tools/catalogue/*.csv` -> makers with all spellings of their names, kinds of things, rules."""

import csv
import re
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path

from thingwarden.inventory.identification.makers import short_name
from thingwarden.inventory.identification.normal import plain

from tools.identities_rule import FORMS, Rule, lower_pattern, simplest

SOURCE = "catalogue"

ROLES = ("brand", "module", "platform", "general")

DOMAIN = 0.9
"""Strength of a domain of whose kind nothing is said: a phone with the maker's app asks for it too."""

OWN_NAME = 0.97
"""Strength of a maker's name in the field that is for it."""

HOST_NAME = 0.9
"""Strength of a host name that a maker gives; people give them too."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Maker:
    """A maker as in the table."""

    name: str
    role: str
    words: tuple[str, ...] = ()
    aliases: tuple[str, ...] = ()
    """Other spellings, lower case."""
    owner: str = ""
    """Whose prefixes its things may have, because it belongs to them or had its things made by them."""


class CatalogueError(ValueError):
    """A row of the catalogue that cannot be."""


def read_rows(path: Path) -> list[dict[str, str]]:
    """The rows of a CSV file with a head; every cell is there."""
    with path.open(encoding="utf-8", newline="") as file:
        rows = list(csv.DictReader(file, strict=True))
    for row in rows:
        if None in row or None in row.values():
            raise CatalogueError(f"{path.name}: not as many cells as columns: {row}")
    return rows


def read_categories(folder: Path) -> list[dict[str, str | list[str]]]:
    """Kinds of things: id, words for people, and what others call them."""
    return [
        {"id": row["id"], "words": row["words"], "aliases": _list(row["aliases"])}
        for row in read_rows(folder / "categories.csv")
    ]


def read_makers(folder: Path, organisations: Iterable[str]) -> list[Maker]:
    """Makers in order of name, with the names under which the IEEE lists them."""
    rows = read_rows(folder / "makers.csv")
    listed = _assign({row["maker"]: _list(row["ieee"]) for row in rows}, organisations)
    taken = {short_name(row["maker"]) for row in rows}
    makers = []
    for row in rows:
        if row["role"] not in ROLES:
            raise CatalogueError(f"{row['maker']}: no such role: {row['role']}")
        if row["owner"] and row["owner"] not in {each["maker"] for each in rows}:
            raise CatalogueError(f"{row['maker']}: no such owner: {row['owner']}")
        own = {short_name(row["maker"])}
        names = {*map(plain, _list(row["aliases"])), *listed.get(row["maker"], ())}
        kept = {name for name in names if short_name(name) in own or short_name(name) not in taken}
        makers.append(
            Maker(
                name=row["maker"],
                role=row["role"],
                words=tuple(_list(row["words"])),
                aliases=tuple(sorted(kept - {plain(row["maker"])})),
                owner=row["owner"],
            )
        )
    return sorted(makers, key=lambda maker: maker.name.lower())


def _assign(starts: Mapping[str, list[str]], organisations: Iterable[str]) -> dict[str, set[str]]:
    """Names of organisations by the maker with whose words they begin, the longest first."""
    owner = {start: maker for maker, words in starts.items() for start in words}
    found: dict[str, set[str]] = defaultdict(set)
    for name in sorted(set(map(plain, organisations))):
        for size in range(len(name), 1, -1):
            whole = size == len(name) or not name[size].isalnum()
            if whole and name[:size] in owner:
                found[owner[name[:size]]].add(name)
                break
    return found


def catalogue_rules(folder: Path, makers: Iterable[Maker]) -> Iterator[Rule]:
    """All rules that are written by hand, and one for each name of a maker."""
    for maker in makers:
        if maker.role in ("brand", "general"):
            for name in sorted({plain(maker.name), *maker.aliases}):
                yield Rule(
                    channel="upnp-maker",
                    form="exact",
                    pattern=name,
                    maker=maker.name,
                    strength=OWN_NAME,
                    source=SOURCE,
                )
    for row in read_rows(folder / "domains.csv"):
        for name in row["domains"].split():
            yield _rule(row, "domain", "domain", name, DOMAIN)
    for row in read_rows(folder / "host_names.csv"):
        for name in row["names"].split():
            for channel in ("host-name", "mdns-name"):
                yield _rule(row, channel, "glob" if "*" in name else "exact", name, HOST_NAME)
    for row in read_rows(folder / "names.csv"):
        yield _rule(row, row["channel"], row["form"], row["pattern"], OWN_NAME)


def _rule(row: Mapping[str, str], channel: str, form: str, pattern: str, strength: float) -> Rule:
    """A rule of a row; globs that only end in a star, and simple regexes, get a simpler form."""
    literal = None
    if form not in FORMS:
        raise CatalogueError(f"{pattern}: no such form: {form}")
    if form == "glob" and pattern.endswith("*") and not set(pattern[:-1]) & set("*?["):
        form, pattern = "prefix", pattern[:-1]
    if form == "glob":
        literal = max(re.split(r"[*?]", pattern.lower()), key=len)
    if form == "regex":
        form, pattern, literal = simplest(lower_pattern(pattern))
    return Rule(
        channel=channel,
        form=form,
        pattern=pattern if form == "regex" else pattern.lower(),
        literal=literal,
        maker=row["maker"] or None,
        family=row["family"] or None,
        model=row.get("model") or None,
        category=row["category"] or None,
        strength=float(row["strength"] or strength),
        source=SOURCE,
    )


def _list(cell: str) -> list[str]:
    return [part.strip() for part in cell.split("|") if part.strip()]
