"""Scores of times and names."""

import pytest

from thingwarden.checks.statistics import entropy_bits, period_score


def test_a_clock_scores_one():
    assert period_score(range(0, 600, 60)) == 1


def test_a_pause_does_not_hide_the_clock():
    assert period_score([0, 60, 120, 180, 9000, 9060, 9120]) == 1


def test_gaps_of_all_lengths_score_low():
    assert period_score([0, 1, 11, 111, 1111, 1112, 1122]) < 0.2


def test_too_few_times_score_nothing():
    assert period_score([0, 60, 120]) == 0
    assert period_score([5, 5, 5, 5, 5]) == 0


@pytest.mark.parametrize(("text", "bits"), [("aaaa", 0), ("abab", 1), ("abcd", 2), ("", 0)])
def test_entropy_is_bits_a_letter(text, bits):
    assert entropy_bits(text) == bits
