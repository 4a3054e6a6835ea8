"""Arguments and options that several commands have."""

from pathlib import Path

import click

ROLES = ("life-critical", "safety", "security", "convenience")
"""What a device is for; see docs/grading.md."""

FRAMEWORKS = (
    "en303645", "psti", "cra", "nist8259a", "nist8425", "iec62443", "fda524b", "unr155", "unr156",
)  # fmt: skip
"""Sets of requirements; see docs/requirements.md."""

CAPTURES = click.argument("captures", nargs=-1, required=True, type=click.Path(path_type=Path))
OUTPUT = click.Path(dir_okay=False, allow_dash=True, path_type=Path)
FOLDER = click.Path(file_okay=False, path_type=Path)
KNOWN_FOLDER = click.Path(exists=True, file_okay=False, path_type=Path)
KNOWN_SITE = click.option(
    "--site", type=KNOWN_FOLDER, required=True, help="The folder of the network."
)


class RoleOf(click.ParamType[tuple[str | None, str]]):
    """What a device is for, as DEVICE=ROLE, or ROLE alone for all of them -> (device or None, role)."""

    name = "[DEVICE=]ROLE"

    def convert(
        self, value: object, param: click.Parameter | None, ctx: click.Context | None
    ) -> tuple[str | None, str]:
        """The device as it was named, None for all, and the role."""
        device, _, role = str(value).rpartition("=")
        if role not in ROLES:
            self.fail(f"{role!r} is no role: expected {', '.join(ROLES)}", param, ctx)
        return device or None, role


SAFETY = click.option(
    "--safety",
    type=click.Path(exists=True, dir_okay=False, path_type=Path),
    metavar="FILE",
    help="Refuse a policy that breaks an invariant of this file.",
)
"""See docs/safety.md."""
