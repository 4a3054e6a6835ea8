"""Entries of what a device is, what it is linked with and what is behind it."""

from dataclasses import asdict, replace

import pytest

from thingwarden.model import Identity, Link
from thingwarden.report.identities import MOST, write_accessories, write_identity, write_links

from tests.report.reports import CAMERA, START_US, accessory, clue, guess, make_device

HASHES = {0: "f00d"}


def test_an_identity_says_everything_that_is_known():
    entry = asdict(write_identity(CAMERA, HASHES))

    assert entry["level"] == "model"
    assert entry["model"]["value"] == "DS-2CD2042WD"
    assert entry["family"] is None
    assert entry["conflicts"] == CAMERA.conflicts
    assert entry["clues"][1] == {
        "channel": "domain", "says": "asks for litedev.hik-connect.com", "points_to": "Hikvision",
        "capture": "f00d", "frame": 77, "time_us": START_US + 77_000_000,
    }  # fmt: skip


def test_what_every_frame_shows_names_no_capture():
    identity = Identity(clues=(clue("hardware address of Ring", "Ring", 0),))

    [entry] = write_identity(identity, HASHES).clues

    assert (entry.capture, entry.frame, entry.time_us) == ("", 0, 0)


@pytest.mark.parametrize(
    ("confidence", "written"), [(1.0, 1.0), (0.99999, 0.9999), (-1.0, 0.0), (float("nan"), 0.0)]
)
def test_only_a_label_is_written_as_certain(confidence, written):
    entry = write_identity(Identity(vendor=guess("Ring", confidence)), HASHES)

    assert entry.vendor.confidence == written


def test_links_and_things_behind_are_written_but_not_without_end():
    link = Link(other="d-00aa", confidence=0.72, because=("same name",), joined=False)
    device = replace(
        make_device(1, "hub"),
        links=(link,) * 100,
        accessories=(accessory("Desk", "bulb", 9),) * 100,
    )

    links, things = write_links(device, HASHES), write_accessories(device, HASHES)

    assert (len(links), len(things)) == (MOST, MOST)
    assert (links[0].other, links[0].joined, links[0].by_user) == ("d-00aa", False, False)
    assert (things[0].name, things[0].capture, things[0].frame) == ("Desk", "f00d", 9)
