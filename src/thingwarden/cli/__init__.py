"""Arguments in, pages out: the command `thingwarden`."""

import gc
import logging
import os
import sys
from pathlib import Path
from typing import TYPE_CHECKING

import click

from thingwarden import __version__
from thingwarden.cli.arguments import CAPTURES, FOLDER, KNOWN_SITE, OUTPUT
from thingwarden.cli.device import device
from thingwarden.cli.knowledge import knowledge
from thingwarden.cli.terminal import console, say, show_progress
from thingwarden.errors import ThingwardenError

if TYPE_CHECKING:
    from thingwarden.model import Report

NOTHING_FOUND, SOMETHING_FOUND, COULD_NOT, OUR_MISTAKE, STOPPED = 0, 1, 2, 70, 130

SELDOM = (100_000, 20, 20)
"""How often Python looks for garbage in circles: rows make little; at its own pace it costs a tenth."""

SYSTEM_MEMORY = ("ARROW_DEFAULT_MEMORY_POOL", "system")
"""Arrow's own pool keeps 40 MB that nobody uses, and is no faster here."""


@click.group(context_settings={"help_option_names": ["-h", "--help"], "max_content_width": 100})
@click.version_option(__version__)
@click.option("-v", "--verbose", is_flag=True, help="Tell more of what is going on, on stderr.")
def cli(*, verbose: bool) -> None:
    """Tell which of the connected things around you can be depended on.

    Point it at a capture of your network (from a router, a mirror port, tcpdump, Wireshark):

    \b
        thingwarden inspect home.pcap --html report.html

    It only reads: nothing is sent to any device, and no password that it sees is kept.
    """  # noqa: D301  # \b is for click: lines stay as they are
    logging.basicConfig(
        stream=sys.stderr,
        level=logging.INFO if verbose else logging.WARNING,
        format="%(name)s: %(message)s",
    )


@cli.command()
@CAPTURES
@click.option("--site", type=FOLDER, help="Keep what is learnt of this network in a folder.")
@click.option("--json", "json_file", type=OUTPUT, help="Write the report as JSON; - for stdout.")
@click.option("--html", "html_file", type=OUTPUT, help="Write the report as one HTML page.")
@click.option("--facts", type=FOLDER, help="Write one Parquet file per table of facts.")
def inspect(
    captures: tuple[Path, ...],
    site: Path | None,
    json_file: Path | None,
    html_file: Path | None,
    facts: Path | None,
) -> None:
    """Say of every device in CAPTURES whether it can be depended on.

    CAPTURES are files (pcap or pcapng, also .gz or .zst), folders, patterns in quotes, or - for
    standard input. Rotated files of one network belong in one call: they are read in time order.

    \b
    Examples:
        thingwarden inspect home.pcap
        thingwarden inspect captures/ --site my-home --html report.html
        tcpdump -i br0 -w - -G 600 -W 1 | thingwarden inspect - --json report.json

    Exit status: 0 nothing found, 1 something found, 2 could not.
    """  # noqa: D301  # \b is for click: lines stay as they are
    from thingwarden.pipeline import inspect_captures  # noqa: PLC0415  # --help stays quick

    with show_progress() as progress:
        report = inspect_captures(
            captures, site=site, facts_folder=facts, progress=progress, say=say
        )
    _write_reports(report, json_file, html_file)
    found = any(assessment.findings for assessment in report.assessments)
    sys.exit(SOMETHING_FOUND if found else NOTHING_FOUND)


@cli.command("facts")
@CAPTURES
@click.option("--to", "folder", type=FOLDER, required=True, help="Folder for the Parquet files.")
@click.option("--sha256", is_flag=True, help="Hash each file too, for its row in `captures`.")
def write_facts_of(captures: tuple[Path, ...], folder: Path, *, sha256: bool) -> None:
    """Write the facts in CAPTURES as Parquet, one file per table, and judge nothing.

    The tables (flows, dns, tls, dhcp, http, mqtt and more) are described in docs/tables.md. Any tool
    that knows Parquet reads them:

    \b
        thingwarden facts home.pcap --to facts
        duckdb -c "select sni, count(*) from 'facts/tls.parquet' group by 1 order by 2 desc"
    """  # noqa: D301  # \b is for click: lines stay as they are
    from thingwarden.pipeline import write_facts  # noqa: PLC0415

    with show_progress() as progress:
        write_facts(captures, folder, hashed=sha256, progress=progress, say=say)


@cli.command()
@click.argument("report", type=click.Path(dir_okay=False, path_type=Path))
@CAPTURES
def verify(report: Path, captures: tuple[Path, ...]) -> None:
    """Derive every finding of REPORT (JSON) again from CAPTURES, and say which hold.

    A report that was changed and a capture that was changed are both told.

    Exit status: 0 all findings hold, 1 some do not, 2 could not.
    """
    from thingwarden.pipeline import verify_report  # noqa: PLC0415
    from thingwarden.report.verify import render_verification  # noqa: PLC0415

    with show_progress() as progress:
        results = verify_report(report, captures, progress=progress, say=say)
    render_verification(results, console())
    sys.exit(NOTHING_FOUND if all(result.holds for result in results) else SOMETHING_FOUND)


@cli.command()
@click.argument("device")
@KNOWN_SITE
@click.option("--name", help="What you call it, such as 'camera in the hall'.")
@click.option("--category", help="What it is, such as camera, plug or television.")
def label(device: str, site: Path, name: str | None, category: str | None) -> None:
    """Say what DEVICE is: a name and a category of yours win over everything that is guessed.

    DEVICE is its id in a report, such as d-0017882b9a25, or its hardware address. Without a name
    and a category its label is removed.
    """
    from thingwarden.pipeline import label_device  # noqa: PLC0415

    known = label_device(site, device, name=name, category=category)
    click.echo(f"{known}: " + (", ".join(filter(None, (name, category))) or "label removed"))


cli.add_command(device)
cli.add_command(knowledge)


def _write_reports(report: "Report", json_file: Path | None, html_file: Path | None) -> None:
    """Print the report, and write what was asked for; JSON on stdout takes its place."""
    from thingwarden.report.document import render_document  # noqa: PLC0415
    from thingwarden.report.terminal import render_terminal  # noqa: PLC0415

    if html_file:
        from thingwarden.report.page import render_page  # noqa: PLC0415

        _write(html_file, render_page(report))
    if json_file:
        _write(json_file, render_document(report))
    if Path("-") not in (json_file, html_file):
        render_terminal(report, console())
    for file in filter(None, (json_file, html_file)):
        if file != Path("-"):
            say(f"Written: {file}")


def _write(file: Path, text: str) -> None:
    from thingwarden.store.files import write_text  # noqa: PLC0415

    if file == Path("-"):
        click.echo(text)
    else:
        write_text(file, text)


def main() -> None:
    """Run the command; a job that cannot be done is two lines on stderr, and exit status 2."""
    gc.set_threshold(*SELDOM)
    os.environ.setdefault(*SYSTEM_MEMORY)
    try:
        cli(standalone_mode=False)
    except ThingwardenError as error:
        say(f"thingwarden: {error}")
        if error.hint:
            say(error.hint)
        sys.exit(COULD_NOT)
    except click.exceptions.Abort:
        say("thingwarden: stopped; nothing half-written is left")
        sys.exit(STOPPED)
    except click.ClickException as error:
        error.show()
        sys.exit(COULD_NOT)
    except KeyboardInterrupt:
        say("thingwarden: stopped; nothing half-written is left")
        sys.exit(STOPPED)
    except BrokenPipeError:
        sys.stderr.close()
        sys.exit(COULD_NOT)
