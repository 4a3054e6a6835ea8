"""Times and names -> scores: pure statistics for checks, which know nothing of packets."""

from collections.abc import Sequence
from itertools import pairwise
from math import log2
from statistics import median


def period_score(times_us: Sequence[int]) -> float:
    """How regular the gaps between times in order are: 1 is a clock, 0 is anything; under 3 gaps 0.

    One minus the median deviation of the gaps over their median, so that a few pauses do not count.
    By itself it says nothing: honest keep-alives are the most regular of all.
    """
    gaps = [later - earlier for earlier, later in pairwise(times_us)]
    if len(gaps) < 3 or not (middle := median(gaps)):
        return 0.0
    return max(0.0, 1 - median(abs(gap - middle) for gap in gaps) / middle)


def entropy_bits(text: str) -> float:
    """Shannon's entropy of the letters of a text, bits a letter."""
    counts = [text.count(letter) for letter in set(text)]
    return -sum(count / len(text) * log2(count / len(text)) for count in counts)
