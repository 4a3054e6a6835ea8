"""Descriptions without a model."""

import struct

from thingwarden.model import Confidence, Severity

from tests.checks.judged import judged
from tests.home import Home
from tests.messages import TXT, dns_record

CHECK = "model-not-told"


def describes(device, *texts, instance="living room"):
    """A service's description by mDNS; gives its frame."""
    value = b"".join(bytes((len(text),)) + text.encode() for text in texts)
    record = dns_record(f"{instance}._hap._tcp.local", value, TXT, kind_class=0x8001)
    says = struct.pack("!HHHHHH", 0, 0x8400, 0, 1, 0, 0) + record
    return device.sends_to_group("224.0.0.251", 5353, says, src_port=5353)


def test_a_description_without_a_model_is_told_once():
    home = Home()
    lamp = home.device("lamp")
    frames = [describes(lamp, "c#=2", "sf=1") for _ in range(2)]

    result = judged(home)

    finding = result.finding(lamp, CHECK)
    assert (finding.severity, finding.confidence) == (Severity.INFO, Confidence.LIKELY)
    assert "living room" in finding.statement
    assert result.frames(lamp, CHECK) == frames[:1]


def test_a_model_in_any_description_is_enough():
    home = Home()
    lamp = home.device("lamp")
    describes(lamp, "c#=2", "sf=1")
    describes(lamp, "c#=2", "md=Lamp One", instance="other")

    assert judged(home).is_silent(lamp, CHECK)


def test_a_model_told_by_dhcp_or_upnp_is_enough():
    home = Home()
    lamp, plug = home.device("lamp"), home.device("plug")
    lamp.joins_by_dhcp(vendor_class="Lamp One")
    describes(lamp, "c#=2")
    plug.announces_by_ssdp("Linux/3.14 UPnP/1.0 PlugTwo/1.0")
    describes(plug, "c#=2")

    result = judged(home)

    assert result.is_silent(lamp, CHECK)
    assert result.is_silent(plug, CHECK)


def test_a_name_that_may_hold_the_model_leaves_it_open():
    home = Home()
    lamp = home.device("lamp")
    describes(lamp, "c#=2", instance="DCS-930LB")

    result = judged(home)

    assert not result.finding(lamp, CHECK)
    assert not result.was_judged(lamp, CHECK)


def test_an_announcement_without_a_description_is_not_judged():
    home = Home()
    lamp = home.device("lamp")
    lamp.announces_by_mdns()

    assert not judged(home).was_judged(lamp, CHECK)
