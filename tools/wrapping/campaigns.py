"""Attacks, made for one device of a network: what a worm, a bot or a thief in the house would send.

Each campaign is a list of frames as the device's network would carry them. What is done stands in the
name; the ports and orders of attack are those that reports of Mirai and its kin describe.
"""

import random
import struct
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from ipaddress import IPv4Address, IPv4Network

from tests import frames
from tests.messages import dns_question

Frames = Iterator[bytes]


INSIDE = tuple(
    map(
        IPv4Network,
        ("10.0.0.0/8", "127.0.0.0/8", "169.254.0.0/16", "172.16.0.0/12", "192.168.0.0/16"),
    )
)
"""RFC 1918 section 3, RFC 1122 section 3.2.1.3, RFC 3927 section 2.1."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Place:
    """Where the attacked or attacking device stands."""

    mac: str
    ip: str
    gateway_mac: str
    gateway_ip: str
    resolver_ip: str
    neighbour_mac: str
    neighbour_ip: str
    """Another device of the same network."""
    allowed: tuple[str, int, int] | None = None
    """An address, protocol and port that its policy allows, for who hides among what is allowed."""


TELNET_PORTS, ROOTER_PORTS = (23, 2323), (22, 80, 8080, 5555, 7547, 37215, 52869)
ENOUGH = 60
"""Targets of a campaign: enough to see a leak of one in twenty."""


def telnet_scan_of_internet(place: Place, dice: random.Random) -> Frames:
    """Worm looks for the next victim outside."""
    for _ in range(ENOUGH):
        yield _out(place, _public(dice), dice.choice(TELNET_PORTS), dice=dice)


def exploit_scan_of_internet(place: Place, dice: random.Random) -> Frames:
    """The same over ports of known holes."""
    for _ in range(ENOUGH):
        yield _out(place, _public(dice), dice.choice(ROOTER_PORTS), dice=dice)


def sweep_of_the_house(place: Place, dice: random.Random) -> Frames:
    """Every address of its own network, for Telnet."""
    prefix = place.ip.rpartition(".")[0]
    for last in range(1, 255):
        yield _segment(place, place.neighbour_mac, f"{prefix}.{last}", 23, dice)


def lateral_login(place: Place, dice: random.Random) -> Frames:
    """It tries passwords at another device, by Telnet, SSH and ADB."""
    for _ in range(ENOUGH):
        port = dice.choice((23, 22, 5555))
        yield _segment(place, place.neighbour_mac, place.neighbour_ip, port, dice)


def telnet_login_at_it(place: Place, dice: random.Random) -> Frames:
    """Another device of the house tries passwords at it."""
    for _ in range(ENOUGH):
        ports = (dice.randrange(32768, 61000), 23)
        addresses = (place.neighbour_ip, place.ip)
        segment = frames.tcp(addresses, ports, frames.SYN, sequence=dice.getrandbits(32))
        packet = frames.ip(*addresses, segment, 6)
        yield frames.ethernet(place.neighbour_mac, place.mac, packet)


def login_from_outside(place: Place, dice: random.Random) -> Frames:
    """Somebody on the Internet reaches its web page through a hole in the gateway."""
    for _ in range(ENOUGH):
        addresses = (_public(dice), place.ip)
        ports = (dice.randrange(32768, 61000), dice.choice((80, 443, 554, 8080)))
        segment = frames.tcp(addresses, ports, frames.SYN, sequence=dice.getrandbits(32))
        packet = frames.ip(*addresses, segment, 6)
        yield frames.ethernet(place.gateway_mac, place.mac, packet)


def orders_by_address(place: Place, dice: random.Random) -> Frames:
    """A bot calls home by an address in its code, on ports that bots use and on 443."""
    home = _public(dice)
    for _ in range(ENOUGH):
        yield _out(place, home, dice.choice((443, 6667, 48101, 5034)), dice=dice)


def orders_by_own_resolver(place: Place, dice: random.Random) -> Frames:
    """A bot asks a resolver of its own for its master's name."""
    for number in range(ENOUGH):
        yield _datagram(place, _public(dice), 53, dns_question(f"c{number}.evil.example"), dice)


def flood_by_udp(place: Place, dice: random.Random) -> Frames:
    """It takes part in a flood of full datagrams."""
    victim = _public(dice)
    for _ in range(ENOUGH * 5):
        yield _datagram(place, victim, dice.randrange(1, 65536), dice.randbytes(1200), dice)


def flood_by_syn(place: Place, dice: random.Random) -> Frames:
    """It takes part in a flood of connections, from its own address."""
    victim = _public(dice)
    for _ in range(ENOUGH * 5):
        yield _out(place, victim, 80, dice=dice)


def flood_with_forged_sources(place: Place, dice: random.Random) -> Frames:
    """The same, from addresses that it does not have."""
    victim = _public(dice)
    for _ in range(ENOUGH * 5):
        yield _out(place, victim, 80, source=_public(dice), dice=dice)


def forged_neighbour(place: Place, dice: random.Random) -> Frames:
    """It sends in its neighbour's name."""
    for _ in range(ENOUGH):
        yield _out(place, _public(dice), 443, source=place.neighbour_ip, dice=dice)


def forged_arp(place: Place, dice: random.Random) -> Frames:
    """It says that it is the gateway."""
    del dice
    for _ in range(ENOUGH):
        sender, target = (place.mac, place.gateway_ip), (place.neighbour_mac, place.neighbour_ip)
        yield frames.ethernet(place.mac, place.neighbour_mac, frames.arp(2, sender, target), 0x0806)


def tunnel_by_icmp(place: Place, dice: random.Random) -> Frames:
    """It carries data out in echo requests."""
    victim = _public(dice)
    for number in range(ENOUGH):
        rest = struct.pack("!HH", 7, number) + dice.randbytes(900)
        packet = frames.ip(place.ip, victim, frames.icmp(8, 0, rest), 1)
        yield frames.ethernet(place.mac, place.gateway_mac, packet)


def tunnel_by_dns(place: Place, dice: random.Random) -> Frames:
    """It carries data out in names that it asks the network's own resolver for."""
    for _ in range(ENOUGH):
        name = f"{dice.randbytes(24).hex()}.{dice.randbytes(24).hex()}.t.evil.example"
        yield _datagram(place, place.resolver_ip, 53, dns_question(name), dice)


def hidden_among_what_is_allowed(place: Place, dice: random.Random) -> Frames:
    """Its master has rented a place behind an address that the policy allows: the worst case."""
    if place.allowed:
        ip, protocol, port = place.allowed
        for _ in range(ENOUGH):
            if protocol == 6:
                yield _out(place, ip, port, dice=dice)
            else:
                yield _datagram(place, ip, port, dice.randbytes(200), dice)


CAMPAIGNS: Mapping[str, Callable[[Place, random.Random], Frames]] = {
    attack.__name__.replace("_", " "): attack
    for attack in (
        telnet_scan_of_internet,
        exploit_scan_of_internet,
        sweep_of_the_house,
        lateral_login,
        telnet_login_at_it,
        login_from_outside,
        orders_by_address,
        orders_by_own_resolver,
        flood_by_udp,
        flood_by_syn,
        flood_with_forged_sources,
        forged_neighbour,
        forged_arp,
        tunnel_by_icmp,
        tunnel_by_dns,
        hidden_among_what_is_allowed,
    )
}


def write_campaign(name: str, place: Place, *, start_us: int, seed: int = 1) -> bytes:
    """A capture file with the campaign, a frame every 20 ms."""
    made = CAMPAIGNS[name](place, random.Random(f"{name}{seed}"))
    records = (
        frames.pcap_record(start_us + number * 20_000, frame) for number, frame in enumerate(made)
    )
    return frames.pcap_header() + b"".join(records)


def rehome(captured: Sequence[tuple[int, bytes]], place: Place, attacker: bytes) -> list[bytes]:
    """Frames of somebody else's capture as if the device had sent them.

    `attacker` is the hardware address of who attacks there. Its IPv4 address becomes the device's; the
    other end stays who it is where it is a group or on the Internet, and becomes the neighbour where not.
    Only IPv4 without a tag is taken; checksums are not made anew.
    """
    moved = []
    for _, frame in captured:
        if len(frame) < 34 or frame[6:12] != attacker or frame[12:14] != b"\x08\x00":
            continue
        mac, ip = _move_target(frame, place)
        head = mac + frames.mac_bytes(place.mac) + frame[12:26]
        moved.append(head + frames.ip_bytes(place.ip) + ip + frame[34:])
    return moved


def _move_target(frame: bytes, place: Place) -> tuple[bytes, bytes]:
    target = IPv4Address(frame[30:34])
    if frame[0] & 1:  # a group of Ethernet: IEEE 802.3 section 3.2.3
        return frame[:6], target.packed
    if is_inside(target):
        return frames.mac_bytes(place.neighbour_mac), frames.ip_bytes(place.neighbour_ip)
    return frames.mac_bytes(place.gateway_mac), target.packed


def is_inside(ip: IPv4Address) -> bool:
    """Whether an address is of some home or host, and not of the Internet."""
    return any(ip in network for network in INSIDE)


def _public(dice: random.Random) -> str:
    """An address of the Internet: none of them is private or reserved."""
    first = dice.choice((5, 23, 45, 81, 91, 103, 139, 154, 178, 185))
    return f"{first}.{dice.randrange(256)}.{dice.randrange(256)}.{dice.randrange(1, 255)}"


def _out(
    place: Place, target: str, port: int, *, dice: random.Random, source: str | None = None
) -> bytes:
    return _segment(place, place.gateway_mac, target, port, dice, source=source)


def _segment(
    place: Place,
    mac: str,
    target: str,
    port: int,
    dice: random.Random,
    *,
    source: str | None = None,
) -> bytes:
    addresses = (source or place.ip, target)
    ports = (dice.randrange(32768, 61000), port)
    segment = frames.tcp(addresses, ports, frames.SYN, sequence=dice.getrandbits(32))
    return frames.ethernet(place.mac, mac, frames.ip(*addresses, segment, 6))


def _datagram(place: Place, target: str, port: int, payload: bytes, dice: random.Random) -> bytes:
    near = target.rpartition(".")[0] == place.ip.rpartition(".")[0]
    mac = place.gateway_mac if target == place.gateway_ip or not near else place.neighbour_mac
    datagram = frames.udp(place.ip, target, dice.randrange(32768, 61000), port, payload)
    return frames.ethernet(place.mac, mac, frames.ip(place.ip, target, datagram, 17))
