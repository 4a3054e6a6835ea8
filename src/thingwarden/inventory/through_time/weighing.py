"""Marks and habits of two hardware addresses -> how probably they are one device, and why.

Weights are natural logarithms of how much more often two addresses of one device show a thing than two
addresses of different devices; `docs/through-time.md` says where each comes from.
"""

from collections.abc import Iterable, Mapping, Set
from dataclasses import dataclass
from math import exp, log

from thingwarden.inventory.through_time.habits import Habits, Rarity
from thingwarden.inventory.through_time.marks import Mark
from thingwarden.inventory.through_time.names import PERSONAL, PLAIN

Key = tuple[str, str]

SAME = {"duid": 13.0, "client-id": 12.0, "uuid": 12.0, PERSONAL: 7.5, PLAIN: 3.0}
"""For what is the same. Identifiers are drawn from more than 2^40; a name of a person's own is on one
device in some thousand; a name such as Pixel-7 on one in twenty."""

OTHER = {"duid": -14.0, "client-id": -6.0, "uuid": 0.0, PERSONAL: -7.0, PLAIN: -5.0}
"""For what both show, and differently. Identifiers in announcements are often drawn anew."""

SYSTEM = 0.5
"""For a habit of the system: all things of the platform have it, and the same name often goes with it."""

DOMAINS = 4.0
"""For all domains in common; the same against it for none."""

HALF_NAMED = -2.0
"""Where one tells its name and the other, asking for an address as well, does not."""

FEWEST = 20
"""Devices that the same could be, at least."""

JOINED, PERHAPS = 0.99, 0.5

UNCLEAR = 0.9
"""The most that there is without a mark of its own, and where an address could go on in two others."""

WORDS = {
    "duid": "the same DHCP identifier (DUID)",
    "client-id": "the same DHCP client identifier",
    "uuid": "the same identifier in its announcements",
    PERSONAL: "the same name of its own, “{value}”",
    PLAIN: "the same name, “{value}”",
}
OTHER_WORDS = {
    "duid": "another DHCP identifier (DUID)",
    "client-id": "another DHCP client identifier",
    PERSONAL: "another name",
    PLAIN: "another name",
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Weighed:
    """How probably two addresses are one device."""

    one: str
    other: str
    confidence: float
    because: tuple[str, ...]
    """What speaks for it and against it, the weightiest first."""
    shown: tuple[Mark, ...] = ()
    """The weightiest mark that both show, as each showed it first."""

    @property
    def ends(self) -> tuple[str, str]:
        """Both addresses."""
        return self.one, self.other


@dataclass(frozen=True, slots=True, kw_only=True)
class Scene:
    """All that two addresses are weighed by."""

    marks: Mapping[str, Mapping[Key, Mark]]
    shared_at_once: Set[Key]
    """Marks that two showed at the same time: they prove nothing."""
    habits: Mapping[str, Habits]
    rarity: Rarity
    crowd: int


def weigh_pair(scene: Scene, one: str, other: str) -> Weighed:
    """How probably the two are one device, if they were never there at the same time."""
    parts = [*_weigh_marks(scene, one, other), *_weigh_habits(scene, one, other)]
    odds = sum(weight for weight, _ in parts) - log(max(FEWEST, scene.crowd))
    best = max(shared_marks(scene, one, other), key=lambda key: SAME[key[0]], default=None)
    ordered = sorted(parts, key=lambda part: -abs(part[0]))
    sure = 1 / (1 + exp(-max(-30.0, min(30.0, odds))))
    own = best is not None and best[0] != PLAIN
    return Weighed(
        one=one,
        other=other,
        confidence=sure if own else min(sure, UNCLEAR),
        because=tuple(words for weight, words in ordered if weight),
        shown=(scene.marks[one][best], scene.marks[other][best]) if best else (),
    )


def shared_marks(scene: Scene, one: str, other: str) -> list[Key]:
    """The marks that both show and that no two showed at the same time."""
    mine, theirs = scene.marks.get(one, {}), scene.marks.get(other, {})
    return [key for key in mine if key in theirs and key not in scene.shared_at_once]


def contradict(one: Iterable[Key], other: Iterable[Key]) -> bool:
    """Whether two sets of marks cannot be of one device: it keeps its DUID."""
    mine, theirs = ({key for key in keys if key[0] == "duid"} for keys in (one, other))
    return bool(mine and theirs and not mine & theirs)


def _weigh_marks(scene: Scene, one: str, other: str) -> Iterable[tuple[float, str]]:
    mine, theirs = scene.marks.get(one, {}), scene.marks.get(other, {})
    same = shared_marks(scene, one, other)
    for kind in ("duid", "client-id", "uuid"):
        yield from _weigh_kind((kind,), mine, theirs, same)
    yield from _weigh_kind((PERSONAL, PLAIN), mine, theirs, same)
    if _silent(mine) != _silent(theirs) and {one, other} <= scene.habits.keys():
        asked = all(scene.habits[mac].options for mac in (one, other))
        yield (HALF_NAMED if asked else 0.0, "only one tells a name")


def _weigh_kind(
    kinds: tuple[str, ...], mine: Mapping[Key, Mark], theirs: Mapping[Key, Mark], same: list[Key]
) -> Iterable[tuple[float, str]]:
    """The best mark of some kinds that both show; else what speaks against it."""
    shared = [key for key in same if key[0] in kinds]
    if shared:
        best = max(shared, key=lambda key: SAME[key[0]])
        yield SAME[best[0]], WORDS[best[0]].format(value=best[1][:40])
        return
    mine_too, theirs_too = ([key for key in marks if key[0] in kinds] for marks in (mine, theirs))
    if mine_too and theirs_too and not set(mine_too) & set(theirs_too):
        kind = max(mine_too[0][0], theirs_too[0][0], key=lambda name: OTHER[name])
        yield OTHER[kind], OTHER_WORDS.get(kind, "")


def _weigh_habits(scene: Scene, one: str, other: str) -> Iterable[tuple[float, str]]:
    mine, theirs = scene.habits.get(one), scene.habits.get(other)
    if not mine or not theirs:
        return
    for habit, words, against in (
        ("options", "asks for an address in the same way", -5.0),
        ("hellos", "the same TLS client hellos (JA4)", -2.0),
    ):
        here, there = getattr(mine, habit), getattr(theirs, habit)
        if here and there:
            yield (SYSTEM, words) if here & there else (against, f"not {words}")
    like = scene.rarity.likeness(mine, theirs)
    if like:
        yield DOMAINS * (2 * like[0] - 1), f"{like[1]} of the same domains asked for"


def _silent(marks: Mapping[Key, Mark]) -> bool:
    return not any(kind in (PERSONAL, PLAIN) for kind, _ in marks)
