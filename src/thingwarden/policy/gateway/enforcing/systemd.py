"""A state folder -> the unit with which systemd loads what was confirmed, at each start."""

from pathlib import Path

UNIT = """\
[Unit]
Description=Rules of thingwarden, as last confirmed
DefaultDependencies=no
RequiresMountsFor="{folder}"
After=local-fs.target nftables.service
Before=network-pre.target
Wants=network-pre.target

[Service]
Type=oneshot
RemainAfterExit=yes
ExecStart="{program}" enforce resume --state "{folder}"

[Install]
WantedBy=sysinit.target
"""
"""It needs nothing of the network, and is done before that is there."""


def write_unit(folder: Path, program: str) -> str:
    """The text for `/etc/systemd/system/thingwarden.service`."""
    return UNIT.format(folder=_quoted(str(folder)), program=_quoted(program))


def _quoted(text: str) -> str:
    """As it may stand between quotes in a unit (systemd.syntax(7)), with `%` as itself."""
    safe = text.replace("\\", "\\\\").replace('"', '\\"').replace("\n", "\\n")
    return safe.replace("%", "%%").replace("$", "$$")
