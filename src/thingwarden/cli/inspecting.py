"""The command `thingwarden inspect`: captures in; pages, tables and an exit status out."""

import sys
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

import click

from thingwarden.cli.arguments import CAPTURES, FOLDER, FRAMEWORKS, OUTPUT, RoleOf
from thingwarden.cli.terminal import console, say, show_progress

if TYPE_CHECKING:
    from collections.abc import Sequence

    from thingwarden.model import Report
    from thingwarden.report.changes import Change
    from thingwarden.report.shape import Document

NOTHING_FOUND, SOMETHING_FOUND, INCOMPLETE = 0, 1, 3

STDOUT = Path("-")


@dataclass(frozen=True, slots=True, kw_only=True)
class Targets:
    """Where reports go; None: not asked for, `-`: standard output, which then holds nothing else."""

    json: Path | None
    html: Path | None
    sarif: Path | None

    @property
    def files(self) -> tuple[Path, ...]:
        """Those that were asked for."""
        return tuple(file for file in (self.html, self.json, self.sarif) if file)


@click.command()
@CAPTURES
@click.option("--site", type=FOLDER, help="Keep what is learnt of this network in a folder.")
@click.option("--json", "json_file", type=OUTPUT, help="Write the report as JSON; - for stdout.")
@click.option("--html", "html_file", type=OUTPUT, help="Write the report as one HTML page.")
@click.option("--sarif", "sarif_file", type=OUTPUT, help="Write the findings as SARIF 2.1.0.")
@click.option("--facts", type=FOLDER, help="Write one Parquet file per table of facts.")
@click.option(
    "--role",
    "roles",
    type=RoleOf(),
    multiple=True,
    help="What a device is for: life-critical, safety, security or convenience.",
)
@click.option(
    "--baseline",
    type=click.Path(exists=True, dir_okay=False, path_type=Path),
    help="An earlier JSON report: say what changed since.",
)
@click.option(
    "--requirements",
    type=click.Choice(FRAMEWORKS),
    help="Print which provisions are refuted, met so far, or not examined.",
)
def inspect(  # noqa: PLR0913  # its parameters are the options
    *,
    captures: tuple[Path, ...],
    site: Path | None,
    json_file: Path | None,
    html_file: Path | None,
    sarif_file: Path | None,
    facts: Path | None,
    roles: tuple[tuple[str | None, str], ...],
    baseline: Path | None,
    requirements: str | None,
) -> None:
    """Say of every device in CAPTURES whether it can be depended on.

    CAPTURES are files (pcap or pcapng, also .gz or .zst), folders, patterns in quotes, or - for
    standard input. Rotated files of one network belong in one call: they are read in time order.

    \b
    Examples:
        thingwarden inspect home.pcap
        thingwarden inspect captures/ --site my-home --html report.html
        tcpdump -i br0 -w - -G 600 -W 1 | thingwarden inspect - --json report.json
        thingwarden inspect ward.pcap --role 00:17:88:2b:9a:25=life-critical
        thingwarden inspect bench.pcap --baseline v1.json --sarif v2.sarif
        thingwarden inspect home.pcap --requirements en303645

    The more hangs on a device, the higher the bar: --role names what it is for, for one device
    (DEVICE=ROLE) or for all (ROLE). Nobody's word makes it convenience.

    Exit status: 0 nothing found, 1 something found, 2 could not. What is only good to know does not
    count, and with --baseline only what is new or worse does. 3: a check failed, so that the report
    says less than it should.
    """  # noqa: D301  # \b is for click: lines stay as they are
    from thingwarden.pipeline import inspect_captures  # noqa: PLC0415  # --help stays quick
    from thingwarden.sayings import tell_roles  # noqa: PLC0415

    before = _read_baseline(baseline) if baseline else None
    told = tell_roles(roles)
    with show_progress() as progress:
        report = inspect_captures(
            captures, site=site, facts_folder=facts, told=told, progress=progress, say=say
        )
    changes = _compare(before, report) if before else None
    targets = Targets(json=json_file, html=html_file, sarif=sarif_file)
    _write_reports(report, targets, changes)
    if STDOUT not in targets.files:
        _print_reports(report, changes, requirements)
    sys.exit(_exit_status(report, changes))


def _write_reports(report: "Report", targets: Targets, changes: "Sequence[Change] | None") -> None:
    from thingwarden.report.document import render_document  # noqa: PLC0415

    if targets.html:
        from thingwarden.report.page import render_page  # noqa: PLC0415

        _write(targets.html, render_page(report, changes))
    if targets.json:
        _write(targets.json, render_document(report))
    if targets.sarif:
        from thingwarden.report.sarif import render_sarif  # noqa: PLC0415

        _write(targets.sarif, render_sarif(report, changes))
    for file in targets.files:
        if file != STDOUT:
            say(f"Written: {file}")


def _print_reports(
    report: "Report", changes: "Sequence[Change] | None", requirements: str | None
) -> None:
    """The terminal gets the report, or the table of requirements where that was asked for."""
    if requirements:
        from thingwarden.report.requirements import (  # noqa: PLC0415
            render_requirements,
            write_requirements_csv,
        )

        if sys.stdout.isatty():
            render_requirements(report, requirements, console())
        else:
            click.echo(write_requirements_csv(report, requirements), nl=False)
        return
    from thingwarden.report.terminal import render_terminal  # noqa: PLC0415

    render_terminal(report, console())
    if changes is not None:
        from thingwarden.report.changes import render_changes  # noqa: PLC0415
        from thingwarden.report.naming import label_devices  # noqa: PLC0415

        names = {str(id_): name for id_, name in label_devices(report).items()}
        render_changes(changes, names, console())


def _read_baseline(file: Path) -> "Document":
    from thingwarden.pipeline import read_report  # noqa: PLC0415

    return read_report(file)


def _compare(before: "Document", report: "Report") -> "Sequence[Change]":
    from thingwarden.report.changes import compare_reports  # noqa: PLC0415

    return compare_reports(before, report)


def _exit_status(report: "Report", changes: "Sequence[Change] | None") -> int:
    """A failed check outweighs all: whoever reads only this must know that something is missing."""
    if any(check.failed for check in report.checks):
        return INCOMPLETE
    if changes is not None:
        return SOMETHING_FOUND if any(change.worse for change in changes) else NOTHING_FOUND
    found = any(
        each.severity.rank and not each.suppressed
        for entry in report.assessments
        for each in entry.findings
    )
    return SOMETHING_FOUND if found else NOTHING_FOUND


def _write(file: Path, text: str) -> None:
    from thingwarden.store.files import write_text  # noqa: PLC0415

    if file == STDOUT:
        click.echo(text)
    else:
        write_text(file, text)
