"""The commands `thingwarden wrap …`: what each device needs, written, proved, and narrowed."""

import sys
from pathlib import Path
from typing import TYPE_CHECKING

import click

from thingwarden.cli.arguments import CAPTURES, FOLDER, KNOWN_FOLDER, OUTPUT, SAFETY
from thingwarden.cli.patch import patch
from thingwarden.cli.terminal import console, say, show_progress

if TYPE_CHECKING:
    from thingwarden.policy.gateway.export import Kind

PASSES, STOPPED, DIFFER = 0, 1, 3

STDOUT = Path("-")

EXPORTS = ("plain", "openwrt")

POLICY = click.option(
    "--policy",
    "folder",
    type=KNOWN_FOLDER,
    required=True,
    help="The folder that `thingwarden wrap` wrote.",
)


@click.group(invoke_without_command=True)
@click.option("--site", type=KNOWN_FOLDER, help="The folder of the network, as `inspect` keeps it.")
@click.option("--out", type=FOLDER, help="Folder for the policy.")
@click.option(
    "--device", "devices", multiple=True, metavar="ID", help="Only this device; again for more."
)
@click.option(
    "--export",
    "exports",
    type=click.Choice(EXPORTS),
    multiple=True,
    help="Lay files out for a gateway.",
)
@SAFETY
@click.pass_context
def wrap(
    context: click.Context,
    *,
    site: Path | None,
    out: Path | None,
    devices: tuple[str, ...],
    exports: tuple["Kind", ...],
    safety: Path | None,
) -> None:
    """Learn what each device of a site needs, and write it as MUD and nftables.

    Nothing is switched on: the folder holds a MUD file for each device (RFC 8520, and one with what was
    seen), rules for nftables in three steps (log, internet, all), what dnsmasq must know, and
    policy.json, from which all others can be written again.

    \b
    Examples:
        thingwarden inspect captures/ --site my-home
        thingwarden wrap --site my-home --out policy --export openwrt
        thingwarden wrap prove --policy policy new-week.pcap
        thingwarden enforce --policy policy

    Nothing is learnt of a device while an alarm about it is open, and what was left out is told. How
    long to watch until the rules hold is said for each device. What FILE says must always pass is
    added where it was not learnt; what it forbids and was learnt is refused.
    """  # noqa: D301  # \b is for click: lines stay as they are
    if context.invoked_subcommand:
        return
    if site is None or out is None:
        raise click.UsageError(
            "--site DIR and --out DIR are needed; `thingwarden wrap --help` shows how."
        )
    from thingwarden.policy.summary import render_policy  # noqa: PLC0415
    from thingwarden.wrapping import wrap_site  # noqa: PLC0415  # --help stays quick

    policy = wrap_site(site, out, devices=devices, exports=exports, safety=safety, say=say)
    render_policy(policy, console())
    say(f"Written: {out}")


@wrap.command()
@POLICY
@click.option(
    "--device", "devices", multiple=True, metavar="ID", help="Only this device; again for more."
)
def show(folder: Path, devices: tuple[str, ...]) -> None:
    """Show what each device may do, what that was learnt from, and what was left out."""
    from thingwarden.policy.files import read_policy_folder  # noqa: PLC0415
    from thingwarden.policy.folder import choose_devices  # noqa: PLC0415
    from thingwarden.policy.summary import render_device  # noqa: PLC0415
    from thingwarden.policy.wording import Words  # noqa: PLC0415

    policy = read_policy_folder(folder)
    words, terminal = Words(policy), console()
    for device in choose_devices(policy, devices).devices:
        render_device(device, words, terminal)
        click.echo()


@wrap.command()
@POLICY
@click.option(
    "--receipt", type=OUTPUT, help="Write the receipt as JSON; default receipt.json in DIR."
)
@click.option(
    "--html", "page", type=OUTPUT, help="The same as a page; default receipt.html in DIR."
)
@click.option("--kernel/--no-kernel", default=True, help="Have the kernel judge each frame, too.")
@CAPTURES
def prove(
    folder: Path,
    captures: tuple[Path, ...],
    receipt: Path | None,
    page: Path | None,
    *,
    kernel: bool,
) -> None:
    """Tell what the policy would let pass and stop of what is in CAPTURES.

    Each frame is judged twice: in Python, and by the rules themselves in this machine's kernel, in a
    network of their own that touches nothing else. Where the kernel cannot be asked, that is told. Rules
    that no packet met are listed as not tested.

    The receipt holds the SHA-256 of the policy and of the captures: `thingwarden verify` derives it again.

    Exit status: 0 nothing would be stopped, 1 something would, 2 could not. 3: the judges differ.
    """
    from thingwarden.policy.proof.page import render_receipt, render_receipt_page  # noqa: PLC0415
    from thingwarden.policy.proof.receipt import write_receipt  # noqa: PLC0415
    from thingwarden.store.files import write_text  # noqa: PLC0415
    from thingwarden.wrapping import prove_policy  # noqa: PLC0415

    with show_progress() as progress:
        made = prove_policy(folder, captures, kernel=kernel, progress=progress, say=say)
    for target, text in (
        (receipt or folder / "receipt.json", write_receipt(made).decode()),
        (page or folder / "receipt.html", render_receipt_page(made)),
    ):
        if target == STDOUT:
            click.echo(text)
        else:
            write_text(target, text)
            say(f"Written: {target}")
    if STDOUT not in (receipt, page):
        render_receipt(made, console())
    stopped = any(device.stopped for device in made.devices)
    sys.exit(DIFFER if made.kernel.differing else STOPPED if stopped else PASSES)


wrap.add_command(patch)
