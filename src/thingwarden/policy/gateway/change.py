"""A device before and after -> the transaction that changes its rules alone; sets and open flows stay.

It is made for what was loaded before: where that is not there, the kernel refuses it as a whole, and everything
is to be loaded. Of a site that shares rules the device leaves its kind and gets chains of its own.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from ipaddress import ip_address

from thingwarden.model import DevicePolicy, Network
from thingwarden.policy.gateway.chains import chain_names, unit_chains, unit_counters
from thingwarden.policy.gateway.ground import (
    BRIDGE,
    FAMILIES,
    Ground,
    Unit,
    own_unit,
    roles_of,
    wrap,
)
from thingwarden.policy.gateway.hooks import end_chains, maps_of
from thingwarden.policy.gateway.names import TABLE, read_address
from thingwarden.policy.gateway.rules import write_chain
from thingwarden.policy.gateway.sets import (
    TYPES,
    AddressSet,
    bound_sets,
    entry_sets,
    name_sets,
    write_set,
)
from thingwarden.policy.gateway.steps import Step

Peers = Mapping[str, tuple[str, ...]]
"""Addresses of the site's devices by hardware address, as `peers_of` gives them."""


def write_change(
    before: DevicePolicy | None,
    after: DevicePolicy | None,
    network: Network,
    step: Step,
    *,
    peers: Peers | None = None,
    families: Sequence[str] = FAMILIES,
) -> str:
    """What turns the loaded rules of one device into others; None: it is new, or goes.

    `before` is what was loaded. `peers` are needed for rules about other devices in the family `inet`.
    """
    old, new = (wrap(device) if device else None for device in (before, after))
    units = [own_unit(device, network) if device and device.macs else None for device in (old, new)]
    lines: list[str] = []
    for family in families:
        ground = Ground(family=family, roles=roles_of(network), peers=peers or {})
        lines += _change(units[0], units[1], step, ground)
    return "\n".join(lines) + "\n"


def write_step(step: Step, families: Sequence[str] = FAMILIES) -> str:
    """What takes loaded rules to another step, in no time: two chains a family."""
    lines = [line for family in families for line in _ends(step, family)]
    return "\n".join(lines) + "\n"


def write_lease(
    device: DevicePolicy,
    address: str,
    *,
    owner: str,
    gone: Sequence[str] = (),
    families: Sequence[str] = FAMILIES,
) -> str:
    """What binds `address`, which DHCP gave, to a device, and frees those that are `gone`.

    `owner` is the name of its rules (`owners_of`). What is no address is left out.
    """
    new = [text for text in (read_address(address),) if text]
    old = [text for text in map(read_address, gone) if text and text not in new]
    lines: list[str] = []
    for family in families:
        for text in new:
            lines += _bind(device, text, owner, family)
        for text in old:
            added = _bind(device, text, owner, family)
            lines += added + [
                line.replace("add ", "delete ", 1) for line in added if "unbound" not in line
            ]
    return "\n".join(lines) + "\n"


def _change(old: Unit | None, new: Unit | None, step: Step, ground: Ground) -> Iterator[str]:
    both = [unit for unit in (old, new) if unit]
    table = f"{ground.family} {TABLE}"
    chains = list(dict.fromkeys(name for unit in both for name in chain_names(unit)))
    counters = list(dict.fromkeys(name for unit in both for name in _counters(unit)))
    yield f"table {table} {{"
    yield from (f" counter {name} {{ }}" for name in counters)
    yield from (f" {write_set(one)}" for one in _sets(new, ground))
    yield from (f" chain {name} {{\n }}" for name in chains)
    yield "}"
    yield from _ends(step, ground.family)
    yield from (f"delete element {table} {one}" for one in _map_keys(old, ground.family))
    yield from (f"flush chain {table} {name}" for name in chains)
    yield f"table {table} {{"
    for chain in unit_chains(new, ground) if new else ():
        yield from write_chain(chain)
    yield "}"
    yield from (f"add element {table} {one}" for one in _map_elements(new, ground.family))
    yield from _bound(old, new, table)
    kept = set(chain_names(new)) if new else set()
    yield from (f"delete chain {table} {name}" for name in reversed(chains) if name not in kept)
    counted = set(_counters(new)) if new else set()
    yield from (f"delete counter {table} {name}" for name in counters if name not in counted)


def _ends(step: Step, family: str) -> Iterator[str]:
    for name, rules in end_chains(step, family):
        yield f"flush chain {family} {TABLE} {name}"
        yield from (f"add rule {family} {TABLE} {name} {rule}" for rule in rules)


def _counters(unit: Unit) -> list[str]:
    return [name for name, _, _ in unit_counters(unit)]


def _sets(unit: Unit | None, ground: Ground) -> Iterable[AddressSet]:
    if unit is None:
        return ()
    return (*entry_sets(unit.entries, ground), *name_sets(unit.devices, unit.entries))


def _map_elements(unit: Unit | None, family: str) -> Iterator[str]:
    for name, _, elements in maps_of([unit] if unit else [], family):
        if elements:
            yield f"{name} {{ {', '.join(elements)} }}"


def _map_keys(unit: Unit | None, family: str) -> Iterator[str]:
    for name, _, elements in maps_of([unit] if unit else [], family):
        if elements:
            keys = (element.partition(" : ")[0] for element in elements)
            yield f"{name} {{ {', '.join(keys)} }}"


def _bound(old: Unit | None, new: Unit | None, table: str) -> Iterator[str]:
    """Who may send from where; to add before taking away lets the text be loaded again."""
    for one in bound_sets(old.devices) if old else ():
        if one.elements:
            what = f"element {table} {one.name} {{ {', '.join(one.elements)} }}"
            yield f"add {what}"
            yield f"delete {what}"
    for one in bound_sets(new.devices) if new else ():
        if one.elements:
            yield f"add element {table} {one.name} {{ {', '.join(one.elements)} }}"


def _bind(device: DevicePolicy, address: str, owner: str, family: str) -> list[str]:
    version, table = ip_address(address).version, f"{family} {TABLE}"
    assert version in TYPES
    macs = wrap(device).macs
    pairs = ", ".join(f"{mac} . {address}" for mac in macs)
    lines = [f"add element {table} bound_{version} {{ {pairs} }}"] if macs else []
    if family != BRIDGE:
        for name in ("to", "to_frag"):
            lines.append(
                f"add element {table} {name}_{version} {{ {address} : goto {owner}_{name} }}"
            )
    if version == 4 and macs:
        unbound = f"element {table} unbound_4 {{ {', '.join(macs)} }}"
        lines += [f"add {unbound}", f"delete {unbound}"]
    return lines
