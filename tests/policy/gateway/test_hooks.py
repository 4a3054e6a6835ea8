"""What becomes of single frames: the kernel is asked."""

import struct
from ipaddress import ip_address

import pytest

from thingwarden.model import Initiator, PeerKind
from thingwarden.policy.gateway.ground import own_unit, wrap
from thingwarden.policy.gateway.hooks import end_chains, hook_chains, maps_of
from thingwarden.policy.gateway.rules import write_rules
from thingwarden.policy.gateway.steps import Step

from tests.rule_sets import (
    KNOWN,
    TCP,
    UDP,
    device,
    mac_of,
    name,
    patch,
    peer,
    rule,
    send,
    site,
)

ONE, TWO, OTHER = mac_of(1), mac_of(2), "02:00:00:00:00:09"
CLOUD4, CLOUD6 = "198.51.100.1", "2001:db8::1"
SYN, ACK = 2, 16
POLICY = site(
    [
        device(
            1,
            [
                rule("cloud", name("a.example")),
                rule("other", peer(PeerKind.DEVICE, TWO), UDP, 5683),
                rule("web", peer(PeerKind.LOCAL), TCP, 80, initiator=Initiator.PEER),
            ],
            known=KNOWN,
            addresses=("10.0.0.1", "fd00:1::1:1"),
        ),
        device(
            2,
            [rule("in", peer(PeerKind.LOCAL), UDP, 5683, initiator=Initiator.PEER)],
            patches=(
                patch(
                    "hole",
                    peer(PeerKind.ANYONE),
                    port=5684,
                    protocol=UDP,
                    still=(peer(PeerKind.NETWORK, "10.0.0.1"),),
                ),
            ),
        ),
        device(3, [], addresses=()),
    ]
)


def ether(kind, payload, src=ONE, dst=OTHER, tags=()):
    head = bytes.fromhex((dst + src).replace(":", ""))
    for tag in tags:
        head += struct.pack("!HH", 0x8100, tag)
    return head + struct.pack("!H", kind) + payload


def tcp(own, far, flags=SYN):
    return struct.pack("!HHIIBBHHH", own, far, 1, 1, 0x50, flags, 1000, 0, 0)


def udp(own, far):
    return struct.pack("!HHHH", own, far, 8, 0)


def ip4(payload, protocol=TCP, src="10.0.0.1", dst=CLOUD4, offset=0):
    head = struct.pack("!BBHHHBBH", 0x45, 0, 20 + len(payload), 1, offset, 64, protocol, 0)
    head += ip_address(src).packed + ip_address(dst).packed
    total = sum(struct.unpack("!10H", head))
    checked = ~(total + (total >> 16)) & 0xFFFF
    return head[:10] + struct.pack("!H", checked) + head[12:] + payload


def ip6(payload, protocol=TCP, src="fd00:1::1:1", dst=CLOUD6):
    head = struct.pack("!IHBB", 6 << 28, len(payload), protocol, 64)
    return head + ip_address(src).packed + ip_address(dst).packed + payload


def arp(claimed, src=ONE):
    macs = bytes.fromhex(src.replace(":", ""))
    return ether(
        0x806,
        struct.pack("!HHBBH", 1, 0x800, 6, 4, 2) + macs + ip_address(claimed).packed + bytes(10),
        src,
    )


def to_two(payload, src=OTHER, source="10.9.9.9"):
    return ether(0x800, ip4(payload, UDP, source, "10.0.0.2"), src, TWO)


D1, D2, D3 = (f"d_02010000000{number}" for number in (1, 2, 3))
FRAMES = (
    # what, frame, passes, counter
    ("a connection to the cloud", ether(0x800, ip4(tcp(5000, 443))), True, f"{D1}_from_cloud"),
    ("and by IPv6", ether(0x86DD, ip6(tcp(5000, 443))), True, f"{D1}_from_cloud"),
    ("with a tag", ether(0x800, ip4(tcp(5000, 443)), tags=(5,)), True, f"{D1}_from_cloud"),
    ("another port", ether(0x800, ip4(tcp(5000, 444))), False, f"{D1}_stopped_from"),
    (
        "another port with a tag",
        ether(0x800, ip4(tcp(5000, 444)), tags=(0,)),
        False,
        f"{D1}_stopped_from",
    ),
    ("two tags", ether(0x800, ip4(tcp(5000, 443)), tags=(0, 0)), False, f"{D1}_spoof"),
    (
        "another address",
        ether(0x800, ip4(tcp(5000, 443), dst="198.51.100.9")),
        False,
        f"{D1}_stopped_from",
    ),
    ("a foreign source", ether(0x800, ip4(tcp(5000, 443), src="10.0.0.2")), False, f"{D1}_spoof"),
    (
        "a source of its /64",
        ether(0x86DD, ip6(tcp(5000, 443), src="fd00:1::77")),
        True,
        f"{D1}_from_cloud",
    ),
    (
        "a foreign source by IPv6",
        ether(0x86DD, ip6(tcp(5000, 443), src="fd00:2::77")),
        False,
        f"{D1}_spoof",
    ),
    ("a cut header", ether(0x800, ip4(b"\x13\x88")), False, f"{D1}_stopped_from"),
    ("a later fragment", ether(0x800, ip4(bytes(30), offset=100)), True, f"{D1}_from_cloud"),
    (
        "a later fragment elsewhere",
        ether(0x800, ip4(bytes(30), UDP, offset=100)),
        False,
        f"{D1}_stopped_from",
    ),
    (
        "a later fragment by IPv6",
        ether(0x86DD, ip6(struct.pack("!BBHI", TCP, 0, 800, 1) + bytes(16), 44)),
        True,
        f"{D1}_from_cloud",
    ),
    ("an ARP claim of its own", arp("10.0.0.1"), True, None),
    ("an ARP probe", arp("0.0.0.0"), True, None),
    ("a foreign ARP claim", arp("10.0.0.2"), False, f"{D1}_spoof"),
    (
        "an answer of its web page",
        ether(0x800, ip4(tcp(80, 5000, SYN | ACK), dst="10.5.5.5")),
        True,
        f"{D1}_from_web",
    ),
    (
        "a connection from there",
        ether(0x800, ip4(tcp(80, 5000), dst="10.5.5.5")),
        False,
        f"{D1}_stopped_from",
    ),
    ("no IP at all", ether(0x88B5, b"x"), True, None),
    (
        "to another device",
        ether(0x800, ip4(udp(5000, 5683), UDP, dst="10.0.0.2"), dst=TWO),
        True,
        f"{D2}_to_in",
    ),
    ("a question", to_two(udp(5000, 5683)), True, f"{D2}_to_in"),
    ("to what is patched", to_two(udp(5683, 5684)), False, f"{D2}_to_hole"),
    (
        "to what is patched, spared",
        ether(0x800, ip4(udp(5683, 5684), UDP, "10.0.0.1", "10.0.0.2"), OTHER, TWO),
        False,
        f"{D2}_stopped_to",
    ),
    (
        "a DHCP question",
        ether(0x800, ip4(udp(68, 67), UDP, "0.0.0.0", "255.255.255.255"), dst="ff:ff:ff:ff:ff:ff"),
        True,
        "needed_from_need-dhcp-ask",
    ),
    (
        "no address known, a local one",
        ether(0x800, ip4(tcp(1, 2), src="10.7.7.7"), mac_of(3)),
        False,
        f"{D3}_stopped_from",
    ),
    (
        "no address known, a foreign one",
        ether(0x800, ip4(tcp(1, 2), src="8.8.8.8"), mac_of(3)),
        False,
        f"{D3}_spoof",
    ),
    ("ARP of who has no address known", arp("10.7.7.7", mac_of(3)), True, None),
    ("others", ether(0x800, ip4(tcp(1, 2), src="8.8.8.8"), OTHER, "02:00:00:00:00:08"), True, None),
)


@pytest.fixture(scope="module")
def judged():
    passed, counters, _ = send(
        write_rules(POLICY, Step.ALL, families=["bridge"]), [frame[1] for frame in FRAMES]
    )
    return passed, counters


def test_the_kernel_passes_and_stops_each_frame_as_its_entry_says(judged):
    wrong = [
        what
        for (what, _, passes, _), passed in zip(FRAMES, judged[0], strict=True)
        if passes != passed
    ]

    assert not wrong


def test_each_frame_is_counted_once_by_its_list(judged):
    expected = {}
    for _, _, _, counter in FRAMES:
        if counter:
            expected[counter] = expected.get(counter, 0) + 1
    expected[f"{D1}_from_other"] = 1  # the sender's list comes first

    assert judged[1] == expected


def test_log_counts_and_stops_nothing():
    passed, counters, _ = send(
        write_rules(POLICY, Step.LOG, families=["bridge"]), [frame[1] for frame in FRAMES[3:8]]
    )

    assert all(passed)
    assert counters == {f"{D1}_stopped_from": 3, f"{D1}_spoof": 2}


def test_the_step_internet_stops_only_what_leaves_the_site():
    frames = [
        FRAMES[3][1],
        FRAMES[16][1],
        ether(0x800, ip4(tcp(1, 2), dst="10.5.5.5")),
        FRAMES[22][1],
    ]

    passed, _, _ = send(write_rules(POLICY, Step.INTERNET, families=["bridge"]), frames)

    assert passed == [False, True, True, True]


def test_steps_differ_where_rules_end_and_nowhere_else():
    ends = {step: dict(end_chains(step, "inet")) for step in Step}

    assert ends[Step.LOG]["end_to"] == ["accept"]
    assert ends[Step.ALL]["end_to"] == ["drop"]
    assert ends[Step.INTERNET]["end_to"] == [
        "ip saddr @inside_4 accept",
        "ip6 saddr @inside_6 accept",
        "drop",
    ]


def test_an_address_of_two_devices_is_the_first_ones_where_packets_are_routed():
    units = [
        own_unit(wrap(device(number, [], addresses=("10.0.0.1",))), POLICY.network)
        for number in (1, 2)
    ]

    maps = {name: elements for name, _, elements in maps_of(units, "inet")}

    assert maps["to_4"] == [f"10.0.0.1 : goto {D1}_to"]
    assert maps["from"] == [f"{ONE} : goto {D1}_from", f"{TWO} : goto {D2}_from"]


def test_each_hook_leads_to_one_list():
    names = [name for name, _ in hook_chains("inet")]

    assert names[-4:] == ["from_forward", "to_forward", "from_input", "to_output"]
