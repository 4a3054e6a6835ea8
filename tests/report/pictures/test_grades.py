"""How each device does: letters, how much was examined, and what has no grade."""

import re
from dataclasses import replace

from thingwarden.model import Concern, Grade
from thingwarden.report.pictures.grades import MOST_DEVICES, SHORT, draw_grades

from tests.report.reports import HOSTILE, big_report, home_report


def graded(report, letter, coverage):
    grades = tuple(Grade(concern=one, grade=letter, coverage=coverage) for one in Concern)
    return (replace(report.assessments[0], grades=grades),)


def names(report):
    return {one.device.id: f"device {turn}" for turn, one in enumerate(report.assessments)}


def test_every_concern_of_every_device_has_a_cell_with_its_letter():
    report = home_report()

    picture = draw_grades(report.assessments, names(report))

    letters = [grade.grade for one in report.assessments for grade in one.grades if grade.grade]
    for drawn in picture.drawings:
        assert drawn.count('class="cell ') == len(report.assessments) * len(Concern)
        assert re.findall(r'class="letter"[^>]*>([A-F])<', drawn) == letters
        assert all(f">{short}<" in drawn for short in SHORT.values())
    assert len(picture.rows) == len(report.assessments)
    assert len(picture.heads) == len(picture.rows[0]) == len(Concern) + 1


def test_a_cell_is_as_full_as_its_concern_was_examined():
    report = home_report()

    none, half, whole = (
        draw_grades(graded(report, "B", coverage), names(report)).drawings[0]
        for coverage in (0, 0.5, 1)
    )

    heights = [
        {float(found) for found in re.findall(r'class="seen gB"[^>]*height="([\d.]+)"', drawn)}
        for drawn in (none, half, whole)
    ]
    assert heights == [{0}, {15}, {30}]


def test_without_a_grade_there_is_no_letter_and_the_hint_says_so():
    report = home_report()

    drawn = draw_grades(graded(report, None, 0.1), names(report)).drawings[0]

    assert 'class="letter"' not in drawn
    assert drawn.count("no grade, 10% examined") == len(Concern)


def test_many_devices_are_cut_and_counted():
    report = big_report(100)

    picture = draw_grades(report.assessments, names(report))

    assert picture.drawings[0].count('class="name"') == MOST_DEVICES
    assert picture.note == f"The {MOST_DEVICES} that need you most, of 100."


def test_no_devices_no_picture_and_hostile_names_are_escaped():
    report = home_report()
    hostile = {one.device.id: HOSTILE for one in report.assessments}

    picture = draw_grades(report.assessments, hostile)

    assert draw_grades((), {}) is None
    assert all("<script" not in drawn for drawn in picture.drawings)
