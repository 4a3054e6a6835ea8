"""Arguments that several commands have."""

from pathlib import Path

import click
from click.testing import CliRunner

from thingwarden.cli.arguments import CAPTURES, KNOWN_FOLDER


@click.command()
@CAPTURES
@click.option("--site", type=KNOWN_FOLDER)
def show(captures: tuple[Path, ...], site: Path | None) -> None:
    click.echo(f"{[type(path).__name__ for path in captures]} {site}")


def test_captures_are_paths_and_at_least_one():
    assert "PosixPath" in CliRunner().invoke(show, ["a.pcap", "-"]).output
    assert CliRunner().invoke(show, []).exit_code == 2


def test_a_site_that_must_exist_must_exist(tmp_path):
    assert CliRunner().invoke(show, ["a", "--site", str(tmp_path)]).exit_code == 0
    assert CliRunner().invoke(show, ["a", "--site", str(tmp_path / "none")]).exit_code == 2
