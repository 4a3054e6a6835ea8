"""What a device is, what it is linked with, what is behind it -> entries of the JSON report."""

import math
from collections.abc import Mapping

from thingwarden.model import Accessory, Device, Guess, Identity, Link
from thingwarden.report.letters import sound
from thingwarden.report.shape import (
    AccessoryEntry,
    CandidateEntry,
    ClueEntry,
    GuessEntry,
    IdentityEntry,
    LinkEntry,
    SightEntry,
)

DIGITS = 4
"""Probabilities beyond four digits would only differ between machines."""

NEARLY_SURE = 0.9999
"""What is not quite certain must not be rounded to 1, which only a user's own label has."""

MOST = 64
"""Clues, candidates, links or accessories of one device; there are never more on purpose."""

Hashes = Mapping[int, str]
"""SHA-256 of each capture by its number."""


def write_identity(identity: Identity, hashes: Hashes) -> IdentityEntry:
    """The entry of an identity; captures are named by their SHA-256."""
    return IdentityEntry(
        vendor=_guess(identity.vendor),
        category=_guess(identity.category),
        model=_guess(identity.model),
        family=_guess(identity.family),
        level=identity.level,
        clues=_clues(identity, hashes),
        conflicts=_texts(identity.conflicts),
        candidates=tuple(
            CandidateEntry(value=sound(one.value), confidence=_probability(one.confidence))
            for one in identity.candidates[:MOST]
        ),
        settle=_texts(identity.settle),
        chip=None if identity.chip is None else sound(identity.chip),
        calibration=sound(identity.calibration),
    )


def write_links(device: Device, hashes: Hashes) -> tuple[LinkEntry, ...]:
    """The entries of what a device is linked with."""
    return tuple(_link(link, hashes) for link in device.links[:MOST])


def write_accessories(device: Device, hashes: Hashes) -> tuple[AccessoryEntry, ...]:
    """The entries of what is behind a device."""
    return tuple(_accessory(one, hashes) for one in device.accessories[:MOST])


def _guess(guess: Guess | None) -> GuessEntry | None:
    if guess is None:
        return None
    return GuessEntry(
        value=sound(guess.value),
        confidence=_probability(guess.confidence),
        because=_texts(guess.because),
    )


def _clues(identity: Identity, hashes: Hashes) -> tuple[ClueEntry, ...]:
    return tuple(
        ClueEntry(
            channel=sound(clue.channel),
            says=sound(clue.says),
            points_to=sound(clue.points_to),
            capture=hashes.get(clue.capture, "") if clue.frame else "",
            frame=clue.frame,
            time_us=clue.time_us,
        )
        for clue in identity.clues[:MOST]
    )


def _link(link: Link, hashes: Hashes) -> LinkEntry:
    return LinkEntry(
        other=sound(link.other),
        confidence=_probability(link.confidence),
        because=_texts(link.because),
        joined=link.joined,
        by_user=link.by_user,
        sights=tuple(
            SightEntry(
                capture=hashes.get(sight.capture, ""), frame=sight.frame, time_us=sight.time_us
            )
            for sight in link.sights
        ),
    )


def _accessory(accessory: Accessory, hashes: Hashes) -> AccessoryEntry:
    return AccessoryEntry(
        name=sound(accessory.name),
        kind=sound(accessory.kind),
        says=sound(accessory.says),
        capture=hashes.get(accessory.capture, ""),
        frame=accessory.frame,
        time_us=accessory.time_us,
    )


def _probability(confidence: float) -> float:
    if confidence >= 1:
        return 1.0
    return 0.0 if math.isnan(confidence) else min(NEARLY_SURE, max(0.0, round(confidence, DIGITS)))


def _texts(texts: tuple[str, ...]) -> tuple[str, ...]:
    return tuple(map(sound, texts[:MOST]))
