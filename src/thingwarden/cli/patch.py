"""The command `thingwarden wrap patch`: a hole that nobody repairs is closed on the network."""

import re
import sys
from collections.abc import Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from thingwarden.cli.arguments import KNOWN_FOLDER, SAFETY
from thingwarden.cli.terminal import say

if TYPE_CHECKING:
    from thingwarden.model import Behaviour, Patch
    from thingwarden.policy.safety.patching import Effect

DONE, NOT_PROVEN = 0, 1

CAPTURE = click.Path(exists=True, path_type=Path)
PORT = re.compile(r"(\d{1,5}(?:-\d{1,5})?)/(tcp|udp)")


@click.command()
@click.option("--policy", "folder", type=KNOWN_FOLDER, required=True, help="The policy's folder.")
@click.option(
    "--device", metavar="ID", help="The device with the hole: id, hardware address, name."
)
@click.option("--port", metavar="PORT/tcp|udp", help="Where the hole is reached, such as 80/tcp.")
@click.option(
    "--direction",
    type=click.Choice(["in", "out"]),
    default="in",
    show_default=True,
    help="Whether others reach the device there, or it reaches them.",
)
@click.option("--peer", default="anyone", show_default=True, help="Who is kept from it.")
@click.option("--still", multiple=True, metavar="PEER", help="Who must still reach it; repeatable.")
@click.option("--path", metavar="TEXT", help="A path of HTTP; refused: rules do not read payload.")
@click.option("--reason", default="", help="Why, in words that somebody understands in a year.")
@click.option("--until", default="", help='When it may go, such as "firmware 1.2.3 or newer".')
@click.option("--hole", "holes", multiple=True, metavar="CVE", help="Its number; repeatable.")
@click.option("--exploit", "exploits", multiple=True, type=CAPTURE, help="What must be stopped.")
@click.option("--benign", multiple=True, type=CAPTURE, help="What must still pass.")
@click.option("--list", "listed", is_flag=True, help="List the patches of all devices.")
@click.option("--remove", metavar="PATCH", help="Take the patch with this id back.")
@SAFETY
def patch(folder: Path, *, listed: bool, remove: str | None, **given: Any) -> None:  # noqa: ANN401
    """Close a hole of a device on the network, and prove that this does what it should.

    \b
    Examples:
        thingwarden wrap patch --policy policy --device camera --port 80/tcp --still 192.168.1.5 \\
            --reason "web login can be passed by" --until "firmware 1.2.3 or newer" \\
            --hole CVE-2020-12345 --exploit attack.pcap --benign monday.pcap
        thingwarden wrap patch --policy policy --list
        thingwarden wrap patch --policy policy --device camera --remove CVE-2020-12345-1a2b3c4d

    The folder is written anew only if of the exploit nothing passes at that port, and nothing benign that
    passed before is stopped. The device stays affected: the hole is closed here, not repaired.

    PEER is a name, an address or prefix, a hardware address, or one of gateway, local, dns, ntp, anyone.

    Exit status: 0 done, 1 not proven and so not written, 2 could not.
    """  # noqa: D301  # \b is for click: lines stay as they are
    if listed:
        _list(folder)
    elif remove:
        _remove(folder, given["device"], remove)
    else:
        sys.exit(_add(folder, given))


def _list(folder: Path) -> None:
    from thingwarden.policy.files import read_policy_folder  # noqa: PLC0415  # --help stays quick
    from thingwarden.policy.wording import Words, printable  # noqa: PLC0415

    policy = read_policy_folder(folder)
    words = Words(policy)
    for device in policy.devices:
        for one in device.patches:
            click.echo(
                f"{words.device(device.device_id)} ({device.device_id}): {one.id}:"
                f" {_say(one, words.behaviour(one.behaviour))}, until {printable(one.until)}"
            )


def _remove(folder: Path, called: str | None, patch_id: str) -> None:
    from thingwarden.policy.safety.patching import remove_patch  # noqa: PLC0415
    from thingwarden.wrapping import change_policy  # noqa: PLC0415

    change_policy(
        folder, _named(called), lambda policy, device: remove_patch(policy, device, patch_id)
    )
    say(f"Removed: {patch_id}. Load the policy for it to count.")


def _add(folder: Path, given: Mapping[str, Any]) -> int:
    from thingwarden.policy.safety.patching import make_patch  # noqa: PLC0415
    from thingwarden.wrapping import patch_policy  # noqa: PLC0415

    if given["path"]:
        raise click.UsageError(
            "--path: rules look at headers, and a path may stand in any segment, or be encrypted."
            " Close the port, and name with --still who must reach it."
        )
    called = _named(given["device"])
    made = make_patch(
        _behaviour(given),
        still=given["still"],
        reason=given["reason"],
        until=given["until"],
        holes=given["holes"],
    )
    effect = patch_policy(
        folder,
        called,
        made,
        exploits=given["exploits"],
        benign=given["benign"],
        safety=given["safety"],
    )
    _tell(made, effect, given)
    if effect.problems:
        say("Nothing was written.")
        return NOT_PROVEN
    say(f"Written: {folder}. Load the policy for it to count.")
    return DONE


def _behaviour(given: Mapping[str, Any]) -> "Behaviour":
    from thingwarden.model import Behaviour, Initiator  # noqa: PLC0415
    from thingwarden.policy.safety.invariants import PROTOCOLS, read_peer, read_span  # noqa: PLC0415

    found = PORT.fullmatch(given["port"] or "")
    if found is None:
        raise click.UsageError("--port is needed, such as 80/tcp or 8000-8010/udp.")
    return Behaviour(
        initiator=Initiator.PEER if given["direction"] == "in" else Initiator.DEVICE,
        peer=read_peer(given["peer"]),
        protocol=PROTOCOLS[found[2]],
        service=read_span(found[1]),
    )


def _named(called: str | None) -> str:
    if not called:
        raise click.UsageError("--device is needed; `thingwarden wrap show` lists them.")
    return called


def _tell(made: "Patch", effect: "Effect", given: Mapping[str, Any]) -> None:
    click.echo(f"Patch {made.id}.")
    if given["exploits"]:
        stopped = effect.exploit_frames - effect.exploit_passes
        click.echo(
            f"Of the exploit {stopped:,} of {effect.exploit_frames:,} frames at the port are stopped."
        )
    else:
        click.echo("Not proven against an exploit: --exploit names a capture of one.")
    if given["benign"]:
        passing = effect.benign_frames - effect.benign_stopped
        click.echo(f"Of {effect.benign_frames:,} benign frames that passed, {passing:,} pass.")
    else:
        click.echo("Not proven to leave the rest alone: --benign names a capture of usual days.")
    click.echo(
        f"The kernel did not confirm it: {effect.kernel}."
        if effect.kernel
        else "The kernel agrees."
    )
    for problem in effect.problems:
        click.echo(f"Not proven: {problem}.")


def _say(one: "Patch", behaviour: str) -> str:
    from thingwarden.policy.wording import printable  # noqa: PLC0415

    holes = f" ({', '.join(map(printable, one.holes))})" if one.holes else ""
    return f"{behaviour}{holes}: {printable(one.reason)}"
