"""A policy -> what its rules stand on: who is wrapped, by which unit of rules, among which sets."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from functools import lru_cache
from ipaddress import IPv4Network, IPv6Network, collapse_addresses

from thingwarden.model import DeviceId, DevicePolicy, Network, Policy
from thingwarden.policy.entries import Ends, Entry, list_entries, rule_entries
from thingwarden.policy.gateway.names import (
    REMEMBERED,
    device_name,
    hash_of,
    read_address,
    read_mac,
    read_network,
)
from thingwarden.policy.needs import GROUPS4, NEEDED, SITE_LINK

BRIDGE, INET = "bridge", "inet"
FAMILIES = (BRIDGE, INET)

MOST_OWN_ENTRIES = 12_000
"""Entries of a site up to which every device has rules of its own, with a counter for each: some 200
devices with 30 rules, which load in 3 s. Beyond, devices that may do the same share rules and counters."""

GROUPS = (GROUPS4, "255.255.255.255/32", "ff00::/8")
"""Addresses of groups and of everyone (RFC 5771, RFC 919, RFC 4291 section 2.7)."""

LINK = ("169.254.0.0/16", "0.0.0.0/32", "::/128", *SITE_LINK)
"""Addresses that never leave the link (RFC 3927), and the one of who has none yet."""

Prefix = IPv4Network | IPv6Network


@dataclass(frozen=True, slots=True, kw_only=True)
class Wrapped:
    """A device as rules know it: what is not an address has been left out."""

    policy: DevicePolicy
    name: str
    macs: tuple[str, ...]
    addresses: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Unit:
    """Entries and the devices that they are for: mostly one."""

    name: str
    devices: tuple[Wrapped, ...]
    entries: tuple[Entry, ...]
    """Without those that every device needs."""

    @property
    def ids(self) -> tuple[DeviceId, ...]:
        """Devices of this unit."""
        return tuple(device.policy.device_id for device in self.devices)


@dataclass(frozen=True, slots=True, kw_only=True)
class Ground:
    """What rules of one family are written among."""

    family: str
    roles: Mapping[tuple[str, ...], str]
    """Names of the sets for the prefixes that have a role in the site."""
    peers: Mapping[str, tuple[str, ...]]
    """Addresses of devices by hardware address: where that is not seen, these stand for it."""


def list_wrapped(policy: Policy) -> tuple[tuple[Wrapped, ...], tuple[str, ...]]:
    """Devices that rules can be written for, and a sentence for each that is left out."""
    wrapped: list[Wrapped] = []
    left_out: list[str] = []
    ids: set[str] = set()
    taken: set[str] = set()
    for device in policy.devices:
        one = wrap(device)
        new = tuple(mac for mac in one.macs if mac not in taken)
        if device.device_id in ids or not new:
            left_out.append(f"{device.device_id!a}: no hardware address of its own, so no rules.")
            continue
        if len(new) < len(device.macs):
            left_out.append(f"{device.device_id!a}: a hardware address is no such or another's.")
        ids.add(device.device_id)
        taken.update(new)
        wrapped.append(Wrapped(policy=device, name=one.name, macs=new, addresses=one.addresses))
    return tuple(wrapped), tuple(left_out)


def wrap(device: DevicePolicy) -> Wrapped:
    """What of a device's ends has the form of an address, once each."""
    macs = (read_mac(mac) for mac in device.macs)
    addresses = (read_address(address) for address in device.addresses)
    return Wrapped(
        policy=device,
        name=device_name(device.device_id),
        macs=tuple(dict.fromkeys(mac for mac in macs if mac)),
        addresses=tuple(dict.fromkeys(address for address in addresses if address)),
    )


def list_units(wrapped: Iterable[Wrapped], network: Network) -> tuple[Unit, ...]:
    """A unit for each device, or in a large site for each kind of list that devices have."""
    units = tuple(own_unit(device, network) for device in wrapped)
    if sum(len(unit.entries) for unit in units) <= MOST_OWN_ENTRIES:
        return units
    alike: dict[tuple[object, ...], list[Unit]] = {}
    for unit in units:
        alike.setdefault(_order_free(unit.entries), []).append(unit)
    return tuple(_join(some) for some in alike.values())


def own_unit(device: Wrapped, network: Network) -> Unit:
    """The unit of one device: patches first, then what its rules allow."""
    entries = (
        *_patch_entries(device.policy, network),
        *(entry for rule in device.policy.rules for entry in rule_entries(rule, network)),
    )
    return Unit(name=device.name, devices=(device,), entries=entries)


def needed_entries(network: Network) -> tuple[Entry, ...]:
    """What every device may do, between its patches and its rules."""
    return tuple(entry for rule in NEEDED for entry in rule_entries(rule, network))


def ground_of(policy: Policy, family: str) -> Ground:
    """What rules of `family` for all devices of `policy` are written among."""
    return Ground(family=family, roles=roles_of(policy.network), peers=peers_of(policy))


def peers_of(policy: Policy) -> Mapping[str, tuple[str, ...]]:
    """Addresses of the devices of a site, by hardware address."""
    return {mac: one.addresses for one in map(wrap, policy.devices) for mac in one.macs}


def owners_of(policy: Policy) -> Mapping[DeviceId, str]:
    """What chains and counters of each device begin with; in large sites devices may share them."""
    units = list_units(list_wrapped(policy)[0], policy.network)
    return {device: unit.name for unit in units for device in unit.ids}


def roles_of(network: Network) -> Mapping[tuple[str, ...], str]:
    """Prefixes with a role in the site -> the name of their set, without version."""
    roles = {
        (*network.locals, *SITE_LINK): "local",
        (*network.gateway_addresses, *SITE_LINK): "gateway",
        network.resolvers: "resolver",
        network.time_servers: "time",
    }
    for urn, addresses in network.controllers:
        roles.setdefault(addresses, f"role_{hash_of(urn)}")
    return {networks: name for networks, name in roles.items() if networks}


def inside_of(network: Network) -> tuple[str, ...]:
    """Prefixes that are not the Internet."""
    return (*network.locals, *LINK, *GROUPS)


def sources_of(network: Network) -> tuple[str, ...]:
    """Prefixes out of which a device takes addresses by itself: /64 or larger, and all of IPv4."""
    found = (read_network(text) for text in network.locals)
    return tuple(str(net) for net in found if net and (net.version == 4 or net.prefixlen <= 64))


@lru_cache(REMEMBERED)
def prefixes_of(networks: tuple[str, ...], version: int) -> tuple[Prefix, ...]:
    """Those of one version that are prefixes, none inside another."""
    found = [net for net in map(read_network, networks) if net and net.version == version]
    return tuple(collapse_addresses(found))  # type: ignore[type-var]  # all are of one version


def ends_of(entries: Iterable[Entry]) -> Iterator[Ends]:
    """All whom entries are about, those included that they leave to others."""
    for entry in entries:
        yield entry.ends
        yield from entry.unless


def _patch_entries(policy: DevicePolicy, network: Network) -> tuple[Entry, ...]:
    return list_entries(policy, network)[: len(policy.patches)] if policy.patches else ()


def _order_free(entries: tuple[Entry, ...]) -> tuple[object, ...]:
    """What is equal where the same packets pass: what allows may stand in any order."""
    patches = tuple(entry for entry in entries if not entry.allow)
    return patches, frozenset(entries[len(patches) :])


def _join(units: list[Unit]) -> Unit:
    first = units[0]
    devices = tuple(device for unit in units for device in unit.devices)
    name = first.name if len(units) == 1 else f"u_{first.name[2:]}_{len(units)}"
    return Unit(name=name, devices=devices, entries=first.entries)
