from thingwarden.model import Activity
from thingwarden.report.naming import label_devices
from thingwarden.report.pictures.when import MOST_DEVICES, draw_when

from tests.report.reports import SLICE_US, START_US, active, big_report, home_report, make_device

CAMERA = make_device(1, "camera")


def test_silence_is_no_picture():
    assert draw_when((), 1, {}) is None
    assert draw_when(active(CAMERA, [0, 0]), SLICE_US, {}) is None
    assert draw_when(active(CAMERA, [5]), 0, {}) is None


def test_times_that_no_calendar_holds_are_no_picture():
    lost = Activity(device_id=CAMERA.id, start_us=2**62, bytes=1)
    old = Activity(device_id=CAMERA.id, start_us=-(2**55), bytes=1)

    assert draw_when((lost,), 1, {}) is None
    assert draw_when((*active(CAMERA, [5]), lost), SLICE_US, {}) is None
    assert draw_when((*active(CAMERA, [5]), old), SLICE_US, {}) is None


def test_the_home_has_a_strip_a_device():
    report = home_report()

    picture = draw_when(report.activity, report.slice_us, label_devices(report))

    assert (
        picture.says
        == "8 devices spoke in 6 hours from 2026-09-21T14:13:20Z; each slice is 5 minutes."
    )
    assert picture.drawings[0].count('class="strip"') == 8
    assert picture.rows[0][:3] == ("camera-hall", "2026-09-21T14:13:20Z", "2026-09-21T20:13:20Z")


def test_one_slice_fills_the_strip():
    picture = draw_when(active(CAMERA, [5]), SLICE_US, {CAMERA.id: "camera"})

    assert "h589.2v22.0z" in picture.drawings[0]


def test_a_short_time_has_no_days_on_its_axis_and_a_long_one_has():
    short = draw_when(active(CAMERA, [5] * 3), SLICE_US, {})
    late = Activity(device_id=CAMERA.id, start_us=START_US + 86_400_000_000, bytes=1)
    long = draw_when((*active(CAMERA, [5]), late), SLICE_US, {})

    assert ">14:13<" in short.drawings[0]
    assert ">14:13, 21 Sep<" in long.drawings[0]


def test_only_the_busiest_are_drawn():
    report = big_report()

    picture = draw_when(report.activity, report.slice_us, label_devices(report))

    assert picture.drawings[1].count('class="strip"') == MOST_DEVICES
    assert "24 of 1,000 devices" in picture.note
