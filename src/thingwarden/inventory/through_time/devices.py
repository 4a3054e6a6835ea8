"""A site's hardware addresses + what the user said -> which of them are one device."""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field

import pyarrow as pa

from thingwarden.inventory.through_time.grouping import apply_statements, join_sure
from thingwarden.inventory.through_time.linking import compare_all
from thingwarden.inventory.through_time.weighing import Weighed
from thingwarden.model import DeviceId, Link, Statement
from thingwarden.store import Label, Store

MOST_LINKS = 16
"""Links shown of one device; the surest come first."""

MOST_REASONS = 4

SAID = ("you said so",)

NODES = """
    create or replace table nodes as
    select mac, min(first_us) as first_us
    from ends
    where mac is not null and mac not in (select mac from gateways)
    group by mac
"""

FIRST = """
    select device_id, min(first_us)::bigint as first_us
    from (
        select 'd-' || replace(mac, ':', '') as device_id, first_us
        from nodes
        union all
        select 'd-' || replace(replace(ip, ':', '-'), '.', '-'), first_us
        from ends
        where mac is null
    )
    group by device_id
"""


@dataclass(frozen=True, slots=True, kw_only=True)
class Begun:
    """When a device was there first."""

    device_id: DeviceId
    first_us: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Links:
    """Which ids are one device, and what links them."""

    kept: Mapping[DeviceId, DeviceId] = field(default_factory=dict)
    """The id that stands for a device, by each other id of it."""
    links: Mapping[DeviceId, tuple[Link, ...]] = field(default_factory=dict)
    """By the id that stands for the device."""
    unknown: tuple[Statement, ...] = ()
    """What the user said of devices that are not here."""


def link_devices(store: Store, statements: Sequence[Statement] = ()) -> Links:
    """Find what is one device, and make the table `same_device` (device_id, kept_id) of it.

    Needs the tables `ends`, `claims` and `gateways`.
    """
    store.run(NODES)
    compared = compare_all(store)
    groups, used = join_sure(compared)
    whole = apply_statements([list(map(device_id, group)) for group in groups], statements)
    begun = {row.device_id: row.first_us for row in store.read(Begun, FIRST)}
    kept = _keep_earliest(whole, begun)
    store.put("same_device", _as_table(kept))
    return Links(
        kept=kept,
        links=_tell(compared.pairs, used, kept, statements),
        unknown=tuple(said for said in statements if not _known(said, begun)),
    )


def device_id(mac: str) -> DeviceId:
    """The id of what has this hardware address, where it is linked with no other."""
    return DeviceId("d-" + mac.replace(":", ""))


def _as_table(kept: Mapping[DeviceId, DeviceId]) -> pa.Table:
    ids = {"device_id": list(kept), "kept_id": list(kept.values())}
    return pa.table({name: pa.array(values, pa.string()) for name, values in ids.items()})


def _keep_earliest(
    groups: Iterable[Iterable[DeviceId]], begun: Mapping[DeviceId, int]
) -> dict[DeviceId, DeviceId]:
    """By each other member: the one that was there first, which stays so when captures are added."""
    kept = {}
    for group in groups:
        members = sorted((begun[each], each) for each in group if each in begun)
        kept.update({each: members[0][1] for _, each in members[1:]})
    return kept


def _known(statement: Statement, begun: Mapping[DeviceId, int]) -> bool:
    return {statement.first, statement.second} - {""} <= begun.keys()


def _tell(
    pairs: Sequence[Weighed],
    used: Sequence[Weighed],
    kept: Mapping[DeviceId, DeviceId],
    statements: Sequence[Statement],
) -> dict[DeviceId, tuple[Link, ...]]:
    """The links of each device: what joined its addresses, and what else it perhaps is."""
    found: dict[DeviceId, dict[str, Link]] = defaultdict(dict)
    taken = {pair.ends for pair in used}
    for said in statements:
        first, second = (kept.get(each, each) for each in (said.first, said.second))
        if said.kind == "same" and first == second:
            found[first][said.second] = _by_user(said.second)
    for pair in pairs:
        one, other = (kept.get(each, each) for each in map(device_id, pair.ends))
        if one == other:
            found[one].setdefault(pair.other, _link(pair, pair.other, joined=True))
        elif pair.ends not in taken:  # else the user took them apart
            found[one].setdefault(other, _link(pair, other, joined=False))
            found[other].setdefault(one, _link(pair, one, joined=False))
    return {
        device: tuple(sorted(links.values(), key=_surest)[:MOST_LINKS])
        for device, links in found.items()
    }


def _link(pair: Weighed, other: str, *, joined: bool) -> Link:
    sights = tuple(mark.sight for mark in pair.shown)
    return Link(
        other=other,
        confidence=pair.confidence,
        because=pair.because[:MOST_REASONS],
        joined=joined,
        sights=sights,
    )


def _by_user(other: DeviceId) -> Link:
    return Link(other=other, confidence=1, because=SAID, joined=True, by_user=True)


def _surest(link: Link) -> tuple[bool, float, str]:
    return not link.joined, -link.confidence, link.other


def carry_labels(
    labels: Mapping[DeviceId, Label], kept: Mapping[DeviceId, DeviceId]
) -> dict[DeviceId, Label]:
    """Labels by the id that stands for the device; a label of that id itself wins over its others."""
    carried = {kept[device]: label for device, label in labels.items() if device in kept}
    return {**labels, **carried, **{id_: labels[id_] for id_ in carried.keys() & labels.keys()}}
