"""Kernels whose branch gets no more fixes."""

from thingwarden.model import Confidence, Severity

from tests.checks.judged import judged
from tests.home import Home

CHECK = "outdated-kernel"


def test_a_kernel_told_by_dhcp_is_likely():
    home = Home()
    camera = home.device("camera")
    frame = camera.joins_by_dhcp(vendor_class="dhcpcd-6.8.2:Linux-3.8.13:armv7l:Sun8i")

    result = judged(home)

    finding = result.finding(camera, CHECK)
    assert (finding.severity, finding.confidence) == (Severity.MEDIUM, Confidence.LIKELY)
    assert result.frames(camera, CHECK) == [frame]
    assert "Linux 3.8.13" in finding.statement


def test_a_number_that_a_maker_may_have_written_by_hand_is_a_guess():
    home = Home()
    bridge = home.device("bridge")
    frame = bridge.announces_by_ssdp("Linux/3.14.0 UPnP/1.0 IpBridge/1.27.0")

    result = judged(home)

    finding = result.finding(bridge, CHECK)
    assert (finding.severity, finding.confidence) == (Severity.LOW, Confidence.GUESS)
    assert result.frames(bridge, CHECK) == [frame]


def test_a_branch_that_is_looked_after_is_silent():
    home = Home()
    camera = home.device("camera")
    camera.joins_by_dhcp(vendor_class="dhcpcd-10.0.6:Linux-6.6.31-v8+:aarch64:BCM2835")

    assert judged(home).is_silent(camera, CHECK)


def test_the_kernel_of_a_distribution_is_not_judged():
    home = Home()
    computer = home.device("computer")
    computer.joins_by_dhcp(vendor_class="dhcpcd-9.4.1:Linux-4.15.0-213-generic:x86_64")

    result = judged(home)

    assert not result.finding(computer, CHECK)
    assert not result.was_judged(computer, CHECK)


def test_a_system_without_a_number_is_not_judged():
    home = Home()
    camera = home.device("camera")
    camera.announces_by_ssdp("Linux, UPnP/1.0 DCS-935L/1.0")

    assert not judged(home).was_judged(camera, CHECK)
