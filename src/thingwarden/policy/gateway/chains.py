"""A unit of entries -> its chains and counters in the language of nftables.

Six chains: whole packets and later fragments, each from and to the device, and what follows where an entry
stops a packet (`_end`: it is logged) in each way. One more counts what has a foreign source.
"""

from collections.abc import Iterable, Iterator
from dataclasses import replace

from thingwarden.model import DeviceId
from thingwarden.policy.entries import ANYONE, Ends, Entry, Way
from thingwarden.policy.gateway.ground import Ground, Unit
from thingwarden.policy.gateway.matches import (
    can_be_written,
    ends_matches,
    fragment_matches,
    refresh,
    whole_matches,
)
from thingwarden.policy.gateway.names import (
    comment,
    counter_name,
    hash_of,
    read_mac,
    read_name,
    read_network,
    spoof_name,
    stopped_name,
)

NEEDED_UNIT = "needed"
"""What the chains that all devices share begin with."""

DEFAULT, SPOOF = "default", "spoof"
"""Ids of what stops a packet where no rule or patch does."""

LOG_GROUP = 7
LOG_LIMIT = "limit rate 6/minute burst 5 packets"
"""A device that is stopped all the time fills no disk: its counter has the number."""

Counter = tuple[DeviceId, str, Way]
Chain = tuple[str, list[str]]
"""Name and rules."""


def unit_counters(unit: Unit) -> Iterator[tuple[str, str, Way]]:
    """Name of each counter of a unit, the id of the rule or patch, and the way."""
    for way in Way:
        yield stopped_name(unit.name, way), DEFAULT, way
    yield spoof_name(unit.name), SPOOF, Way.FROM
    yield from entry_counters(unit.name, unit.entries)


def entry_counters(owner: str, entries: Iterable[Entry]) -> Iterator[tuple[str, str, Way]]:
    """Name of each counter of some entries, once each, as `unit_counters`."""
    found = {
        counter_name(owner, entry.way, entry.rule): (entry.rule, entry.way)
        for entry in entries
        if can_be_written(entry)
    }
    for name, (rule, way) in found.items():
        yield name, rule, way


def needed_chains(entries: tuple[Entry, ...], ground: Ground) -> Iterator[Chain]:
    """What every device may do; it leads back where nothing fits."""
    for way in Way:
        some = [entry for entry in entries if entry.way is way]
        name = f"{NEEDED_UNIT}_{way.value}"
        yield name, ["meta l4proto tcp return", *_rules(NEEDED_UNIT, some, ground)]
        yield f"{name}_frag", _fragment_rules(NEEDED_UNIT, some, ground)


def unit_chains(unit: Unit, ground: Ground) -> Iterator[Chain]:
    """Chains of a unit, each after those that it leads to."""
    for way in Way:
        yield _end_chain(unit, way)
    yield f"{unit.name}_spoof", [f"counter name {spoof_name(unit.name)} goto {unit.name}_from_end"]
    for entry in unit.entries:
        if entry.unless and can_be_written(entry):
            yield _unless_chain(unit.name, entry, ground)
    for way in Way:
        yield from _way_chains(unit, way, ground)


def chain_names(unit: Unit) -> list[str]:
    """Names of all chains that `unit_chains` gives."""
    ways = [f"{unit.name}_{way.value}{part}" for way in Way for part in ("", "_frag", "_end")]
    unless = [_unless_name(unit.name, entry) for entry in unit.entries if _has_unless(entry)]
    return [*ways, f"{unit.name}_spoof", *dict.fromkeys(unless)]


def _way_chains(unit: Unit, way: Way, ground: Ground) -> Iterator[Chain]:
    """Patches come first, then what all need, then what the unit's rules allow."""
    some = [entry for entry in unit.entries if entry.way is way]
    patches = [entry for entry in some if not entry.allow]
    rules = [entry for entry in some if entry.allow]
    name, needed = f"{unit.name}_{way.value}", f"jump {NEEDED_UNIT}_{way.value}"
    stop = f"counter name {stopped_name(unit.name, way)} goto {name}_end"
    yield (
        name,
        [
            *_rules(unit.name, patches, ground),
            needed,
            *_rules(unit.name, rules, ground),
            stop,
        ],
    )
    yield (
        f"{name}_frag",
        [
            *_fragment_rules(unit.name, patches, ground),
            f"{needed}_frag",
            *_fragment_rules(unit.name, rules, ground),
            stop,
        ],
    )


def _end_chain(unit: Unit, way: Way) -> Chain:
    """Stopped packets are logged, and left to what the step says."""
    who = unit.name if len(unit.devices) > 1 else comment(unit.devices[0].policy.device_id)[:60]
    log = f'{LOG_LIMIT} log prefix "tw {who} {way.value} " group {LOG_GROUP}'
    return f"{unit.name}_{way.value}_end", [log, f"goto end_{way.value}"]


def _rules(owner: str, entries: Iterable[Entry], ground: Ground) -> list[str]:
    return [
        f"{match}{_verdict(owner, entry, match)}"
        for entry in entries
        for match in whole_matches(written(entry), ground)
    ]


def _fragment_rules(owner: str, entries: Iterable[Entry], ground: Ground) -> list[str]:
    """Entries with the same ends and protocol are one for a fragment: the first counts it."""
    rules: dict[tuple[str, tuple[Ends, ...]], str] = {}
    for entry in entries:
        for match in fragment_matches(written(entry), ground):
            rules.setdefault((match, entry.unless), f"{match}{_verdict(owner, entry, match)}")
    return list(rules.values())


def _verdict(owner: str, entry: Entry, match: str) -> str:
    counter = f"counter name {counter_name(owner, entry.way, entry.rule)}"
    if entry.unless:
        return f"jump {_unless_name(owner, entry)}"
    if not entry.allow:
        return f"{counter} goto {owner}_{entry.way.value}_end"
    kept = refresh(entry.ends, match) if entry.way is Way.FROM else ""
    return f"{kept}{counter} accept"


def _unless_chain(owner: str, entry: Entry, ground: Ground) -> Chain:
    """What an entry does to all but some, who go back to the entries behind it."""
    spared = [
        f"{match}return" for ends in entry.unless for match in ends_matches(ends, entry, ground)
    ]
    counter = f"counter name {counter_name(owner, entry.way, entry.rule)}"
    act = "accept" if entry.allow else f"goto {owner}_{entry.way.value}_end"
    return _unless_name(owner, entry), [*spared, f"{counter} {act}"]


def _unless_name(owner: str, entry: Entry) -> str:
    return f"{owner}_{entry.way.value}_but_{hash_of(repr(entry))}"


def _has_unless(entry: Entry) -> bool:
    return bool(entry.unless) and can_be_written(entry)


def written(entry: Entry) -> Entry:
    """The entry as it is written: one that stops whom we cannot name stops everyone."""
    return entry if entry.allow or _is_sound(entry.ends) else replace(entry, ends=ANYONE)


def _is_sound(ends: Ends) -> bool:
    """Whether at least something of each field can be written; nobody can be written, too."""
    return (
        (ends.name is None or read_name(ends.name) is not None)
        and (not ends.networks or any(map(read_network, ends.networks)))
        and (not ends.macs or any(map(read_mac, ends.macs)))
    )
