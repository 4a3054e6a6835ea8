from thingwarden.report.naming import label_devices
from thingwarden.report.pictures.where import draw_where, name_country

from tests.report.reports import HOSTILE, contact, home_report, make_device

CAMERA = make_device(1, "camera")


def test_no_traffic_outside_is_no_map():
    assert draw_where((contact(CAMERA, "x", place="gateway"),), {}) is None


def test_countries_are_marked_and_listed_by_bytes():
    report = home_report()

    picture = draw_where(report.contacts, label_devices(report))

    assert [row[:2] for row in picture.rows[:3]] == [
        ("1", "China"), ("2", "United States"), ("3", "Germany"),
    ]  # fmt: skip
    assert picture.drawings[0].count('class="mark"') == len(picture.rows) == 8
    assert "<title>China: 42 MB</title>" in picture.drawings[0]


def test_a_country_too_small_for_a_shape_still_has_a_mark():
    picture = draw_where((contact(CAMERA, "x", country="SG"),), {})

    assert picture.drawings[0].count('class="mark"') == 1
    assert "level" not in picture.drawings[0]


def test_marks_do_not_cover_each_other():
    codes = ("NL", "BE", "LU", "DE", "FR", "CH", "AT", "CZ", "DK", "GB", "IE", "PL")

    picture = draw_where(tuple(contact(CAMERA, code, country=code) for code in codes), {})

    centres = {part.split(" r=")[0] for part in picture.drawings[0].split("<circle ")[1:]}
    assert len(centres) == len(codes)


def test_unknown_and_invented_countries_are_listed_but_not_drawn():
    contacts = (contact(CAMERA, "x"), contact(CAMERA, "y", country=HOSTILE, sent=9_000))

    picture = draw_where(contacts, {})

    assert picture.drawings[0].count('class="mark"') == 0
    assert picture.rows[-1][1] == "not known"


def test_only_unknown_countries_are_said_to_be_unknown():
    picture = draw_where((contact(CAMERA, "x"),), {})

    assert picture.says == "The countries of the addresses on the Internet are not known."


def test_countries_have_names():
    assert name_country("KR") == "South Korea"
    assert name_country("??") == "??"
