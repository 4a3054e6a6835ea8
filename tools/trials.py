"""Evidence of labelled devices -> how well they are named: splits, ablations, baselines, scores.

A trial trains on some captures and answers for others. What counts is told per level: how often a name
is given, how often it is right, and whether the confidence comes true (expected calibration error over
ten bins, Guo and others 2017; negative log-likelihood of the right model).
"""

import math
import random
from collections import Counter, defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace

import numpy as np

from thingwarden.inventory.identification.answer import CERTAIN, IN_SET, answer
from thingwarden.inventory.identification.channels import CHANNELS
from thingwarden.inventory.identification.evidence import Evidence
from thingwarden.inventory.identification.experience import Example
from thingwarden.inventory.identification.identify import call_alike
from thingwarden.inventory.identification.kinds import Kind
from thingwarden.inventory.identification.knowledge import Knowledge, know
from thingwarden.inventory.identification.ledger import weigh


@dataclass(frozen=True, slots=True, kw_only=True)
class Case:
    """A device in one capture, and what it is."""

    kind: Kind
    type: str
    """Label of the data set; accessories have their own, but are the hub that speaks for them."""
    person: str
    evidence: Evidence


@dataclass(frozen=True, slots=True, kw_only=True)
class Given:
    """What was answered for a case; names are empty where nothing speaks for any."""

    case: Case
    vendor: str
    vendor_sure: float
    model: Kind
    model_sure: float
    right_sure: float
    """Confidence that was given to the right model."""
    candidates: tuple[Kind, ...]

    @property
    def vendor_right(self) -> bool:
        """Whether the best vendor is the right one."""
        return self.vendor == self.case.kind.vendor

    @property
    def model_right(self) -> bool:
        """Whether the best model is the right one."""
        return _same(self.model, self.case.kind)

    @property
    def names_vendor(self) -> bool:
        """Whether a vendor is stated."""
        return bool(self.vendor) and self.vendor_sure >= CERTAIN["vendor"]

    @property
    def names_model(self) -> bool:
        """Whether a model is stated."""
        return self.names_vendor and bool(self.model.model) and self.model_sure >= CERTAIN["model"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Score:
    """How well a trial went; shares from 0 to 1."""

    cases: int
    vendor_top: float
    vendor_named: float
    vendor_right: float
    """Of those named."""
    model_top: float
    model_named: float
    model_right: float
    """Of those named."""
    error: float
    """Expected calibration error of the best model."""
    loss: float
    """Negative log-likelihood of the right model, natural logarithm."""
    coverage: float
    """How often the right model is in the set of candidates."""
    size: float
    """Mean size of that set."""


def _same(one: Kind, other: Kind) -> bool:
    return (one.vendor, one.model) == (other.vendor, other.model)


def answer_case(case: Case, knowledge: Knowledge) -> Given:
    """What thingwarden says of a case."""
    matches = call_alike(case.evidence.matches, knowledge)
    found = answer(weigh(case.evidence.tokens, knowledge.experience, matches))
    vendor, sure = found.best.get("vendor", ("", 0.0))
    model, model_sure = found.models[0] if found.models else (Kind(), 0.0)
    right = [each for kind, each in found.models if _same(kind, case.kind)]
    return Given(
        case=case,
        vendor=vendor,
        vendor_sure=sure,
        model=model,
        model_sure=model_sure,
        right_sure=right[0] if right else 0.0,
        candidates=tuple(kind for kind, each in found.models if each >= IN_SET),
    )


def train(cases: Iterable[Case]) -> Knowledge:
    """What these cases teach."""
    return know([as_example(case) for case in cases])


def as_example(case: Case) -> Example:
    """A case as knowledge counts it."""
    tokens = ((channel, value) for channel, told in case.evidence.tokens.items() for value in told)
    return Example(case.kind, frozenset(tokens))


def try_split(training: Sequence[Case], tested: Iterable[Case]) -> list[Given]:
    """Train on some, answer for others."""
    knowledge = train(training)
    return [answer_case(case, knowledge) for case in tested]


def leave_one_out(cases: Sequence[Case]) -> list[Given]:
    """Each case by all others."""
    return [
        given
        for number, case in enumerate(cases)
        for given in try_split([*cases[:number], *cases[number + 1 :]], [case])
    ]


def one_per_type(cases: Sequence[Case], draws: int) -> list[Given]:
    """All cases but one drawn from each type, by those; `draws` times."""
    found = []
    for draw in range(draws):
        drawn = draw_per_type(cases, draw)
        chosen = {id(case) for case in drawn}
        found += try_split(drawn, [case for case in cases if id(case) not in chosen])
    return found


def draw_per_type(cases: Sequence[Case], seed: int) -> list[Case]:
    """One case of each type."""
    chooser = random.Random(seed)
    by_type: dict[str, list[Case]] = defaultdict(list)
    for case in cases:
        by_type[case.type].append(case)
    return [chooser.choice(of_type) for _, of_type in sorted(by_type.items())]


def leave_one_person_out(cases: Sequence[Case]) -> Iterator[tuple[str, list[Given]]]:
    """The cases of each person by those of all others, where the others have the type."""
    for person in sorted({case.person for case in cases}):
        training = [case for case in cases if case.person != person]
        types = {case.type for case in training}
        yield (
            person,
            try_split(
                training, [case for case in cases if case.person == person and case.type in types]
            ),
        )


def leave_one_model_out(
    cases: Sequence[Case], training: Callable[[Sequence[Case]], Sequence[Case]]
) -> list[Given]:
    """The cases of each model by cases of all other models: no model that is named is right."""
    found = []
    for model in sorted({case.kind for case in cases}):
        others = training([case for case in cases if case.kind != model])
        found += try_split(others, [case for case in cases if case.kind == model])
    return found


def score(given: Sequence[Given]) -> Score:
    """How well these answers are."""
    vendors = [one.vendor_right for one in given if one.names_vendor]
    models = [one.model_right for one in given if one.names_model]
    return Score(
        cases=len(given),
        vendor_top=_mean(one.vendor_right for one in given),
        vendor_named=len(vendors) / len(given),
        vendor_right=_mean(vendors),
        model_top=_mean(one.model_right for one in given),
        model_named=len(models) / len(given),
        model_right=_mean(models),
        error=_calibration_error(given),
        loss=_mean(-math.log(max(one.right_sure, 1e-6)) for one in given),
        coverage=_mean(any(_same(kind, one.case.kind) for kind in one.candidates) for one in given),
        size=_mean(len(one.candidates) for one in given),
    )


def _mean(values: Iterable[float]) -> float:
    listed = list(values)
    return sum(listed) / len(listed) if listed else math.nan


def _calibration_error(given: Sequence[Given], bins: int = 10) -> float:
    sure = np.array([one.model_sure for one in given])
    right = np.array([one.model_right for one in given], dtype=float)
    places = np.minimum((sure * bins).astype(int), bins - 1)
    return float(
        sum(
            abs(sure[places == place].sum() - right[places == place].sum()) for place in range(bins)
        )
        / len(given)
    )


NAMES = frozenset(name for name, channel in CHANNELS.items() if channel.names)

ABLATIONS: Mapping[str, frozenset[str]] = {
    "all evidence": frozenset(),
    "no hardware prefix (random MAC)": frozenset({"prefix"}),
    "no names": NAMES,
    "no DNS, no server names (encrypted)": frozenset({"domain"}),
    "steady state only": NAMES | {"dhcp-options", "dhcp-vendor", "mdns-search", "upnp-search"},
}
"""Channels that are hidden; in steady state nobody asks for an address or announces itself."""


def hide(cases: Iterable[Case], channels: frozenset[str]) -> list[Case]:
    """The cases without what these channels told."""
    return [replace(case, evidence=_without(case.evidence, channels)) for case in cases]


def _without(evidence: Evidence, channels: frozenset[str]) -> Evidence:
    return replace(
        evidence,
        tokens={name: told for name, told in evidence.tokens.items() if name not in channels},
        matches=[match for match in evidence.matches if match.token[0] not in channels],
    )


def prefix_only(training: Sequence[Case], tested: Sequence[Case]) -> tuple[float, float]:
    """The stupid baselines: right vendors and right models by majority among equal prefixes."""
    vendors: dict[str, Counter[str]] = defaultdict(Counter)
    models: dict[str, Counter[Kind]] = defaultdict(Counter)
    for case in training:
        vendors[str(case.evidence.chip)][case.kind.vendor] += 1
        models[str(case.evidence.chip)][case.kind] += 1
    right_vendors = [_top(vendors[str(case.evidence.chip)]) == case.kind.vendor for case in tested]
    right_models = [_top(models[str(case.evidence.chip)]) == case.kind for case in tested]
    return _mean(right_vendors), _mean(right_models)


def _top(counts: "Counter[str] | Counter[Kind]") -> str | Kind | None:
    return min(counts, key=lambda each: (-counts[each], each)) if counts else None  # type: ignore[arg-type, index]  # one type at a time
