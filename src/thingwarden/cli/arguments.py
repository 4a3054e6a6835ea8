"""Arguments and options that several commands have."""

from pathlib import Path

import click

CAPTURES = click.argument("captures", nargs=-1, required=True, type=click.Path(path_type=Path))
OUTPUT = click.Path(dir_okay=False, allow_dash=True, path_type=Path)
FOLDER = click.Path(file_okay=False, path_type=Path)
KNOWN_FOLDER = click.Path(exists=True, file_okay=False, path_type=Path)
KNOWN_SITE = click.option(
    "--site", type=KNOWN_FOLDER, required=True, help="The folder of the network."
)
