"""Pairs and what the user said -> groups of addresses that are one device."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field

from thingwarden.inventory.through_time.linking import Compared
from thingwarden.inventory.through_time.presence import Stays, overlap, together
from thingwarden.inventory.through_time.weighing import JOINED, Key, Weighed, contradict
from thingwarden.model import DeviceId, Statement

MOST_MEMBERS = 1_000
"""Addresses of one device: a new one each day for nearly three years; a flood of them ends here."""


@dataclass(slots=True)
class Group:
    """Addresses that are one device."""

    members: list[str]
    stays: Stays = ()
    marks: set[Key] = field(default_factory=set)


def join_sure(compared: Compared) -> tuple[list[list[str]], list[Weighed]]:
    """The groups of addresses that sure pairs make, the surest first, and the pairs that were used.

    Two groups stay apart where any of their members were there at once, or cannot be one by their marks.
    """
    groups: dict[str, Group] = {}
    used = []
    for pair in compared.pairs:
        if pair.confidence < JOINED:
            continue
        one, other = (groups.get(mac) or _alone(mac, compared) for mac in pair.ends)
        whole = _join(one, other)
        if whole:
            groups.update(dict.fromkeys(whole.members, whole))
            used.append(pair)
    return [
        group.members for group in {id(group): group for group in groups.values()}.values()
    ], used


def _alone(mac: str, compared: Compared) -> Group:
    return Group([mac], compared.stays.get(mac, ()), set(compared.marks.get(mac, ())))


def _join(one: Group, other: Group) -> Group | None:
    if one is other:
        return one
    if len(one.members) + len(other.members) > MOST_MEMBERS:
        return None
    if overlap(one.stays, other.stays) or contradict(one.marks, other.marks):
        return None
    return Group(
        [*one.members, *other.members], together(one.stays, other.stays), one.marks | other.marks
    )


def apply_statements(
    groups: Iterable[Sequence[DeviceId]], statements: Iterable[Statement]
) -> list[frozenset[DeviceId]]:
    """The groups after what the user said, in the order in which it was said."""
    whole = {member: frozenset(group) for group in groups for member in group}
    for statement in statements:
        first, second = DeviceId(statement.first), DeviceId(statement.second)
        mine = whole.get(first, frozenset({first}))
        if statement.kind == "same":
            _set(whole, mine | whole.get(second, frozenset({second})))
        elif statement.kind == "apart":
            for member in mine:
                _set(whole, frozenset({member}))
        elif statement.kind == "alone":
            _set(whole, mine - {first})
            _set(whole, frozenset({first}))
    return sorted({group for group in whole.values() if len(group) > 1}, key=sorted)


def _set(whole: dict[DeviceId, frozenset[DeviceId]], group: frozenset[DeviceId]) -> None:
    whole.update(dict.fromkeys(group, group))
