"""Labelled examples -> how probable each token is on each kind of thing.

A token that was met once is met again at a rate that depends on how near the next thing is: on
another one of the same model (`again`), on another model of the same maker (`shared`), on a thing of
any other maker (`common`). The rates of each channel are learnt from the examples, beginning with
those in `RATES`; then m of n relatives with a token speak for it as in a Beta-Bernoulli model whose
first sight made the token (as in the Indian buffet process, Griffiths and Ghahramani 2011).
"""

from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field

import numpy as np
from numpy.typing import NDArray

from thingwarden.inventory.identification.background import common_rate
from thingwarden.inventory.identification.channels import CHANNELS
from thingwarden.inventory.identification.kinds import Kind

Token = tuple[str, str]
"""Channel and normalised value."""

SURE_RATES = 4.0
"""Pairs of things that the rates we begin with are worth against those that are counted."""

STRENGTH = 1.0
"""Relatives that a channel's rate is worth in the probability of one token."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Rates:
    """How often a token of a channel is met again."""

    again: float
    """On another thing of the same model."""
    fresh: float
    """Share of tokens on a thing of a known model that the model did not show before."""
    shared: float
    """On another model of the same maker."""
    common: float = 0.05
    """On a thing of another maker."""


NAMES = Rates(again=0.9, fresh=0.05, shared=0.3)
HABITS = Rates(again=0.75, fresh=0.2, shared=0.5)

RATES = {name: NAMES if channel.names else HABITS for name, channel in CHANNELS.items()}
"""What is expected of each channel before anything is counted: names stay, habits vary."""


@dataclass(frozen=True, slots=True)
class Example:
    """One thing in one network, and what is known of it."""

    kind: Kind
    tokens: frozenset[Token]
    network: str = ""
    """Which network it was met in; two captures of one network are one."""


@dataclass(slots=True)
class Experience:
    """Counts over examples; `Experience.of` makes one."""

    kinds: list[Kind] = field(default_factory=list)
    """Different kinds, in order."""
    examples: list[int] = field(default_factory=list)
    """How many examples each kind has."""
    vendors: list[str] = field(default_factory=list)
    models: list[int] = field(default_factory=list)
    """How many kinds each vendor has."""
    vendor_of: list[int] = field(default_factory=list)
    """Place of each kind's vendor."""
    by_kind: dict[Token, dict[int, int]] = field(default_factory=dict)
    """In how many examples of each kind a token was met."""
    by_vendor: dict[Token, dict[int, int]] = field(default_factory=dict)
    """On how many kinds of each vendor a token was met."""
    telling: Mapping[str, Mapping[int, int]] = field(default_factory=dict)
    """By channel: how many examples of each kind told anything by it."""
    telling_models: Mapping[str, Mapping[int, int]] = field(default_factory=dict)
    """By channel: how many kinds of each vendor told anything by it."""
    rates: Mapping[str, Rates] = field(default_factory=lambda: RATES)
    fresh: Mapping[str, NDArray[np.float64]] = field(default_factory=dict)
    """By channel: for each kind the share of tokens that its things did not show before."""

    @classmethod
    def of(cls, examples: Sequence[Example]) -> "Experience":
        """What the examples teach."""
        kinds = sorted({example.kind for example in examples})
        vendors = sorted({kind.vendor for kind in kinds})
        place = {kind: number for number, kind in enumerate(kinds)}
        vendor_place = {vendor: number for number, vendor in enumerate(vendors)}
        vendor_of = [vendor_place[kind.vendor] for kind in kinds]
        by_kind: dict[Token, dict[int, int]] = defaultdict(Counter)
        for example in examples:
            for token in example.tokens:
                by_kind[token][place[example.kind]] += 1
        by_vendor = {
            token: dict(Counter(vendor_of[kind] for kind in met)) for token, met in by_kind.items()
        }
        counts = Counter(place[example.kind] for example in examples)
        telling: dict[str, Counter[int]] = defaultdict(Counter)
        for example in examples:
            for channel in {channel for channel, _ in example.tokens}:
                telling[channel][place[example.kind]] += 1
        experience = cls(
            kinds=kinds,
            examples=[counts[number] for number in range(len(kinds))],
            vendors=vendors,
            models=[vendor_of.count(number) for number in range(len(vendors))],
            vendor_of=vendor_of,
            by_kind=dict(by_kind),
            by_vendor=by_vendor,
            telling=telling,
            telling_models={
                channel: Counter(vendor_of[kind] for kind in told)
                for channel, told in telling.items()
            },
        )
        again, fresh = _count_repeats(experience, examples)
        experience.rates = _learn_rates(experience, again, fresh)
        experience.fresh = _fresh_by_kind(experience, fresh)
        return experience

    def on_vendor(self, token: Token, vendor: int) -> float:
        """How probable the token is on another model of this vendor, which has shown it."""
        rate = self.rates[token[0]].shared
        met, of = self.by_vendor[token][vendor], self.telling_models[token[0]][vendor]
        return max(_met_again(met, of, rate), self.background(token))

    def on_kind(self, token: Token, kind: int) -> float:
        """How probable the token is on another thing of this kind, which has shown it."""
        rate = self.rates[token[0]].again
        met, of = self.by_kind[token][kind], self.telling[token[0]][kind]
        return max(_met_again(met, of, rate), self.background(token))

    def on_any(self, token: Token) -> float:
        """How probable the token is on a thing of whatever maker; of new ones all are alike."""
        rate = self.rates[token[0]].common
        met = _met_again(len(self.by_vendor.get(token, ())) or 1, max(len(self.vendors), 1), rate)
        return max(met, self.background(token))

    def background(self, token: Token) -> float:
        """How common the token is on things of all makers, as far as that is known; else 0."""
        return common_rate(*token)


def _met_again(met: int, of: int, rate: float) -> float:
    return (met - 1 + STRENGTH * rate) / (of - 1 + STRENGTH)


Shares = dict[tuple[str, int], tuple[float, float]]
"""By channel and kind (or vendor): successes and trials; a pair of things is one trial, however many
tokens it has."""


def _learn_rates(experience: "Experience", again: Shares, fresh: Shares) -> dict[str, Rates]:
    shared, common = _count_shared(experience), _count_common(experience)
    return {
        name: Rates(
            again=_blend(_total(again, name), rates.again),
            fresh=_blend(_total(fresh, name), rates.fresh),
            shared=_blend(_total(shared, name), rates.shared),
            common=_blend(_total(common, name), rates.common),
        )
        for name, rates in RATES.items()
    }


def _fresh_by_kind(experience: "Experience", fresh: Shares) -> dict[str, NDArray[np.float64]]:
    """Some kinds ask for other names each time: their own rate counts, where it was seen."""
    found = {}
    for name, rates in experience.rates.items():
        shares = [fresh.get((name, kind), (0.0, 0.0)) for kind in range(len(experience.kinds))]
        found[name] = np.array([_blend(share, rates.fresh) for share in shares])
    return found


def _total(shares: Shares, channel: str) -> tuple[float, float]:
    listed = [share for (name, _), share in shares.items() if name == channel]
    return sum(share[0] for share in listed), sum(share[1] for share in listed)


def _blend(share: tuple[float, float], expected: float) -> float:
    found = (share[0] + SURE_RATES * expected) / (share[1] + SURE_RATES)
    return min(max(found, 0.01), 0.99)


def _count_repeats(experience: Experience, examples: Iterable[Example]) -> tuple[Shares, Shares]:
    """Of tokens of an example, which others of its kind have, and which none has."""
    place = {kind: number for number, kind in enumerate(experience.kinds)}
    again: Shares = defaultdict(lambda: (0.0, 0.0))
    fresh: Shares = defaultdict(lambda: (0.0, 0.0))
    for example in examples:
        kind = place[example.kind]
        for channel, tokens in _by_channel(example.tokens).items():
            others = experience.telling[channel][kind] - 1
            if not others:
                continue
            met = [experience.by_kind[token][kind] - 1 for token in tokens]
            _add(again, (channel, kind), sum(met) / (others * len(met)))
            _add(fresh, (channel, kind), sum(not one for one in met) / len(met))
    return again, fresh


def _count_shared(experience: Experience) -> Shares:
    """Of tokens of a kind, how many another kind of its vendor has."""
    shares: Shares = defaultdict(lambda: (0.0, 0.0))
    for kind, tokens in enumerate(_by_place(experience.by_kind, len(experience.kinds))):
        vendor = experience.vendor_of[kind]
        for channel, told in _by_channel(tokens).items():
            others = experience.telling_models[channel][vendor] - 1
            if not others:
                continue
            met = sum(experience.by_vendor[token][vendor] - 1 for token in told)
            _add(shares, (channel, kind), met / (others * len(told)))
    return shares


def _count_common(experience: Experience) -> Shares:
    """Of tokens of a vendor, how many another vendor has."""
    shares: Shares = defaultdict(lambda: (0.0, 0.0))
    others = len(experience.vendors) - 1
    if not others:
        return shares
    for vendor, tokens in enumerate(_by_place(experience.by_vendor, len(experience.vendors))):
        for channel, told in _by_channel(tokens).items():
            met = sum(len(experience.by_vendor[token]) - 1 for token in told)
            _add(shares, (channel, vendor), met / (others * len(told)))
    return shares


def _add(shares: Shares, key: tuple[str, int], success: float) -> None:
    successes, trials = shares[key]
    shares[key] = (successes + success, trials + 1)


def _by_channel(tokens: Iterable[Token]) -> dict[str, list[Token]]:
    found: dict[str, list[Token]] = defaultdict(list)
    for token in tokens:
        found[token[0]].append(token)
    return found


def _by_place(met: Mapping[Token, Mapping[int, int]], places: int) -> list[list[Token]]:
    """Tokens of each kind, or of each vendor."""
    found: list[list[Token]] = [[] for _ in range(places)]
    for token, where in met.items():
        for place in where:
            found[place].append(token)
    return found
