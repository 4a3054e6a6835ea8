"""Generated homes whose phones change their addresses -> how often they were known again."""

import tempfile
from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from itertools import pairwise
from pathlib import Path

from thingwarden.flows.observe import TABLES
from thingwarden.inventory.devices import find_devices, list_devices
from thingwarden.model import Device
from thingwarden.pipeline import read_captures
from thingwarden.store import Facts, Store

from tools.roaming_home import Truth, write_roaming_home
from tools.roaming_phones import make_roaming_home

LASTING = frozenset({"host-name", "mdns-name", "client-id", "duid", "uuid"})
"""What a phone of `roaming_phones` may show that is its own and stays."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Relinked:
    """What became of the changes of address in one home."""

    home: str
    """The generator: roaming_home or roaming_phones."""
    seed: int
    twins: bool
    changes: int
    known_again: int
    lasting_changes: int
    """Changes of devices that show something that lasts."""
    lasting_known_again: int
    wrongly_joined: int
    """Devices that hold addresses of two."""
    perhaps: int
    """Changes that were not joined, but told as perhaps the same."""
    shared_addresses: int
    """Devices that hold IPv6 addresses of both prefixes."""


def measure_home(home: str, seed: int, *, days: int, twins: bool) -> Relinked:
    """Make a home, look at it, and count."""
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "home.pcap"
        if home == "roaming_home":
            truth = write_roaming_home(path, seed=seed, days=days, twins=twins)
        else:
            made = make_roaming_home(path, seed=seed, days=days, twins=twins)
            truth = Truth(made.owner, {name: lasting(shown) for name, shown in made.shows.items()})
        return count_changes(truth, look(path), home=home, seed=seed, twins=twins)


def lasting(shown: frozenset[str]) -> frozenset[str]:
    """What of this no other device shows, and what stays; else that it is nothing."""
    return shown & LASTING or frozenset({"nothing"})


def look(path: Path) -> tuple[Device, ...]:
    """The devices in a capture."""
    with Facts() as facts:
        read_captures([path], facts)
        with Store(TABLES, facts=[facts]) as store:
            links = find_devices(store, TABLES)
            return list_devices(store, {}, links)[0]


def count_changes(
    truth: Truth, devices: Sequence[Device], *, home: str, seed: int, twins: bool
) -> Relinked:
    """Hold the devices that were found against who was who."""
    found = {mac: device for device in devices for mac in device.macs}
    owners = [{truth.owner[mac] for mac in device.macs if mac in truth.owner} for device in devices]
    steps = list(_steps(truth))
    again = [found[one].id == found[other].id for _, one, other in steps]
    lasts = [bool(truth.shows[name] - {"nothing"}) for name, _, _ in steps]
    told = [
        any(link.other == found[other].id for link in found[one].links) for _, one, other in steps
    ]
    return Relinked(
        home=home,
        seed=seed,
        twins=twins,
        changes=len(steps),
        known_again=sum(again),
        lasting_changes=sum(lasts),
        lasting_known_again=sum(a and b for a, b in zip(again, lasts, strict=True)),
        wrongly_joined=sum(len(names) > 1 for names in owners),
        perhaps=sum(b and not a for a, b in zip(again, told, strict=True)),
        shared_addresses=sum(_both_prefixes(device.addresses) for device in devices),
    )


def _steps(truth: Truth) -> Iterable[tuple[str, str, str]]:
    """Each change: whose, from which address, to which."""
    taken = defaultdict(list)
    for mac, name in truth.owner.items():
        taken[name].append(mac)
    for name, macs in taken.items():
        for one, other in pairwise(macs):
            yield name, one, other


def _both_prefixes(addresses: Iterable[str]) -> bool:
    starts = {address[:11] for address in addresses if address.startswith("2001:db8")}
    return len(starts) > 1
