"""Contacts -> whom devices depend on: device, name, provider and country, from left to right."""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from math import log10

from thingwarden.inventory.identification.domains import registered_domain
from thingwarden.model import Contact, DeviceId
from thingwarden.report.naming import shorten_company
from thingwarden.report.pictures.svg import Picture, cut, drawing, path, text, top
from thingwarden.report.pictures.where import name_country
from thingwarden.report.words import count, listed, size

WIDE, NARROW = 760, 380
MOST = (12, 14, 10, 8)
"""Devices, names, providers and countries that are drawn; the rest is one of each."""

MOST_ROWS = 200
PITCH = {WIDE: 26, NARROW: 30}
TOP = 34
FONT = {WIDE: 12.5, NARROW: 10.5}
HEADS = ("Devices", "Names", "Providers", "Countries")
LABELLED = 0.62
"""Share of a column's distance that its words may take; the rest is for the lines."""

UNKNOWN = "not known"

Chain = tuple[str, str, str, str]


def draw_dependence(contacts: Sequence[Contact], labels: Mapping[DeviceId, str]) -> Picture | None:
    """The map of dependence; None if nobody spoke with the Internet."""
    chains = _chains(contacts, labels)
    if not chains:
        return None
    shown = _fold(chains)
    says = _says(chains)
    rows = sorted(chains.items(), key=lambda one: (-one[1], one[0]))
    more = len(rows) - MOST_ROWS
    return Picture(
        id="dependence",
        title="Whom they depend on",
        says=says,
        drawings=tuple(_draw(shown, width, says) for width in (WIDE, NARROW)),
        heads=("Device", "Name", "Provider", "Country", "Exchanged"),
        rows=tuple((*chain, size(amount)) for chain, amount in rows[:MOST_ROWS]),
        numbers_from=4,
        note=" ".join(
            filter(
                None,
                (
                    "Who announces an address is shown as its provider, and where it is registered"
                    " as its country. Dependence is a fact here, not a fault.",
                    f"The table has the {MOST_ROWS} largest of {len(rows):,}." if more > 0 else "",
                ),
            )
        ),
    )


def _chains(contacts: Iterable[Contact], labels: Mapping[DeviceId, str]) -> dict[Chain, float]:
    chains: defaultdict[Chain, float] = defaultdict(float)
    for one in contacts:
        if one.place == "internet":
            chain = (
                labels.get(one.device_id, one.device_id),
                registered_domain(one.peer) or one.peer,
                shorten_company(one.provider) if one.provider else UNKNOWN,
                name_country(one.country) if one.country else UNKNOWN,
            )
            chains[chain] += max(0, one.sent_bytes) + max(0, one.received_bytes)
    return dict(chains)


def _says(chains: Mapping[Chain, float]) -> str:
    sums = [_sum_at(chains, place) for place in (2, 3)]
    providers, lands = (
        listed([key for key, _ in sorted(one.items(), key=lambda each: (-each[1], each[0]))], 2)
        for one in sums
    )
    devices = len({chain[0] for chain in chains})
    verb = "speaks" if devices == 1 else "speak"
    return (
        f"{count(devices, 'device')} {verb} with {count(len(sums[0]), 'provider')} in"
        f" {count(len(sums[1]), 'country', 'countries')}; most with {providers}, in {lands}."
    )


def _sum_at(chains: Mapping[Chain, float], place: int) -> dict[str, float]:
    sums: defaultdict[str, float] = defaultdict(float)
    for chain, amount in chains.items():
        sums[chain[place]] += amount
    return dict(sums)


def _fold(chains: Mapping[Chain, float]) -> dict[Chain, float]:
    """The largest of each column keep their names; the others are together."""
    kept = [set(top(list(_sum_at(chains, at).items()), most)[0]) for at, most in enumerate(MOST)]
    folded: defaultdict[Chain, float] = defaultdict(float)
    for chain, amount in chains.items():
        one, two, three, four = (
            word if word in kept[at] else "others" for at, word in enumerate(chain)
        )
        folded[one, two, three, four] += amount
    return dict(folded)


def _draw(chains: Mapping[Chain, float], width: int, says: str) -> str:
    columns = [_order(chains, at) for at in range(4)]
    height = TOP + PITCH[width] * max(map(len, columns)) + 6
    places = [_place(column, height, width) for column in columns]
    parts = [_lines(chains, at, places, width) for at in range(3)]
    for at, column in enumerate(places):
        x = _left(at, width)
        parts.append(text((x, 16), HEADS[at], kind="axis"))
        room = (width / 4) * (LABELLED if at < 3 else 1) - 4  # the last column
        parts += [
            text((x, y + 4), cut(word, room, FONT[width]), kind="node")
            for word, y in column.items()
        ]
    body = "".join(parts)
    return drawing(f"dependence-{width}", HEADS[0], says, size=(width, height), body=body)


def _order(chains: Mapping[Chain, float], at: int) -> list[str]:
    """By amount, the rest last."""
    sums = _sum_at(chains, at)
    return sorted(sums, key=lambda word: (word in ("others", UNKNOWN), -sums[word], word))


def _place(column: Sequence[str], height: float, width: int) -> dict[str, float]:
    """The height of each word, spread over the whole column."""
    room = (height - TOP - 6) / max(1, len(column))
    pitch = min(room, PITCH[width] * 2)
    return {word: TOP + pitch * (turn + 0.5) for turn, word in enumerate(column)}


def _left(at: int, width: int) -> float:
    return at * width / 4


def _lines(
    chains: Mapping[Chain, float], at: int, places: Sequence[Mapping[str, float]], width: int
) -> str:
    sums: defaultdict[tuple[str, str], float] = defaultdict(float)
    for chain, amount in chains.items():
        sums[chain[at], chain[at + 1]] += amount
    start = _left(at, width) + (width / 4) * LABELLED
    end = _left(at + 1, width) - 6
    parts = []
    for (one, other), amount in sorted(sums.items()):
        y1, y2 = places[at][one], places[at + 1][other]
        bend = (start + end) / 2
        steps = f"M{start:.5g} {y1:.5g}C{bend:.5g} {y1:.5g} {bend:.5g} {y2:.5g} {end:.5g} {y2:.5g}"
        thick = max(0.7, min(9.0, log10(amount + 10) * 1.25 - 2))
        hint = f"{one} and {other}: {size(amount)}"
        parts.append(path(steps, "flow", hint=hint, width=thick))
    return "".join(parts)
