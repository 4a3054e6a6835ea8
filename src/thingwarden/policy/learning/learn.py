"""Facts of a site -> the policy of every device: what it was seen to need, and no more.

`docs/wrap.md` says how. SQL asks once for all devices; Python sees a row for each behaviour.
"""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace

from thingwarden import __version__
from thingwarden.model import (
    Behaviour,
    Device,
    DeviceId,
    DevicePolicy,
    Finding,
    Guess,
    Network,
    Policy,
    Rule,
    WatchTime,
)
from thingwarden.policy.learning.addresses import bind_addresses
from thingwarden.policy.learning.admission import Others, admit
from thingwarden.policy.learning.alarms import (
    Alarm,
    is_rogue,
    open_alarms,
    seen_from,
    taken_addresses,
)
from thingwarden.policy.learning.conversations import sum_conversations
from thingwarden.policy.learning.generalise import Seen, generalise
from thingwarden.policy.learning.naming import name_peers
from thingwarden.policy.learning.network import find_network
from thingwarden.policy.learning.rules import (
    MOST_RULES,
    count_rules,
    list_known,
    make_rules,
)
from thingwarden.policy.learning.species import Species, behaviour_of, list_species
from thingwarden.policy.learning.surprises import certify
from thingwarden.policy.learning.wanted import list_asked, want_names
from thingwarden.store import Store

Findings = Mapping[DeviceId, Sequence[Finding]]

NO_FINDINGS: Findings = {}

ACTIVE = """
    with daily as (
        select device_id, day, bit_count(bit_or(hours)) as hours
        from sides
        group by device_id, day
    )
    select device_id, count(*) as days, sum(hours)::bigint as hours
    from daily
    group by device_id
    order by device_id
"""

CAPTURES = """
    select sha256
    from captures
    where sha256 <> ''
    order by first_us, sha256
"""


@dataclass(frozen=True, slots=True, kw_only=True)
class Active:
    """On how many days, and in how many hours, a device did anything."""

    device_id: str
    days: int
    hours: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Capture:
    """A capture that was learnt from."""

    sha256: str


def learn_policy(
    store: Store,
    devices: Sequence[Device],
    gateways: Sequence[Device],
    *,
    findings: Findings = NO_FINDINGS,
) -> Policy:
    """What every device of a site may do; needs the tables of `inventory`.

    `findings` are those that checks came to: nothing is learnt while an alarm is open.
    """
    taken = {device: taken_addresses(found) for device, found in findings.items()}
    sum_conversations(store)
    addresses = bind_addresses(store, gateways, taken)
    rogues = [device for device, found in findings.items() if is_rogue(found)]
    network = find_network(store, gateways, addresses=addresses, rogues=rogues)
    name_peers(store, network.resolvers)
    alarms = {device.id: open_alarms(findings.get(device.id, ())) for device in devices}
    species = list_species(store)
    admitted = {
        device.id: admit(
            species.get(device.id, ()),
            alarms[device.id],
            _others(devices, alarms, addresses.get(device.id, ())),
        )
        for device in devices
    }
    seen = {
        device: generalise(_behaviours(each.species, network)) for device, each in admitted.items()
    }
    asked = list_asked(store, network.resolvers)
    counts = count_rules(store, seen)
    active = {DeviceId(row.device_id): row for row in store.read(Active, ACTIVE)}

    def policy_of(device: Device) -> DevicePolicy:
        what, counted = seen[device.id], counts.of(device.id)
        days = active.get(device.id, Active(device_id=device.id, days=0, hours=0))
        species, left_out = admitted[device.id].species, admitted[device.id].left_out
        wanted = want_names(asked.get(device.id, ()), species, what)
        rules = make_rules(what, wanted, counted, days=days.days)
        known, own = list_known(rules, counted), addresses.get(device.id, ())
        policy = _describe(device, own, rules, days)
        return replace(policy, known=known, not_learnt=(*left_out, *_too_many(what)))

    return Policy(
        network=network,
        devices=tuple(policy_of(device) for device in devices),
        captures=tuple(row.sha256 for row in store.read(Capture, CAPTURES)),
        version=__version__,
    )


def _others(
    devices: Iterable[Device],
    alarms: Mapping[DeviceId, Sequence[Alarm]],
    addresses: Sequence[str],
) -> Others:
    """Alarms about neighbours, as they look from a device with these addresses."""
    return {
        mac: seen_from(alarms[device.id], addresses)
        for device in devices
        if alarms[device.id]
        for mac in device.macs
    }


def _behaviours(species: Iterable[Species], network: Network) -> Seen:
    found: dict[Behaviour, list[Species]] = defaultdict(list)
    for each in species:
        found[behaviour_of(each, network)].append(each)
    return found


def _describe(
    device: Device, addresses: tuple[str, ...], rules: tuple[Rule, ...], active: Active
) -> DevicePolicy:
    identity = device.identity
    return DevicePolicy(
        device_id=device.id,
        macs=device.macs,
        addresses=addresses,
        name=device.names[0] if device.names else "",
        vendor=_value(identity.vendor),
        model=_value(identity.model),
        category=_value(identity.category),
        role=device.role,
        rules=rules,
        watch_time=_watch_time(rules, active),
    )


def _watch_time(rules: Iterable[Rule], active: Active) -> WatchTime:
    once = sum(rule.learnt is not None and rule.learnt.hours == 1 for rule in rules)
    return certify(active_hours=active.hours, days=active.days, once=once)


def _value(guess: Guess | None) -> str:
    return guess.value if guess else ""


def _too_many(seen: Seen) -> tuple[str, ...]:
    more = len(seen) - MOST_RULES
    return (f"{more} more rules, seen least: a device gets {MOST_RULES}.",) if more > 0 else ()
