"""The commands `thingwarden device …`."""

import json
import shutil

import pytest

from tests.command import call
from tests.home import Home

ONE, OTHER = "d-da319c000018", "d-7e1122334455"


@pytest.fixture(scope="module")
def inspected(tmp_path_factory):
    """A site in which a phone was there under two addresses that nothing links."""
    folder, home = tmp_path_factory.mktemp("inspected"), Home()
    for mac in ("da:31:9c:00:00:18", "7e:11:22:33:44:55"):
        phone = home.device(mac, mac=mac)
        phone.asks("chat.example.com")
        home.waits(24 * 3600)
    capture = home.write(folder / "home.pcap")
    assert call("inspect", capture, "--site", folder / "site").status == 0
    return capture, folder / "site"


@pytest.fixture
def site(inspected, tmp_path):
    """A copy of it."""
    capture, folder = inspected
    return capture, shutil.copytree(folder, tmp_path / "site")


def devices_of(capture, site):
    done = call("inspect", capture, "--site", site, "--json", "-")
    return {device["id"]: device for device in json.loads(done.out)["devices"]}


def test_two_devices_become_one_and_two_again(site):
    capture, folder = site

    merged = call("device", "merge", ONE, "7E-11-22-33-44-55", "--site", folder)
    devices = devices_of(capture, folder)
    undone = call("device", "undo", "--site", folder)

    assert merged.out == f"{ONE} and {OTHER} are one device.\n"
    assert set(devices) == {ONE}
    assert sorted(devices[ONE]["macs"]) == ["7e:11:22:33:44:55", "da:31:9c:00:00:18"]
    assert [link["by_user"] for link in devices[ONE]["links"]] == [True]
    assert undone.out == f"Taken back: {ONE} and {OTHER} are one device.\n"
    assert set(devices_of(capture, folder)) == {ONE, OTHER}


def test_what_was_said_is_listed_and_splits_win_when_they_are_later(site):
    capture, folder = site
    call("device", "merge", ONE, OTHER, "--site", folder)
    call("device", "split", ONE, "--site", folder)

    listed = call("device", "list", "--site", folder)

    assert listed.out.splitlines() == [
        f"{ONE} and {OTHER} are one device.",
        f"{ONE} is one device for each of its hardware addresses.",
    ]
    assert set(devices_of(capture, folder)) == {ONE, OTHER}


def test_an_address_can_be_taken_out(site):
    _, folder = site

    done = call("device", "split", "da:31:9c:00:00:18", "--site", folder)

    assert done.out == f"{ONE}, as one hardware address, is a device of its own.\n"


def test_nothing_said_is_told(site):
    _, folder = site

    assert "nothing" in call("device", "list", "--site", folder).out
    assert call("device", "undo", "--site", folder).status == 1


@pytest.mark.parametrize(
    ("words", "told"),
    [
        (("merge", "kitchen", OTHER), "not a device"),
        (("merge", ONE, "da:31:9c:00:00:18"), "the same already"),
        (("split", "\x1b[31m"), "not a device"),
    ],
)
def test_what_is_no_device_is_refused(site, words, told):
    _, folder = site

    done = call("device", *words, "--site", folder)

    assert done.status == 2
    assert told in done.err


def test_a_report_with_statements_can_be_verified_without_the_site(site, tmp_path):
    capture, folder = site
    call("device", "merge", ONE, OTHER, "--site", folder)
    report = tmp_path / "report.json"
    call("inspect", capture, "--site", folder, "--json", report)

    assert call("verify", report, capture).status == 0


def test_what_was_said_of_devices_that_are_not_there_is_told(site):
    capture, folder = site
    call("device", "merge", ONE, "d-001122334455", "--site", folder)

    assert "d-001122334455" in call("inspect", capture, "--site", folder).err
