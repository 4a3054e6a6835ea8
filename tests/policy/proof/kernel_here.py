"""What tests of the kernel judge need: the kernel's ability, and frames of one device."""

import struct

import pytest

from thingwarden.policy.proof.kernel import kernel_ability

from tests.rule_sets import GATEWAY_MAC, device, mac_of, name, rule, site

needs_kernel = pytest.mark.skipif(
    kernel_ability() is not None, reason=f"no kernel judge here: {kernel_ability()}"
)

DEVICE_MAC, DEVICE_IP = mac_of(1), "10.0.0.1"
ELSEWHERE = "198.51.100.7"
RULES = (rule("web", name("a.example"), port=443),)


def policy(rules=RULES, **rest):
    return site([device(1, rules, **rest)])


def packed(text):
    if ":" in text:
        return bytes.fromhex(text.replace(":", ""))
    return bytes(map(int, text.split(".")))


def ethernet(payload, *, to=GATEWAY_MAC, by=DEVICE_MAC, kind=0x0800):
    return packed(to) + packed(by) + struct.pack(">H", kind) + payload


def ip4(payload, *, to=ELSEWHERE, by=DEVICE_IP, protocol=6):
    size = 20 + len(payload)
    head = struct.pack(">BBHHHBBH", 0x45, 0, size, 0, 0, 64, protocol, 0)
    return head + packed(by) + packed(to) + payload


def tcp(port, *, flags=2):
    return struct.pack(">HHIIBBHHH", 50000, port, 0, 0, 0x50, flags, 0, 0, 0)


def asks(to=ELSEWHERE, port=443, **ends):
    """The device begins a TCP connection."""
    return ethernet(ip4(tcp(port), to=to), **ends)
