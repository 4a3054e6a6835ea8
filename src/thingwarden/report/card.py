"""A device -> the parts of its identity card, in words: terminal and page show the same."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from thingwarden.model import Accessory, Clue, Device, DeviceId, Guess, Identity, Link
from thingwarden.report.letters import plain
from thingwarden.report.naming import shorten_company
from thingwarden.report.words import kind, listed, sure

STRONGEST = 3
"""Clues that are shown at once: more persuade nobody, and each can be looked up."""

CLUE_LIMIT = 160
"""Letters of one clue, reason or contradiction: what a person reads in a glance."""

VALUE_LIMIT = 60

LEVELS = (("vendor", "Maker"), ("category", "Kind"), ("family", "Family"), ("model", "Model"))
"""Fields of an identity, and what people call them."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Level:
    """One line of the card: what is known at one level, and how sure."""

    title: str
    value: str
    """Empty if it is not certain."""
    sure: str
    """How sure, in words; empty if it is not certain."""
    percent: int
    """The same as the length of a bar, 0 to 100."""


def list_levels(identity: Identity) -> list[Level]:
    """Maker, kind, family and model: always all four, in this order."""
    return [_level(title, name, getattr(identity, name)) for name, title in LEVELS]


def say_sure(identity: Identity) -> str:
    """How sure at each level that is known: `maker over 99 %, model 97 %`; may be empty."""
    known = [level for level in list_levels(identity) if level.value]
    return ", ".join(f"{level.title.lower()} {level.sure}" for level in known)


def strongest_clues(identity: Identity) -> list[str]:
    """What says most, in words; where no clue was kept, the reasons of the deepest statement."""
    said = dict.fromkeys(plain(clue.says, CLUE_LIMIT) for clue in identity.clues)
    if said:
        return list(said)[:STRONGEST]
    guesses = (identity.model, identity.family, identity.vendor, identity.category)
    reasons: Sequence[str] = next((guess.because for guess in guesses if guess), ())
    return [plain(reason, CLUE_LIMIT) for reason in reasons[:STRONGEST]]


def say_chip(identity: Identity) -> str:
    """Who was assigned the prefix of its hardware address; may be empty."""
    return shorten_company(identity.chip or "")


def say_points_to(clue: Clue) -> str:
    """What a clue speaks for."""
    return plain(kind(clue.points_to), VALUE_LIMIT)


def say_candidates(identity: Identity) -> str:
    """What it may be where no model is certain: `HS110 (54 %), HS100 (43 %)`; may be empty."""
    return ", ".join(f"{one.value} ({one.sure})" for one in list_candidates(identity, STRONGEST))


def list_candidates(identity: Identity, most: int = 4) -> list[Level]:
    """What it may be where no model is certain, the likeliest first."""
    shown = () if identity.model else identity.candidates[:most]
    titles = ["Perhaps", *[""] * most]
    return [
        Level(
            title=title,
            value=_value(one.value),
            sure=sure(one.confidence),
            percent=_percent(one.confidence),
        )
        for title, one in zip(titles, shown, strict=False)
    ]


def say_conflicts(identity: Identity, most: int = STRONGEST) -> list[str]:
    """What does not fit together, a sentence each."""
    return [_sentence(conflict) for conflict in identity.conflicts[:most]]


def say_settle(identity: Identity, most: int = STRONGEST) -> list[str]:
    """What would settle what is not certain, a sentence each; nothing where the model is known."""
    return [] if identity.model else [_sentence(step) for step in identity.settle[:most]]


def say_accessory(accessory: Accessory) -> str:
    """A thing behind a hub: its name, and what it is if that is told."""
    name, what = _value(accessory.name), _value(kind(accessory.kind))
    if not name:
        return what or "a thing without a name"
    return f"{name} ({what})" if what and what.casefold() not in name.casefold() else name


def joined_links(device: Device) -> list[Link]:
    """Addresses that were found to be the same device."""
    return [link for link in device.links if link.joined]


def doubtful_links(device: Device) -> list[Link]:
    """Devices that are perhaps the same, but are shown on their own."""
    return [link for link in device.links if not link.joined]


def say_link(link: Link, labels: Mapping[DeviceId, str]) -> str:
    """The other end of a link: the name of a device, or an address."""
    return plain(labels.get(DeviceId(link.other), link.other), VALUE_LIMIT)


def say_why(link: Link) -> str:
    """How sure a link is, and why: `over 99 %: the same DHCP client id`."""
    reasons = listed([plain(reason, CLUE_LIMIT) for reason in link.because])
    if link.by_user:
        return "you said so"
    return f"{sure(link.confidence)}: {reasons}" if reasons else sure(link.confidence)


def say_names(names: Iterable[str], most: int) -> str:
    """Names that a device gave itself, each of them bounded."""
    return listed([_value(name) for name in names], most)


def _level(title: str, name: str, guess: Guess | None) -> Level:
    if guess is None:
        return Level(title=title, value="", sure="", percent=0)
    value = kind(guess.value) if name == "category" else guess.value
    return Level(
        title=title,
        value=shorten_company(value) if name == "vendor" else _value(value),
        sure=sure(guess.confidence),
        percent=_percent(guess.confidence),
    )


def _percent(confidence: float) -> int:
    return round(100 * min(1.0, max(0.0, confidence)))


def _value(text: str) -> str:
    return plain(text, VALUE_LIMIT)


def _sentence(text: str) -> str:
    """`text` with a full stop."""
    said = plain(text, CLUE_LIMIT * 2).strip()
    return said if said.endswith((".", "…", "?", "!")) else f"{said}."
