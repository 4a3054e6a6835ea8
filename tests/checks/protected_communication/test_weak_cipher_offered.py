"""Broken cipher suites in client hellos."""

import struct

from thingwarden.model import Confidence, Severity

from tests.checks.judged import SITE, judged
from tests.home import Device, Home

CHECK = "weak-cipher-offered"
GOOD = (0xC02F, 0xC030, 0x000A)
EXPORT = 0x0003
RC4 = 0x0005


def offers(device: Device, *ciphers: int) -> int:
    """A client hello with these suites, and no answer; gives its frame."""
    listed = struct.pack(f"!{len(ciphers)}H", *ciphers)
    body = b"\x03\x03" + bytes(32) + b"\0" + struct.pack("!H", len(listed)) + listed + b"\1\0"
    body += b"\0\0"
    message = b"\1" + len(body).to_bytes(3, "big") + body
    record = b"\x16\x03\x01" + struct.pack("!H", len(message)) + message
    return device.plays(SITE, [(True, record)])


def test_export_keys_are_medium_and_told_once():
    home = Home()
    camera = home.device("camera")
    frame = offers(camera, *GOOD, EXPORT)
    offers(camera, *GOOD, EXPORT)

    result = judged(home)

    finding = result.finding(camera, CHECK)
    assert (finding.severity, finding.confidence) == (Severity.MEDIUM, Confidence.CERTAIN)
    assert "export keys" in finding.statement
    assert result.frames(camera, CHECK) == [frame]


def test_rc4_is_low():
    home = Home()
    camera = home.device("camera")
    offers(camera, *GOOD, RC4)

    assert judged(home).finding(camera, CHECK).severity is Severity.LOW


def test_good_suites_with_triple_des_and_the_signal_for_renegotiation_are_silent():
    home = Home()
    camera = home.device("camera")
    offers(camera, *GOOD, 0x00FF)

    assert judged(home).is_silent(camera, CHECK)


def test_without_tls_nothing_is_judged():
    home = Home()
    camera = home.device("camera")
    camera.requests(SITE)

    assert not judged(home).was_judged(camera, CHECK)
