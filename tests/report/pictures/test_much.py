from thingwarden.report.naming import label_devices
from thingwarden.report.pictures.much import MOST_BARS, draw_much_by_device, draw_much_by_peer

from tests.report.reports import big_report, contact, home_report, make_device

CAMERA = make_device(1, "camera")


def test_nothing_sent_is_no_picture():
    assert draw_much_by_device((), {}) is None
    assert draw_much_by_peer((contact(CAMERA, "x", place="gateway"),), {}) is None


def test_bars_have_numbers_and_a_table():
    report = home_report()

    picture = draw_much_by_device(report.contacts, label_devices(report))

    assert picture.rows[0] == ("camera-hall", "46 MB", "940 kB")
    assert ">47 MB<" in picture.drawings[0]
    assert picture.drawings[0].count('class="sent"') == 8


def test_peers_are_those_on_the_internet():
    report = home_report()

    picture = draw_much_by_peer(report.contacts, label_devices(report))

    assert len(picture.rows) == 10
    assert "your router" not in {row[0] for row in picture.rows}


def test_the_small_are_drawn_together():
    report = big_report()

    picture = draw_much_by_device(report.contacts, label_devices(report))

    assert picture.drawings[0].count('class="sent"') == MOST_BARS + 1
    assert ">988 others<" in picture.drawings[0]
    assert "60 largest of 1,000" in picture.note


def test_nothing_but_empty_contacts_can_be_drawn():
    picture = draw_much_by_device((contact(CAMERA, "x", sent=-1, received=0),), {})

    assert picture.rows == ((CAMERA.id, "0 B", "0 B"),)
