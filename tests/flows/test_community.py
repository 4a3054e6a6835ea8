"""Community-ids of the specification's own examples."""

import base64
import hashlib
import ipaddress

import pytest

from tests import frames
from tests.flows.observed import flows_of
from tests.home import Home

PUBLISHED = [
    (6, "128.232.110.120", "66.35.250.204", 34855, 80, "1:LQU9qZlK+B5F3KDmev6m5PMibrg="),
    (17, "192.168.1.52", "8.8.8.8", 54585, 53, "1:d/FP5EW3wiY1vCndhwleRRKHowQ="),
]
"""From the baselines of the community-id specification."""


def packet(protocol, src, dst, a, b):
    if protocol == 6:
        return frames.ip(src, dst, frames.tcp((src, dst), (a, b), frames.SYN), 6)
    if protocol == 17:
        return frames.ip(src, dst, frames.udp(src, dst, a, b, b"x"), 17)
    return frames.ip(src, dst, frames.icmp(a, b, bytes(4)), 1)


def by_the_book(protocol, src, dst, a, b):
    """A plain reading of the specification."""
    ends = [(ipaddress.ip_address(src).packed, a), (ipaddress.ip_address(dst).packed, b)]
    (first, first_port), (second, second_port) = sorted(ends)
    data = bytes(2) + first + second + bytes([protocol, 0])
    data += first_port.to_bytes(2, "big") + second_port.to_bytes(2, "big")
    return "1:" + base64.b64encode(hashlib.sha1(data).digest()).decode()


def community_id(*key):
    home = Home()
    home.sends(
        frames.ethernet("02:00:00:00:00:01", "02:00:00:00:00:02", packet(*key), ethertype(key))
    )
    return flows_of(home)[0]["community_id"]


def ethertype(key):
    return 0x86DD if ":" in key[1] else 0x0800


@pytest.mark.parametrize(("protocol", "src", "dst", "a", "b", "expected"), PUBLISHED)
def test_published_values(protocol, src, dst, a, b, expected):
    assert community_id(protocol, src, dst, a, b) == expected
    assert by_the_book(protocol, src, dst, a, b) == expected


def test_both_directions_have_the_same_id():
    assert community_id(17, "10.0.0.1", "10.0.0.2", 7, 9) == community_id(
        17, "10.0.0.2", "10.0.0.1", 9, 7
    )


@pytest.mark.parametrize(
    "key",
    [
        (17, "2001:db8::1", "2001:db8::2", 1000, 53),
        (6, "fe80::2", "fe80::1", 65535, 1),
        (17, "10.0.0.5", "10.0.0.5", 9, 8),
    ],
)
def test_ids_follow_the_specification(key):
    assert community_id(*key) == by_the_book(*key)


def test_a_ping_has_the_id_of_its_pair():
    assert community_id(1, "192.168.0.89", "192.168.0.1", 8, 0) == "1:X0snYXpgwiv9TZtqg64sgzUn6Dk="
