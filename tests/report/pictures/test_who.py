from thingwarden.report.naming import label_devices
from thingwarden.report.pictures.who import (
    MOST_DEVICES,
    MOST_PEERS,
    MOST_ROWS,
    Link,
    draw_who,
    peer_name,
)

from tests.report.reports import big_report, contact, home_report, make_device


def test_nobody_talking_is_no_picture():
    assert draw_who((), {}) is None


def test_the_home_is_drawn_with_every_device_and_its_table():
    report = home_report()

    picture = draw_who(report.contacts, label_devices(report))

    wide, narrow = picture.drawings
    assert all(">camera-hall<" in drawn for drawn in (wide, narrow))
    assert ">ezviz-relay.example.cn<" in wide
    assert ">CN, Alibaba<" in wide
    assert picture.rows[0] == (
        "camera-hall", "ezviz-relay.example.cn", "CN, Alibaba", "tls, encrypted", "41 MB", "900 kB",
    )  # fmt: skip
    assert "The most went between camera-hall and ezviz-relay.example.cn: 42 MB." in picture.says


def test_many_are_drawn_together():
    report = big_report()

    picture = draw_who(report.contacts, label_devices(report))

    assert picture.drawings[0].count('class="name"') == MOST_DEVICES + MOST_PEERS + 2
    assert ">988 others<" in picture.drawings[0]
    assert len(picture.rows) == MOST_ROWS
    assert "60 largest of 20,000 contacts" in picture.note


def test_a_link_is_readable_if_a_tenth_of_it_is():
    camera = make_device(1, "camera")
    link = Link()
    link.add(contact(camera, "a", sent=900, received=0))
    assert link.protection is True

    link.add(contact(camera, "a", sent=100, received=0, encrypted=False))

    assert link.protection is False


def test_peers_are_called_as_people_call_them():
    camera, phone = make_device(1, "camera"), make_device(2, "phone")
    labels = {phone.id: "phone"}

    assert peer_name(contact(camera, "x", peer_device=phone.id), labels) == "phone"
    assert peer_name(contact(camera, "x", place="gateway"), labels) == "your router"
    assert peer_name(contact(camera, "x", place="group"), labels) == "everybody nearby"
    assert peer_name(contact(camera, "x"), labels) == "x"


def test_only_unknown_others_still_makes_a_sentence():
    camera = make_device(1, "camera")

    picture = draw_who((contact(camera, "x", sent=-5, received=0),), {})

    assert picture.says.startswith("1 device talked with 1 other.")
