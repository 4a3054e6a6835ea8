import pytest

from thingwarden.model import Concern, Confidence, Severity, Verdict
from thingwarden.report import words

from tests.report.reports import HOUR_US, START_US, assess, home_report, make_device


def test_every_choice_has_words():
    assert set(words.VERDICTS) == set(Verdict)
    assert list(words.CONCERNS) == list(Concern)
    assert set(words.SEVERITIES) == set(Severity)
    assert set(words.CONFIDENCES) == set(Confidence)


@pytest.mark.parametrize(
    ("confidence", "said"),
    [
        (1.0, "you said so"),
        (0.9999, "over 99 %"),
        (0.968, "97 %"),
        (0.5, "50 %"),
        (0.0, "under 1 %"),
    ],
)
def test_only_what_the_user_said_is_ever_certain(confidence, said):
    assert words.sure(confidence) == said


@pytest.mark.parametrize(
    ("name", "said"),
    [("smoke-detector", "smoke detector"), ("ev-charger", "EV charger"), ("plug", "plug"),
     ("Anna's e-bike", "Anna's e-bike")],
)  # fmt: skip
def test_kinds_are_said_in_words(name, said):
    assert words.kind(name) == said


@pytest.mark.parametrize(
    ("amount", "said"),
    [(0, "0 B"), (999, "999 B"), (1000, "1.0 kB"), (9_960, "10 kB"), (1_250_000, "1.2 MB"),
     (999_600, "1.0 MB"), (10**20, "100,000 PB")],
)  # fmt: skip
def test_sizes_have_two_or_three_digits(amount, said):
    assert words.size(amount) == said


def test_times_are_iso_with_zone():
    assert words.moment(START_US) == "2026-09-21T14:13:20Z"
    assert words.exact_moment(START_US + 7) == "2026-09-21T14:13:20.000007Z"
    assert words.clock(START_US, with_day=False) == "14:13"
    assert words.clock(START_US, with_day=True) == "14:13, 21 Sep"


def test_times_out_of_every_calendar_are_unknown():
    assert words.moment(None) == words.moment(2**63) == words.exact_moment(-(2**70)) == "unknown"
    assert words.clock(2**63, with_day=False) == "?"


@pytest.mark.parametrize(
    ("length_us", "said"),
    [(0, "0 seconds"), (1_000_000, "1 second"), (6 * HOUR_US, "6 hours"), (60 * HOUR_US, "2 days"),
     (300_000_000, "5 minutes")],
)  # fmt: skip
def test_spans_are_in_the_largest_unit_that_fits(length_us, said):
    assert words.span(length_us) == said


def test_lists_say_what_they_leave_out():
    assert words.listed(["a", "b", "c", "d"], 2) == "a, b and 2 more"
    assert words.listed(["a"]) == "a"


def test_each_verdict_leads_to_one_thing_to_do():
    camera, *_, thermostat = home_report().assessments
    device = make_device(1, "x")

    assert words.what_to_do(camera) == camera.findings[0].remedy
    assert words.what_to_do(thermostat) == words.NOTHING_TO_DO
    assert words.what_to_do(assess(device, Verdict.NOT_ENOUGH_SEEN, "")) == words.WATCH_LONGER
    assert words.what_to_do(assess(device, Verdict.DEPEND_WRAPPED, "")) == words.WRAP_IT
