"""Whom devices depend on: every chain is drawn or folded, and none is lost."""

from dataclasses import replace

from thingwarden.report.pictures.dependence import MOST, draw_dependence

from tests.report.reports import HOSTILE, contact, home_report, make_device

PLUG = make_device(1, "plug")
LABELS = {PLUG.id: "plug"}


def test_device_name_provider_and_country_stand_in_their_columns():
    one = contact(PLUG, "api.eu.plugs.example", country="DE", provider="Example Networks")

    picture = draw_dependence([one], LABELS)

    assert picture.rows == (("plug", "plugs.example", "Example Networks", "Germany", "2.0 kB"),)
    assert picture.says == (
        "1 device speaks with 1 provider in 1 country; most with Example Networks, in Germany."
    )
    for drawn in picture.drawings:
        assert drawn.count('class="flow"') == 3
        assert all(f">{word}" in drawn for word in ("plug", "Germany"))


def test_names_of_one_owner_are_one_and_bytes_are_added():
    both = [
        contact(
            PLUG, f"{host}.plugs.example", country="DE", provider="Example", sent=500, received=0
        )
        for host in ("a", "b")
    ]

    picture = draw_dependence(both, LABELS)

    assert [row[1:] for row in picture.rows] == [("plugs.example", "Example", "Germany", "1.0 kB")]


def test_what_is_not_known_is_said_to_be_so():
    bare = replace(contact(PLUG, "203.0.113.9"), country=None, provider=None)

    picture = draw_dependence([bare], LABELS)

    assert picture.rows[0][1:4] == ("203.0.113.9", "not known", "not known")


def test_many_names_are_folded_and_the_table_keeps_them():
    many = [contact(PLUG, f"cloud{n}.example", country="DE", provider="P") for n in range(40)]

    picture = draw_dependence(many, LABELS)

    for drawn in picture.drawings:
        assert drawn.count('class="node"') == 1 + (MOST[1] + 1) + 1 + 1
        assert ">others<" in drawn
    assert len(picture.rows) == 40


def test_nobody_on_the_internet_no_picture_and_hostile_names_are_escaped():
    local = replace(contact(PLUG, "hub"), place="device")
    hostile = replace(contact(PLUG, HOSTILE), provider=HOSTILE)

    assert draw_dependence([local], LABELS) is None
    picture = draw_dependence([hostile], {PLUG.id: HOSTILE})
    assert all("<script" not in drawn for drawn in picture.drawings)


def test_the_home_is_drawn():
    report = home_report()
    labels = {one.device.id: "x" for one in report.assessments}

    assert draw_dependence(report.contacts, labels) is not None
