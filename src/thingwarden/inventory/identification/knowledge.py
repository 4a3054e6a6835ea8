"""What is known of kinds of things: what ships with thingwarden, and what the user taught it."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from importlib.resources import files
from pathlib import Path

import msgspec

from thingwarden.errors import KnowledgeError
from thingwarden.inventory.identification.experience import Example, Experience
from thingwarden.inventory.identification.kinds import Kind
from thingwarden.inventory.identification.learnt import as_example, own_file, read_examples
from thingwarden.inventory.identification.makers import canonical


@dataclass(frozen=True, slots=True, kw_only=True)
class KnowledgeSource:
    """Where a part of the knowledge comes from."""

    name: str
    what: str
    licence: str
    version: str
    as_of: str
    rows: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Knowledge:
    """What the ledger weighs tokens with, beside the rules that ship."""

    experience: Experience = field(default_factory=Experience)
    examples: int = 0
    refused: str = ""
    """Why the user's own knowledge was not taken; empty if it was, or if there is none."""


def load_knowledge(path: Path | None = None) -> Knowledge:
    """What the user taught, from `path` or the user's own file; a damaged file is left out, and told."""
    place = path or own_file()
    if not place.exists():
        return Knowledge()
    try:
        entries = read_examples(place)
    except KnowledgeError as error:
        return Knowledge(refused=str(error))
    return know([as_example(entry) for entry in entries])


def know(examples: Sequence[Example]) -> Knowledge:
    """Knowledge out of examples; makers get the names by which we call them."""
    named = [
        Example(one_name(example.kind), example.tokens, example.network) for example in examples
    ]
    return Knowledge(experience=Experience.of(named), examples=len(named))


def one_name(kind: Kind) -> Kind:
    """The same kind with its maker as we write it."""
    return Kind(canonical(kind.vendor), kind.family, kind.model, kind.category)


def shipped_sources() -> list[KnowledgeSource]:
    """Sources of the knowledge that ships, in the order of the table."""
    text = files("thingwarden").joinpath("data", "identity_sources.json").read_bytes()
    return msgspec.json.decode(text, type=list[KnowledgeSource])


@dataclass(frozen=True, slots=True, kw_only=True)
class KnowledgeList:
    """What is known, for people to look at."""

    sources: tuple[KnowledgeSource, ...]
    own_file: Path
    own: tuple[tuple[Kind, int], ...]
    """Kinds that the user taught, with the number of examples of each."""
    refused: str


def describe_knowledge() -> KnowledgeList:
    """What ships and what the user taught."""
    known = load_knowledge()
    experience = known.experience
    return KnowledgeList(
        sources=tuple(shipped_sources()),
        own_file=own_file(),
        own=tuple(zip(experience.kinds, experience.examples, strict=True)),
        refused=known.refused,
    )
