"""A policy -> lists of numbers that a packet is held against, in the order in which the kernel tries them."""

from bisect import bisect_right
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from ipaddress import ip_address

from thingwarden.model import Network, Policy
from thingwarden.policy.entries import Ends, Entry, Way, list_entries
from thingwarden.policy.gateway.chains import written
from thingwarden.policy.gateway.ground import Wrapped, list_wrapped, prefixes_of, sources_of
from thingwarden.policy.gateway.matches import can_be_written
from thingwarden.policy.gateway.names import read_mac, read_name
from thingwarden.policy.needs import ICMP, ICMP6, SITE_LINK, TCP, UDP

PORTS, TYPES = frozenset({TCP, UDP}), frozenset({ICMP, ICMP6})

Ranges = tuple[tuple[int, int], ...]
"""First and last address, in order, none inside another."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Packet:
    """One frame as lists see it."""

    version: int
    """Of IP; 0: neither, such as ARP."""
    source: int
    target: int
    source_mac: int
    target_mac: int
    protocol: int
    """-1: its headers do not fit together."""
    later: bool
    first: int
    """Source port, or type of ICMP; -1: not there."""
    second: int
    begins: bool
    flags: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class Whom:
    """`Ends` in numbers; None fits everyone."""

    macs: frozenset[int] | None
    ranges: Mapping[int, Ranges] | None
    name: str | None

    def fits(self, version: int, address: int, mac: int, names: "Names") -> bool:
        """Whether somebody is meant."""
        if self.macs is not None and mac not in self.macs:
            return False
        if self.ranges is not None and not inside(self.ranges.get(version, ()), address):
            return False
        return self.name is None or names.has(self.name, version, address)


class Names:
    """Which addresses names have at the moment; see `names.NameSets`."""

    def has(self, name: str, version: int, address: int) -> bool:
        """Whether an address is in the set of a name or pattern."""
        raise NotImplementedError


@dataclass(frozen=True, slots=True, kw_only=True)
class Line:
    """An `Entry` in numbers."""

    entry: Entry
    whom: Whom
    unless: tuple[Whom, ...]

    def fits(self, packet: Packet, names: Names) -> bool:
        """Whether a packet of this line's way and protocol fits it."""
        entry = self.entry
        if entry.version not in (None, packet.version):
            return False
        if not packet.later and not self._fits_header(packet):
            return False
        if entry.way is Way.FROM:
            other, mac = packet.target, packet.target_mac
        else:
            other, mac = packet.source, packet.source_mac
        if not self.whom.fits(packet.version, other, mac, names):
            return False
        return not any(one.fits(packet.version, other, mac, names) for one in self.unless)

    def _fits_header(self, packet: Packet) -> bool:
        entry = self.entry
        if entry.protocol in TYPES:
            return entry.own.first <= packet.first <= min(entry.own.last, 255)
        if entry.protocol not in PORTS:
            return True
        own, peer = packet.first, packet.second
        if entry.way is Way.TO:
            own, peer = peer, own
        fits = (
            entry.own.first <= own <= entry.own.last and entry.peer.first <= peer <= entry.peer.last
        )
        if not fits or entry.opens or entry.protocol == UDP:
            return fits
        return packet.flags and not packet.begins


@dataclass(frozen=True, slots=True, kw_only=True)
class DeviceLists:
    """All that one device's packets are held against."""

    device: Wrapped
    bound: Mapping[int, frozenset[int]]
    """Addresses that it may send from, by version."""
    lines: Mapping[tuple[Way, int], tuple[Line, ...]]
    """By way and protocol."""


class Lists:
    """The lists of all devices of a policy."""

    def __init__(self, policy: Policy) -> None:
        wrapped, self.left_out = list_wrapped(policy)
        self.devices = tuple(_device_lists(one, policy.network) for one in wrapped)
        self.by_mac = {
            mac_number(mac): number
            for number, one in enumerate(self.devices)
            for mac in one.device.macs
        }
        homes = sources_of(policy.network)
        self.sources = {4: ranges_of(homes, 4), 6: ranges_of((*homes, *SITE_LINK), 6)}

    def may_send_from(self, one: DeviceLists, version: int, address: int) -> bool:
        """Whether a source address is the device's own, or that of who has none yet."""
        if address == 0 or address in one.bound[version]:
            return True
        return (version == 6 or not one.bound[4]) and inside(self.sources[version], address)


def inside(ranges: Ranges, address: int) -> bool:
    """Whether an address lies in one of the ranges."""
    place = bisect_right(ranges, (address, 1 << 128)) - 1
    return place >= 0 and address <= ranges[place][1]


def ranges_of(networks: Iterable[str], version: int) -> Ranges:
    """Prefixes of one version as numbers."""
    return tuple(
        sorted((int(net[0]), int(net[-1])) for net in prefixes_of(tuple(networks), version))
    )


def mac_number(mac: str) -> int:
    """A hardware address as a number of 48 bits."""
    return int(mac.replace(":", ""), 16)


def _device_lists(device: Wrapped, network: Network) -> DeviceLists:
    found: dict[tuple[Way, int], list[Line]] = {}
    for line in _lines(list_entries(device.policy, network)):
        found.setdefault((line.entry.way, line.entry.protocol), []).append(line)
    addresses = [ip_address(text) for text in device.addresses]
    return DeviceLists(
        device=device,
        bound={
            version: frozenset(int(one) for one in addresses if one.version == version)
            for version in (4, 6)
        },
        lines={key: tuple(lines) for key, lines in found.items()},
    )


def _lines(entries: Sequence[Entry]) -> Iterator[Line]:
    for entry in map(written, entries):
        if can_be_written(entry):
            yield Line(entry=entry, whom=_whom(entry.ends), unless=tuple(map(_whom, entry.unless)))


def _whom(ends: Ends) -> Whom:
    macs = ends.macs
    found = (
        None if macs is None else frozenset(mac_number(mac) for mac in map(read_mac, macs) if mac)
    )
    networks = ends.networks
    ranges = None if networks is None else {v: ranges_of(networks, v) for v in (4, 6)}
    name = None if ends.name is None else read_name(ends.name) or ""
    return Whom(macs=found, ranges=ranges, name=name)
