"""A report is a value: it cannot be changed, and is equal to its like."""

from dataclasses import FrozenInstanceError, replace

import pytest

from tests.report.reports import home_report


def test_a_report_cannot_be_changed_and_is_equal_to_its_like():
    report = home_report()

    with pytest.raises(FrozenInstanceError):
        report.version = "2"  # type: ignore[misc]  # that is what is tested
    assert replace(report) == report
    assert replace(report, version="other") != report
