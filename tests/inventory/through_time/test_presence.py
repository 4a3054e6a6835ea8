from thingwarden.inventory.through_time.presence import (
    DAY_US,
    any_overlap,
    crowd,
    overlap,
    read_stays,
    together,
)

from tests.inventory.rows import CAMERA, PLUG, START_US, frames
from tests.inventory.through_time.visits import HOUR_US, MINUTE_US, Diary

ONE, OTHER = "da:01:9c:00:00:00", "da:02:9c:00:00:00"


def stays_of(store):
    store.run("create or replace table candidates as select mac from nodes")
    return read_stays(store)


def test_who_sends_every_few_minutes_is_there_all_the_time():
    diary = Diary().visit(ONE, 8, 12).visit(ONE, 18, 20)

    with diary.found() as (store, _):
        stays = stays_of(store)[ONE]

    assert [
        (round((a - START_US) / HOUR_US), round((b - START_US) / HOUR_US)) for a, b in stays
    ] == [
        (8, 12),
        (18, 20),
    ]


def test_what_others_go_on_sending_does_not_keep_one_there():
    diary = Diary().visit(ONE, 8, 8)
    diary.rows["flows"][-1]["last_us"] = START_US + 8 * HOUR_US + 90_000_000

    with diary.found() as (store, _):
        assert stays_of(store)[ONE] == [(START_US + 8 * HOUR_US,) * 2]


def test_frames_without_ip_count_where_they_are_known():
    diary = Diary().visit(ONE, 8, 8)
    row = frames(OTHER, kind="eapol", last_us=START_US + 10 * MINUTE_US)
    diary.rows["ethernet"].append(row)

    with diary.found() as (store, _):
        assert stays_of(store)[OTHER] == [(START_US, START_US + 10 * MINUTE_US)]


def test_overlaps_are_of_times_not_of_ends():
    assert overlap([(0, 10)], [(5, 6)])
    assert overlap([(0, 10), (20, 30)], [(11, 20)])
    assert not overlap([(0, 10), (20, 30)], [(11, 19), (31, 40)])
    assert not overlap([], [(1, 2)])


def test_any_two_of_many_are_found_once_they_meet():
    stays = {"a": [(0, 10), (50, 60)], "b": [(20, 30)], "c": [(30, 40)]}

    assert any_overlap("bc", stays)
    assert not any_overlap("ab", stays)
    assert not any_overlap("ax", stays)
    assert together(stays["a"], stays["b"]) == [(0, 10), (20, 30), (50, 60)]


def test_the_crowd_is_of_the_busiest_day():
    stays = {"a": [(0, 1)], "b": [(2, DAY_US + 1)], "c": [(DAY_US * 5, DAY_US * 5)]}

    assert crowd(stays) == 2
    assert crowd({}) == 0


def test_devices_that_are_not_searched_have_no_stays():
    with Diary().visit(CAMERA, 8, 9).visit(PLUG, 8, 9).found() as (store, _):
        store.run("create or replace table candidates as select $mac as mac", {"mac": CAMERA})
        assert list(read_stays(store)) == [CAMERA]
