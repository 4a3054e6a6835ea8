import json

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from jsonschema import Draft202012Validator

from thingwarden.errors import ReportError
from thingwarden.report import document
from thingwarden.report.document import make_document, read_document, render_document

from tests.report.golden import assert_golden
from tests.report.reports import (
    CAPTURE,
    HOSTILE,
    big_report,
    empty_report,
    home_report,
    hostile_report,
)
from tests.report.test_shape import SCHEMA


def test_a_home_is_written_as_agreed():
    assert_golden("home.json", render_document(home_report()))


@pytest.mark.parametrize(
    "make", [home_report, empty_report, lambda: big_report(30), hostile_report]
)
def test_every_report_fits_the_schema(make):
    Draft202012Validator.check_schema(SCHEMA)

    Draft202012Validator(SCHEMA).validate(json.loads(render_document(make())))


@pytest.mark.parametrize("make", [home_report, empty_report, hostile_report, big_report])
def test_what_is_written_can_be_read_again(make):
    assert read_document(render_document(make()).encode()) == make_document(make())


def test_evidence_names_the_capture_by_its_hash():
    written = json.loads(render_document(home_report()))

    assert {place["capture"] for one in written["findings"] for place in one["evidence"]} == {
        CAPTURE.sha256
    }


def test_a_clue_names_the_capture_by_its_hash_unless_every_frame_shows_it():
    camera = json.loads(render_document(home_report()))["devices"][0]

    named = {(one["frame"], one["capture"]) for one in camera["identity"]["clues"]}

    assert named == {(41, CAPTURE.sha256), (77, CAPTURE.sha256), (0, ""), (3, CAPTURE.sha256)}
    assert camera["identity"]["level"] == "model"


def test_a_report_from_before_there_were_cards_can_be_read():
    document = json.loads(render_document(home_report()))
    for device in (*document["devices"], *document["gateways"]):
        del device["links"], device["accessories"]
        device["identity"] = {
            name: device["identity"][name] for name in ("vendor", "category", "model")
        }

    [first, *_] = read_document(json.dumps(document).encode()).devices

    assert first.identity.clues == first.links == first.accessories == ()


def test_hostile_texts_are_bounded_counted_and_escaped():
    text = render_document(hostile_report())
    [device] = json.loads(text)["devices"]

    assert len(text) < 1_500_000
    assert text.replace("\n", "").isprintable()
    assert {len(device[name]) for name in ("links", "accessories")} == {64}
    assert {len(device["identity"][name]) for name in ("clues", "conflicts", "settle")} == {64}
    assert device["names"] == [HOSTILE]


@pytest.mark.parametrize(
    "text", [b"", b"{", b"[]", b"{}", b'{"schema": 1}', b'{"schema": "other/1"}', b"\xff",
             b'{"schema": "thingwarden-report/1"}', b'{"schema": {}}', b"[" * 100_000,
             b'{"schema": "thingwarden-report/1", "a": ' + b"[" * 100_000],
)  # fmt: skip
def test_what_is_no_report_is_refused_with_a_sentence(text):
    with pytest.raises(ReportError, match="not a"):
        read_document(text)


def test_a_report_that_is_too_large_is_refused(monkeypatch):
    monkeypatch.setattr(document, "MAX_DOCUMENT_BYTES", 10)

    with pytest.raises(ReportError, match="more than 10"):
        read_document(b" " * 11)


@settings(max_examples=60, deadline=None)
@given(cut=st.integers(min_value=0), flip=st.integers(0, 255), data=st.data())
def test_damaged_reports_are_read_or_refused(cut, flip, data):
    text = bytearray(HOME)
    text[cut % len(text)] ^= flip
    end = data.draw(st.integers(0, len(text)))

    for candidate in (bytes(text), bytes(text[:end])):
        try:
            read_document(candidate)
        except ReportError as error:
            assert str(error)  # noqa: PT017  # either outcome is right


HOME = render_document(home_report()).encode()
