"""What was measured of identification -> the text of `docs/evaluation.md`."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from thingwarden.inventory.identification.answer import CERTAIN
from thingwarden.model import Identity

from tools.relinking import Relinked
from tools.trials import Score

HEAD = """# Evaluation

Written by `make evaluate`. Captures with labels only measure here: nothing that ships was learnt from
them. *Named* is how often a name is stated at all (from a confidence of {vendor:.1%} on for makers and
{model:.1%} for models), *right* how often a stated name is right, *best* how often the most probable
one is, stated or not. ECE is the expected calibration error over ten bins, NLL the negative
log-likelihood of the right model; the set holds the models that are not ruled out.
"""

CLOSED = """## Models that were taught

IoT Sentinel: {cases} set-up captures of {types} types, {models} models (2016, one laboratory; an accessory
that speaks through a hub counts as the hub). The baselines know the hardware prefix only: its majority
maker, its majority model.
"""

OPEN = """## Models that nobody taught

The same captures, each model answered for by captures of all others. What ships knows a few of the models, and
may state them rightly; any other model that is stated is wrong.
Makers are counted where another model of the maker was taught.
"""

NAMED = """## Homes that nobody taught

What ships, without any example, on captures of homes with lists of their devices.
"""

RELINKED = """## Phones that change their address

Generated homes of {days} days in which phones, tablets and laptops take another hardware address each day, some at
each connection; in the middle the IPv6 prefix changes. *Known again* is how many of these changes end in the
same device, then the same of those devices that show something of their own that lasts. *Look-alikes* are six devices
more with the same names, models and apps as others, also at other times of day, and one that takes the name of
another which left. In `tools/roaming_home.py` one of 24 devices shows nothing that lasts; it was written together with what
is measured. In `tools/roaming_phones.py`, written apart from it, four of twelve show nothing and two the name of a model,
and those change their address most often. How many do so in real homes was not measured.
"""


@dataclass(frozen=True, slots=True, kw_only=True)
class Row:
    """A trial on models that were taught."""

    hidden: str
    split: str
    score: Score
    baseline: tuple[float, float] | None = None
    """Right vendors and models by hardware prefix alone."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Open:
    """A trial on models that nobody taught; shares from 0 to 1."""

    training: str
    cases: int
    wrong_model: float
    """A wrong model is stated."""
    right_model: float
    """The right one is stated: what ships knows a few models."""
    vendor_named: float
    vendor_right: float
    wrong_vendor: float
    """A wrong vendor is stated."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Named:
    """A device of a home, and what is said of it."""

    site: str
    listed: str
    identity: Identity
    seconds: float


def write_page(
    closed: Sequence[Row],
    opened: Sequence[Open],
    named: Sequence[Named],
    relinked: Sequence[Relinked],
    **counts: int,
) -> str:
    """The whole page as Markdown."""
    head = HEAD.format(vendor=CERTAIN["vendor"], model=CERTAIN["model"])
    sections = (
        [head],
        [CLOSED.format(**counts), *_closed(closed)],
        [OPEN, *_open(opened)],
        [NAMED, *_named(named)],
        [RELINKED.format(**counts), *_relinked(relinked)],
    )
    return "\n".join(line for section in sections for line in section) + "\n"


def _closed(rows: Sequence[Row]) -> Iterator[str]:
    for hidden in dict.fromkeys(row.hidden for row in rows):
        yield f"### {hidden[:1].upper()}{hidden[1:]}\n"
        yield (
            "| split | cases | maker named | right | model named | right | best model | ECE | NLL |"
            " set holds it | set size |"
        )
        yield "|---|---|---|---|---|---|---|---|---|---|---|"
        for row in rows:
            if row.hidden == hidden:
                yield _closed_row(row)
        yield ""
    for row in rows:
        if row.baseline and row.hidden == rows[0].hidden:
            yield (
                f"Baselines, {row.split.split(' (', maxsplit=1)[0]}: prefix only, maker"
                f" {row.baseline[0]:.1%} right; majority in the prefix, model"
                f" {row.baseline[1]:.1%} right.\n"
            )


def _closed_row(row: Row) -> str:
    score = row.score
    return (
        f"| {row.split} | {score.cases:,} | {score.vendor_named:.1%} | {_share(score.vendor_right)}"
        f" | {score.model_named:.1%} | {_share(score.model_right)} | {score.model_top:.1%}"
        f" | {score.error:.3f} | {score.loss:.2f} | {score.coverage:.1%} | {score.size:.2f} |"
    )


def _share(value: float) -> str:
    return f"{value:.1%}" if value == value else "-"  # noqa: PLR0124  # none was named


def _open(rows: Sequence[Open]) -> Iterator[str]:
    yield "| taught by | cases | wrong model stated | right model stated | wrong maker stated | maker named | right |"
    yield "|---|---|---|---|---|---|---|"
    for row in rows:
        yield (
            f"| {row.training} | {row.cases:,} | {row.wrong_model:.1%} | {row.right_model:.1%} | {row.wrong_vendor:.1%}"
            f" | {row.vendor_named:.1%} | {row.vendor_right:.1%} |"
        )
    yield ""


def _named(rows: Sequence[Named]) -> Iterator[str]:
    yield "| home | listed as | maker | kind | family | model | strongest evidence | ms |"
    yield "|---|---|---|---|---|---|---|---|"
    for row in rows:
        said = row.identity
        cells = [
            f"{guess.value} ({guess.confidence:.2f})" if guess else "-"
            for guess in (said.vendor, said.category, said.family, said.model)
        ]
        why = said.clues[0].says if said.clues else "-"
        yield (
            f"| {row.site} | {row.listed} | {' | '.join(cells)} | {why.replace('|', '/')}"
            f" | {row.seconds * 1e3:.1f} |"
        )
    yield ""


def _relinked(rows: Sequence[Relinked]) -> Iterator[str]:
    yield (
        "| homes | changes | known again | of those that show something | told as perhaps the same |"
        " two devices joined | with addresses of both prefixes |"
    )
    yield "|---|---|---|---|---|---|---|"
    for home, twins in dict.fromkeys((row.home, row.twins) for row in rows):
        chosen = [row for row in rows if (row.home, row.twins) == (home, twins)]
        name = f"{home}, {'with' if twins else 'without'} look-alikes"
        total = {
            field: sum(getattr(row, field) for row in chosen)
            for field in Relinked.__dataclass_fields__
            if field != "home"
        }
        yield (
            f"| {len(chosen)} {name} | {total['changes']:,}"
            f" | {total['known_again'] / total['changes']:.1%}"
            f" | {total['lasting_known_again'] / total['lasting_changes']:.1%}"
            f" | {total['perhaps'] / total['changes']:.1%} | {total['wrongly_joined']}"
            f" | {total['shared_addresses']} |"
        )
    yield ""
