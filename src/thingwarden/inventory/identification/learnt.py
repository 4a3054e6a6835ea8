"""What users know of their own devices: a file of examples that holds tokens, but no traffic."""

import os
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path

import msgspec

from thingwarden.errors import KnowledgeError
from thingwarden.inventory.identification.channels import CHANNELS
from thingwarden.inventory.identification.experience import Example
from thingwarden.inventory.identification.kinds import Kind
from thingwarden.inventory.identification.normal import plain
from thingwarden.store.files import refusing, write_text

SCHEMA = "thingwarden-knowledge/1"

PLACE = "THINGWARDEN_KNOWLEDGE"
"""Environment variable that names another file than the user's own."""

LARGEST_BYTES = 64 << 20
MOST_EXAMPLES = 100_000
MOST_TOKENS = 1_000
"""Of one example: a device tells some hundred at most."""

NAME_LIMIT = 80


class KindEntry(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """What an example is."""

    vendor: str = ""
    family: str = ""
    model: str = ""
    category: str = ""


class ExampleEntry(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """A device as it was met in one network."""

    id: str
    """SHA-256 of captures and device, cut: the same capture learnt twice is one example."""
    kind: KindEntry
    tokens: dict[str, list[str]]


class KnowledgeFile(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """The file as a whole."""

    schema: str
    examples: list[ExampleEntry]


def own_file() -> Path:
    """Where this user's knowledge lies, whether it exists or not."""
    named = os.environ.get(PLACE)
    if named:
        return Path(named)
    home = os.environ.get("XDG_DATA_HOME") or str(Path.home() / ".local" / "share")
    return Path(home) / "thingwarden" / "knowledge.json"


def read_examples(path: Path) -> list[ExampleEntry]:
    """The examples in a file; raises `KnowledgeError` if it is damaged, foreign or too large."""
    try:
        with path.open("rb") as file:
            data = file.read(LARGEST_BYTES + 1)
    except OSError as error:
        raise KnowledgeError(f"{path}: cannot be read ({error.strerror})") from error
    if len(data) > LARGEST_BYTES:
        raise KnowledgeError(f"{path}: more than {LARGEST_BYTES >> 20} MiB")
    try:
        kept = msgspec.json.decode(data, type=KnowledgeFile)
    except (msgspec.DecodeError, UnicodeDecodeError, RecursionError) as error:
        raise KnowledgeError(f"{path}: not a file of knowledge ({error})") from error
    if kept.schema != SCHEMA:
        raise KnowledgeError(f"{path}: of schema {plain(kept.schema)!r}, expected {SCHEMA!r}")
    if len(kept.examples) > MOST_EXAMPLES:
        raise KnowledgeError(f"{path}: more than {MOST_EXAMPLES} examples")
    for example in kept.examples:
        _check(path, example)
    return kept.examples


def _check(path: Path, example: ExampleEntry) -> None:
    unknown = sorted(set(example.tokens) - set(CHANNELS))
    if unknown:
        raise KnowledgeError(f"{path}: unknown kind of evidence {plain(unknown[0])!r}")
    if sum(map(len, example.tokens.values())) > MOST_TOKENS:
        raise KnowledgeError(f"{path}: an example with more than {MOST_TOKENS} tokens")
    names = msgspec.structs.astuple(example.kind)
    if not example.kind.vendor or any(len(name) > NAME_LIMIT for name in names):
        raise KnowledgeError(f"{path}: an example without a maker, or with a name too long")
    values = [value for told in example.tokens.values() for value in told]
    if any(value != plain(value) for value in values) or any(
        name.lower() != plain(name) for name in names
    ):
        raise KnowledgeError(f"{path}: a value that is too long, or holds what does not show")


def render(entries: Iterable[ExampleEntry]) -> str:
    """The file's text, ordered, so that equal knowledge gives equal bytes."""
    ordered = sorted(entries, key=lambda entry: (entry.kind.vendor, entry.kind.model, entry.id))
    encoded = msgspec.json.encode(KnowledgeFile(schema=SCHEMA, examples=ordered))
    return msgspec.json.format(encoded, indent=1).decode() + "\n"


def add_new(known: Sequence[ExampleEntry], more: Iterable[ExampleEntry]) -> list[ExampleEntry]:
    """Both together; an example with an id that is known replaces it."""
    return list({entry.id: entry for entry in (*known, *more)}.values())


@dataclass(frozen=True, slots=True, kw_only=True)
class Lesson:
    """What came of adding examples to the user's own knowledge."""

    file: Path
    added: int
    replaced: int
    total: int
    absent: int = 0
    """Devices that were labelled, but that no capture shows telling anything."""
    skipped: int = 0
    """Rows of labels that name no device or no maker."""


def keep_examples(
    more: Sequence[ExampleEntry], *, absent: int = 0, skipped: int = 0, place: Path | None = None
) -> Lesson:
    """Add examples to the user's own file, wholly or not at all; raises `KnowledgeError`.

    A file that is damaged stays as it is, and nothing is added.
    """
    file = place or own_file()
    known = read_examples(file) if file.exists() else []
    together = add_new(known, more)
    with refusing(file.parent):
        file.parent.mkdir(parents=True, exist_ok=True)
    write_text(file, render(together))
    added = len(together) - len(known)
    return Lesson(
        file=file,
        added=added,
        replaced=len({entry.id for entry in more}) - added,
        total=len(together),
        absent=max(absent, 0),
        skipped=skipped,
    )


def as_example(entry: ExampleEntry) -> Example:
    """An entry as the ledger counts it."""
    kind = Kind(**msgspec.structs.asdict(entry.kind))
    tokens = ((channel, value) for channel, told in entry.tokens.items() for value in told)
    return Example(kind, frozenset(tokens), entry.id)
