import pytest

from thingwarden.inventory.through_time.names import (
    GENERIC,
    PERSONAL,
    PLAIN,
    kind_of_name,
    normal_name,
)


@pytest.mark.parametrize(
    "raw",
    ["Anna's iPhone", "Annas-iPhone", "annas-iphone.lan", "Anna\u2019s iPhone", "ANNAS_IPHONE"],
)
def test_one_name_is_written_in_many_ways(raw):
    assert normal_name(raw) == "annas-iphone"


@pytest.mark.parametrize(
    "name",
    ["annas-iphone", "iphone-von-bernd", "desktop-ab12cd3", "android-3f9a01b2c4d5e6f7", "martas-s21",
     "anna2s-iphone", "laptop-qk7vt29p", "kueche-tablet", "chromebook-1f00dbabe9"],
)  # fmt: skip
def test_names_of_ones_own_are_told(name):
    assert kind_of_name(name) == PERSONAL


@pytest.mark.parametrize(
    "name",
    ["galaxy-s21", "pixel-7", "redmi-note-9", "sm-g991b", "ipad-air-2", "rmx3085", "galaxy-a52s"],
)
def test_names_of_models_are_on_many(name):
    assert kind_of_name(name) != PERSONAL


@pytest.mark.parametrize(
    "name", ["iphone", "android", "localhost", "unknown", "", "-", "macbook-pro"]
)
def test_names_of_kinds_say_nothing(name):
    assert kind_of_name(name) == GENERIC


def test_a_model_with_its_number_says_a_little():
    assert kind_of_name("galaxy-s21") == PLAIN


def test_a_name_without_end_is_cut_and_what_does_not_show_is_no_part_of_it():
    assert len(normal_name("x" * 1_000_000)) <= 80
    assert normal_name("\u202eanna\x00\x1b[31m") == "anna-31m"
