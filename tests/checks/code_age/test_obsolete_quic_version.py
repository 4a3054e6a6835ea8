"""Versions of QUIC from before the standard."""

import pytest

from thingwarden.model import Confidence, Severity

from tests.checks.judged import SITE, judged
from tests.home import Home
from tests.protocols.hellos import client_hello, crypto, initial

CHECK = "obsolete-quic-version"
GOOGLE = b"\xc3Q050" + b"\x08" + b"\5" * 8 + b"\0" + bytes(1200)
DRAFT = initial(crypto(0, client_hello()), version=0xFF00001D)
STANDARD = initial(crypto(0, client_hello()))


def speaks(home, device, packet):
    return home.datagram(device, home.place(SITE), (home.fresh_port(), 443), packet)


@pytest.mark.parametrize(("packet", "name"), [(GOOGLE, "Q050"), (DRAFT, "draft-29")])
def test_versions_from_before_the_standard_are_certain(packet, name):
    home = Home()
    player = home.device("player")
    frame = speaks(home, player, packet)

    result = judged(home)

    finding = result.finding(player, CHECK)
    assert (finding.severity, finding.confidence) == (Severity.LOW, Confidence.CERTAIN)
    assert result.frames(player, CHECK) == [frame]
    assert name in finding.statement


def test_a_device_that_also_speaks_the_standard_is_silent():
    home = Home()
    phone = home.device("phone")
    speaks(home, phone, GOOGLE)
    speaks(home, phone, STANDARD)

    assert judged(home).is_silent(phone, CHECK)


def test_before_the_grace_ends_nothing_is_judged():
    home = Home()
    home.now_us = 1_600_000_000_000_000
    phone = home.device("phone")
    speaks(home, phone, GOOGLE)

    assert not judged(home).was_judged(phone, CHECK)
