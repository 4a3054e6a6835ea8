"""The commands `thingwarden suppress …`: saying what one accepts, for how long, and why."""

import sys
from pathlib import Path

import click

from thingwarden.cli.arguments import KNOWN_SITE


@click.group()
def suppress() -> None:
    """Accept what a check finds at one device, for a reason and until a day.

    What you accept counts in no grade from then on, but stays listed in every report, with your
    reason. It holds for this device and this check only, survives new versions, and ends by itself.

    \b
    Examples:
        thingwarden suppress add d-0017882b9a25 old-tls --site my-home \\
            --reason 'replaced in spring' --until 2027-04-30
        thingwarden suppress list --site my-home
        thingwarden suppress remove d-0017882b9a25 old-tls --site my-home
    """  # noqa: D301  # \b is for click: lines stay as they are


@suppress.command()
@click.argument("device")
@click.argument("check")
@KNOWN_SITE
@click.option("--reason", required=True, help="Why: every report repeats it.")
@click.option("--until", required=True, help="The last day, such as 2027-04-30 (UTC).")
def add(device: str, check: str, site: Path, reason: str, until: str) -> None:
    """Accept what CHECK finds at DEVICE.

    DEVICE is its id in a report, such as d-0017882b9a25, or a hardware address; CHECK is the id of
    a check, such as old-tls: reports and docs/checks.md name them.
    """
    from thingwarden.sayings import suppress as keep  # noqa: PLC0415

    kept = keep(site, device, check, reason=reason, until=until)
    click.echo(f"{kept.device_id}: {kept.check} is accepted until {kept.until}.")


@suppress.command()
@click.argument("device")
@click.argument("check")
@KNOWN_SITE
def remove(device: str, check: str, site: Path) -> None:
    """Accept no longer what CHECK finds at DEVICE.

    Exit status: 0 taken back, 1 it was not accepted.
    """
    from thingwarden.sayings import allow_no_more  # noqa: PLC0415

    found = allow_no_more(site, device, check)
    click.echo(f"{check} counts again." if found else "This was not accepted.")
    sys.exit(0 if found else 1)


@suppress.command("list")
@KNOWN_SITE
def list_accepted(site: Path) -> None:
    """Show what you accept, of which device, until when and why."""
    from thingwarden.sayings import list_suppressions  # noqa: PLC0415

    accepted = list_suppressions(site)
    for one in accepted:
        click.echo(f"{one.device_id}  {one.check}  until {one.until}: {one.reason}")
    if not accepted:
        click.echo("You accept nothing.")
