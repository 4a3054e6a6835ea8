"""Data sets with labels -> cases: what each device told in each capture, and what it is."""

import csv
import re
from collections.abc import Iterator, Sequence
from concurrent.futures import ProcessPoolExecutor
from pathlib import Path

from thingwarden.inventory.devices import find_devices, list_devices
from thingwarden.inventory.identification.evidence import gather
from thingwarden.inventory.identification.identify import gather_all
from thingwarden.inventory.identification.kinds import Kind
from thingwarden.inventory.identification.knowledge import one_name
from thingwarden.inventory.identification.tokens import Told
from thingwarden.model import Device, DeviceId
from thingwarden.pipeline import read_captures
from thingwarden.store import Facts, Store

from tools.trials import Case

Telling = tuple[list[Device], dict[DeviceId, list[Told]]]
"""The devices in captures, and what each told."""


def tell(paths: Sequence[Path]) -> Telling:
    """What the devices in captures of one network told."""
    from thingwarden.flows.observe import TABLES  # noqa: PLC0415  # kernels first

    with Facts() as facts:
        read_captures(paths, facts, hashed=False)
        with Store(TABLES, facts=[facts]) as store:
            find_devices(store, TABLES)
            devices, gateways = list_devices(store, {})
            return [*devices, *gateways], gather_all(store)


def read_sentinel(folder: Path) -> list[Case]:
    """A case for each set-up capture; an accessory that speaks through a hub is the hub."""
    with (folder / "labels.csv").open(newline="", encoding="utf-8") as file:
        rows = list(csv.DictReader(file))
    hubs = {row["device_folder"]: row for row in rows if row["role_of_shared_mac"] != "accessory"}
    with ProcessPoolExecutor(2) as pool:
        tellings = pool.map(tell, [[folder / row["file"]] for row in rows], chunksize=8)
        return list(_cases(rows, hubs, tellings))


def _cases(
    rows: Sequence[dict[str, str]], hubs: dict[str, dict[str, str]], tellings: Iterator[Telling]
) -> Iterator[Case]:
    for row, (devices, told) in zip(rows, tellings, strict=True):
        known = hubs[row["mac_shared_with"]] if row["role_of_shared_mac"] == "accessory" else row
        device_id = DeviceId("d-" + row["mac"].replace(":", ""))
        macs = next((each.macs for each in devices if each.id == device_id), (row["mac"],))
        yield Case(
            kind=one_name(Kind(vendor=known["vendor"], model=known["model"])),
            type=row["device_type"],
            person=row["person"],
            evidence=gather(macs, told.get(device_id, ())),
        )


def read_names(path: Path) -> dict[str, str]:
    """What a list calls each device, by hardware address in 12 hex digits."""
    with path.open(newline="", encoding="utf-8") as file:
        rows = list(csv.reader(file))[1:]
    return {re.sub("[^0-9a-f]", "", row[0].lower()): row[1] for row in rows if len(row) > 1}
