"""Contacts -> where in the world: a map with the countries where peers' addresses are registered."""

import csv
import json
import math
from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from functools import cache
from importlib.resources import files
from typing import Any

from thingwarden.model import Contact, DeviceId
from thingwarden.report.letters import plain
from thingwarden.report.naming import shorten_company
from thingwarden.report.pictures.svg import Picture, drawing, path, text
from thingwarden.report.words import count, listed, size

TITLE = "Where in the world"
MOST_MARKS = 12
MOST_ROWS = 60
LEVELS = 4
UNKNOWN = "unknown"
APART = 40.0
"""Marks have a radius of 13, on phones of 20."""


@dataclass(slots=True)
class Country:
    """What went to and came from a country."""

    bytes: int = 0
    devices: set[str] = field(default_factory=set)
    providers: dict[str, int] = field(default_factory=lambda: defaultdict(int))


@cache
def country_names() -> Mapping[str, str]:
    """ISO 3166 alpha-2 code -> English name."""
    table = files("thingwarden") / "data/countries.csv"
    rows = csv.DictReader(table.read_text(encoding="utf-8").splitlines())
    return {row["alpha2"]: row["name"] for row in rows}


def name_country(code: str) -> str:
    """English name of a country; the code itself if it is none."""
    return country_names().get(code, plain(code, 20))


def draw_where(contacts: Sequence[Contact], labels: Mapping[DeviceId, str]) -> Picture | None:
    """The map; None if nothing went to the Internet."""
    countries = _count(contacts, labels)
    if not countries:
        return None
    ordered = sorted(
        (code for code in countries if code != UNKNOWN),
        key=lambda code: (-countries[code].bytes, code),
    )
    ordered += [UNKNOWN] if UNKNOWN in countries else []
    says = _describe(ordered, countries)
    world = _world()
    shape = (world["width"], world["height"])
    left_out = len(ordered) - MOST_ROWS
    return Picture(
        id="where",
        title=TITLE,
        says=says,
        drawings=(drawing("where-map", TITLE, says, size=shape, body=_body(ordered, countries)),),
        heads=("", "Country", "Devices", "Providers", "Bytes"),
        rows=tuple(
            _row(number, code, countries[code]) for number, code in enumerate(ordered[:MOST_ROWS])
        ),
        numbers_from=4,
        note="A country is where an address is registered, which need not be where the machine is."
        + (
            f" {count(left_out, 'more country', 'more countries')} not listed."
            if left_out > 0
            else ""
        ),
    )


def _count(contacts: Sequence[Contact], labels: Mapping[DeviceId, str]) -> dict[str, Country]:
    countries: dict[str, Country] = defaultdict(Country)
    for contact in contacts:
        if contact.place != "internet":
            continue
        country = countries[contact.country or UNKNOWN]
        amount = max(0, contact.sent_bytes) + max(0, contact.received_bytes)
        country.bytes += amount
        country.devices.add(labels.get(contact.device_id, contact.device_id))
        if contact.provider:
            country.providers[shorten_company(contact.provider)] += amount
    return countries


def _row(number: int, code: str, country: Country) -> tuple[str, ...]:
    providers = sorted(country.providers, key=lambda name: (-country.providers[name], name))
    return (
        str(number + 1) if number < MOST_MARKS and code in _world()["places"] else "",
        "not known" if code == UNKNOWN else name_country(code),
        listed(sorted(country.devices)),
        listed(providers, 2),
        size(country.bytes),
    )


def _body(ordered: Sequence[str], countries: Mapping[str, Country]) -> str:
    """All land in one path; countries with traffic above it, and numbers above all."""
    shapes, places = _world()["shapes"], _world()["places"]
    most = max(country.bytes for country in countries.values())
    land = "".join(shape for code, shape in shapes.items() if code not in countries)
    parts = [path(land, "land")]
    for code in ordered:
        level = f"land level{_level(countries[code].bytes, most)}"
        hint = f"{name_country(code)}: {size(countries[code].bytes)}"
        if code in shapes:
            parts.append(path(shapes[code], level, hint=hint))
    marked = [(n, code) for n, code in enumerate(ordered[:MOST_MARKS], 1) if code in places]
    for (number, _), (x, y) in reversed(
        list(zip(marked, _push_apart([places[code] for _, code in marked]), strict=True))
    ):
        parts.append(f'<g class="mark"><circle cx="{x:.0f}" cy="{y:.0f}" r="13"/>')
        parts.append(text((x, y), str(number), anchor="middle") + "</g>")
    return "".join(parts)


def _push_apart(places: Sequence[Sequence[float]]) -> list[tuple[float, float]]:
    """Move marks that would cover each other; Europe is small."""
    moved = [(float(x), float(y)) for x, y in places]
    pairs = [(one, other) for one in range(len(moved)) for other in range(one)]
    for one, other in pairs * 60:
        dx, dy = moved[one][0] - moved[other][0], moved[one][1] - moved[other][1]
        far = math.hypot(dx, dy)
        if far < APART:
            step = (APART - far) / 2 / (far or 1)
            dx, dy = (dx * step, dy * step) if far else (step, 0.0)
            moved[one] = moved[one][0] + dx, moved[one][1] + dy
            moved[other] = moved[other][0] - dx, moved[other][1] - dy
    return [(min(985.0, max(15.0, x)), max(15.0, y)) for x, y in moved]


def _level(amount: int, most: int) -> int:
    """1 for little up to `LEVELS` for the most, a step for each factor of ten."""
    behind = math.log10((1 + most) / (1 + amount))
    return max(1, LEVELS - int(behind))


def _describe(ordered: Sequence[str], countries: Mapping[str, Country]) -> str:
    known = [code for code in ordered if code != UNKNOWN]
    if not known:
        return "The countries of the addresses on the Internet are not known."
    shares = [f"{name_country(code)} with {size(countries[code].bytes)}" for code in known]
    return f"Traffic with {count(len(known), 'country', 'countries')}: {listed(shares)}."


@cache
def _world() -> dict[str, Any]:
    """The map as `tools/make_world.py` wrote it: width, height, shapes and places by code."""
    world: dict[str, Any] = json.loads(
        (files("thingwarden") / "data/world.json").read_text("utf-8")
    )
    return world
