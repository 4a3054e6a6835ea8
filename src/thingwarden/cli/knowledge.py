"""The commands `thingwarden knowledge …`: what is known of kinds of things, and teaching it more."""

import sys
from pathlib import Path

import click

from thingwarden.cli.arguments import CAPTURES, OUTPUT
from thingwarden.cli.terminal import console, say, show_progress

INPUT = click.Path(dir_okay=False, path_type=Path)


@click.group(invoke_without_command=True)
@click.pass_context
def knowledge(context: click.Context) -> None:
    """Show what is known of kinds of things: sources, dates, counts.

    What ships with thingwarden names makers, families and kinds of things. Which model a device is,
    it learns from you; what you teach stays on this machine until you export it.

    \b
    Examples:
        thingwarden knowledge
        thingwarden knowledge learn home.pcap --labels devices.csv
        thingwarden knowledge export shared.json
    """  # noqa: D301  # \b is for click: lines stay as they are
    if context.invoked_subcommand is None:
        from thingwarden.report.knowledge import render_knowledge  # noqa: PLC0415
        from thingwarden.sayings import list_knowledge  # noqa: PLC0415

        render_knowledge(list_knowledge(), console())


@knowledge.command()
@CAPTURES
@click.option("--labels", type=INPUT, required=True, help="CSV with mac, vendor, model, category.")
def learn(captures: tuple[Path, ...], labels: Path) -> None:
    """Learn from CAPTURES of one network how the devices in a file of labels show themselves.

    The file is CSV with a header. Needed are `mac` (or the id in a report) and `vendor`; `model`,
    `family` and `category` are taken where given. Kept are normalised tokens such as host names and
    domains, with addresses, serial numbers and identifiers masked; no traffic.

    \b
        mac,vendor,model,category
        00:17:88:2b:9a:25,Philips,Hue Bridge,hub
    """  # noqa: D301  # \b is for click: lines stay as they are
    from thingwarden.sayings import learn_devices  # noqa: PLC0415

    with show_progress() as progress:
        lesson = learn_devices(captures, labels, progress=progress, say=say)
    click.echo(
        f"{lesson.added} examples learnt, {lesson.replaced} known before; {lesson.total} in all."
    )
    if lesson.absent:
        say(f"{lesson.absent} of the labelled devices told nothing in these captures.")
    if lesson.skipped:
        say(f"{lesson.skipped} rows name no hardware address or no maker; they were passed over.")
    sys.exit(0 if lesson.added or lesson.replaced else 1)


@knowledge.command("export")
@click.argument("file", type=OUTPUT, default="-")
def export(file: Path) -> None:
    """Write what you taught to FILE (- for standard output), for another home to import.

    Other homes get names of makers and models with normalised tokens: no traffic and no address.
    Names that people gave their devices may be among the tokens: look through the file.
    """
    from thingwarden.sayings import export_knowledge  # noqa: PLC0415

    export_knowledge(file, click.echo)


@knowledge.command("import")
@click.argument("file", type=INPUT)
def import_(file: Path) -> None:
    """Add what another home exported to FILE; a damaged or foreign file changes nothing."""
    from thingwarden.sayings import import_knowledge  # noqa: PLC0415

    lesson = import_knowledge(file)
    click.echo(
        f"{lesson.added} examples imported, {lesson.replaced} known before; {lesson.total} in all."
    )
