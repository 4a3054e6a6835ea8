"""Whom an entry is about, seen from another entry: who is surely meant, and who may be."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from thingwarden.model import Policy
from thingwarden.policy.entries import Ends
from thingwarden.policy.gateway.ground import prefixes_of, wrap
from thingwarden.policy.gateway.names import read_address, read_mac, read_name
from thingwarden.policy.safety.boxes import WHOEVER, Interval

MOST = {4: (1 << 32) - 1, 6: (1 << 128) - 1}


@dataclass(frozen=True, slots=True, kw_only=True)
class Site:
    """What is known of who has which address."""

    by_mac: Mapping[str, tuple[str, ...]]
    known: Mapping[str, tuple[str, ...]]
    """Addresses of names, as last seen."""


def site_of(policy: Policy) -> Site:
    """What a policy knows."""
    by_mac = {mac: one.addresses for one in map(wrap, policy.devices) for mac in one.macs}
    known: dict[str, tuple[str, ...]] = {}
    for device in policy.devices:
        for each in device.known:
            sound = tuple(one for one in map(read_address, each.addresses) if one)
            known[each.name] = (*known.get(each.name, ()), *sound)
    return Site(by_mac=by_mac, known=known)


def places(ends: Ends, version: int) -> list[Interval]:
    """Where the other end of an entry stands on the axis of addresses; one place for whoever is named."""
    if ends.name is not None or (ends.macs is not None and ends.networks is None):
        return [WHOEVER]
    return intervals(ends.networks, version)


def surely(other: Ends, ends: Ends, version: int, site: Site) -> list[Interval]:
    """Of whom `ends` means, those whom `other` means in any case."""
    if _is_anyone(other):
        return places(ends, version)
    if ends.name is not None:
        return [WHOEVER] if covers_name(other.name or "", ends.name) else []
    if ends.macs is not None and ends.networks is None:
        return [WHOEVER] if _covers_macs(other, ends.macs, version, site) else []
    if other.name is not None or not _covers_hardware(other, ends):
        return []
    return intervals(other.networks, version)


def perhaps(other: Ends, ends: Ends, version: int) -> list[Interval]:
    """Of whom `ends` means, those whom `other` may mean: all, where that cannot be told.

    Two names may have the same address, and rules see addresses.
    """
    if other.networks is not None and not intervals(other.networks, version):
        return []
    if ends.macs and other.macs and not {*ends.macs} & {*other.macs}:
        return []
    if ends.name is not None or (ends.macs is not None and ends.networks is None):
        return [WHOEVER]
    return places(ends, version) if other.networks is None else intervals(other.networks, version)


def intervals(networks: Iterable[str] | None, version: int) -> list[Interval]:
    """Prefixes of one version as first and last address; None: all there are."""
    if networks is None:
        return [(0, MOST[version])]
    return [(int(one[0]), int(one[-1])) for one in prefixes_of(tuple(networks), version)]


def _is_anyone(ends: Ends) -> bool:
    return ends.name is None and ends.macs is None and ends.networks is None


def covers_name(pattern: str, name: str) -> bool:
    """Whether a pattern's set holds all that was told for a name, or names, below it."""
    mine, theirs = read_name(pattern), read_name(name)
    if mine is None or theirs is None:
        return False
    return mine == theirs or (mine.startswith("*.") and theirs.endswith(mine[1:]))


def _covers_macs(other: Ends, macs: tuple[str, ...], version: int, site: Site) -> bool:
    wanted = {read_mac(mac) for mac in macs}
    if other.name is not None:
        return False
    if other.macs is not None and not wanted <= {read_mac(mac) for mac in other.macs}:
        return False
    if other.networks is None:
        return True
    spans = intervals(other.networks, version)
    own = [net for mac in wanted if mac for net in prefixes_of(site.by_mac.get(mac, ()), version)]
    inside = all(any(low <= int(one[0]) <= high for low, high in spans) for one in own)
    return bool(own) and inside


def _covers_hardware(other: Ends, ends: Ends) -> bool:
    return other.macs is None or (ends.macs is not None and {*ends.macs} <= {*other.macs})
