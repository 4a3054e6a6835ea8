"""What a user says of devices and teaches -> kept in a site's folder, or in the user's own knowledge."""

import re
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from thingwarden.errors import LabelError
from thingwarden.model import DeviceId, Role, Statement, Suppression
from thingwarden.pipeline import (
    Progress,
    Say,
    read_captures,
    tables_of_facts,
    unheard,
    unwatched,
)
from thingwarden.settings import SPILL_BYTES
from thingwarden.store import Facts, Site, Store, Told
from thingwarden.store.files import write_text

if TYPE_CHECKING:
    from thingwarden.inventory.identification.knowledge import KnowledgeList
    from thingwarden.inventory.identification.learnt import Lesson

DEVICE_ID = re.compile("d-[0-9a-f-]{3,45}")
"""From a hardware address, or from an IP address where the link has none; see `inventory.devices`."""

MAC = re.compile("[0-9a-fA-F]{2}([:-]?[0-9a-fA-F]{2}){5}")


def label_device(
    folder: Path,
    device: str,
    *,
    name: str | None = None,
    category: str | None = None,
    role: str | None = None,
) -> DeviceId:
    """Keep what a user says of a device, by id or hardware address; raises `LabelError`.

    Nothing at all takes back what was said.
    """
    known = device_id(device)
    with Site.open(folder) as site:
        if name or category or not role:
            site.said.set_label(known, name=name, category=category)
        if role or not (name or category):
            site.said.set_role(known, Role(role) if role else None)
    return known


def tell_roles(roles: Sequence[tuple[str | None, str]]) -> Told:
    """Roles as they were typed, of one device each or of all; raises `LabelError`."""
    every = [Role(role) for device, role in roles if device is None]
    return Told(
        roles={device_id(device): Role(role) for device, role in roles if device is not None},
        role=every[-1] if every else None,
    )


def suppress(folder: Path, device: str, check: str, *, reason: str, until: str) -> Suppression:
    """Keep that something is accepted of a device; raises `LabelError`."""
    accepted = Suppression(
        device_id=device_id(device), check=_known_check(check), reason=reason, until=until
    )
    with Site.open(folder) as site:
        site.said.suppress(accepted)
    return accepted


def allow_no_more(folder: Path, device: str, check: str) -> bool:
    """Take a suppression back; False: there was none."""
    with Site.open(folder) as site:
        return site.said.allow(device_id(device), check)


def list_suppressions(folder: Path) -> tuple[Suppression, ...]:
    """What the user accepts, by device and check."""
    with Site.open(folder) as site:
        return site.said.suppressions()


def merge_devices(folder: Path, one: str, other: str) -> Statement:
    """Keep that the user holds two devices, by id or hardware address, to be one."""
    first, second = device_id(one), device_id(other)
    if first == second:
        raise LabelError(f"{one} and {other}: the same already")
    return _state(folder, Statement(kind="same", first=first, second=second))


def split_device(folder: Path, device: str) -> Statement:
    """Keep that a device is one for each of its addresses, or that an address is a device of its own."""
    kind = "alone" if MAC.fullmatch(device) else "apart"
    return _state(folder, Statement(kind=kind, first=device_id(device)))


def undo_statement(folder: Path) -> Statement | None:
    """Take back the last that the user said of which devices are one; None: nothing is left."""
    with Site.open(folder) as site:
        return site.said.undo()


def list_statements(folder: Path) -> tuple[Statement, ...]:
    """What the user said of which devices are one, in the order in which it was said."""
    with Site.open(folder) as site:
        return site.said.statements()


def _state(folder: Path, statement: Statement) -> Statement:
    with Site.open(folder) as site:
        site.said.state(statement)
    return statement


def learn_devices(
    paths: Sequence[Path],
    labels: Path,
    *,
    progress: Progress = unwatched,
    say: Say = unheard,
) -> "Lesson":
    """Add what the user says of the devices in captures to the user's own knowledge."""
    from thingwarden.inventory.devices import find_devices, list_devices  # noqa: PLC0415
    from thingwarden.inventory.identification.labels import read_labels  # noqa: PLC0415
    from thingwarden.inventory.identification.learnt import keep_examples  # noqa: PLC0415
    from thingwarden.inventory.identification.teach import teach  # noqa: PLC0415
    from thingwarden.inventory.readings import list_captures  # noqa: PLC0415

    told = read_labels(labels)
    with Facts(memory_bytes=SPILL_BYTES) as facts:
        read_captures(paths, facts, progress=progress, say=say)
        with Store(tables_of_facts(), facts=[facts]) as store:
            find_devices(store, tables_of_facts())
            devices, gateways = list_devices(store, {})
            entries = teach(store, (*devices, *gateways), list_captures(store), told.kinds)
    return keep_examples(entries, absent=len(told.kinds) - len(entries), skipped=told.skipped)


def list_knowledge() -> "KnowledgeList":
    """What is known of kinds of things: what ships, and what the user taught."""
    from thingwarden.inventory.identification.knowledge import describe_knowledge  # noqa: PLC0415

    return describe_knowledge()


def export_knowledge(file: Path, echo: Say) -> None:
    """Write what the user taught to a file, or say it where the file is `-`."""
    from thingwarden.inventory.identification import learnt  # noqa: PLC0415

    own = learnt.own_file()
    text = learnt.render(learnt.read_examples(own) if own.exists() else [])
    if file == Path("-"):
        echo(text)
    else:
        write_text(file, text)


def import_knowledge(file: Path) -> "Lesson":
    """Add another home's examples to the user's own; raises `KnowledgeError` and changes nothing."""
    from thingwarden.inventory.identification import learnt  # noqa: PLC0415

    return learnt.keep_examples(learnt.read_examples(file))


def device_id(device: str) -> DeviceId:
    """The id of a device that is named by its id or a hardware address; raises `LabelError`."""
    if MAC.fullmatch(device):
        return DeviceId("d-" + device.replace(":", "").replace("-", "").lower())
    if not DEVICE_ID.fullmatch(device):
        raise LabelError(
            f"{device!r}: not a device",
            "Name it by its id in a report, such as d-0017882b9a25, or by its hardware address.",
        )
    return DeviceId(device)


def _known_check(check: str) -> str:
    from thingwarden.checks import CHECKS  # noqa: PLC0415  # --help needs none of this

    if check not in {each.id for each in CHECKS}:
        raise LabelError(f"{check!r}: no such check", "docs/checks.md and every report name them.")
    return check
