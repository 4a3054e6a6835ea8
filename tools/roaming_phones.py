"""A seed -> a capture of a home whose phones change their hardware address, and who was who.

    python -m tools.roaming_phones FILE [--seed 1] [--days 14] [--phones 12] [--twins]

Phones, tablets and laptops come and go as people do; most draw another address every night, two at
every connection. Five things stay. In the middle the provider gives another IPv6 prefix, while
people are at home. With `--twins` six more look like each other. `roaming_home.py` is another such
home, with other people and by another hand.
"""

import argparse
import random
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from functools import partial
from pathlib import Path

from tests.home import Device, Home, Place
from tools.roaming_guest import Guest, advertise
from tools.roaming_models import (
    THINGS,
    Persona,
    draw_phones,
    draw_things,
    draw_twins,
    find_shows,
)

HOUR, DAY = 3600.0, 86400.0
PREFIXES = ("2001:db8:a1:1::", "2001:db8:b2:7::")
ROUTER_MAC = "e8:df:70:4b:19:c0"
LEASES = range(20, 250)
"""Last numbers of IPv4 addresses, given out in turn; those that stay come before, from 10 on."""

SIGNS = (10 * 60.0, 20 * 60.0)
"""Least and most between two signs of life; of things that stay, twice as much."""

SHORTEST = 0.25 * HOUR
"""Who would stay less does not come."""


@dataclass(slots=True)
class Truth:
    """Who was who."""

    owner: dict[str, str] = field(default_factory=dict)
    """Name of the device by hardware address, in the order of their first use by each."""
    shows: dict[str, frozenset[str]] = field(default_factory=dict)
    """By name of device: host-name, model-name, shared-name, mdns-name, client-id, duid, uuid, or none.

    A model-name is its model's, a shared-name that which another tells as well. What is drawn anew
    at each connection, or made of the hardware address, is not counted.
    """


@dataclass(frozen=True, slots=True, kw_only=True)
class Stay:
    """From when to when, in seconds since the beginning, under which address."""

    begins: float
    ends: float
    mac: str


class RoamingHome:
    """The home, and what is due in it."""

    def __init__(self, *, seed: int, days: int, phones: int, twins: bool) -> None:
        self.dice = random.Random(seed)
        self.home = Home()
        self.home.router = Place(ROUTER_MAC, self.home.router.ip)
        self.began_us = self.home.now_us
        self.lasts = days * DAY
        self.changes = (days // 2) * DAY + 19.5 * HOUR
        self.due: list[tuple[float, int, Callable[[], object]]] = []
        personas = [*draw_things(self.dice), *draw_phones(self.dice, phones)]
        personas += draw_twins(self.dice, days) if twins else ()
        self.truth = Truth(shows=find_shows(personas))
        self._plan_router()
        stays = [(stay, each) for each in personas for stay in draw_stays(each, days, self.dice)]
        self._plan_stays(sorted(stays, key=lambda one: (one[0].begins, one[1].name)))

    def tell(self) -> Home:
        """Let everything happen in order of time."""
        for at, _, act in sorted(self.due, key=lambda one: one[:2]):
            self.home.now_us = max(self.home.now_us, self.began_us + round(at * 1_000_000))
            act()
        return self.home

    def prefixes(self, at: float) -> tuple[str, ...]:
        """What the router tells at a time: for a day the old prefix too, as given up."""
        if at < self.changes:
            return PREFIXES[:1]
        return PREFIXES[::-1] if at < self.changes + DAY else PREFIXES[1:]

    def _plan(self, at: float, act: Callable[[], object]) -> None:
        self.due.append((at, len(self.due), act))

    def _plan_router(self) -> None:
        for at in [5.0 + HOUR * hour for hour in range(int(self.lasts / HOUR))] + [self.changes]:
            self._plan(at, partial(advertise, self.home, self.prefixes(at)))

    def _plan_stays(self, stays: list[tuple[Stay, Persona]]) -> None:
        """One guest for each address, however often it comes with it."""
        guests: dict[str, Guest] = {}
        for stay, persona in stays:
            if stay.mac not in guests:
                fresh = len(guests) - len(THINGS)  # those that stay come first
                number = LEASES[fresh % len(LEASES)] if fresh >= 0 else LEASES.start + 2 * fresh
                place = Device(stay.mac, f"192.168.1.{number}", name=persona.name, home=self.home)
                guests[stay.mac] = Guest(place, persona, self.dice)
                self.truth.owner[stay.mac] = persona.name
            self._plan_stay(stay, guests[stay.mac])

    def _plan_stay(self, stay: Stay, guest: Guest) -> None:
        self._plan(stay.begins, partial(guest.joins, self.prefixes(stay.begins)))
        if stay.begins < self.changes < stay.ends - 30:
            at = self.changes + self.dice.uniform(1, 20)
            self._plan(at, partial(guest.takes, PREFIXES[1]))
        for at in self._moments(stay, times=2 if guest.persona.mac else 1):
            self._plan(at, guest.lives)
        if not guest.persona.mac:
            self._plan(stay.begins + 8, partial(self._opens_apps, guest))
            self._plan(stay.ends - 1, guest.checks_router)
        for at in self._twice_a_day(stay):
            self._plan(at, partial(guest.leases, anew=False))

    def _opens_apps(self, guest: Guest) -> None:
        """What comes in when a phone finds its network again: the platform, and an app or two."""
        common, apps = guest.persona.platform.domains, guest.persona.apps
        guest.connects(self.dice.choice(common))
        for domain in self.dice.sample(apps, min(2, len(apps))):
            guest.asks(domain, sixth=False)

    def _moments(self, stay: Stay, *, times: int) -> Iterator[float]:
        at = stay.begins + times * self.dice.uniform(*SIGNS)
        while at < stay.ends - 60:
            yield at
            at += times * self.dice.uniform(*SIGNS)

    def _twice_a_day(self, stay: Stay) -> Iterator[float]:
        """When a lease is half over (RFC 2131 section 4.4.5)."""
        at = stay.begins + DAY / 2
        while at < stay.ends - 60:
            yield at
            at += DAY / 2


def draw_stays(persona: Persona, days: int, dice: random.Random) -> list[Stay]:
    """When it is at home and under which address; never twice at once."""
    lasts = days * DAY
    if persona.mac:
        return [Stay(begins=dice.uniform(10, 90), ends=lasts, mac=persona.mac)]
    stays: list[Stay] = []
    for day in range(persona.days[0], min(days, persona.days[1])):
        mac = draw_mac(dice)
        for begins, ends in _visits(persona, day, dice):
            before = stays[-1].ends if stays else 0.0
            first, last = max(begins, before + _gap(persona, dice)), min(ends, lasts)
            if last - first > SHORTEST:
                stays.append(Stay(begins=first, ends=last, mac=mac))
                mac = draw_mac(dice) if persona.rhythm.each else mac
    return stays


def draw_mac(dice: random.Random) -> str:
    """A random one: locally administered, of one station (IEEE 802 section 8.4)."""
    octets = bytearray(dice.randbytes(6))
    octets[0] = octets[0] & 0xFC | 0x02
    return octets.hex(":")


def _visits(persona: Persona, day: int, dice: random.Random) -> Iterator[tuple[float, float]]:
    """Of one day, give or take a quarter of an hour; who takes a new address each time, drops out."""
    for hours in persona.rhythm.hours:
        begins, ends = (day * DAY + (hour + dice.uniform(-0.25, 0.25)) * HOUR for hour in hours)
        if persona.rhythm.each and dice.random() < 0.5:
            middle = dice.uniform(begins + 2 * SHORTEST, ends - 2 * SHORTEST)
            yield begins, middle
            begins = middle
        yield begins, ends


def _gap(persona: Persona, dice: random.Random) -> float:
    """Seconds without network before the next address, at least."""
    return dice.uniform(20, 40) if persona.rhythm.each else dice.uniform(180, 900)


def make_roaming_home(
    path: Path, *, seed: int, days: int = 14, phones: int = 12, twins: bool = False
) -> Truth:
    """Write the capture to `path`; who was who in it."""
    told = RoamingHome(seed=seed, days=days, phones=phones, twins=twins)
    told.tell().write(path)
    return told.truth


def main() -> None:
    """Read the command line and write."""
    parser = argparse.ArgumentParser(description="Write the capture of a home of roaming phones.")
    parser.add_argument("file", type=Path)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--days", type=int, default=14)
    parser.add_argument("--phones", type=int, default=12)
    parser.add_argument("--twins", action="store_true", help="with devices that look alike")
    chosen = parser.parse_args()
    make_roaming_home(
        chosen.file, seed=chosen.seed, days=chosen.days, phones=chosen.phones, twins=chosen.twins
    )


if __name__ == "__main__":
    main()
