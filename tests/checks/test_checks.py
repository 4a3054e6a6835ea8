"""What holds for every check."""

import importlib
from collections import Counter
from pathlib import Path

import pytest

from thingwarden import checks
from thingwarden.checks import CHECKS
from thingwarden.checks.grading import BEYOND_TRAFFIC
from thingwarden.model import Concern

FOLDER = Path(checks.__file__).parent
TESTS = Path(__file__).parent
FILES = sorted(path for path in FOLDER.glob("*/*.py") if path.name != "__init__.py")

each_file = pytest.mark.parametrize("path", FILES, ids=lambda path: path.stem)
each_check = pytest.mark.parametrize("check", CHECKS, ids=lambda check: check.id)


@each_file
def test_a_check_has_a_file_named_like_it_in_the_folder_of_its_concern(path):
    module = importlib.import_module(f"thingwarden.checks.{path.parent.name}.{path.stem}")

    assert module.CHECK.id == path.stem.replace("_", "-")
    assert module.CHECK.concern.value == path.parent.name.replace("_", "-")


@each_file
def test_a_check_is_listed_once_in_its_folder_and_in_the_whole(path):
    module = importlib.import_module(f"thingwarden.checks.{path.parent.name}.{path.stem}")
    folder = importlib.import_module(f"thingwarden.checks.{path.parent.name}")

    assert folder.CHECKS.count(module.CHECK) == 1
    assert CHECKS.count(module.CHECK) == 1


@each_file
def test_a_check_has_its_tests(path):
    assert (TESTS / path.parent.name / f"test_{path.name}").exists()


@each_check
def test_a_check_says_where_it_comes_from_and_what_it_cannot_tell(check):
    assert all(source.title and source.url.startswith("https://") for source in check.sources)
    assert check.sources
    assert check.limits


@each_check
def test_a_check_speaks_in_whole_sentences(check):
    texts = (check.needs, check.remedy, *check.limits)

    assert all(text[0].isupper() and text.endswith(".") and "  " not in text for text in texts)
    assert check.title
    assert not check.title.endswith(".")


def test_ids_are_unique_and_checks_stand_in_the_order_of_concerns():
    order = [list(Concern).index(check.concern) for check in CHECKS]

    assert Counter(check.id for check in CHECKS).most_common(1)[0][1] == 1
    assert order == sorted(order)


def test_at_least_six_concerns_have_a_check_and_all_say_what_traffic_never_shows():
    assert len({check.concern for check in CHECKS}) >= 6
    assert set(BEYOND_TRAFFIC) == set(Concern)
    assert all(BEYOND_TRAFFIC.values())


@each_check
def test_a_report_prints_what_the_check_says(check):
    facts = check.facts()

    assert (facts.id, facts.title, facts.concern) == (check.id, check.title, check.concern)
    assert (facts.sources, facts.limits) == (check.sources, check.limits)
