"""From captures to a report, whatever the order of the files; and nothing is left behind."""

import hashlib
import random
import tempfile
from collections.abc import Sequence
from itertools import pairwise
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from thingwarden import pipeline
from thingwarden.errors import CaptureError, ReportError
from thingwarden.flows.observe import TABLES
from thingwarden.inventory import views
from thingwarden.model import Report, Severity
from thingwarden.pipeline import inspect_captures, read_captures, verify_report, write_facts
from thingwarden.report.document import render_document
from thingwarden.store import Facts, query
from thingwarden.tables import FLOWS

from tests import frames
from tests.command import calm_home, careless_home
from tests.home import Home


def rotate(home: Home, folder: Path, parts: int) -> list[Path]:
    """The home's capture as files of equal numbers of packets."""
    size = -(-len(home.records) // parts)
    return cut(home, folder, [number * size for number in range(1, parts)])


def cut(home: Home, folder: Path, cuts: Sequence[int]) -> list[Path]:
    """The home's capture in files that begin at `cuts`; names tell nothing of their order."""
    paths = []
    for number, (begin, end) in enumerate(pairwise([0, *cuts, len(home.records)])):
        path = folder / f"{(number * 7 + 3) % 10}.pcap"
        packets = (frames.pcap_record(*record) for record in home.records[begin:end])
        path.write_bytes(frames.pcap_header() + b"".join(packets))
        paths.append(path)
    return paths


@pytest.fixture
def capture(tmp_path) -> Path:
    return careless_home().write(tmp_path / "home.pcap")


@pytest.fixture(scope="module")
def whole(tmp_path_factory) -> Report:
    """The report of `capture`, which every test writes the same."""
    return inspect_captures([careless_home().write(tmp_path_factory.mktemp("whole") / "home.pcap")])


@pytest.fixture(scope="module")
def rotated(tmp_path_factory) -> tuple[list[Path], Report]:
    """Three files, alone in their folder, and their report."""
    paths = rotate(careless_home(), tmp_path_factory.mktemp("rotated"), 3)
    return paths, inspect_captures(paths)


@pytest.fixture(scope="module")
def between(tmp_path_factory) -> list[int]:
    """Places in the capture at which no TCP connection is open, as numbers of packets."""
    home = careless_home()
    with Facts() as facts:
        read_captures([home.write(tmp_path_factory.mktemp("between") / "home.pcap")], facts)
        flows = pa.Table.from_batches(facts.batches(FLOWS)).to_pylist()
    open_us = [(each["time_us"], each["last_us"]) for each in flows if each["protocol"] == "tcp"]
    return [
        number
        for number, (time_us, _) in enumerate(home.records)
        if number and not any(first < time_us <= last for first, last in open_us)
    ]


@pytest.fixture
def temporary(tmp_path, monkeypatch) -> Path:
    """An empty folder where temporary files go."""
    folder = tmp_path / "temporary"
    folder.mkdir()
    monkeypatch.setattr(tempfile, "tempdir", str(folder))
    return folder


def test_rotated_files_give_the_same_report_in_any_order(rotated):
    paths, report = rotated

    orders = (paths[::-1], [paths[1], paths[0], paths[2]])
    reports = {render_document(inspect_captures(order)) for order in orders}

    assert reports == {render_document(report)}
    assert [one.file for one in report.captures] == [path.name for path in paths]


@pytest.mark.parametrize("seed", range(4))
def test_conclusions_are_those_of_the_whole_however_the_capture_is_cut(
    whole, between, tmp_path, seed
):
    chance = random.Random(seed)
    cuts = sorted(chance.sample(between, chance.randint(1, 6)))
    paths = cut(careless_home(), tmp_path, cuts)

    parts = inspect_captures(chance.sample(paths, len(paths)))

    assert conclusions(parts) == conclusions(whole)


def conclusions(report):
    """What a report says of each device, without where the evidence lies."""
    return {
        one.device.id: (
            [(each.id, each.severity, each.confidence, each.statement) for each in one.findings],
            one.grades,
            one.verdict,
            one.reason,
        )
        for one in report.assessments
    }


def test_a_folder_is_read_like_its_files(rotated):
    paths, report = rotated

    assert inspect_captures([paths[0].parent]) == report


def test_the_same_content_counts_once_under_whatever_name(whole, capture, tmp_path):
    copy = tmp_path / "zcopy.pcap"
    copy.write_bytes(capture.read_bytes())

    report = inspect_captures([capture, copy, capture])

    assert report == whole
    assert [one.file for one in report.captures] == ["home.pcap"]


@pytest.mark.parametrize("memory_bytes", [1 << 26, 1])
def test_without_a_site_nothing_is_left(capture, temporary, monkeypatch, memory_bytes):
    monkeypatch.setattr(pipeline, "SPILL_BYTES", memory_bytes)

    report = inspect_captures([capture])

    assert report.assessments
    assert not list(temporary.iterdir())
    assert not [path for path in capture.parent.iterdir() if path not in (capture, temporary)]


@pytest.mark.parametrize(("memory_bytes", "few_rows"), [(1, 20_000), (1, 0), (1 << 26, 0)])
def test_facts_that_memory_does_not_hold_give_the_same_report(
    whole, capture, temporary, monkeypatch, memory_bytes, few_rows
):
    monkeypatch.setattr(pipeline, "SPILL_BYTES", memory_bytes)
    for module in (query, views):
        monkeypatch.setattr(module, "FEW_ROWS", few_rows)

    assert inspect_captures([capture]) == whole


def test_nothing_is_left_where_the_second_file_is_no_capture(capture, temporary, tmp_path):
    photo = tmp_path / "photo.pcap"
    photo.write_bytes(b"\x89PNG\r\n\x1a\n")

    with pytest.raises(CaptureError, match="not a capture"):
        inspect_captures([capture, photo], facts_folder=tmp_path / "facts")

    assert not list(temporary.iterdir())
    assert not (tmp_path / "facts").exists()


def test_a_site_adds_up_what_is_read_one_after_the_other(tmp_path):
    paths, site = rotate(careless_home(), tmp_path, 2), tmp_path / "site"

    first = inspect_captures(paths[:1], site=site)
    both = inspect_captures(paths[1:], site=site)

    hashes = [hashlib.sha256(path.read_bytes()).hexdigest() for path in paths]
    assert [one.sha256 for one in first.captures] == hashes[:1]
    assert [one.sha256 for one in both.captures] == hashes


def test_a_site_asked_twice_answers_twice_the_same(capture, tmp_path):
    first = inspect_captures([capture], site=tmp_path / "site")

    assert inspect_captures([capture], site=tmp_path / "site") == first


def test_progress_is_told_by_file_bytes_and_packets(whole, capture):
    told = []

    inspect_captures([capture], progress=lambda *step: told.append(step))

    assert [(file.name, consumed) for file, consumed, _ in told][-1] == (
        "home.pcap",
        capture.stat().st_size,
    )
    assert told[-1][2] == whole.captures[0].packets


def test_facts_without_hash_are_the_facts_all_the_same(capture, tmp_path):
    write_facts([capture], tmp_path / "plain")
    write_facts([capture], tmp_path / "hashed", hashed=True)

    for table in TABLES:
        plain, hashed = (
            pq.read_table(tmp_path / name / f"{table.name}.parquet") for name in ("plain", "hashed")
        )
        if table.name == "captures":
            assert plain["sha256"].null_count == 1
            plain, hashed = plain.drop_columns("sha256"), hashed.drop_columns("sha256")
        assert plain.equals(hashed), table.name


def test_a_report_of_rotated_files_can_be_verified_in_any_order(rotated, tmp_path):
    paths, report = rotated
    written = tmp_path / "report.json"
    written.write_text(render_document(report))

    results = verify_report(written, paths[::-1])

    assert results
    assert all(result.holds for result in results)


def test_a_report_does_not_hold_for_part_of_its_captures(rotated, tmp_path):
    paths, report = rotated
    written = tmp_path / "report.json"
    written.write_text(render_document(report))

    results = verify_report(written, paths[:1])

    assert not all(result.holds for result in results)


def test_a_report_that_is_not_there_is_told(capture, tmp_path):
    with pytest.raises(ReportError, match=r"no\.json: cannot be read"):
        verify_report(tmp_path / "no.json", [capture])


def test_a_calm_home_has_facts_to_know_but_nothing_to_mend_and_no_problem(tmp_path):
    report = inspect_captures([calm_home().write(tmp_path / "calm.pcap")])

    found = [finding.severity for one in report.assessments for finding in one.findings]
    assert set(found) <= {Severity.INFO}
    assert report.problems == ()
