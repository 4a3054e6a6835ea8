"""Past conclusions of a site: only what changed is kept, only what was different is told."""

from dataclasses import replace

import duckdb
import pytest

from thingwarden.model import Concern, Grade, Verdict
from thingwarden.store import Site

from tests.report.reports import CAPTURE, home_report


@pytest.fixture
def report():
    return replace(home_report(), captures=(CAPTURE,))


def graded(report, letter):
    grades = tuple(Grade(concern=concern, grade=letter, coverage=0.5) for concern in Concern)
    changed = (replace(report.assessments[0], grades=grades), *report.assessments[1:])
    return replace(report, assessments=changed)


def test_the_first_inspection_and_the_same_again_have_no_past(tmp_path, report):
    with Site.open(tmp_path / "home") as site:
        first = site.history.join(report)
        again = site.history.join(report)

        assert first.history == again.history == ()
        assert len(site.history.list()) == len(report.assessments)


def test_a_grade_that_changed_is_told_with_its_time(tmp_path, report):
    later = graded(replace(report, captures=(replace(CAPTURE, last_us=CAPTURE.last_us + 1),)), "D")

    with Site.open(tmp_path / "home") as site:
        site.history.join(report)
        told = site.history.join(later).history
        back = site.history.join(report).history

    device = report.assessments[0].device.id
    assert [(one.device_id, one.last_us) for one in told] == [(device, CAPTURE.last_us)]
    assert [grade.grade for grade in back[-1].grades] == ["D"] * len(Concern)
    assert {one.device_id for one in back} == {device}


def test_a_change_of_coverage_below_a_hundredth_is_none(tmp_path, report):
    one = report.assessments[0]
    barely = tuple(replace(each, coverage=round(each.coverage, 2) + 0.001) for each in one.grades)
    exact = tuple(replace(each, coverage=round(each.coverage, 2)) for each in one.grades)

    with Site.open(tmp_path / "home") as site:
        site.history.join(replace(report, assessments=(replace(one, grades=exact),)))
        told = site.history.join(replace(report, assessments=(replace(one, grades=barely),)))

        assert told.history == ()


def test_rows_that_are_not_ours_are_left_out(tmp_path, report):
    with Site.open(tmp_path / "home") as site:
        site.history.join(report)
        before = site.history.list()
    with duckdb.connect(tmp_path / "home/site.duckdb") as state:
        for verdict, grades in (("best", "[]"), (Verdict.DEPEND.value, "[{]"), ("x", "a" * 9000)):
            values = ["d-000", verdict, grades]
            state.execute("insert into past values (1, $1, 5, $2, $3)", values)

    with Site.open(tmp_path / "home") as site:
        assert site.history.list() == before
