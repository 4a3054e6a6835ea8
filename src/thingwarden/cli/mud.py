"""The command `thingwarden mud`: what a maker says that its device needs."""

import json
import sys
from pathlib import Path
from typing import TYPE_CHECKING

import click

from thingwarden.cli.arguments import FOLDER, KNOWN_FOLDER
from thingwarden.cli.terminal import console, say

if TYPE_CHECKING:
    from collections.abc import Callable

    from thingwarden.model import Network
    from thingwarden.policy.mud.read import MudFile

NETWORK = "Without --site, of the network:"

READ, LEFT_OUT, REFUSED = 0, 1, 2


@click.command()
@click.argument(
    "files", nargs=-1, required=True, type=click.Path(exists=True, dir_okay=False, path_type=Path)
)
@click.option("--json", "as_json", is_flag=True, help="Write what they say as JSON.")
@click.option("--check", is_flag=True, help="Only tell where they are not strict RFC 8520.")
@click.option(
    "--mac",
    "macs",
    multiple=True,
    metavar="MAC",
    help="Hardware address of the device that FILE is about; again for each FILE, in their order.",
)
@click.option("--site", type=KNOWN_FOLDER, help="The folder of the network with these devices.")
@click.option("--out", type=FOLDER, help="Folder for the policy that follows from FILES.")
@click.option("--local", "prefixes", multiple=True, metavar="PREFIX", help=f"{NETWORK} its prefix.")
@click.option("--gateway", multiple=True, metavar="IP", help=f"{NETWORK} its gateway.")
@click.option("--gateway-mac", multiple=True, metavar="MAC", help=f"{NETWORK} its gateway.")
@click.option(
    "--resolver", multiple=True, metavar="IP", help=f"{NETWORK} its resolver, if not the gateway."
)
def mud(
    files: tuple[Path, ...],
    macs: tuple[str, ...],
    site: Path | None,
    out: Path | None,
    *,
    as_json: bool,
    check: bool,
    **network: tuple[str, ...],
) -> None:
    """Say what Manufacturer Usage Descriptions (RFC 8520) allow, and make a policy of them.

    Files with names of drafts are read, too. An entry that cannot be understood allows nothing, and is
    told. A file that is malformed or contradicts itself is refused with line and reason.

    \b
    Examples:
        thingwarden mud camera.json
        thingwarden mud camera.json --check
        thingwarden mud camera.json --mac 00:17:88:2b:9a:25 --site my-home --out policy
        thingwarden mud camera.json --mac 00:17:88:2b:9a:25 --out policy \\
            --local 192.168.1.0/24 --gateway 192.168.1.1 --gateway-mac 00:0d:b9:4a:11:02

    The policy is what `thingwarden wrap` writes, with the maker's word in place of what was learnt.

    Exit status: 0 read, 1 something was left out or is not strict, 2 could not.
    """  # noqa: D301  # \b is for click: lines stay as they are
    if check:
        sys.exit(_check(files))
    found = {file: _read(file) for file in files}
    if out or site or macs or any(network.values()):
        _write(found, macs, site or _network(**network), out)
    elif as_json:
        click.echo(json.dumps([_value(file, each) for file, each in found.items()], indent=1))
    else:
        for file, each in found.items():
            _show(file, each)
    sys.exit(LEFT_OUT if any(each.warnings for each in found.values()) else READ)


def _read(file: Path) -> "MudFile":
    from thingwarden.errors import PolicyError  # noqa: PLC0415  # --help stays quick
    from thingwarden.policy.mud.read import read_mud  # noqa: PLC0415

    try:
        return read_mud(file.read_bytes())
    except OSError as error:
        raise PolicyError(f"{file}: cannot be read ({error.strerror})") from error
    except PolicyError as error:
        raise PolicyError(f"{file}: {error}", hint=error.hint) from error


def _check(files: tuple[Path, ...]) -> int:
    from thingwarden.policy.mud.validate import validate_mud  # noqa: PLC0415

    status = READ
    for file in files:
        problems = validate_mud(file.read_bytes())
        for problem in problems:
            click.echo(f"{file}: {problem}")
        status = LEFT_OUT if problems else status
    return status


def _show(file: Path, found: "MudFile") -> None:
    from thingwarden.policy.summary import render_mud  # noqa: PLC0415

    render_mud(str(file), found.systeminfo, found.rules, console())
    for name in found.renamed:
        say(f"{name} is a name of a draft: read as what it became.")
    for warning in found.warnings:
        say(f"Left out: {warning}")


def _value(file: Path, found: "MudFile") -> dict[str, object]:
    import msgspec  # noqa: PLC0415

    return {"file": str(file), **msgspec.to_builtins(found)}


def _network(
    prefixes: tuple[str, ...],
    gateway: tuple[str, ...],
    gateway_mac: tuple[str, ...],
    resolver: tuple[str, ...],
) -> "Network | None":
    """What the user says of a network that was never seen; None where something is missing."""
    from thingwarden.model import Network  # noqa: PLC0415
    from thingwarden.policy.gateway.names import (  # noqa: PLC0415
        read_address,
        read_mac,
        read_network,
    )

    if not (prefixes and gateway and gateway_mac):
        return None
    return Network(
        locals=tuple(_sure(one, read_network) for one in prefixes),
        gateways=tuple(_sure(one, read_mac) for one in gateway_mac),
        gateway_addresses=tuple(_sure(one, read_address) for one in gateway),
        resolvers=tuple(_sure(one, read_address) for one in resolver or gateway),
    )


def _sure(text: str, read: "Callable[[str], object]") -> str:
    found = read(text)
    if found is None:
        raise click.UsageError(f"{text!r} is neither a prefix nor an address as expected here.")
    return str(found)


def _write(
    found: "dict[Path, MudFile]",
    macs: tuple[str, ...],
    where: "Path | Network | None",
    out: Path | None,
) -> None:
    from thingwarden.policy.summary import render_policy  # noqa: PLC0415
    from thingwarden.wrapping import wrap_by_mud  # noqa: PLC0415

    if not (where and out and len(set(macs)) == len(found) == len(macs)):
        raise click.UsageError(
            "a policy needs --out, a --mac for each FILE, and --site,"
            " or --local, --gateway and --gateway-mac."
        )
    said = dict(zip(macs, found.values(), strict=True))
    policy, unfilled = wrap_by_mud(where, out, said, say=say)
    render_policy(policy, console())
    for role in unfilled:
        say(f"Nobody in this network is {role}: its rules let nobody in.")
    say(f"Written: {out}")
