"""What things of all makers show."""

import pytest

from thingwarden.inventory.identification.background import COMMON, common_rate
from thingwarden.inventory.identification.channels import CHANNELS


@pytest.mark.parametrize(
    ("channel", "value"),
    [
        ("domain", "#.pool.ntp.org"), ("host-name", "esp_<hex>"), ("dhcp-vendor", "udhcp <version>"),
        ("remote-port", "tcp 443"), ("upnp-type", "upnp:rootdevice"),
    ],
)  # fmt: skip
def test_what_all_show_is_common(channel, value):
    assert common_rate(channel, value) >= 0.1


@pytest.mark.parametrize(
    ("channel", "value"),
    [
        ("domain", "api.acme.com"),
        ("host-name", "acme-plug"),
        ("remote-port", "tcp 8443"),
        ("x", "y"),
    ],
)
def test_what_few_show_is_not(channel, value):
    assert common_rate(channel, value) == 0


def test_rates_are_of_channels_that_exist_and_are_shares():
    assert COMMON.keys() <= CHANNELS.keys()
    assert all(0 < rate < 1 for told in COMMON.values() for _, rate in told)
