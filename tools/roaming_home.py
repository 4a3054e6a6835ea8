"""A seed -> a capture of a home whose phones change their hardware address every day.

    python -m tools.roaming_home FILE [--seed 1] [--days 14] [--twins]

Twenty-four phones, tablets and laptops of eight people come and go, some with another address at each
return; six other things stay. In the middle the provider gives the home another IPv6 prefix. With
`--twins` there are devices besides that look like each other.
"""

import argparse
import random
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from functools import partial
from pathlib import Path

from tests import frames, messages
from tests.home import Device, Home, Place
from tests.tls_bytes import Flight, old_hellos
from tools.roaming_people import Persona, draw_people, draw_twins

HOUR = 3600.0
EVERY = 11 * 60.0
"""Seconds between two signs of life."""

PREFIXES = ("2001:db8:a1:1::", "2001:db8:b2:7::")
RESOLVER = "fe80::1"
CLOUD = "203.0.113.80"

FIXED = (
    ("tv", "00:25:67:00:00:11"),
    ("plug", "10:2d:41:00:00:12"),
    ("hub", "ec:b5:fa:00:00:13"),
    ("printer", "30:05:5c:00:00:14"),
    ("Chromecast", "54:60:09:00:00:15"),
    ("Chromecast", "54:60:09:00:00:16"),
)


@dataclass(slots=True)
class Truth:
    """Who was who."""

    owner: dict[str, str] = field(default_factory=dict)
    """Name of the device by hardware address, in the order of their first use."""
    shows: dict[str, frozenset[str]] = field(default_factory=dict)
    """What of a device lasts, by its name."""


class RoamingHome:
    """The home, and what is due in it; times in seconds since the beginning."""

    def __init__(self, *, seed: int, days: int, twins: bool) -> None:
        self.dice = random.Random(seed)
        self.home = Home()
        self.home.router = Place("e8:df:70:00:00:01", self.home.router.ip)
        self.began_us = self.home.now_us
        self.days = days
        self.truth = Truth()
        self.leases = 0
        self.due: list[tuple[float, int, Callable[[], object]]] = []
        personas = [*draw_people(self.dice), *(draw_twins(self.dice) if twins else ())]
        self._plan_router()
        for name, mac in FIXED:
            self._stay(name, mac)
        for persona in personas:
            self.truth.shows[persona.name] = persona.shows
            self._roam(persona)

    def tell(self) -> Home:
        """Let everything happen in order of time."""
        for at, _, act in sorted(self.due, key=lambda one: one[:2]):
            self.home.now_us = max(self.home.now_us, self.began_us + round(at * 1_000_000))
            act()
        return self.home

    @property
    def changes(self) -> float:
        """When the prefix changes."""
        return (self.days / 2) * 24 * HOUR + 19.5 * HOUR

    def prefix(self, at: float) -> str:
        """The IPv6 prefix at a time."""
        return PREFIXES[at >= self.changes]

    def _plan(self, at: float, act: Callable[[], object]) -> None:
        self.due.append((at, len(self.due), act))

    def _plan_router(self) -> None:
        at = 60.0
        while at < self.days * 24 * HOUR:
            self._plan(at, partial(self.home.router_advertises, prefix=self.prefix(at)))
            at += HOUR
        self._plan(
            self.changes, partial(self.home.router_advertises, prefix=self.prefix(self.changes))
        )

    def _stay(self, name: str, mac: str) -> None:
        """A thing that is there all the time."""
        place = self._next_place(mac, name)
        self._plan(len(self.due), place.joins_by_dhcp)
        for at in self._moments(300, self.days * 24 * HOUR, 3 * EVERY):
            self._plan(at, partial(self._lives, place, (f"{name.lower()}.maker-cloud.com",), at))

    def _roam(self, persona: Persona) -> None:
        """A device that comes each day, with another address for each stay."""
        for day in range(max(0, persona.days[0]), min(self.days, persona.days[1])):
            for begins, ends in persona.hours:
                shift = self.dice.uniform(-0.1, 0.1)
                self._visit(persona, 24 * day + begins + shift, 24 * day + ends + shift)

    def _visit(self, persona: Persona, begins: float, ends: float) -> None:
        mac = self._draw_mac()
        self.truth.owner[mac] = persona.name
        place = self._next_place(mac, persona.name)
        first = begins * HOUR
        self._plan(first, partial(join, place, persona))
        for at in self._moments(first + 20, ends * HOUR, EVERY):
            asked = self._choose(persona, early=at - first < 2 * HOUR)
            self._plan(at, partial(self._lives, place, asked, at))
        self._plan(first + 40, partial(greet, place, persona))

    def _choose(self, persona: Persona, *, early: bool) -> tuple[str, ...]:
        common = self.dice.choice(persona.platform.domains)
        return (common, self.dice.choice(persona.apps)) if early else (common,)

    def _moments(self, first: float, last: float, every: float) -> Iterator[float]:
        while first < last:
            yield first
            first += every * self.dice.uniform(0.8, 1.2)

    def _draw_mac(self) -> str:
        octets = bytearray(self.dice.randbytes(6))
        octets[0] = octets[0] & 0xFC | 0x02
        return octets.hex(":")

    def _next_place(self, mac: str, name: str) -> Device:
        number = 20 + self.leases % 220
        self.leases += 1
        return Device(mac, f"192.168.1.{number}", name=name, home=self.home)

    def _lives(self, place: Device, domains: tuple[str, ...], at: float) -> None:
        """A question over IPv4, one over IPv6 from an address of the prefix of the day."""
        for domain in domains:
            place.asks(domain, CLOUD)
        question = messages.dns_question(domains[-1], identifier=7)
        own = Place(place.mac, f"{self.prefix(at)}{place.mac[:2]}{place.mac[3:5]}:{place.mac[-2:]}")
        router = Place(self.home.router.mac, RESOLVER)
        self.home.datagram(own, router, (self.home.fresh_port(), 53), question)


def join(place: Device, persona: Persona) -> None:
    """DHCP as the platform does it, and DHCPv6 where the device has a DUID."""
    platform = persona.platform
    wants = {55: platform.parameters}
    client = bytes((1,)) + frames.mac_bytes(place.mac)
    if persona.rfc_4361:
        client = bytes((255,)) + frames.mac_bytes(place.mac)[2:] + persona.duid
    wants[61] = client
    if persona.host_name:
        wants[12] = persona.host_name.encode()
    if platform.vendor_class:
        wants[60] = platform.vendor_class.encode()
    _ask(place, 1, wants)
    _ask(place, 3, {50: frames.ip_bytes(place.ip), **wants})
    place.looks_for([place.ip])
    if persona.duid and not persona.rfc_4361:
        _solicit(place, persona.duid)


def greet(place: Device, persona: Persona) -> None:
    """Its name in mDNS, where it has one there, and the first TLS connection."""
    place.plays(CLOUD, hellos(persona))
    if persona.local_name:
        says = messages.mdns_announcement(
            persona.local_name, "_rdlink._tcp.local", f"{persona.local_name}.local", place.ip
        )
        place.sends_to_group("224.0.0.251", 5353, says, src_port=5353)


def hellos(persona: Persona) -> list[Flight]:
    """The beginning of TLS as all devices of the platform do it, to an app of this one."""
    return old_hellos(persona.apps[0], version=0x0303, cipher=persona.platform.cipher)


def _ask(place: Device, kind: int, options: dict[int, bytes]) -> None:
    message = messages.dhcp(kind, place.mac, options)
    nobody, everybody = Place(place.mac, "0.0.0.0"), Place(frames.BROADCAST, "255.255.255.255")
    place.home.datagram(nobody, everybody, (68, 67), message)


def _solicit(place: Device, duid: bytes) -> None:
    """A DHCPv6 solicitation (RFC 8415 section 8): message, transaction, client identifier."""
    message = bytes((1, 0, 0, 7, 0, 1)) + len(duid).to_bytes(2, "big") + duid
    own = Place(place.mac, f"fe80::{place.mac[:2]}{place.mac[3:5]}:{place.mac[-2:]}")
    group = "ff02::1:2"
    place.home.datagram(own, Place(frames.group_mac(group), group), (546, 547), message)


def write_roaming_home(path: Path, *, seed: int = 1, days: int = 14, twins: bool = False) -> Truth:
    """Write the capture to `path`; who was who in it."""
    told = RoamingHome(seed=seed, days=days, twins=twins)
    told.tell().write(path)
    return told.truth


def main() -> None:
    """Read the command line and write."""
    parser = argparse.ArgumentParser(description="Write the capture of a home of roaming phones.")
    parser.add_argument("file", type=Path)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--days", type=int, default=14)
    parser.add_argument("--twins", action="store_true", help="with devices that look alike")
    chosen = parser.parse_args()
    write_roaming_home(chosen.file, seed=chosen.seed, days=chosen.days, twins=chosen.twins)


if __name__ == "__main__":
    main()
