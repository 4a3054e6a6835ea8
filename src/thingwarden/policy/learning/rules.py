"""Generalised behaviours -> rules, with what each rests on and how sure it is."""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from hashlib import sha256

import msgspec
import pyarrow as pa

from thingwarden.model import (
    DNS,
    Behaviour,
    DeviceId,
    Initiator,
    Known,
    Learnt,
    Origin,
    Peer,
    PeerKind,
    Rule,
    Span,
)
from thingwarden.policy.learning.generalise import Seen
from thingwarden.policy.needs import TCP, UDP
from thingwarden.store import Store

FIRM_DAYS = 2
"""Days on which a rule must have been seen, so that one visit or one update does not make it firm."""

MOST_RULES = 200
"""Of one device; one that needs more is a computer, or floods."""

MOST_KNOWN = 64
"""Addresses of one name that are kept, the latest."""

MOST_EXAMPLES = 8

UNSEEN = 0.5
"""Confidence in what was asked for and not seen to be reached: nothing speaks for or against it."""

COUNTS = """
    with daily as (
        select device_id, rule, day, bit_count(bit_or(hours)) as hours, sum(flows) as flows,
            min(first_us) as first_us, max(last_us) as last_us, min(first) as first
        from named
        join assigned using (key)
        group by all
    ), summed as (
        select device_id, rule, count(*) as days, sum(hours)::bigint as hours,
            sum(flows)::bigint as flows, min(first_us) as first_us, max(last_us) as last_us,
            min(first) as first
        from daily
        group by device_id, rule
    )
    select summed.* exclude (first), coalesce(sha256, '') as capture,
        (first & 17592186044415)::bigint as frame
    from summed
    left join captures on captures.capture = (first >> 44) & 1048575
    order by device_id, rule
"""

MET = """
    select device_id, rule, basis, ip
    from (
        select device_id, rule, ip, min(basis) as basis, max(last_us) as last_us
        from named
        join assigned using (key)
        where name is not null
        group by all
    )
    qualify row_number() over (partition by device_id, rule order by last_us desc, ip) <= $most
    order by device_id, rule, ip
"""
"""Addresses that stood for a name; `dns` comes before `said`, and counts where both were there."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Count:
    """How often the behaviours of a rule were seen."""

    device_id: str
    rule: str
    days: int
    hours: int
    flows: int
    first_us: int
    last_us: int
    capture: str
    frame: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Met:
    """An address that stood for a name."""

    device_id: str
    rule: str
    basis: str
    ip: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Counts:
    """All that is counted of the rules of all devices, by device and rule."""

    counts: Mapping[str, Mapping[str, Count]]
    met: Mapping[str, Mapping[str, Sequence[Met]]]

    def of(self, device: DeviceId) -> "DeviceCounts":
        """What is counted of one device."""
        return DeviceCounts(counts=self.counts.get(device, {}), met=self.met.get(device, {}))


@dataclass(frozen=True, slots=True, kw_only=True)
class DeviceCounts:
    """What is counted of the rules of one device, by rule."""

    counts: Mapping[str, Count]
    met: Mapping[str, Sequence[Met]]


def count_rules(store: Store, seen: Mapping[DeviceId, Seen]) -> Counts:
    """How often each rule was seen; makes the table `assigned`, needs `named`."""
    pairs = [
        (species.key, rule_id(behaviour))
        for behaviours in seen.values()
        for behaviour, group in behaviours.items()
        for species in group
    ]
    keys = pa.array([int(key) for key, _ in pairs], pa.uint64())
    store.put(
        "assigned",
        pa.table({"key": keys, "rule": pa.array([rule for _, rule in pairs], pa.string())}),
    )
    met: dict[str, dict[str, list[Met]]] = defaultdict(lambda: defaultdict(list))
    for row in store.read(Met, MET, {"most": MOST_KNOWN}):
        met[row.device_id][row.rule].append(row)
    counts: dict[str, dict[str, Count]] = defaultdict(dict)
    for count in store.read(Count, COUNTS):
        counts[count.device_id][count.rule] = count
    return Counts(counts=counts, met=met)


def make_rules(
    seen: Seen, wanted: Iterable[Behaviour], counts: DeviceCounts, *, days: int
) -> tuple[Rule, ...]:
    """Rules of one device, what is surest first; `days`: on how many it was watched.

    `wanted`: what it wanted and was not seen to get.
    """
    rules = [_rule(each, counts.counts[rule_id(each)], seen, days) for each in seen]
    rules.sort(key=_surest)
    kept = [*rules[:MOST_RULES], *map(_wanted, wanted)]
    names = any(rule.behaviour.peer.kind is PeerKind.NAME for rule in kept)
    return (*kept, *_resolving(kept)) if names else tuple(kept)


def list_known(rules: Sequence[Rule], counts: DeviceCounts) -> tuple[Known, ...]:
    """Last-good addresses of names; one that only the device told counts where the rule is firm."""
    found: dict[str, set[str]] = defaultdict(set)
    for rule in rules:
        if rule.behaviour.peer.kind is PeerKind.NAME:
            met = counts.met.get(rule.id, ())
            good = {each.ip for each in met if rule.firm or each.basis == "dns"}
            found[rule.behaviour.peer.value] |= good
    return tuple(
        Known(name=name, addresses=tuple(sorted(ips))) for name, ips in sorted(found.items()) if ips
    )


def rule_id(behaviour: Behaviour) -> str:
    """The same for the same behaviour, whatever other rules there are."""
    said = msgspec.json.encode(behaviour, order="deterministic")
    return f"r{sha256(said).hexdigest()[:12]}"


def _rule(behaviour: Behaviour, count: Count, seen: Seen, days: int) -> Rule:
    told = sorted({each.peer for each in seen[behaviour]})
    stands = len(told) > 1 or told[0] != behaviour.peer.value
    return Rule(
        id=count.rule,
        behaviour=behaviour,
        origin=Origin.LEARNT,
        firm=count.days >= FIRM_DAYS,
        confidence=round((count.days + 0.5) / (max(days, count.days) + 1), 3),
        learnt=Learnt(
            days=count.days,
            hours=count.hours,
            flows=count.flows,
            first_us=count.first_us,
            last_us=count.last_us,
            capture=count.capture,
            frame=count.frame,
            examples=tuple(told[:MOST_EXAMPLES]) if stands else (),
        ),
        note=_note(seen, behaviour),
    )


def _wanted(behaviour: Behaviour) -> Rule:
    return Rule(
        id=rule_id(behaviour),
        behaviour=behaviour,
        origin=Origin.LEARNT,
        firm=False,
        confidence=UNSEEN,
        note="Asked for, while an address without a name was in use on this port: perhaps its name.",
    )


def _note(seen: Seen, behaviour: Behaviour) -> str:
    named = behaviour.peer.kind is PeerKind.NAME
    if named and all(each.basis == "said" for each in seen[behaviour]):
        return "Only the device itself told this name; no resolver of the site was seen to."
    return ""


def _surest(rule: Rule) -> tuple[int, int, int, str]:
    assert rule.learnt is not None
    return -rule.learnt.days, -rule.learnt.hours, -rule.learnt.flows, rule.id


def _resolving(rules: Sequence[Rule]) -> list[Rule]:
    """Names need a resolver, over TCP where an answer is long (RFC 7766 section 5)."""
    there = {rule.id for rule in rules}
    port = Span(first=53, last=53)
    needed = [
        Behaviour(
            initiator=Initiator.DEVICE,
            peer=Peer(kind=PeerKind.CONTROLLER, value=DNS),
            protocol=protocol,
            service=port,
        )
        for protocol in (UDP, TCP)
    ]
    return [
        Rule(id=rule_id(each), behaviour=each, origin=Origin.NEEDED)
        for each in needed
        if rule_id(each) not in there
    ]
