"""Rules of the house that no linter knows."""

import ast
import importlib
import re
import subprocess
from pathlib import Path

import pytest

from thingwarden.checks import CHECKS
from thingwarden.flows.events import (
    BODY_READERS,
    DATAGRAM_READERS,
    STREAM_READERS,
    WALKED_READERS,
)
from thingwarden.flows.observe import TABLES
from thingwarden.model import Concern

ROOT = Path(__file__).parents[1]
PACKAGE = ROOT / "src/thingwarden"
MODULES = sorted(path for path in PACKAGE.rglob("*.py") if path.name != "__init__.py")
MOST_LINES = 400

UNTESTED = {
    "__main__",  # tests/test_cli.py runs it
    "capture/kinds",  # numbers and their names
    "capture/link_kernel",  # through test_frames_kernel
    "capture/links",  # names of link types
    "capture/loads_kernel",  # through test_frames_kernel
    "capture/packets",  # the form of a row
    "capture/records_kernel",  # through test_read
    "errors",
    "flows/collect",  # through test_events
    "flows/exchanges",  # through test_events
    "flows/export_kernel",  # through test_texts
    "flows/feed_kernel",  # through test_track and test_events
    "flows/links",  # through test_events
    "flows/numbers_kernel",  # through test_track
    "flows/observe",  # through test_track and test_pipeline
    "flows/records",  # the form of a flow
    "flows/streams_kernel",  # through test_events
    "flows/table_kernel",  # through test_track
    "flows/track_kernel",  # through test_track
    "flows/walk_kernel",  # through test_events
    "flows/windows_kernel",  # through test_events
    "inventory/traces",  # through test_hosts
    "inventory/views",  # through test_hosts
    "protocols/dns_name_kernel",  # through test_dns_kernel
    "protocols/dns_value_kernel",  # through test_dns_kernel
    "protocols/quic_packets",  # through test_quic
    "protocols/reader",  # forms
    "protocols/sslv2",  # through test_tls
    "settings",  # numbers; tests/test_docs.py compares them with docs/flows.md
    "store/part",  # through test_facts
    "store/state",  # through test_site
    "tables",  # tests/test_docs.py
}
"""Modules without a test file of their own. This list only gets shorter: nothing is added to it."""


def name_of(path: Path) -> str:
    return str(path.relative_to(PACKAGE).with_suffix(""))


def own_test(name: str) -> Path:
    place = Path(name)
    return ROOT / "tests" / place.with_name(f"test_{place.name}.py")


def tracked(*patterns: str) -> list[Path]:
    """Files of the repository, with those that are new; without Git, all that lie in its folders."""
    done = subprocess.run(
        ["git", "ls-files", "--cached", "--others", "--exclude-standard", "-z", *patterns],
        cwd=ROOT,
        capture_output=True,
        check=False,
    )
    if done.returncode == 0:
        found = [ROOT / name for name in done.stdout.decode().split("\0") if name]
    else:
        folders = ("src", "tests", "tools", "docs", "samples", ".ci")
        found = [path for folder in folders for path in (ROOT / folder).rglob("*")]
        found += [path for path in ROOT.iterdir() if path.suffix in {".md", ".toml", ".txt"}]
    return [path for path in found if path.is_file()]


@pytest.mark.parametrize("path", sorted(PACKAGE.rglob("*.py")), ids=name_of)
def test_a_module_begins_with_a_sentence_and_stays_short(path):
    source = path.read_text(encoding="utf-8")
    said = ast.get_docstring(ast.parse(source))

    assert said, "no docstring"
    first = said.partition("\n\n")[0].replace("\n", " ")
    assert first.endswith((".", ":")), f"not a sentence: {first}"
    assert first[0].isupper() or first[0] in "`'", f"begins small: {first}"
    assert source.count("\n") < MOST_LINES


@pytest.mark.parametrize("path", MODULES, ids=name_of)
def test_a_module_has_a_test_file_of_its_name(path):
    name = name_of(path)

    assert own_test(name).exists() != (name in UNTESTED), (
        "has a test file now: take it off the list"
        if name in UNTESTED
        else f"{own_test(name).relative_to(ROOT)} is missing"
    )


def test_the_list_of_modules_without_a_test_names_only_modules():
    assert {name_of(path) for path in MODULES} >= UNTESTED


def test_a_kernel_file_says_so_and_no_other_file_compiles():
    for path in MODULES:
        compiles = re.search(r"^@(kernel|inner)\b", path.read_text(encoding="utf-8"), re.M)
        assert not compiles or path.stem.endswith("_kernel"), path.name


def test_every_reader_is_used():
    used = {
        id(reader)
        for reader in (
            *DATAGRAM_READERS.values(),
            *STREAM_READERS.values(),
            *WALKED_READERS.values(),
            *BODY_READERS,
        )
    }

    for path in sorted((PACKAGE / "protocols").glob("*.py")):
        if re.search(r"^(\w+_)?READER = ", path.read_text(encoding="utf-8"), re.M):
            module = importlib.import_module(f"thingwarden.protocols.{path.stem}")
            readers = [
                value
                for name, value in vars(module).items()
                if re.fullmatch(r"(\w+_)?READER", name)
            ]
            assert all(id(reader) in used for reader in readers), path.name


@pytest.mark.parametrize("check", CHECKS, ids=lambda check: check.id)
def test_a_check_has_its_file_its_test_and_its_page(check):
    place = f"checks/{check.concern.value}/{check.id}".replace("-", "_")

    assert (PACKAGE / f"{place}.py").exists()
    assert own_test(place).exists()
    assert f"\n### {check.id}\n" in (ROOT / "docs/checks.md").read_text(encoding="utf-8")


def test_every_file_in_the_folder_of_a_concern_is_a_check():
    folders = [PACKAGE / "checks" / concern.value.replace("-", "_") for concern in Concern]
    files = {
        path.stem for folder in folders for path in folder.glob("*.py") if path.stem != "__init__"
    }

    assert files == {check.id.replace("-", "_") for check in CHECKS}


def test_every_table_is_described():
    page = (ROOT / "docs/tables.md").read_text(encoding="utf-8")

    described = re.findall(r"^## (\w+)$", page, re.M)

    assert sorted(described) == sorted(table.name for table in TABLES)


MACHINES = re.compile(
    r"(?<![\w.])/(work|root|Users|home/(?!me\b|you\b)\w+)/|https?://[\w.-]*(pypi|artifact|nexus|mirror)[\w.-]*"
)
"""Places that are there on one machine only, and where one machine gets its packages."""


def test_no_file_names_a_place_of_one_machine():
    for path in tracked():
        if path.name == "test_house.py" or path.suffix in {
            ".arrow",
            ".pcap",
            ".png",
            ".zst",
            ".gz",
        }:
            continue
        found = MACHINES.search(path.read_text(encoding="utf-8", errors="replace"))
        assert not found, f"{path.relative_to(ROOT)}: {found.group() if found else ''}"


def test_no_file_is_large_without_need():
    large = {
        str(path.relative_to(ROOT)): path.stat().st_size
        for path in tracked()
        if path.stat().st_size > 500_000 and path.suffix != ".arrow"
    }

    assert not large
