"""Marks, habits and presence -> pairs of hardware addresses that are, or may be, one device."""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from itertools import combinations

import pyarrow as pa

from thingwarden.inventory.through_time.habits import Habits, Rarity, read_habits
from thingwarden.inventory.through_time.marks import Mark, read_marks
from thingwarden.inventory.through_time.presence import (
    Stays,
    any_overlap,
    crowd,
    overlap,
    read_stays,
)
from thingwarden.inventory.through_time.weighing import (
    JOINED,
    PERHAPS,
    UNCLEAR,
    Key,
    Scene,
    Weighed,
    weigh_pair,
)
from thingwarden.inventory.vendors import is_random
from thingwarden.store import Store

NEXT = 3
"""Later addresses with the same mark that one is held against: a device takes one after another."""

MOST_SURE = 16
"""Addresses that one is surely the same as, and that are held against each other."""

MOST_PRESENT = 148
"""Addresses on the busiest day above which habits alone make nothing probable: they weigh at most 5."""

MOST_SHARE = 32
"""Addresses that may share a domain that still calls for a comparison."""

FEW_DOMAINS = 3
"""Rare domains that two must share to be held against each other for that alone."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Compared:
    """Pairs that are perhaps one device, the surest first, and what else decides of them."""

    pairs: Sequence[Weighed] = ()
    marks: Mapping[str, Mapping[Key, Mark]] = field(default_factory=dict)
    stays: Mapping[str, Stays] = field(default_factory=dict)


def compare_all(store: Store) -> Compared:
    """Hold the hardware addresses in the table `nodes` against each other."""
    marks = read_marks(store)
    holders = _holders(marks)
    candidates = {mac for macs in holders.values() for mac in macs}
    candidates |= {mac for mac in _nodes(store) if is_random(mac)}
    if len(candidates) < 2 or (not any(map(is_random, candidates)) and not holders):
        return Compared()
    _name_candidates(store, candidates)
    stays = read_stays(store)
    present = crowd(stays)
    shared = {key for key, macs in holders.items() if any_overlap(macs, stays)}
    if present > MOST_PRESENT:
        _name_candidates(store, {mac for key in holders.keys() - shared for mac in holders[key]})
    habits = read_habits(store)
    scene = Scene(
        marks=marks,
        shared_at_once=shared,
        habits=habits,
        rarity=Rarity(habits),
        crowd=present,
    )
    pairs = _pairs(holders, shared, habits, stays)
    found = [weigh_pair(scene, *pair) for pair in pairs if not _apart(stays, *pair)]
    likely = [_cautious(pair) for pair in found if pair.confidence >= PERHAPS]
    settled = sorted(_settle(likely, stays), key=lambda pair: (-pair.confidence, pair.ends))
    return Compared(pairs=settled, marks=marks, stays=stays)


def _name_candidates(store: Store, macs: Iterable[str]) -> None:
    store.put("candidates", pa.table({"mac": pa.array(sorted(macs), pa.string())}))


def _nodes(store: Store) -> list[str]:
    found: list[str] = store.arrow("select mac from nodes order by mac")["mac"].to_pylist()
    return found


def _holders(marks: Mapping[str, Mapping[Key, Mark]]) -> dict[Key, list[str]]:
    """By mark: who shows it, where more than one does."""
    found: dict[Key, list[str]] = defaultdict(list)
    for mac, shown in marks.items():
        for key in shown:
            found[key].append(mac)
    return {key: macs for key, macs in found.items() if len(macs) > 1}


def _pairs(
    holders: Mapping[Key, Sequence[str]],
    shared: Iterable[Key],
    habits: Mapping[str, Habits],
    stays: Mapping[str, Stays],
) -> list[tuple[str, str]]:
    """Pairs worth weighing: they share a mark, or rare domains; each with the next few in time."""
    pairs = set()
    for macs in (holders[key] for key in holders.keys() - set(shared)):
        pairs |= _in_turn(macs, stays)
    times: dict[tuple[str, str], int] = defaultdict(int)
    for macs in _askers(habits).values():
        for pair in _in_turn(macs, stays):
            times[pair] += 1
    return sorted(pairs | {pair for pair, count in times.items() if count >= FEW_DOMAINS})


def _askers(habits: Mapping[str, Habits]) -> dict[str, list[str]]:
    """By domain that few ask for: the random addresses that do."""
    found: dict[str, list[str]] = defaultdict(list)
    for mac, done in habits.items():
        if is_random(mac):
            for domain in done.domains:
                found[domain].append(mac)
    return {domain: macs for domain, macs in found.items() if len(macs) <= MOST_SHARE}


def _in_turn(macs: Iterable[str], stays: Mapping[str, Stays]) -> set[tuple[str, str]]:
    """Each with the next few that came after it."""
    ordered = sorted((stays[mac][0], mac) for mac in macs if mac in stays)
    names = [mac for _, mac in ordered]
    return {
        (min(pair), max(pair))
        for place, mac in enumerate(names)
        for pair in ((mac, later) for later in names[place + 1 : place + 1 + NEXT])
    }


def _apart(stays: Mapping[str, Stays], one: str, other: str) -> bool:
    return overlap(stays.get(one, ()), stays.get(other, ()))


def _cautious(pair: Weighed) -> Weighed:
    """Two addresses that are burnt in may be two things, whatever they show: never joined unasked."""
    if any(map(is_random, pair.ends)):
        return pair
    return replace(pair, confidence=min(pair.confidence, UNCLEAR))


def _settle(pairs: Sequence[Weighed], stays: Mapping[str, Stays]) -> list[Weighed]:
    """Pairs in which an address would go on in two that were there at once are not clear."""
    sure: dict[str, set[str]] = defaultdict(set)
    for pair in pairs:
        if pair.confidence >= JOINED:
            sure[pair.one].add(pair.other)
            sure[pair.other].add(pair.one)
    torn = {
        mac
        for mac, others in sure.items()
        if any(_apart(stays, *two) for two in combinations(sorted(others)[:MOST_SURE], 2))
    }
    return [
        replace(pair, confidence=min(pair.confidence, UNCLEAR)) if torn & set(pair.ends) else pair
        for pair in pairs
    ]
