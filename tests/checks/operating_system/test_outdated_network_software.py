"""Old helpers for DHCP and UPnP."""

import pytest

from thingwarden.model import Confidence, Severity

from tests.checks.judged import judged
from tests.home import Home

CHECK = "outdated-network-software"


@pytest.mark.parametrize(
    ("vendor_class", "named"),
    [
        ("udhcp 1.19.4", "BusyBox 1.19.4"),
        ("udhcp 0.9.9-pre", "udhcp 0.9.9"),
        ("udhcp 1.21.1--LSDK-10.1.432", "BusyBox 1.21.1"),
        ("dhcpcd-5.5.6", "dhcpcd 5.5.6"),
    ],
)
def test_an_old_dhcp_client_is_low(vendor_class, named):
    home = Home()
    camera = home.device("camera")
    frame = camera.joins_by_dhcp(vendor_class=vendor_class)

    result = judged(home)

    finding = result.finding(camera, CHECK)
    assert (finding.severity, finding.confidence) == (Severity.LOW, Confidence.LIKELY)
    assert result.frames(camera, CHECK) == [frame]
    assert named in finding.statement


def test_an_old_upnp_library_is_named():
    home = Home()
    camera = home.device("camera")
    frame = camera.announces_by_ssdp("POSIX, UPnP/1.0, Portable SDK for UPnP devices/1.6.6")

    result = judged(home)

    assert result.frames(camera, CHECK) == [frame]
    assert "libupnp 1.6.6" in result.finding(camera, CHECK).statement


def test_a_release_that_is_not_five_years_old_is_silent():
    home = Home()
    camera = home.device("camera")
    camera.joins_by_dhcp(vendor_class="udhcp 1.36.1")
    camera.announces_by_ssdp("Linux UPnP/1.0 Portable SDK for UPnP devices/1.14.19")

    assert judged(home).is_silent(camera, CHECK)


def test_a_dhcp_client_without_a_number_is_not_judged():
    home = Home()
    camera = home.device("camera")
    camera.joins_by_dhcp(vendor_class="EMLAB")

    assert not judged(home).was_judged(camera, CHECK)
