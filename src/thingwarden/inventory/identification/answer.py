"""The ledger of a device -> what it is at each level, how sure, and what contradicts it."""

import math
from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

import numpy as np

from thingwarden.inventory.identification.kinds import Kind
from thingwarden.inventory.identification.ledger import Balance, Scores

CERTAIN = {"vendor": 0.9, "family": 0.9, "category": 0.9, "model": 0.945}
"""From which probability on a level is named."""

SHARPER = {"vendor": (1.0, 0.0), "family": (1.0, 0.0), "category": (1.0, 0.0), "model": (0.7, 2.2)}
"""By level: slope and offset of the line that makes log-odds into calibrated ones (Platt 1999)."""

IN_SET = 0.05
"""Least probability of a model in the set of candidates (LAC score 1 - p; Sadinle and others 2019)."""

MOST_CANDIDATES = 5

ALIKE = 0.95
"""Models at least this share as probable as the best are hardly told apart: they share one confidence."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Answer:
    """The most probable value of each level with its calibrated probability."""

    best: Mapping[str, tuple[str, float]]
    """By level; absent where nothing speaks for any value."""
    kind: Kind
    """The best value of each level that is certain."""
    models: tuple[tuple[Kind, float], ...]
    """Models by probability, the most probable first."""
    nearest: int
    """Place of the leaf that the certain part rests on most."""


def answer(balance: Balance) -> Answer:
    """What the ledger says, at each level."""
    masses = balance.probabilities()
    vendor = _best("vendor", balance, masses)
    inside = _only(balance, masses, vendor[0] if vendor else "")
    best: dict[str, tuple[str, float]] = {"vendor": vendor} if vendor else {}
    for level in ("family", "category"):
        found = _best(level, balance, masses, within=inside if level == "family" else None)
        if found:
            best[level] = found
    models = _models(balance, masses)
    if models and models[0][0].vendor == (vendor and vendor[0]):
        best["model"] = (models[0][0].model, models[0][1])
    certain = {level: name for level, (name, sure) in best.items() if sure >= CERTAIN[level]}
    if "vendor" not in certain:
        certain = {level: name for level, name in certain.items() if level == "category"}
    kind = Kind()._replace(**certain)
    return Answer(
        best=best,
        kind=kind,
        models=_models(balance, masses),
        nearest=_nearest(balance, masses, kind),
    )


def calibrate(level: str, probability: float) -> float:
    """A probability of the ledger as one that comes true as often as it says."""
    slope, offset = SHARPER[level]
    bounded = min(max(probability, 1e-6), 1 - 1e-6)
    return 1 / (1 + math.exp(-(slope * math.log(bounded / (1 - bounded)) + offset)))


def _best(
    level: str, balance: Balance, masses: Scores, within: Scores | None = None
) -> tuple[str, float] | None:
    """The most probable value of a level, where nothing is told it is none."""
    sums: dict[str, float] = defaultdict(float)
    for number, (leaf, mass) in enumerate(zip(balance.leaves, masses, strict=True)):
        if within is not None and not within[number]:
            continue
        if leaf.at(level):
            sums[leaf.at(level)] += float(mass)
        elif leaf.model:  # an example that did not say: rules may
            for name, share in _shares(level, leaf.vendor, balance, masses).items():
                sums[name] += float(mass) * share
    if not sums:
        return None
    name = max(sorted(sums), key=lambda each: sums[each])
    return name, calibrate(level, sums[name])


def _shares(level: str, vendor: str, balance: Balance, masses: Scores) -> dict[str, float]:
    """What rules alone say of this level, for things of this maker."""
    found: dict[str, float] = defaultdict(float)
    for leaf, mass in zip(balance.leaves, masses, strict=True):
        if leaf.vendor == vendor and not leaf.model:
            found[leaf.at(level)] += float(mass)
    total = sum(found.values()) or 1.0
    return {name: mass / total for name, mass in found.items() if name}


def _only(balance: Balance, masses: Scores, vendor: str) -> Scores:
    return np.array([float(leaf.vendor == vendor) for leaf in balance.leaves])


def _models(balance: Balance, masses: Scores) -> tuple[tuple[Kind, float], ...]:
    sums: dict[Kind, float] = defaultdict(float)
    for leaf, mass in zip(balance.leaves, masses, strict=True):
        if leaf.model:
            sums[leaf] += float(mass)
    sure = {kind: calibrate("model", mass) for kind, mass in sums.items()}
    most = max(sums.values(), default=0.0)
    alike = [kind for kind, mass in sums.items() if mass >= ALIKE * most]
    total = max(sum(sure[kind] for kind in alike), 1.0)
    ordered = sorted(sure.items(), key=lambda item: (-item[1], item[0]))
    return tuple((kind, each / total) for kind, each in ordered)


def _nearest(balance: Balance, masses: Scores, kind: Kind) -> int:
    """The most probable leaf that agrees with what is certain."""
    fits = np.array([_agrees(leaf, kind) for leaf in balance.leaves], dtype=float)
    return int(np.argmax(masses * fits))


def _agrees(leaf: Kind, kind: Kind) -> bool:
    pairs: Iterable[tuple[str, str]] = (
        (leaf.vendor, kind.vendor),
        (leaf.family, kind.family),
        (leaf.model, kind.model),
        (leaf.category, kind.category),
    )
    return all(certain in ("", mine) for mine, certain in pairs)
