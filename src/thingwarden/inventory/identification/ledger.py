"""Tokens of one device + experience + rules -> how probable each kind is, and what spoke for it.

A log-linear pool of channels over the kinds that a thing may be (Genest and Zidek 1986). Each channel
says how much more probable each kind makes its tokens than an unknown thing would; inside a channel
the mean counts, because its tokens are near-copies of each other. Beside the models that are known
stands, for each maker, "another model of this maker", and "something else" for all makers: so what was
never met has a place to go.
"""

import math
from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

import numpy as np
from numpy.typing import NDArray

from thingwarden.inventory.identification.channels import CHANNELS
from thingwarden.inventory.identification.experience import Experience, Token
from thingwarden.inventory.identification.kinds import Kind

Scores = NDArray[np.float64]

SUREST = 0.999
"""No rule is surer: a name can be forged, a bridge can speak for others."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Settings:
    """Numbers of the pool; `docs/decisions/0008-identity-ledger.md` has how they were measured."""

    sharpness: float = 1.0
    """Lambda of the pool: channels are not quite independent."""
    mean: float = 1.0
    """Gamma: 1 takes the mean of a channel's tokens, 0 their sum."""
    repeated: float = 0.5
    """What each further token of a channel counts that tells models apart."""
    unknown: float = 0.3
    """Before anything is seen: it is of a maker that nobody knows."""
    other_model: float = 0.3
    """Before anything is seen: it is another model of its maker than those that are known."""
    revision: float = 0.3
    """A thing of a known model has another firmware or board than those that were met."""
    catalogue: float = 0.3
    """Before anything is seen: it is of a maker that rules know but no example."""
    makers: int = 600
    """How many makers share that."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Match:
    """A rule that holds for a token of the device."""

    token: Token
    kind: Kind
    """What it speaks for; empty parts are left open."""
    strength: float
    """Probability that a thing with this token is of this kind."""


@dataclass(slots=True)
class Balance:
    """The ledger of one device: leaves, their probability, and what each channel adds to each."""

    leaves: list[Kind]
    priors: Scores
    """Natural logarithm of the probability of each leaf before anything was seen."""
    logs: Scores
    """The same with all that was seen, not yet normalised."""
    entries: dict[str, Scores]
    """What each channel adds to each leaf, weighted."""
    by_token: dict[Token, Scores] = field(default_factory=dict)
    """What each token adds to each leaf within its channel, weighted."""

    def probabilities(self, temperature: float = 1.0) -> Scores:
        """Of each leaf; they add up to 1."""
        logs = self.logs / temperature
        found: Scores = np.exp(logs - logs.max())
        found /= found.sum()
        return found


def weigh(
    tokens: Mapping[str, Sequence[str]],
    experience: Experience,
    matches: Sequence[Match],
    settings: Settings | None = None,
) -> Balance:
    """The ledger of a device with these tokens by channel, and the rules that match them."""
    settings = settings or Settings()
    leaves, priors = _leaves(experience, matches, settings)
    table = _Table.of(experience, leaves)
    leaves, priors = [*leaves, *experience.kinds], table.revise(priors, settings.revision)
    balance = Balance(leaves=leaves, priors=np.log(priors), logs=np.log(priors), entries={})
    for channel, values in tokens.items():
        told = [(channel, value) for value in values]
        _enter_experience(balance, table, told, settings)
    lift = _enter_rules(balance, matches, priors, table)
    balance.logs = balance.logs + _even_out(lift, priors, table)
    for entry in balance.entries.values():
        balance.logs = balance.logs + entry
    return balance


def _leaves(
    experience: Experience, matches: Sequence[Match], settings: Settings
) -> tuple[list[Kind], Scores]:
    """All that the device may be, and how probable each is before anything is seen."""
    leaves: dict[Kind, float] = {Kind(): settings.unknown}
    known = 1 - settings.unknown - settings.catalogue
    for number, vendor in enumerate(experience.vendors):
        share = known / len(experience.vendors)
        leaves[Kind(vendor=vendor)] = share * settings.other_model
        models = [kind for kind in experience.kinds if kind.vendor == vendor]
        for kind in models:
            leaves[kind] = share * (1 - settings.other_model) / experience.models[number]
    each = settings.catalogue / settings.makers
    vendors = {match.kind.vendor for match in matches} - {""} - set(experience.vendors)
    for vendor in sorted(vendors):
        leaves[Kind(vendor=vendor)] = each
    _split(leaves, [match.kind for match in matches])
    return list(leaves), np.array(list(leaves.values()))


def _split(leaves: dict[Kind, float], stated: Sequence[Kind]) -> None:
    """Give what rules state of families, models and categories leaves of their own."""
    for vendor in [leaf for leaf in leaves if leaf == Kind(vendor=leaf.vendor)]:
        parts = sorted(
            {
                Kind(
                    vendor=vendor.vendor,
                    family=kind.family,
                    model=kind.model,
                    category=kind.category,
                )
                for kind in stated
                if kind.vendor in ("", vendor.vendor)
                and (kind.family or kind.model or kind.category)
            }
        )
        share = leaves[vendor] / (len(parts) + 1)
        for leaf in (vendor, *parts):
            leaves[leaf] = leaves.get(leaf, 0.0) * (leaf != vendor) + share


@dataclass(frozen=True, slots=True)
class _Table:
    """For each leaf: its place among the kinds or vendors of experience, -1 where it has none."""

    experience: Experience
    kind: NDArray[np.int64]
    vendor: NDArray[np.int64]
    other: NDArray[np.int64]
    """Place of the leaf "another model of this vendor"; of `Kind()` itself for the unknown."""
    revisions: int
    """Place of the first leaf that stands for another revision of a kind, in the order of kinds."""

    @classmethod
    def of(cls, experience: Experience, leaves: Sequence[Kind]) -> "_Table":
        kinds = {kind: number for number, kind in enumerate(experience.kinds)}
        vendors = {vendor: number for number, vendor in enumerate(experience.vendors)}
        places = {leaf: number for number, leaf in enumerate(leaves)}
        every = [*leaves, *experience.kinds]
        return cls(
            experience,
            np.array([kinds.get(leaf, -1) for leaf in every]),
            np.array([vendors.get(leaf.vendor, -1) for leaf in every]),
            np.array([places[Kind(vendor=leaf.vendor)] for leaf in every]),
            len(leaves),
        )

    def revise(self, priors: Scores, share: float) -> Scores:
        """Priors with the revisions' after them: each takes its share from its kind."""
        kinds = self.kind[: self.revisions]
        of_kinds = np.zeros(len(self.experience.kinds))
        of_kinds[kinds[kinds >= 0]] = priors[kinds >= 0] * share
        return np.concatenate([np.where(kinds >= 0, priors * (1 - share), priors), of_kinds])


def _enter_experience(
    balance: Balance, table: _Table, told: Sequence[Token], settings: Settings
) -> None:
    """The mean of a channel's tokens tells the maker; of its models, what tells them apart counts."""
    if not told or not table.experience.kinds:
        return
    scores = np.array([_score(table, token) for token in told])
    of_vendor = scores[:, table.other]
    within = scores - of_vendor
    if not CHANNELS[told[0][0]].names:  # another revision keeps its names only
        within[:, table.revisions :] = 0.0
    parts = of_vendor / len(told) ** settings.mean + within * _discounts(table, within, settings)
    parts *= settings.sharpness * CHANNELS[told[0][0]].weight
    for token, part in zip(told, parts, strict=True):
        balance.by_token[token] = part
    balance.entries[told[0][0]] = parts.sum(axis=0)


def _discounts(table: _Table, within: Scores, settings: Settings) -> Scores:
    """Per vendor: its most telling token counts whole, each further one less, by `repeated`."""
    found = np.ones_like(within)
    for vendor in range(len(table.experience.vendors)):
        mine = table.vendor == vendor
        spread = np.ptp(within[:, mine], axis=1)
        ranks = np.empty(len(spread))
        ranks[np.argsort(-spread, kind="stable")] = np.arange(len(spread))
        found[:, mine] = (settings.repeated**ranks)[:, None]
    return found


def _score(table: _Table, token: Token) -> Scores:
    """Logarithm of how much more probable the token is on each leaf than on an unknown thing."""
    experience = table.experience
    rates = experience.rates[token[0]]
    base = experience.on_any(token)
    of_vendor = np.where(table.vendor >= 0, math.log(1 - rates.shared), 0.0)
    for vendor in experience.by_vendor.get(token, {}):
        of_vendor[table.vendor == vendor] = math.log(experience.on_vendor(token, vendor) / base)
    if not CHANNELS[token[0]].models:
        return of_vendor
    known = table.kind >= 0
    scores = of_vendor.copy()
    scores[known] += np.log(experience.fresh[token[0]][table.kind[known]])
    for kind in experience.by_kind.get(token, {}):
        scores[table.kind == kind] = math.log(experience.on_kind(token, kind) / base)
    if experience.background(token):  # whoever shows what all show has shown nothing new
        return np.maximum(scores, 0.0)
    return scores


def _enter_rules(
    balance: Balance, matches: Sequence[Match], priors: Scores, table: _Table
) -> Scores:
    """The strongest rule of each channel counts, for what it leaves open is left as it was.

    Gives what all rules together add to each leaf.
    """
    lift = np.zeros(len(balance.leaves))
    strongest: dict[tuple[str, Kind], Match] = {}
    for match in matches:
        key = (match.token[0], match.kind)
        if key not in strongest or strongest[key].strength < match.strength:
            strongest[key] = match
    by_channel: dict[str, list[Match]] = defaultdict(list)
    for (channel, _), match in strongest.items():
        by_channel[channel].append(match)
    for channel, told in by_channel.items():
        entry = np.zeros(len(balance.leaves))
        for match in told:
            fits = np.array(
                [
                    (_open if kind >= 0 else _fits)(leaf, match.kind)
                    for leaf, kind in zip(balance.leaves, table.kind, strict=True)
                ]
            )
            score = _rule(fits, priors, match.strength) / len(told)
            entry += score
            balance.by_token[match.token] = balance.by_token.get(match.token, 0.0) + score
        balance.entries[channel] = balance.entries.get(channel, 0.0) + entry
        lift += entry
    return lift


def _even_out(lift: Scores, priors: Scores, table: _Table) -> Scores:
    """What to take from models that were taught, so that rules do not speak for them.

    A rule of a maker or a kind of thing holds for models that nobody taught as well: it lifts a model
    no higher than it lifts "another model of this maker", whatever leaves that is split into.
    """
    found = np.zeros_like(lift)
    for vendor in range(len(table.experience.vendors)):
        mine = table.vendor == vendor
        others = mine & (table.kind < 0)
        mean = math.log((priors[others] * np.exp(lift[others])).sum() / priors[others].sum())
        taught = mine & (table.kind >= 0)
        found[taught] = np.minimum(mean - lift[taught], 0.0)
    return found


def _rule(fits: NDArray[np.bool_], priors: Scores, strength: float) -> Scores:
    before = float(priors[fits].sum() / priors.sum())
    sure = min(strength, SUREST)
    odds = math.log(sure / (1 - sure)) - math.log(before / (1 - before))
    return np.where(fits, max(odds, 0.0), 0.0)


def _fits(leaf: Kind, stated: Kind) -> bool:
    return all(part in ("", mine) for part, mine in zip(stated, leaf, strict=True))


def _open(leaf: Kind, stated: Kind) -> bool:
    """Whether what an example did not say may be what the rule states."""
    return all(part in ("", mine) or not mine for part, mine in zip(stated, leaf, strict=True))
