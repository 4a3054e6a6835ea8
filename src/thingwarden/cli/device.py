"""The commands `thingwarden device …`: saying which addresses are one device."""

import sys
from pathlib import Path
from typing import TYPE_CHECKING

import click

from thingwarden.cli.arguments import KNOWN_SITE

if TYPE_CHECKING:
    from thingwarden.model import Statement

SAID = {
    "same": "{first} and {second} are one device.",
    "apart": "{first} is one device for each of its hardware addresses.",
    "alone": "{first}, as one hardware address, is a device of its own.",
}


@click.group()
def device() -> None:
    """Say which addresses are one device, where thingwarden joined too much or too little.

    Phones change their hardware address. thingwarden joins two addresses where it is at least 99 %
    sure that they are one device, and says so in the report; below that it only says "perhaps the
    same as". What you say wins, is kept in the folder of the network, and can be taken back.

    \b
    Examples:
        thingwarden device merge d-da319c000018 d-7e1122334455 --site my-home
        thingwarden device split d-da319c000018 --site my-home
        thingwarden device undo --site my-home
    """  # noqa: D301  # \b is for click: lines stay as they are


@device.command()
@click.argument("one")
@click.argument("other")
@KNOWN_SITE
def merge(one: str, other: str, site: Path) -> None:
    """Say that ONE and OTHER are the same device.

    Each is an id in a report, such as d-0017882b9a25, or a hardware address.
    """
    from thingwarden.sayings import merge_devices  # noqa: PLC0415

    click.echo(_told(merge_devices(site, one, other)))


@device.command()
@click.argument("what")
@KNOWN_SITE
def split(what: str, site: Path) -> None:
    """Say that WHAT is not one device.

    With an id in a report, each of its hardware addresses becomes a device of its own; with a
    hardware address, only that one does.
    """
    from thingwarden.sayings import split_device  # noqa: PLC0415

    click.echo(_told(split_device(site, what)))


@device.command()
@KNOWN_SITE
def undo(site: Path) -> None:
    """Take back the last `merge` or `split`; again for the one before it.

    Exit status: 0 taken back, 1 there was nothing to take back.
    """
    from thingwarden.sayings import undo_statement  # noqa: PLC0415

    statement = undo_statement(site)
    click.echo(f"Taken back: {_told(statement)}" if statement else "There is nothing to take back.")
    sys.exit(0 if statement else 1)


@device.command("list")
@KNOWN_SITE
def list_said(site: Path) -> None:
    """Show what you said of which addresses are one device, in order."""
    from thingwarden.sayings import list_statements  # noqa: PLC0415

    statements = list_statements(site)
    for statement in statements:
        click.echo(_told(statement))
    if not statements:
        click.echo("You have said nothing of which addresses are one device.")


def _told(statement: "Statement") -> str:
    return SAID[statement.kind].format(first=statement.first, second=statement.second)
