"""The whole story, from captures to a report: read this first.

captures -> packets -> flows and messages -> facts -> devices -> findings -> report
"""

from collections.abc import Callable, Sequence
from contextlib import ExitStack
from dataclasses import replace
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

from thingwarden import __version__
from thingwarden.capture.sources import CaptureFile, find_captures
from thingwarden.errors import ReportError
from thingwarden.flows.compiling import use_kept_kernels
from thingwarden.model import Device, Report
from thingwarden.settings import SLICES, SPILL_BYTES
from thingwarden.store import Facts, Site, Store, Told
from thingwarden.tables import Table

if TYPE_CHECKING:
    from thingwarden.report.shape import Document
    from thingwarden.report.verify import Verification

NOTHING_TOLD = Told()

Progress = Callable[[CaptureFile, int, int], None]
"""Called with the file being read, bytes of it consumed, and packets read from it."""

Say = Callable[[str], None]
"""Called with a sentence about what is going on."""


def unwatched(file: CaptureFile, consumed: int, packets: int) -> None:
    """Nobody looks on."""


def unheard(sentence: str) -> None:
    """Nobody listens."""


def inspect_captures(
    paths: Sequence[Path],
    *,
    site: Path | None = None,
    facts_folder: Path | None = None,
    told: Told = NOTHING_TOLD,
    progress: Progress = unwatched,
    say: Say = unheard,
) -> Report:
    """Read captures, and say of every device in them whether it can be depended on.

    With `site`, captures that this folder knows count too, and these are added to it; without,
    nothing is left behind. `facts_folder` gets the facts as Parquet. `told`: what the user said, which
    wins over what the site keeps. Raises a `ThingwardenError` if the job cannot be done.
    """
    with ExitStack() as stack:
        kept = stack.enter_context(Site.open(site)) if site else None
        facts = stack.enter_context(Facts(kept.folder if kept else None, memory_bytes=SPILL_BYTES))
        read_captures(paths, facts, site=kept, progress=progress, say=say)
        if facts_folder:
            facts.write_to(facts_folder, tables_of_facts())
        store = stack.enter_context(Store(tables_of_facts(), facts=[facts]))
        report = judge_facts(store, told.over(kept.said.all()) if kept else told, say=say)
        return kept.history.join(report) if kept else report


def write_facts(
    paths: Sequence[Path],
    folder: Path,
    *,
    hashed: bool = False,
    progress: Progress = unwatched,
    say: Say = unheard,
) -> None:
    """Read captures and write a Parquet file per table to `folder`, without judging anything.

    Without `hashed` the files' SHA-256 are left out, which saves their cost.
    """
    with Facts(memory_bytes=SPILL_BYTES) as facts:
        read_captures(paths, facts, hashed=hashed, progress=progress, say=say)
        facts.write_to(folder, tables_of_facts())


def read_captures(
    paths: Sequence[Path],
    facts: Facts,
    *,
    site: Site | None = None,
    hashed: bool = True,
    progress: Progress = unwatched,
    say: Say = unheard,
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
                site.add(capture, fresh, tables_of_facts())
            elif capture.sha256 not in seen:
                facts.take(fresh)
                seen |= {capture.sha256} - {""}
    if site:
        facts.include(site.files(), tables_of_facts())


def judge_facts(store: Store, told: Told = NOTHING_TOLD, *, say: Say = unheard) -> Report:
    """Facts -> devices -> findings -> report."""
    from thingwarden.checks import CHECKS  # noqa: PLC0415  # --help needs none of this
    from thingwarden.checks.grading import assess  # noqa: PLC0415
    from thingwarden.checks.judge import judge_all  # noqa: PLC0415
    from thingwarden.checks.suppressions import apply_suppressions  # noqa: PLC0415
    from thingwarden.inventory.contacts import list_activity, list_contacts  # noqa: PLC0415
    from thingwarden.inventory.readings import list_captures, list_problems  # noqa: PLC0415

    devices, gateways = know_devices(store, told, say=say)
    judged = judge_all(store, devices)
    captures = list_captures(store)
    last_us = max((capture.last_us or 0 for capture in captures), default=0)
    findings = apply_suppressions(judged.findings, told.suppressions, last_us)
    activity, slice_us = list_activity(store, SLICES)
    return Report(
        captures=captures,
        assessments=assess(devices, findings, judged.not_judged),
        gateways=gateways,
        contacts=list_contacts(store),
        activity=activity,
        slice_us=slice_us,
        checks=tuple(check.facts(judged.failed.get(check.id, "")) for check in CHECKS),
        problems=list_problems(store),
        version=__version__,
        statements=tuple(told.statements),
        suppressions=told.suppressions,
    )


def know_devices(
    store: Store, told: Told, *, say: Say
) -> tuple[tuple[Device, ...], tuple[Device, ...]]:
    """Facts -> devices and gateways, with what each is and what the user said of it."""
    from thingwarden.inventory.devices import find_devices, list_devices  # noqa: PLC0415
    from thingwarden.inventory.identification.identify import identify_devices  # noqa: PLC0415
    from thingwarden.inventory.identification.knowledge import load_knowledge  # noqa: PLC0415
    from thingwarden.inventory.through_time.devices import carry_labels  # noqa: PLC0415

    links = find_devices(store, tables_of_facts(), told.statements)
    for said in links.unknown:
        say(f"Not here, though you said something of it: {said.first} {said.second}".rstrip())
    labels = carry_labels(told.labels, links.kept)
    knowledge = load_knowledge()
    if knowledge.refused:
        say(f"Your own knowledge is not used: {knowledge.refused}")
    devices, gateways = (
        identify_devices(store, found, knowledge, labels)
        for found in list_devices(store, labels, links)
    )
    roles = {links.kept.get(device, device): role for device, role in told.roles.items()}
    given = (replace(each, role=roles.get(each.id, told.role)) for each in devices)
    return tuple(given), gateways


def verify_report(
    report: Path,
    captures: Sequence[Path],
    *,
    progress: Progress = unwatched,
    say: Say = unheard,
) -> "tuple[Verification, ...]":
    """Derive every finding of a JSON report again from its captures; raises `ReportError`."""
    from thingwarden.report.told import read_told  # noqa: PLC0415
    from thingwarden.report.verify import compare_report  # noqa: PLC0415

    document = read_report(report)
    fresh = inspect_captures(captures, told=read_told(document), progress=progress, say=say)
    return compare_report(document, fresh)


def read_report(file: Path) -> "Document":
    """A JSON report of an earlier inspection; raises `ReportError`."""
    from thingwarden.report.document import read_document  # noqa: PLC0415

    try:
        return read_document(file.read_bytes())
    except OSError as error:
        raise ReportError(f"{file}: cannot be read ({error.strerror})") from error


def tables_of_facts() -> tuple[Table, ...]:
    """Every table that reading fills."""
    from thingwarden.flows.observe import TABLES  # noqa: PLC0415  # kernels first

    return TABLES
