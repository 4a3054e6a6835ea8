"""A policy -> one file of nftables rules that is loaded as a whole, and touches no table but its own.

`docs/gateway.md` says which hooks see what; `chains.py` writes what is a device's own, `hooks.py` the way there.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence

from thingwarden.model import DeviceId, Policy
from thingwarden.policy.entries import Way
from thingwarden.policy.gateway.chains import (
    NEEDED_UNIT,
    Chain,
    Counter,
    entry_counters,
    needed_chains,
    unit_chains,
    unit_counters,
)
from thingwarden.policy.gateway.ground import (
    FAMILIES,
    Ground,
    Unit,
    Wrapped,
    ground_of,
    list_units,
    list_wrapped,
    needed_entries,
)
from thingwarden.policy.gateway.hooks import end_chains, hook_chains, maps_of
from thingwarden.policy.gateway.names import TABLE, comment
from thingwarden.policy.gateway.sets import bound_sets, name_sets, network_sets, write_set
from thingwarden.policy.gateway.steps import Step


def write_rules(policy: Policy, step: Step, *, families: Sequence[str] = FAMILIES) -> str:
    """The file for `nft -f`: what was loaded of ours before goes, and learnt elements with it."""
    return write_steps(policy, (step,), families=families)[step]


def write_steps(
    policy: Policy, steps: Iterable[Step] = Step, *, families: Sequence[str] = FAMILIES
) -> Mapping[Step, str]:
    """The files for several steps, which share all that does not tell them apart."""
    wrapped, _ = list_wrapped(policy)
    units = list_units(wrapped, policy.network)
    shared = {
        family: "\n".join(_table(policy, units, ground_of(policy, family))) for family in families
    }
    return {step: "\n".join(_file(step, len(wrapped), shared)) + "\n" for step in steps}


def write_removal(families: Sequence[str] = FAMILIES) -> str:
    """What takes all of ours off again, whether it is loaded or not."""
    tables = (f"{family} {TABLE}" for family in families)
    return "".join(f"add table {table}\ndelete table {table}\n" for table in tables)


def counters_of(policy: Policy) -> Mapping[str, Counter]:
    """Counter -> device, id of its rule or patch (or `default`, `spoof`), and way; of one device each."""
    return {
        name: (unit.ids[0], rule, way)
        for unit in _units(policy)
        if len(unit.devices) == 1
        for name, rule, way in unit_counters(unit)
    }


def shared_counters_of(policy: Policy) -> Mapping[str, tuple[tuple[DeviceId, ...], str, Way]]:
    """Counter -> devices that it counts together, id of the rule, and way.

    So is counted what every device needs, and in large sites what devices with equal rules do.
    """
    units = _units(policy)
    everyone = tuple(device for unit in units for device in unit.ids)
    needed = entry_counters(NEEDED_UNIT, needed_entries(policy.network))
    shared = {name: (everyone, rule, way) for name, rule, way in needed}
    for unit in units:
        if len(unit.devices) > 1:
            shared |= {name: (unit.ids, rule, way) for name, rule, way in unit_counters(unit)}
    return shared


def write_chain(chain: Chain) -> Iterator[str]:
    """A chain as it stands in a table."""
    name, rules = chain
    yield f" chain {name} {{"
    for rule in rules:
        yield f"  {rule}"
    yield " }"


def _units(policy: Policy) -> tuple[Unit, ...]:
    return list_units(list_wrapped(policy)[0], policy.network)


def _file(step: Step, devices: int, shared: Mapping[str, str]) -> Iterator[str]:
    yield "#!/usr/sbin/nft -f"
    yield f"# Written by thingwarden. Step: {step.value}. Devices: {devices}."
    yield "# Changes here are lost: change the policy, and write it again."
    for family, text in shared.items():
        yield f"add table {family} {TABLE}"
        yield f"delete table {family} {TABLE}"
        yield f"table {family} {TABLE} {{"
        for chain in end_chains(step, family):
            yield from write_chain(chain)
        yield text


def _table(policy: Policy, units: Sequence[Unit], ground: Ground) -> Iterator[str]:
    """What stands in a table at every step, to its closing brace."""
    needed = needed_entries(policy.network)
    yield from _counters(
        units, needed_names=(name for name, _, _ in entry_counters(NEEDED_UNIT, needed))
    )
    yield from _sets(policy, units, ground)
    for chain in needed_chains(needed, ground):
        yield from write_chain(chain)
    for unit in units:
        yield from (f" # {comment(_who(device))}" for device in unit.devices)
        for chain in unit_chains(unit, ground):
            yield from write_chain(chain)
    for name, kind, elements in maps_of(units, ground.family):
        some = f" elements = {{ {', '.join(elements)} }}" if elements else ""
        yield f" map {name} {{ type {kind} : verdict;{some} }}"
    for chain in hook_chains(ground.family):
        yield from write_chain(chain)
    yield "}"


def _counters(units: Iterable[Unit], needed_names: Iterable[str]) -> Iterator[str]:
    for name in needed_names:
        yield f" counter {name} {{ }}"
    for unit in units:
        for name, _, _ in unit_counters(unit):
            yield f" counter {name} {{ }}"


def _sets(policy: Policy, units: Sequence[Unit], ground: Ground) -> Iterator[str]:
    devices = [device for unit in units for device in unit.devices]
    entries = [entry for unit in units for entry in unit.entries]
    for one in (
        *network_sets(policy.network, [*entries, *needed_entries(policy.network)], ground),
        *bound_sets(devices),
        *name_sets(devices, entries),
    ):
        yield f" {write_set(one)}"


def _who(device: Wrapped) -> str:
    policy = device.policy
    said = " ".join(part for part in (policy.vendor, policy.model, policy.name) if part)
    return f"{policy.device_id}: {said or policy.category or 'unknown'}"
