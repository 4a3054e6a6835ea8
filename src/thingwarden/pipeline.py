"""The whole story, from captures to a report: read this first.

captures -> packets -> flows and messages -> facts -> devices -> findings -> report
"""

import re
from collections.abc import Callable, Mapping, Sequence
from contextlib import ExitStack
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

from thingwarden import __version__
from thingwarden.capture.sources import CaptureFile, find_captures
from thingwarden.errors import LabelError, ReportError
from thingwarden.flows.compiling import use_kept_kernels
from thingwarden.model import DeviceId, Report, Statement
from thingwarden.settings import SLICES, SPILL_BYTES
from thingwarden.store import Facts, Label, Site, Store
from thingwarden.store.files import write_text
from thingwarden.tables import Table

if TYPE_CHECKING:
    from thingwarden.inventory.identification.knowledge import KnowledgeList
    from thingwarden.inventory.identification.learnt import Lesson
    from thingwarden.report.verify import Verification

DEVICE_ID = re.compile("d-[0-9a-f-]{3,45}")
"""From a hardware address, or from an IP address where the link has none; see `inventory.devices`."""

MAC = re.compile("[0-9a-fA-F]{2}([:-]?[0-9a-fA-F]{2}){5}")

Progress = Callable[[CaptureFile, int, int], None]
"""Called with the file being read, bytes of it consumed, and packets read from it."""

Say = Callable[[str], None]
"""Called with a sentence about what is going on."""


def _unwatched(file: CaptureFile, consumed: int, packets: int) -> None:
    """Nobody looks on."""


def _unheard(sentence: str) -> None:
    """Nobody listens."""


def inspect_captures(
    paths: Sequence[Path],
    *,
    site: Path | None = None,
    facts_folder: Path | None = None,
    statements: Sequence[Statement] = (),
    progress: Progress = _unwatched,
    say: Say = _unheard,
) -> Report:
    """Read captures, and say of every device in them whether it can be depended on.

    With `site`, captures that this folder knows count too, and these are added to it; without,
    nothing is left behind. `facts_folder` gets the facts as Parquet. `statements`: what the user said
    of which addresses are one device, besides what the site keeps. Raises a `ThingwardenError` if the
    job cannot be done.
    """
    with ExitStack() as stack:
        kept = stack.enter_context(Site.open(site)) if site else None
        facts = stack.enter_context(Facts(kept.folder if kept else None, memory_bytes=SPILL_BYTES))
        read_captures(paths, facts, site=kept, progress=progress, say=say)
        if facts_folder:
            facts.write_to(facts_folder, _tables())
        store = stack.enter_context(Store(_tables(), facts=[facts]))
        if kept:
            statements = (*kept.statements(), *statements)
        return judge_facts(store, kept.labels() if kept else {}, statements, say=say)


def write_facts(
    paths: Sequence[Path],
    folder: Path,
    *,
    hashed: bool = False,
    progress: Progress = _unwatched,
    say: Say = _unheard,
) -> None:
    """Read captures and write a Parquet file per table to `folder`, without judging anything.

    Without `hashed` the files' SHA-256 are left out, which saves their cost.
    """
    with Facts(memory_bytes=SPILL_BYTES) as facts:
        read_captures(paths, facts, hashed=hashed, progress=progress, say=say)
        facts.write_to(folder, _tables())


def read_captures(
    paths: Sequence[Path],
    facts: Facts,
    *,
    site: Site | None = None,
    hashed: bool = True,
    progress: Progress = _unwatched,
    say: Say = _unheard,
) -> None:
    """Read captures in time order into `facts`, each content once; with `site` through its folder."""
    files = find_captures(paths)
    use_kept_kernels(say)
    from thingwarden.flows.observe import Observer, order_by_time  # noqa: PLC0415  # kernels first

    observer, seen = Observer(), set[str]()
    once = site is None and (len(files) == 1 or not hashed)  # then nothing can turn out a repeat
    for number, file in enumerate(order_by_time(files), site.next_number() if site else 0):
        with Facts(site.folder if site else None, memory_bytes=SPILL_BYTES) as fresh:
            capture = observer.read(
                file,
                number,
                emit=facts.add if once else fresh.add,
                hashed=hashed or site is not None,
                progress=partial(progress, file),
            )
            if site:
                site.add(capture, fresh, _tables())
            elif capture.sha256 not in seen:
                facts.take(fresh)
                seen |= {capture.sha256} - {""}
    if site:
        facts.include(site.files(), _tables())


def judge_facts(
    store: Store,
    labels: Mapping[DeviceId, Label],
    statements: Sequence[Statement] = (),
    *,
    say: Say = _unheard,
) -> Report:
    """Facts -> devices -> findings -> report."""
    from thingwarden.checks import CHECKS  # noqa: PLC0415  # --help needs none of this
    from thingwarden.checks.grading import assess  # noqa: PLC0415
    from thingwarden.checks.judge import judge_all  # noqa: PLC0415
    from thingwarden.inventory.contacts import list_activity, list_contacts  # noqa: PLC0415
    from thingwarden.inventory.devices import find_devices, list_devices  # noqa: PLC0415
    from thingwarden.inventory.identification.identify import identify_devices  # noqa: PLC0415
    from thingwarden.inventory.identification.knowledge import load_knowledge  # noqa: PLC0415
    from thingwarden.inventory.readings import list_captures, list_problems  # noqa: PLC0415
    from thingwarden.inventory.through_time.devices import carry_labels  # noqa: PLC0415

    links = find_devices(store, _tables(), statements)
    for said in links.unknown:
        say(f"Not here, though you said something of it: {said.first} {said.second}".rstrip())
    labels = carry_labels(labels, links.kept)
    knowledge = load_knowledge()
    if knowledge.refused:
        say(f"Your own knowledge is not used: {knowledge.refused}")
    devices, gateways = (
        identify_devices(store, found, knowledge, labels)
        for found in list_devices(store, labels, links)
    )
    judged = judge_all(store, devices)
    activity, slice_us = list_activity(store, SLICES)
    return Report(
        captures=list_captures(store),
        assessments=assess(devices, judged.findings, judged.not_judged),
        gateways=gateways,
        contacts=list_contacts(store),
        activity=activity,
        slice_us=slice_us,
        checks=tuple(check.facts(judged.failed.get(check.id, "")) for check in CHECKS),
        problems=list_problems(store),
        version=__version__,
        statements=tuple(statements),
    )


def verify_report(
    report: Path,
    captures: Sequence[Path],
    *,
    progress: Progress = _unwatched,
    say: Say = _unheard,
) -> "tuple[Verification, ...]":
    """Derive every finding of a JSON report again from its captures; raises `ReportError`."""
    from thingwarden.report.document import read_document  # noqa: PLC0415
    from thingwarden.report.verify import compare_report  # noqa: PLC0415

    try:
        document = read_document(report.read_bytes())
    except OSError as error:
        raise ReportError(f"{report}: cannot be read ({error.strerror})") from error
    said = [
        Statement(kind=one.kind, first=DeviceId(one.first), second=DeviceId(one.second))
        for one in document.statements
    ]
    fresh = inspect_captures(captures, statements=said, progress=progress, say=say)
    return compare_report(document, fresh)


def label_device(
    folder: Path, device: str, *, name: str | None = None, category: str | None = None
) -> DeviceId:
    """Keep what a user says of a device, by id or hardware address; raises `LabelError`."""
    with Site.open(folder) as site:
        known = _device_id(device)
        site.set_label(known, name=name, category=category)
        return known


def merge_devices(folder: Path, one: str, other: str) -> Statement:
    """Keep that the user holds two devices, by id or hardware address, to be one."""
    first, second = _device_id(one), _device_id(other)
    if first == second:
        raise LabelError(f"{one} and {other}: the same already")
    return _state(folder, Statement(kind="same", first=first, second=second))


def split_device(folder: Path, device: str) -> Statement:
    """Keep that a device is one for each of its addresses, or that an address is a device of its own."""
    kind = "alone" if MAC.fullmatch(device) else "apart"
    return _state(folder, Statement(kind=kind, first=_device_id(device)))


def undo_statement(folder: Path) -> Statement | None:
    """Take back the last that the user said of which devices are one; None: nothing is left."""
    with Site.open(folder) as site:
        return site.undo()


def list_statements(folder: Path) -> tuple[Statement, ...]:
    """What the user said of which devices are one, in the order in which it was said."""
    with Site.open(folder) as site:
        return site.statements()


def _state(folder: Path, statement: Statement) -> Statement:
    with Site.open(folder) as site:
        site.state(statement)
    return statement


def learn_devices(
    paths: Sequence[Path],
    labels: Path,
    *,
    progress: Progress = _unwatched,
    say: Say = _unheard,
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
        with Store(_tables(), facts=[facts]) as store:
            find_devices(store, _tables())
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


def _device_id(device: str) -> DeviceId:
    if MAC.fullmatch(device):
        return DeviceId("d-" + device.replace(":", "").replace("-", "").lower())
    if not DEVICE_ID.fullmatch(device):
        raise LabelError(
            f"{device!r}: not a device",
            "Name it by its id in a report, such as d-0017882b9a25, or by its hardware address.",
        )
    return DeviceId(device)


def _tables() -> tuple[Table, ...]:
    from thingwarden.flows.observe import TABLES  # noqa: PLC0415  # kernels first

    return TABLES
