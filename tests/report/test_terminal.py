import io

import pytest
from rich.console import Console

from thingwarden.report.terminal import MOST_DEVICES, render_terminal

from tests.report.golden import assert_golden
from tests.report.reports import big_report, empty_report, home_report, hostile_report


def printed(report, width, **more):
    out = io.StringIO()
    render_terminal(report, Console(file=out, width=width, **more))
    return out.getvalue()


@pytest.mark.parametrize("width", [100, 60])
def test_a_home_is_printed_as_agreed(width):
    lines = [line.rstrip() for line in printed(home_report(), width).splitlines()]

    assert_golden(f"home-{width}.txt", "\n".join(lines) + "\n")


@pytest.mark.parametrize("width", [20, 40, 76, 77, 200])
def test_no_line_is_wider_than_the_terminal(width):
    text = printed(home_report(), width)

    assert max(map(len, text.splitlines())) <= width


def test_a_pipe_gets_neither_colour_nor_boxes():
    text = printed(home_report(), 100)

    assert "\x1b" not in text
    assert not set(text) & set("│┃━─┏┓╭╮|")


def test_a_terminal_gets_colour():
    assert "\x1b[1;31mDo not depend on it" in printed(home_report(), 100, force_terminal=True)


def test_hostile_names_are_printed_as_they_are_and_steer_nothing():
    text = printed(hostile_report(), 200)

    assert "[bold red]" in text
    assert "\x1b" not in text
    assert "\u202e" not in text


def test_a_flood_of_clues_links_and_things_is_cut_on_the_terminal():
    text = printed(hostile_report(), 100)

    assert len(text.splitlines()) < 120
    assert "and 498 more" in text


def test_a_contradiction_is_told_in_a_line_of_its_own():
    assert "Contradiction: claims to be a Hikvision camera" in printed(home_report(), 200)


def test_an_empty_capture_is_said_to_be_empty():
    text = printed(empty_report(), 80)

    assert text == "No devices were seen.\n0 packets in 1 capture.\n"


def test_a_thousand_devices_are_cut_and_counted():
    text = printed(big_report(), 100)

    assert f"{1000 - MOST_DEVICES} more devices not shown here" in text
    assert text.count("sensor-") == MOST_DEVICES
