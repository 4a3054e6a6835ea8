"""Facts + labels -> examples of what the user's own devices are."""

import hashlib
from collections.abc import Iterable, Mapping, Sequence

import msgspec

from thingwarden.inventory.identification.evidence import gather
from thingwarden.inventory.identification.identify import gather_all
from thingwarden.inventory.identification.kinds import Kind
from thingwarden.inventory.identification.learnt import MOST_TOKENS, ExampleEntry, KindEntry
from thingwarden.model import CaptureFacts, Device
from thingwarden.store import Store


def teach(
    store: Store,
    devices: Iterable[Device],
    captures: Sequence[CaptureFacts],
    kinds: Mapping[str, Kind],
) -> list[ExampleEntry]:
    """An example of each device that is labelled and told something; no address is in it."""
    told = gather_all(store)
    network = "".join(sorted(capture.sha256 for capture in captures))
    found = []
    for device in devices:
        kind = _kind_of(device, kinds)
        tokens = gather(device.macs, told.get(device.id, ())).tokens if kind else {}
        if kind and set(tokens) - {"prefix"}:
            name = hashlib.sha256(f"{network} {device.id}".encode()).hexdigest()[:32]
            found.append(make_entry(name, kind, tokens))
    return found


def make_entry(name: str, kind: Kind, tokens: Mapping[str, Sequence[str]]) -> ExampleEntry:
    """An example as it is kept; beyond `MOST_TOKENS` the rest is left out."""
    kept: dict[str, list[str]] = {}
    room = MOST_TOKENS
    for channel, values in sorted(tokens.items()):
        kept[channel] = list(values[:room])
        room -= len(kept[channel])
    kind_entry = msgspec.convert(kind._asdict(), KindEntry)
    return ExampleEntry(id=name, kind=kind_entry, tokens=kept)


def _kind_of(device: Device, kinds: Mapping[str, Kind]) -> Kind | None:
    for mac in device.macs:
        if mac.replace(":", "") in kinds:
            return kinds[mac.replace(":", "")]
    return None
