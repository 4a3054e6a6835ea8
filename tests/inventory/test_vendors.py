"""Hardware addresses and who got them."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from thingwarden.inventory.vendors import is_random, vendor_of


@pytest.mark.parametrize(
    ("mac", "vendor"),
    [
        ("00:17:88:01:02:03", "Philips Lighting BV"),
        ("70:b3:d5:71:91:00", "2M Technology"),  # a block of 36 bits
        ("74:1a:e0:90:00:01", None),  # whose owner asked not to be named
        ("02:17:88:01:02:03", None),
        ("01:00:5e:00:00:01", None),
        ("00:17:88", None),
        ("", None),
        ("zz:zz:zz:zz:zz:zz", None),
        ("-fffffffffff", None),  # a number to int(), but no address
        ("+017880102_3", None),
    ],
)
def test_the_finest_prefix_tells_the_vendor(mac, vendor):
    assert vendor_of(mac) == vendor


@pytest.mark.parametrize(
    ("mac", "chosen"),
    [
        ("da:a1:19:00:00:01", True),
        ("02:00:00:00:00:01", True),
        ("02:42:ac:11:00:02", False),  # Docker
        ("52:54:00:12:34:56", False),  # QEMU
        ("00:17:88:01:02:03", False),
        ("nonsense", False),
    ],
)
def test_a_random_address_is_told_by_its_bit(mac, chosen):
    assert is_random(mac) is chosen


@settings(max_examples=100)
@given(st.text(max_size=20) | st.text("0123456789abcdef:+-_ ", max_size=18))
def test_any_text_gives_an_answer(text):
    assert vendor_of(text) is None or vendor_of(text)
    assert is_random(text) in (True, False)
