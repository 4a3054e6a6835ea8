"""The commands `thingwarden suppress …`."""

import json
import shutil

import pytest

from tests.command import call
from tests.home import Home

CAMERA = "d-001788000099"


@pytest.fixture(scope="module")
def inspected(tmp_path_factory):
    """A site in which somebody logs in to a camera by Telnet."""
    folder, home = tmp_path_factory.mktemp("inspected"), Home()
    camera = home.device("camera", mac="00:17:88:00:00:99")
    home.device("phone").logs_in_by_telnet(camera)
    capture = home.write(folder / "home.pcap")
    assert call("inspect", capture, "--site", folder / "site").status == 1
    return capture, folder / "site"


@pytest.fixture
def site(inspected, tmp_path):
    """A copy of it."""
    capture, folder = inspected
    return capture, shutil.copytree(folder, tmp_path / "site")


def report_of(capture, site):
    return json.loads(call("inspect", capture, "--site", site, "--json", "-").out)


def grade(report, concern="exposure"):
    device = next(each for each in report["devices"] if each["id"] == CAMERA)
    return next(each["grade"] for each in device["concerns"] if each["concern"] == concern)


def test_what_is_accepted_counts_in_no_grade_but_stays_listed(site):
    capture, folder = site
    before = report_of(capture, folder)

    said = call(
        "suppress", "add", "00:17:88:00:00:99", "telnet", "--site", folder,
        "--reason", "replaced in spring", "--until", "2027-04-30",
    )  # fmt: skip
    after = report_of(capture, folder)
    listed = call("suppress", "list", "--site", folder)

    assert said.out == f"{CAMERA}: telnet is accepted until 2027-04-30.\n"
    assert listed.out == f"{CAMERA}  telnet  until 2027-04-30: replaced in spring\n"
    assert grade(before) == "D"
    assert grade(after) != "D"
    kept = [each for each in after["findings"] if each["id"] == f"telnet:{CAMERA}"]
    assert [each["suppressed"] for each in kept] == [True]
    assert after["suppressions"] == [
        {
            "device": CAMERA,
            "check": "telnet",
            "reason": "replaced in spring",
            "until": "2027-04-30",
            "in_force": True,
            "applied": True,
        }
    ]


def test_a_suppression_is_taken_back_once(site):
    capture, folder = site
    call(
        "suppress",
        "add",
        CAMERA,
        "telnet",
        "--site",
        folder,
        "--reason",
        "r",
        "--until",
        "2027-04-30",
    )

    first = call("suppress", "remove", CAMERA, "telnet", "--site", folder)
    second = call("suppress", "remove", CAMERA, "telnet", "--site", folder)

    assert (first.status, first.out) == (0, "telnet counts again.\n")
    assert (second.status, second.out) == (1, "This was not accepted.\n")
    assert call("suppress", "list", "--site", folder).out == "You accept nothing.\n"
    assert grade(report_of(capture, folder)) == "D"


def test_a_suppression_that_is_over_counts_no_more(site):
    capture, folder = site
    call(
        "suppress",
        "add",
        CAMERA,
        "telnet",
        "--site",
        folder,
        "--reason",
        "r",
        "--until",
        "2020-01-01",
    )

    report = report_of(capture, folder)

    assert grade(report) == "D"
    assert [each["in_force"] for each in report["suppressions"]] == [False]


def test_no_such_check_and_no_such_day_are_refused(site):
    _, folder = site
    words = ("suppress", "add", CAMERA)
    rest = ("--site", folder, "--reason", "r", "--until")

    check = call(*words, "no-such", *rest, "2027-04-30")
    day = call(*words, "telnet", *rest, "tomorrow")

    assert (check.status, day.status) == (2, 2)
    assert "'no-such': no such check" in check.err
    assert "'tomorrow': not a date" in day.err


def test_a_report_with_something_accepted_can_be_verified(site, tmp_path):
    capture, folder = site
    call(
        "suppress",
        "add",
        CAMERA,
        "telnet",
        "--site",
        folder,
        "--reason",
        "r",
        "--until",
        "2027-04-30",
    )
    call("inspect", capture, "--site", folder, "--json", tmp_path / "report.json")

    assert call("verify", tmp_path / "report.json", capture).status == 0
