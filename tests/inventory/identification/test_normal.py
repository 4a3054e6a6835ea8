"""What only one thing would say is masked; what its model says stays."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from thingwarden.inventory.identification.channels import CHANNELS
from thingwarden.inventory.identification.normal import MOST_CHARACTERS, normalise, plain


@pytest.mark.parametrize(
    ("channel", "raw", "token"),
    [
        ("host-name", "ESP_07AEFB", "esp_<hex>"),
        ("host-name", "HS110(EU)", "hs110(eu)"),
        ("host-name", "camera-9a25", "camera-<mac>"),
        ("host-name", "Annas-iPhone", "<person> iphone"),
        ("mdns-name", "Anna\u2019s MacBook Air", "<person> macbook air"),
        ("mdns-text", "id=00:17:88:2B:9A:25", "id=<mac>"),
        ("upnp-type", "uuid:2f402f80-da50-11e1-9b23-0017882b9a25", "uuid:<uuid>"),
        ("mqtt-client", "sensor-1234567", "sensor-<number>"),
        ("server", "Linux/3.14.0 UPnP/1.0 IpBridge/1.16.0", "linux/<version> upnp/<version> ipbridge/<version>"),
        ("user-agent", "Roku/DVP-9.10 (519)", "roku/dvp-<version> (519)"),
        ("page", "login at 192.168.1.20", "login at <ip>"),
        ("dhcp-options", "1,3,6,12345", "1,3,6,12345"),
        ("domain", "n-devs-12345678.acme.co.uk", "*.acme.co.uk"),
    ],
)  # fmt: skip
def test_identifiers_are_masked(channel, raw, token):
    assert normalise(channel, raw, "0017882b9a25") == token


def test_the_end_of_its_own_address_is_masked_only_where_it_stands_alone():
    assert normalise("host-name", "cam9a251", "0017882b9a25") == "cam9a251"


def test_what_does_not_show_is_gone():
    assert plain("a\u202eb\x00c\u200b\n  D") == "a b c d"


@given(channel=st.sampled_from(sorted(CHANNELS)), raw=st.text(max_size=2000))
def test_any_value_gives_a_short_token_that_stays_as_it_is(channel, raw):
    token = normalise(channel, raw, "0017882b9a25")

    assert len(token) <= MOST_CHARACTERS
    assert token.isprintable()


@given(address=st.binary(min_size=6, max_size=6))
def test_no_hardware_address_is_left_in_a_token(address):
    written = address.hex()
    for text in (":".join(written[i : i + 2] for i in range(0, 12, 2)), f"x-{written}x"):
        token = normalise("host-name", text, "0017882b9a25")

        assert written[:9] not in token.replace(":", "")
