from dataclasses import replace

import pytest

from thingwarden.model import Guess, Identity
from thingwarden.report.naming import describe, label_devices, shorten_company

from tests.report.reports import empty_report, home_report, make_device


def test_a_device_is_called_by_its_name_its_maker_or_its_address():
    labels = label_devices(home_report())

    assert "camera-hall" in labels.values()
    assert "Philips Hue device" in labels.values()
    assert "192.168.0.26" in labels.values()
    assert labels[home_report().gateways[0].id] == "fritz.box"


def test_two_devices_of_one_name_are_told_apart():
    twins = tuple(make_device(number, "plug") for number in (1, 2))
    nameless = replace(make_device(3, "plug"), macs=())

    labels = label_devices(replace(empty_report(), gateways=(*twins, nameless)))

    assert len(set(labels.values())) == 3
    assert labels[twins[0].id] == "plug (00:01)"


def test_an_unsure_guess_is_no_name():
    identity = Identity(category=Guess(value="camera", confidence=0.2, because=()))
    device = replace(make_device(4, None), identity=identity)

    labels = label_devices(replace(empty_report(), gateways=(device,)))

    assert labels[device.id] == "192.168.0.4"


def test_a_likely_kind_is_a_name():
    identity = Identity(category=Guess(value="camera", confidence=0.9, because=()))
    device = replace(make_device(4, None), identity=identity)

    assert label_devices(replace(empty_report(), gateways=(device,)))[device.id] == "camera"
    assert describe(identity) == "camera"


def test_a_description_does_not_repeat_the_name():
    identity = Identity(
        vendor=Guess(value="Sonos, Inc.", confidence=0.9, because=()),
        category=Guess(value="speaker", confidence=0.9, because=()),
    )

    assert describe(identity) == "Sonos, speaker"
    assert describe(identity, "Sonos device") == "speaker"


@pytest.mark.parametrize(
    ("name", "short"),
    [
        ("Samsung Electronics Co.,Ltd", "Samsung Electronics"),
        ("LIFI LABS MANAGEMENT PTY LTD", "LIFI LABS MANAGEMENT"),
        ("Philips Lighting B.V.", "Philips Lighting"),
        ("BILIAN CO.，LTD", "BILIAN"),  # noqa: RUF001  # as the listing has it
        ("Inc.", "Inc."),
        ("", ""),
    ],
)
def test_companies_are_called_without_their_legal_form(name, short):
    assert shorten_company(name) == short
