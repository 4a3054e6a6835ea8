"""A policy -> the sets that rules look addresses up in, with the elements that are known from the start."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from ipaddress import ip_address

from thingwarden.model import Network
from thingwarden.policy.entries import Entry
from thingwarden.policy.gateway.ground import (
    Ground,
    Wrapped,
    ends_of,
    inside_of,
    prefixes_of,
    sources_of,
)
from thingwarden.policy.gateway.matches import networks_in_sets
from thingwarden.policy.gateway.names import read_address, read_name, set_name

NAME_SECONDS = 90_000
"""How long an address of a name lives since it was last told or used: an hour more than a day, so that
what a device does daily keeps it."""

MOST_ELEMENTS = 1024
"""Addresses of one name; a flood of answers ends here."""

TYPES = {4: "ipv4_addr", 6: "ipv6_addr"}


@dataclass(frozen=True, slots=True, kw_only=True)
class AddressSet:
    """A set of nftables, or what is added to one."""

    name: str
    type: str
    flags: str = ""
    elements: tuple[str, ...] = ()


def network_sets(
    network: Network, entries: Iterable[Entry], ground: Ground
) -> Iterator[AddressSet]:
    """Sets of prefixes: those with a role in the site, and those that entries name."""
    named: dict[str, tuple[str, ...]] = dict.fromkeys(("local", "gateway", "resolver", "time"), ())
    named |= {name: networks for networks, name in ground.roles.items()}
    named |= {"inside": inside_of(network), "source": sources_of(network)}
    for name, networks in named.items():
        yield from _prefix_sets(name, networks)
    yield from entry_sets(entries, ground)


def entry_sets(entries: Iterable[Entry], ground: Ground) -> Iterator[AddressSet]:
    """Sets of the prefixes that entries name, where they have no role."""
    for networks, name in networks_in_sets(ends_of(entries), ground).items():
        yield from _prefix_sets(name, networks)


def bound_sets(devices: Iterable[Wrapped]) -> Iterator[AddressSet]:
    """Who is wrapped, and which addresses each may send from."""
    devices = list(devices)
    macs = tuple(mac for device in devices for mac in device.macs)
    yield AddressSet(name="wrapped", type="ether_addr", elements=macs)
    unbound = (mac for device in devices if not addresses_of(device, 4) for mac in device.macs)
    yield AddressSet(name="unbound_4", type="ether_addr", elements=tuple(unbound))
    for version, kind in TYPES.items():
        bound = (
            f"{mac} . {address}"
            for device in devices
            for address in addresses_of(device, version)
            for mac in device.macs
        )
        yield AddressSet(
            name=f"bound_{version}", type=f"ether_addr . {kind}", elements=tuple(bound)
        )


def name_sets(devices: Iterable[Wrapped], entries: Iterable[Entry]) -> Iterator[AddressSet]:
    """A set in each version for each name that entries speak of, with the addresses last known."""
    known = known_addresses(devices)
    for name in names_of(entries):
        for version, kind in TYPES.items():
            addresses = [one for one in known.get(name, ()) if ip_address(one).version == version]
            yield AddressSet(
                name=set_name(name, version),
                type=kind,
                flags=f"flags dynamic,timeout; timeout {NAME_SECONDS}s; size {MOST_ELEMENTS};",
                elements=tuple(addresses[:MOST_ELEMENTS]),
            )


def names_of(entries: Iterable[Entry]) -> tuple[str, ...]:
    """Names and patterns that entries speak of, in the form of the DNS, in order."""
    names = {ends.name for ends in ends_of(entries) if ends.name is not None}
    return tuple(sorted({name for name in map(read_name, names) if name}))


def known_addresses(devices: Iterable[Wrapped]) -> Mapping[str, tuple[str, ...]]:
    """Name -> addresses that it was last seen to have, by whichever device."""
    known: dict[str, dict[str, None]] = {}
    for device in devices:
        for one in device.policy.known:
            name = read_name(one.name)
            addresses = (read_address(address) for address in one.addresses)
            if name:
                known.setdefault(name, {}).update((text, None) for text in addresses if text)
    return {name: tuple(addresses) for name, addresses in known.items()}


def addresses_of(device: Wrapped, version: int) -> tuple[str, ...]:
    """Addresses of one version that a device may send from."""
    return tuple(text for text in device.addresses if ip_address(text).version == version)


def write_set(one: AddressSet) -> str:
    """The set as it stands in a table."""
    elements = f" elements = {{ {', '.join(one.elements)} }}" if one.elements else ""
    return f"set {one.name} {{ type {one.type}; {one.flags}{elements} }}"


def _prefix_sets(name: str, networks: tuple[str, ...]) -> Iterator[AddressSet]:
    for version, kind in TYPES.items():
        yield AddressSet(
            name=f"{name}_{version}",
            type=kind,
            flags="flags interval;",
            elements=tuple(str(net) for net in prefixes_of(networks, version)),
        )
