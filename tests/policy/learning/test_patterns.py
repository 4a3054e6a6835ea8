"""Names that keep changing become patterns; never across owners."""

from hypothesis import given
from hypothesis import strategies as st

from thingwarden.policy.learning.patterns import find_patterns
from thingwarden.policy.learning.suffixes import is_shared

CHANGING = {f"{label}.stream.example.com": 1 for label in ("alpha", "beta", "gamma", "delta")}

LABELS = st.sampled_from(
    ["a", "b", "api", "n1", "n2", "0a1b2c", "0a1b2d", "7", "8", "9", "eu", "x-100"]
)
ENDS = st.sampled_from(
    ["example.com", "s3.amazonaws.com", "cloudfront.net", "other.org", "co.uk", "me.github.io"]
)
NAMES = st.builds(
    lambda labels, end: ".".join([*labels, end]), st.lists(LABELS, min_size=1, max_size=3), ENDS
)


def test_names_that_keep_changing_become_a_pattern():
    assert find_patterns(CHANGING) == dict.fromkeys(CHANGING, "*.stream.example.com")


def test_two_names_are_too_few_for_a_pattern():
    assert find_patterns({"a.example.com": 1, "b.example.com": 1}) == {}


def test_names_that_come_again_and_again_stay_as_they_are():
    assert find_patterns(dict.fromkeys(CHANGING, 50)) == {}


def test_numbered_names_become_a_pattern_however_often_they_were_seen():
    names = {f"node-{number}.example.com": 50 for number in range(100, 106)}

    assert find_patterns(names) == dict.fromkeys(names, "*.example.com")


def test_changing_names_below_a_cloud_that_others_rent_stay_as_they_are():
    for cloud in ("s3.amazonaws.com", "cloudfront.net", "iot.eu-west-1.amazonaws.com"):
        assert find_patterns({f"a{number:06x}.{cloud}": 1 for number in range(50)}) == {}


def test_a_name_of_another_owner_is_left_out_of_the_pattern():
    names = {**CHANGING, "stream.other.com": 1}

    assert "stream.other.com" not in find_patterns(names)


def test_the_pattern_stands_as_low_as_the_names_allow():
    names = {**CHANGING, "api.example.com": 90}

    assert set(find_patterns(names).values()) == {"*.stream.example.com"}
    assert "api.example.com" not in find_patterns(names)


def test_a_flood_of_names_below_one_owner_is_one_pattern():
    names = {f"x{number}.example.com": 1 for number in range(5_000)}

    assert set(find_patterns(names).values()) == {"*.example.com"}


@given(st.dictionaries(NAMES, st.integers(1, 40), max_size=40))
def test_a_pattern_stands_for_what_it_ends_in_and_never_across_owners(hours):
    for name, pattern in find_patterns(hours).items():
        assert name in hours
        assert pattern.startswith("*.")
        assert name.endswith(pattern[1:])
        assert not is_shared(pattern[2:])
        assert sum(each.endswith(pattern[1:]) for each in hours) >= 3


@given(st.dictionaries(NAMES, st.integers(1, 40), max_size=20))
def test_the_order_of_names_makes_no_difference(hours):
    turned = dict(reversed(list(hours.items())))

    assert find_patterns(turned) == find_patterns(hours)
