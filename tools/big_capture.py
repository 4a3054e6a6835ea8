"""A seed -> a capture of 900 devices in an hour: over 1.5 million packets and 600 MB.

    python -m tools.big_capture FILE [--devices 900] [--minutes 60] [--seed 1]

The same seed gives the same packets, but for what OpenSSL draws at random in handshakes.
"""

import argparse
import ipaddress
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from pathlib import Path

import numpy as np

from tests import frames, messages
from tools.big_patterns import Kinds, make_patterns
from tools.pattern import ROUTER_MAC, Bytes, Ends, Numbers, Pattern, Records, gather

START_US = 1_767_225_600_000_000  # 2026-01-01 00:00:00 UTC
MINUTE_US = 60_000_000
ROUTER_IP = "10.20.0.1"
VENDORS = ("00:17:88", "08:3a:f2", "10:2d:41", "54:2a:1b", "30:05:5c", "00:25:67", "fc:f8:ae")

RATES = {
    "dns": 2.2,
    "ntp": 0.15,
    "mqtt": 0.07,
    "http": 0.06,
    "tls": 0.22,
    "media": 0.055,
    "down": 0.014,
    "up": 0.008,
    "vain": 0.1,
}
"""Conversations that a device begins in a minute, on average."""

ROUTES = {"dns": 2, "ntp": 40, "mqtt": 60, "http": 400, "vain": 50}
"""How many hosts of the Internet are met by each kind; 900 for the others."""


@dataclass(frozen=True, slots=True)
class Member:
    """One device of the big network."""

    number: int

    @property
    def mac(self) -> str:
        """A real vendor's prefix and an invented rest."""
        return f"{VENDORS[self.number % len(VENDORS)]}:{self.number.to_bytes(3, 'big').hex(':')}"

    @property
    def ip(self) -> str:
        """From 10.20.1.0 on."""
        return f"10.20.{1 + self.number // 200}.{10 + self.number % 200}"

    @property
    def ipv6(self) -> str:
        """An address with its MAC inside (RFC 4291 appendix A)."""
        mac = frames.mac_bytes(self.mac)
        rest = bytes((mac[0] ^ 2, *mac[1:3], 0xFF, 0xFE, *mac[3:]))
        return str(ipaddress.IPv6Address(bytes.fromhex("20010db800200000") + rest))


@dataclass(slots=True)
class Network:
    """What draws the hour: devices, patterns, and the dice."""

    devices: list[Member]
    kinds: Kinds
    rng: np.random.Generator
    ports: dict[int, int] = field(default_factory=dict)

    def minute(self, start_us: int, *, first: bool) -> Iterator[Records]:
        """Everything that begins in the minute from `start_us`."""
        for kind, rate in RATES.items():
            patterns: list[Pattern] = getattr(self.kinds, kind)
            for _ in range(self.rng.poisson(rate * len(self.devices))):
                yield self._converse(kind, patterns, start_us)
        yield chat(self._little_things(start_us, first=first))

    def _converse(self, kind: str, patterns: list[Pattern], start_us: int) -> Records:
        number, choice = self.rng.integers((len(self.devices), len(patterns))).tolist()
        pattern, device = patterns[choice], self.devices[number]
        far = choice % ROUTES.get(kind, 900)
        self.ports[device.number] = port = (self.ports.get(device.number, 0) + 1) % 28_000
        ends = Ends(
            mac=frames.mac_bytes(device.mac),
            client=frames.ip_bytes(device.ipv6 if pattern.ipv6 else device.ip),
            server=frames.ip_bytes(place(kind, far, ipv6=pattern.ipv6)),
            port=32_768 + port,
            identifier=int(self.rng.integers(65_536)) if kind == "dns" else None,
        )
        return pattern.stamp(ends, start_us + int(self.rng.integers(MINUTE_US)))

    def _little_things(self, start_us: int, *, first: bool) -> Iterator[tuple[int, bytes]]:
        """ARP, DHCP, mDNS, SSDP, pings: each device now and then."""
        chances = self.rng.random((len(self.devices), len(LITTLE)))
        moments = start_us + self.rng.integers(0, MINUTE_US, chances.shape)
        for row, device in enumerate(self.devices):
            for column, (tell, chance) in enumerate(LITTLE):
                if chances[row, column] < (1 if first and tell is join else chance):
                    at = int(moments[row, column])
                    yield from ((at + 900 * n, frame) for n, frame in enumerate(tell(device)))


def place(kind: str, number: int, *, ipv6: bool) -> str:
    """The host that a device speaks with; names are asked of the router."""
    if ipv6:
        return "2001:db8:20::1" if kind == "dns" else f"2001:db8:30::{number + 1:x}"
    if kind == "dns":
        return ROUTER_IP
    return (
        f"{(3, 13, 18, 34, 47, 52, 78, 104, 142)[number % 9]}.{20 + number // 200}.9.{number % 200}"
    )


def between(src: tuple[str, str], dst: tuple[str, str], packet: bytes) -> bytes:
    """A frame; ends are MAC and IP."""
    return frames.ethernet(src[0], dst[0], packet, 0x86DD if ":" in src[1] else 0x0800)


def join(device: Member) -> Iterator[bytes]:
    """DHCP and an announcement of its address."""
    wants = {12: f"thing-{device.number}".encode(), 60: b"udhcp 1.30", 55: b"\1\3\6\x0f"}
    gives = {54: frames.ip_bytes(ROUTER_IP), 51: b"\0\1\0\0", 6: frames.ip_bytes(ROUTER_IP)}
    for kind, options in ((1, wants), (2, gives), (3, wants), (5, gives)):
        asks = kind in (1, 3)
        src = (device.mac, "0.0.0.0") if asks else (ROUTER_MAC, ROUTER_IP)
        dst = (frames.BROADCAST, "255.255.255.255") if asks else (device.mac, device.ip)
        message = messages.dhcp(kind, device.mac, options, your_ip="0.0.0.0" if asks else device.ip)
        ports = (68, 67) if asks else (67, 68)
        body = frames.udp(src[1], dst[1], *ports, message)
        yield between(src, dst, frames.ip(src[1], dst[1], body, 17))
    own = frames.arp(1, (device.mac, device.ip), ("00:00:00:00:00:00", device.ip))
    yield frames.ethernet(device.mac, frames.BROADCAST, own, 0x0806)


def look_for_router(device: Member) -> Iterator[bytes]:
    """ARP, asked and answered."""
    me, router = (device.mac, device.ip), (ROUTER_MAC, ROUTER_IP)
    asked = frames.arp(1, me, ("00:00:00:00:00:00", ROUTER_IP))
    yield frames.ethernet(device.mac, frames.BROADCAST, asked, 0x0806)
    yield frames.ethernet(ROUTER_MAC, device.mac, frames.arp(2, router, me), 0x0806)


def look_for_neighbour(device: Member) -> Iterator[bytes]:
    """A neighbour solicitation for the router (RFC 4861 section 4.3)."""
    target, group = "2001:db8:20::1", "ff02::1:ff00:1"
    option = b"\1\1" + frames.mac_bytes(device.mac)
    asked = bytes(4) + frames.ip_bytes(target) + option
    body = frames.icmpv6(device.ipv6, group, 135, 0, asked)
    packet = frames.ip(device.ipv6, group, body, 58, ttl=255)
    yield between((device.mac, device.ipv6), (frames.group_mac(group), group), packet)


def announce(device: Member) -> Iterator[bytes]:
    """Its service, by mDNS."""
    name = f"thing-{device.number}"
    says = messages.mdns_announcement(name, "_hap._tcp.local", f"{name}.local", device.ip)
    yield to_group(device, "224.0.0.251", (5353, 5353), says)


def advertise(device: Member) -> Iterator[bytes]:
    """A UPnP device, by SSDP."""
    says = messages.ssdp_notify(
        f"http://{device.ip}/description.xml", "upnp:rootdevice", "Linux/4.4 UPnP/1.0 Thing/1.0"
    )
    yield to_group(device, "239.255.255.250", (1900, 1900), says)


def to_group(device: Member, group: str, ports: tuple[int, int], payload: bytes) -> bytes:
    """A datagram to a multicast group."""
    body = frames.udp(device.ip, group, *ports, payload)
    packet = frames.ip(device.ip, group, body, 17, ttl=4)
    return between((device.mac, device.ip), (frames.group_mac(group), group), packet)


def ping(device: Member) -> Iterator[bytes]:
    """An echo request to the router and its answer."""
    me, router = (device.mac, device.ip), (ROUTER_MAC, ROUTER_IP)
    for src, dst, kind in ((me, router, 8), (router, me, 0)):
        body = frames.icmp(kind, 0, b"\0\1\0\1" + bytes(range(56)))
        yield between(src, dst, frames.ip(src[1], dst[1], body, 1))


LITTLE: tuple[tuple[Callable[[Member], Iterator[bytes]], float], ...] = (
    (join, 0.003),
    (look_for_router, 0.25),
    (look_for_neighbour, 0.1),
    (announce, 0.15),
    (advertise, 0.1),
    (ping, 0.1),
)
"""What happens apart from conversations, and its chance a minute and device."""


def chat(listed: Iterator[tuple[int, bytes]]) -> Records:
    """Single frames as records."""
    pairs = list(listed)
    records = [frames.pcap_record(at, frame) for at, frame in pairs]
    sizes = [0, *map(len, records)]
    return Records(
        data=np.frombuffer(b"".join(records), np.uint8),
        starts=np.cumsum(sizes).astype(np.int64),
        times_us=np.array([at for at, _ in pairs], np.int64),
    )


def join_records(parts: list[Records]) -> Records:
    """All records after one another."""
    shifts = np.cumsum([0, *(len(part.data) for part in parts)])
    starts = [part.starts[:-1] + shift for part, shift in zip(parts, shifts[:-1], strict=True)]
    data: Bytes = np.concatenate([part.data for part in parts])
    return Records(
        data=data,
        starts=np.concatenate([*starts, [len(data)]]).astype(np.int64),
        times_us=np.concatenate([part.times_us for part in parts]),
    )


def generate(*, devices: int = 900, minutes: int = 60, seed: int = 1) -> Iterator[bytes]:
    """The capture file in pieces, a minute each; what begins in the last minutes is told whole."""
    rng = np.random.default_rng(seed)
    kinds = make_patterns(rng, variety=max(4, min(150, devices // 3)))
    network = Network([Member(number) for number in range(devices)], kinds, rng)
    yield frames.pcap_header()
    later: list[Records] = []
    for number in range(minutes):
        start_us = START_US + number * MINUTE_US
        records = join_records([*later, *network.minute(start_us, first=number == 0)])
        order = np.argsort(records.times_us, kind="stable")
        last = number == minutes - 1
        due = len(order)
        if not last:
            due = int(np.searchsorted(records.times_us[order], start_us + MINUTE_US))
        yield gather(records, order[:due])
        later = [keep(records, order[due:])]


def keep(records: Records, chosen: Numbers) -> Records:
    """The chosen records on their own."""
    sizes = np.diff(records.starts)[chosen]
    return Records(
        data=np.frombuffer(gather(records, chosen), np.uint8),
        starts=np.concatenate(([0], np.cumsum(sizes))).astype(np.int64),
        times_us=records.times_us[chosen],
    )


def write_big_capture(path: Path, *, devices: int = 900, minutes: int = 60, seed: int = 1) -> None:
    """Write the capture; a half-written file is never left under its name."""
    unfinished = path.with_suffix(".unfinished")
    with unfinished.open("wb") as file:
        for piece in generate(devices=devices, minutes=minutes, seed=seed):
            file.write(piece)
    unfinished.replace(path)


def main() -> None:
    """Read the command line and write."""
    parser = argparse.ArgumentParser(description="Write a large generated capture.")
    parser.add_argument("file", type=Path)
    parser.add_argument("--devices", type=int, default=900)
    parser.add_argument("--minutes", type=int, default=60)
    parser.add_argument("--seed", type=int, default=1)
    chosen = parser.parse_args()
    write_big_capture(chosen.file, devices=chosen.devices, minutes=chosen.minutes, seed=chosen.seed)


if __name__ == "__main__":
    main()
