"""What a device is, as deep as is certain."""

import pytest

from thingwarden.model import Guess, Identity

SURE = Guess(value="x", confidence=0.99, because=())


@pytest.mark.parametrize(
    ("identity", "level"),
    [
        (Identity(), "unknown"),
        (Identity(category=SURE), "category"),
        (Identity(vendor=SURE, category=SURE), "vendor"),
        (Identity(vendor=SURE, family=SURE), "family"),
        (Identity(vendor=SURE, model=SURE), "model"),
    ],
)
def test_the_deepest_level_that_is_certain_counts(identity, level):
    assert identity.level == level
