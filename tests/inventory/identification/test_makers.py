"""Company names -> makers."""

import pytest

from thingwarden.inventory.identification.makers import canonical, find_maker, short_name


@pytest.mark.parametrize(
    ("written", "name"),
    [
        ("TP-LINK TECHNOLOGIES CO.,LTD.", "TP-Link"),
        ("tp-link technologies", "TP-Link"),
        ("TP-Link", "TP-Link"),
        ("Signify Netherlands B.V.", "Philips"),
        ("Nobody Knows Them Ltd.", "Nobody Knows Them Ltd."),
        ("", ""),
    ],
)
def test_spellings_of_a_maker_are_one(written, name):
    assert canonical(written) == name


def test_makers_of_parts_are_told_from_brands():
    assert find_maker("Espressif Inc.").role == "module"
    assert find_maker("D-Link International").role == "brand"
    assert find_maker("nobody") is None


@pytest.mark.parametrize(
    ("written", "short"),
    [
        ("Edimax Technology Co. Ltd.", "edimax"),
        ("Belkin International Inc.", "belkin"),
        ("Acme GmbH & Co. KG", "acme &"),
        ("\u202eACME\x00 Corp", "acme"),
    ],
)
def test_a_short_name_has_no_legal_form(written, short):
    assert short_name(written) == short
