"""Real networks whose devices are known: each that sends a packet is found, once."""

import csv
import os
from pathlib import Path

import pytest

from thingwarden.model import Report
from thingwarden.pipeline import inspect_captures

DATA = Path(os.environ.get("THINGWARDEN_DATA", Path(__file__).parents[2] / "shared/data"))


def rows(path: Path) -> list[dict[str, str]]:
    if not path.exists():
        pytest.skip(f"needs {path.name} in $THINGWARDEN_DATA/{path.parent.name}")
    with path.open(newline="") as file:
        return list(csv.DictReader(file))


def times_found(report: Report, macs: set[str]) -> dict[str, int]:
    found = [mac for assessment in report.assessments for mac in assessment.device.macs]
    return {mac: found.count(mac) for mac in macs}


def test_every_device_of_a_whole_home_is_found_once():
    known = rows(DATA / "madea/Device_MAC_Name_Mapping.csv")
    macs = {row["MAC Address"].lower() for row in known}

    report = inspect_captures([DATA / "madea/training"])

    assert set(times_found(report, macs).values()) == {1}
    assert [gateway.macs for gateway in report.gateways] == [("dc:a6:32:ce:31:63",)]


def test_every_device_that_is_being_set_up_is_found_once():
    known = rows(DATA / "iot-sentinel/labels.csv")
    first = {row["device_folder"]: row for row in reversed(known)}
    macs = {row["mac"].lower() for row in first.values()}
    paths = [DATA / "iot-sentinel" / row["file"] for row in first.values()]

    report = inspect_captures(paths)

    assert set(times_found(report, macs).values()) == {1}
