from dataclasses import replace

import pytest

from thingwarden.model import Guess, Identity
from thingwarden.report.naming import describe, label_devices, say_what, shorten_company

from tests.report.reports import empty_report, guess, home_report, make_device


def test_a_device_is_called_by_its_name_its_maker_or_its_address():
    labels = label_devices(home_report())

    assert "camera-hall" in labels.values()
    assert "Signify Netherlands Philips Hue BSB002 hub" in labels.values()
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


def test_two_devices_whose_addresses_end_alike_are_told_apart_too():
    one, other = (make_device(number, "plug") for number in (1, 2))
    other = replace(other, macs=("aa:bb:cc:dd:00:01",))

    labels = label_devices(replace(empty_report(), gateways=(one, other)))

    assert labels[one.id] == f"plug (00:01) ({one.id})"
    assert labels[one.id] != labels[other.id]


def test_a_name_that_nobody_can_read_is_no_name():
    device = replace(make_device(4, None), names=("\u200b\u202e ", "\u3164", "plug"))

    assert label_devices(replace(empty_report(), gateways=(device,)))[device.id] == "plug"


def test_a_maker_alone_makes_a_name():
    device = replace(make_device(4, None), identity=Identity(vendor=guess("tado GmbH", 0.97)))

    assert label_devices(replace(empty_report(), gateways=(device,)))[device.id] == "tado device"


@pytest.mark.parametrize(
    ("said", "identity"),
    [
        ("TP-Link HS110 plug", {"vendor": "TP-Link", "model": "HS110", "category": "plug"}),
        ("TP-Link HS110 plug", {"vendor": "TP-Link", "model": "TP-Link HS110", "category": "plug"}),
        ("D-Link camera", {"vendor": "D-Link Corporation", "category": "camera"}),
        ("Philips", {"vendor": "Philips"}),
        ("Philips Hue Bridge", {"vendor": "Philips", "family": "Hue", "model": "Hue Bridge"}),
        ("Sonos speaker", {"vendor": "Sonos", "family": "Sonos", "category": "speaker"}),
        ("Google Cast streaming player",
         {"family": "Google Cast", "category": "streaming-player"}),
        ("★", {"vendor": "★"}),
        ("unknown thing", {}),
    ],
)  # fmt: skip
def test_a_thing_is_told_as_deep_as_is_certain_and_no_word_twice(said, identity):
    levels = {name: guess(value, 0.97) for name, value in identity.items()}

    assert say_what(Identity(**levels)) == said


def test_of_an_unknown_thing_the_maker_of_its_chip_is_told():
    assert say_what(Identity(chip="Espressif Inc.")) == "unknown thing (network chip by Espressif)"
    assert say_what(Identity(vendor=guess("Ring", 0.9), chip="Espressif Inc.")) == "Ring"


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

    assert describe(identity) == "Sonos speaker"
    assert describe(identity, "Sonos speaker (00:14)") == ""
    assert describe(identity, "kitchen speaker") == "Sonos speaker"


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
