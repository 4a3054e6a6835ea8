import pytest

from thingwarden.inventory.devices import list_devices
from thingwarden.inventory.through_time.devices import carry_labels
from thingwarden.model import Statement
from thingwarden.store import Label

from tests.inventory.rows import devices_of, ends_of
from tests.inventory.through_time.visits import ANDROID, APPLE, GAMES, NEWS, Diary, random_macs

ANNA, BEN = random_macs(1, 4), random_macs(2, 4)
PERSONAL = {"name": "Annas-Pixel", "domains": NEWS}
BENS = {"name": "Bens-iPhone", "domains": GAMES, "asks_as": APPLE}
DUID = "000100012b3c4d5e0a1b2c3d4e5f"


def test_a_phone_that_tells_its_own_name_stays_one_device():
    diary = Diary().days(ANNA, 18, 22, **PERSONAL).days(BEN, 17, 23, **BENS)

    assert diary.devices() == [tuple(ANNA), tuple(BEN)]


def test_its_rows_belong_to_the_id_of_its_first_address():
    with Diary().days(ANNA, 18, 22, **PERSONAL).found() as (store, links):
        assert devices_of(store) == ["d-da019c000000"]
        assert {row[0] for row in ends_of(store)} == {"d-da019c000000"}
        assert set(links.kept.values()) == {"d-da019c000000"}


def test_each_link_says_how_sure_it_is_why_and_where():
    with Diary().days(ANNA, 18, 22, **PERSONAL).found() as (store, links):
        [phone] = list_devices(store, {}, links)[0]

    assert len(phone.links) >= 3
    for link in phone.links:
        assert link.joined
        assert 0.99 <= link.confidence < 1
        assert any("annas-pixel" in reason for reason in link.because)
        assert len(link.sights) == 2


@pytest.mark.parametrize(
    "name", [None, "iPhone", "Pixel-7", "Galaxy-S21", "android", "moto g power"]
)
def test_what_many_phones_are_called_joins_none(name):
    diary = Diary().days(ANNA, 18, 22, name=name).days(BEN, 8, 12, name=name)

    assert all(len(macs) == 1 for macs in diary.devices())


def test_likely_ones_are_told_as_perhaps_the_same():
    with Diary().days(ANNA, 18, 22, name="Pixel-7").days(BEN, 18, 22, **BENS).found() as found:
        store, links = found
        devices = list_devices(store, {}, links)[0]

    alone = [device for device in devices if len(device.macs) == 1]
    assert len(alone) == 4
    assert all(device.links for device in alone)
    assert not any(link.joined for device in alone for link in device.links)


def test_two_that_are_there_at_once_are_two_whatever_they_show():
    one = {**PERSONAL, "duid": DUID}
    diary = Diary().days(ANNA, 17, 20, **one).days(BEN, 18, 22, **one)

    assert all(len(macs) == 1 for macs in diary.devices())


def test_an_identifier_joins_without_a_name():
    quiet = {"duid": DUID, "domains": ()}
    diary = Diary().days(ANNA, 18, 22, **quiet).days(BEN, 18, 22, **BENS)

    assert diary.devices() == [tuple(ANNA), tuple(BEN)]


def test_a_client_identifier_made_of_the_address_says_nothing():
    diary = Diary()
    for mac in ANNA:
        diary.days([mac], 18, 22, client_id="01" + mac.replace(":", ""), domains=())

    assert diary.devices() == [(mac,) for mac in ANNA]


def test_the_name_of_a_phone_that_left_does_not_make_another_phone_the_same():
    diary = Diary().days(ANNA, 18, 22, **PERSONAL)
    for day, mac in enumerate(BEN):
        start = 24 * (day + 5)
        diary.visit(mac, start + 18, start + 22, name="Annas-Pixel", domains=GAMES, asks_as=APPLE)

    assert diary.devices() == [tuple(ANNA), tuple(BEN)]


def test_other_identifiers_outweigh_the_same_name():
    diary = Diary().days(ANNA[:1], 18, 22, **PERSONAL, duid=DUID)
    diary.visit(BEN[0], 42, 46, **PERSONAL, duid=DUID[::-1])

    assert diary.devices() == [(ANNA[0],), (BEN[0],)]


def test_addresses_that_are_burnt_in_are_never_joined_unasked():
    cable, radio = "00:17:88:00:00:31", "00:17:88:00:00:32"
    diary = Diary().visit(cable, 8, 9, **PERSONAL, duid=DUID)
    diary.visit(radio, 12, 13, **PERSONAL, duid=DUID)

    assert diary.devices() == [(cable,), (radio,)]
    with diary.found() as (store, links):
        [one, other] = list_devices(store, {}, links)[0]
    assert [link.joined for link in (*one.links, *other.links)] == [False, False]


def test_an_address_that_two_could_go_on_from_is_joined_with_neither():
    diary = Diary().visit(ANNA[0], 8, 12, **PERSONAL, duid=DUID)
    diary.visit(BEN[0], 8, 12, client_id="00aabbccddeeff0102")
    diary.visit(ANNA[1], 32, 36, **PERSONAL, duid=DUID, client_id="00aabbccddeeff0102")

    assert diary.devices() == [(ANNA[0],), (ANNA[1],), (BEN[0],)]


SAME = Statement(kind="same", first="d-da019c000000", second="d-da029c000000")


def test_the_user_wins_over_what_was_found():
    diary = Diary().days(ANNA[:2], 18, 22, **PERSONAL).days(BEN[:2], 17, 23, **BENS)
    apart = Statement(kind="apart", first="d-da019c000000")
    alone = Statement(kind="alone", first="d-da019c000001")

    assert diary.devices(SAME) == [(*ANNA[:2], *BEN[:2])]
    assert diary.devices(apart) == [(ANNA[0],), (ANNA[1],), tuple(BEN[:2])]
    assert diary.devices(SAME, alone) == [(ANNA[0], *BEN[:2]), (ANNA[1],)]


def test_what_the_user_said_is_a_link_with_that_reason():
    diary = Diary().visit(ANNA[0], 8, 12, domains=()).visit(BEN[0], 8, 12, domains=())
    with diary.found(SAME) as (store, links):
        [phone] = list_devices(store, {}, links)[0]

    [link] = phone.links
    assert (link.other, link.confidence, link.by_user) == ("d-da029c000000", 1, True)
    assert link.because == ("you said so",)


def test_what_was_said_of_devices_that_are_not_here_is_told():
    with Diary().visit(ANNA[0], 8, 12).found(SAME) as (_, links):
        assert links.unknown == (SAME,)
        assert links.kept == {}


def test_a_label_of_any_address_is_the_label_of_the_device():
    labels = {"d-2": Label(name="Anna's"), "d-9": Label(name="other")}

    assert carry_labels(labels, {"d-2": "d-1"})["d-1"].name == "Anna's"
    assert carry_labels({**labels, "d-1": Label(name="own")}, {"d-2": "d-1"})["d-1"].name == "own"


def test_a_home_without_random_addresses_is_not_searched():
    diary = Diary().visit("00:17:88:00:00:31", 8, 9, name="Camera", asks_as=ANDROID)

    with diary.found() as (_, links):
        assert links.kept == {}
        assert links.links == {}
