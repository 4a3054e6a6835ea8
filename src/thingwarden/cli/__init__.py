"""Arguments in, pages out: the command `thingwarden`."""

import gc
import logging
import os
import sys
from pathlib import Path

import click

from thingwarden import __version__
from thingwarden.cli.arguments import CAPTURES, FOLDER, KNOWN_SITE, ROLES
from thingwarden.cli.device import device
from thingwarden.cli.enforce import enforce
from thingwarden.cli.inspecting import inspect
from thingwarden.cli.knowledge import knowledge
from thingwarden.cli.mud import mud
from thingwarden.cli.suppress import suppress
from thingwarden.cli.terminal import console, say, show_progress
from thingwarden.cli.wrap import wrap
from thingwarden.errors import ThingwardenError

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

    Nothing is sent to any device, and no password that it sees is kept. What a device may do on the
    network is narrowed by `wrap` on paper, and by `enforce` on a gateway.
    """  # noqa: D301  # \b is for click: lines stay as they are
    logging.basicConfig(
        stream=sys.stderr,
        level=logging.INFO if verbose else logging.WARNING,
        format="%(name)s: %(message)s",
    )


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

    A report that was changed and a capture that was changed are both told. REPORT may also be the
    receipt of `thingwarden wrap prove`, with the policy in its folder.

    Exit status: 0 all findings hold, 1 some do not, 2 could not.
    """
    from thingwarden.policy.proof.receipt import is_receipt  # noqa: PLC0415

    if is_receipt(_read_start(report)):
        _verify_receipt(report, captures)
    from thingwarden.pipeline import verify_report  # noqa: PLC0415
    from thingwarden.report.verify import render_verification  # noqa: PLC0415

    with show_progress() as progress:
        results = verify_report(report, captures, progress=progress, say=say)
    render_verification(results, console())
    sys.exit(NOTHING_FOUND if all(result.holds for result in results) else SOMETHING_FOUND)


def _verify_receipt(receipt: Path, captures: tuple[Path, ...]) -> None:
    from thingwarden.wrapping import verify_receipt  # noqa: PLC0415

    with show_progress() as progress:
        checks = verify_receipt(receipt, captures, progress=progress, say=say)
    for check in checks:
        click.echo(
            f"{'holds' if check.holds else 'DOES NOT HOLD'}: {check.what}"
            + f" ({check.why})" * bool(check.why)
        )
    sys.exit(NOTHING_FOUND if all(check.holds for check in checks) else SOMETHING_FOUND)


def _read_start(file: Path) -> bytes:
    """Enough of a file to tell what it is; nothing where it cannot be read."""
    try:
        with file.open("rb") as opened:
            return opened.read(1 << 16)
    except OSError:
        return b""


@cli.command()
@click.argument("device")
@KNOWN_SITE
@click.option("--name", help="What you call it, such as 'camera in the hall'.")
@click.option("--category", help="What it is, such as camera, plug or television.")
@click.option("--role", type=click.Choice(ROLES), help="What it is for: the bar moves with it.")
def label(
    device: str, site: Path, name: str | None, category: str | None, role: str | None
) -> None:
    """Say what DEVICE is, and what it is for: what you say wins over everything that is guessed.

    DEVICE is its id in a report, such as d-0017882b9a25, or its hardware address. Without a name,
    a category and a role, what was said of it is removed.
    """
    from thingwarden.sayings import label_device  # noqa: PLC0415

    known = label_device(site, device, name=name, category=category, role=role)
    told = ", ".join(filter(None, (name, category, role)))
    click.echo(f"{known}: {told or 'label removed'}")


cli.add_command(inspect)
cli.add_command(device)
cli.add_command(suppress)
cli.add_command(knowledge)
cli.add_command(mud)
cli.add_command(wrap)
cli.add_command(enforce)


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
