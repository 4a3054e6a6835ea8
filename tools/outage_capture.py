"""A seed -> a capture of a home whose Internet fails for three hours.

    python -m tools.outage_capture FILE [--seed 1] [--hours 3]

The router answers every name with its own address and resets what comes to it there, as many home
routers do to show a page about the failure. Devices try again and again, each in its own rhythm;
nobody attacks anybody. Two hours before and one after are an ordinary day.
"""

import argparse
import heapq
import random
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import partial
from pathlib import Path

from tests.home import Device, Home
from tests.tls_bytes import Flight, make_certificate, shake_hands

HOUR = 3600.0
BEFORE_HOURS, AFTER_HOURS = 2.0, 1.0
CLOCK = "131.188.3.221"


@dataclass(frozen=True, slots=True, kw_only=True)
class Habit:
    """How one device behaves; times in seconds."""

    name: str
    mac: str
    cloud: str
    ip: str
    every: float
    """Between its connections on an ordinary day."""
    retry: float
    """Between its tries when the Internet fails."""
    port: int = 443
    asks_again: bool = True
    """False if it keeps the address that it learnt first."""


HABITS = (
    Habit(name="plug", mac="10:2d:41:00:00:11", cloud="mq.plugs.example", ip="119.28.60.7",
          every=300, retry=4, port=8883),
    Habit(name="camera", mac="08:ea:40:00:00:12", cloud="p2p.cams.example", ip="47.91.88.12",
          every=120, retry=2),
    Habit(name="hub", mac="ec:b5:fa:00:00:13", cloud="ws.hubs.example", ip="78.46.90.33",
          every=600, retry=10),
    Habit(name="speaker", mac="54:2a:1b:00:00:14", cloud="api.speakers.example", ip="35.186.224.25",
          every=200, retry=5),
    Habit(name="tv", mac="00:25:67:00:00:15", cloud="edge.shows.example", ip="23.60.12.9",
          every=240, retry=15),
    Habit(name="thermostat", mac="08:3a:f2:00:00:16", cloud="iot.warm.example", ip="3.120.44.5",
          every=300, retry=3, asks_again=False),
    Habit(name="printer", mac="30:05:5c:00:00:17", cloud="ink.print.example", ip="51.38.12.80",
          every=1800, retry=60),
    Habit(name="phone", mac="da:31:9c:00:00:18", cloud="push.phones.example", ip="142.250.74.10",
          every=180, retry=30),
)  # fmt: skip
"""Eight devices, from patient to frantic."""


class Outage:
    """The home, its clock in seconds since the beginning, and what is due next."""

    def __init__(self, *, seed: int, hours: float, habits: tuple[Habit, ...] = HABITS) -> None:
        self.home = Home()
        self.began_us = self.home.now_us
        self.dice = random.Random(seed)
        self.fails = BEFORE_HOURS * HOUR
        self.heals = self.fails + hours * HOUR
        self.ends = self.heals + AFTER_HOURS * HOUR
        self.due: list[tuple[float, int, Callable[[], float]]] = []
        self.flights = {habit.name: shake(habit.cloud) for habit in habits}
        for number, habit in enumerate(habits):
            device = self.home.device(habit.name, mac=habit.mac)
            self._plan(number * 20.0, partial(self._join, device))
            self._plan(60 + self.dice.uniform(0, habit.every), self._life(device, habit).__next__)
            self._plan(90 + self.dice.uniform(0, 900), self._clock(device).__next__)

    def tell(self) -> Home:
        """Let everything happen in order of time."""
        while self.due:
            at, number, act = heapq.heappop(self.due)
            self.home.now_us = max(self.home.now_us, self.began_us + round(at * 1_000_000))
            following = act()
            if following and at + following < self.ends:
                heapq.heappush(self.due, (at + following, number, act))
        return self.home

    @property
    def failing(self) -> bool:
        """Whether the Internet is away at this moment."""
        now = (self.home.now_us - self.began_us) / 1_000_000
        return self.fails <= now < self.heals

    def _plan(self, at: float, act: Callable[[], float]) -> None:
        """Have `act` done; it says after how many seconds again, 0 for never."""
        heapq.heappush(self.due, (at, len(self.due), act))

    def _join(self, device: Device) -> float:
        device.joins_by_dhcp()
        device.announces_by_mdns()
        return 0

    def _life(self, device: Device, habit: Habit) -> Iterator[float]:
        """Ordinary connections while they work, else tries; yields seconds until the next."""
        router = self.home.router.ip
        while True:
            if self.failing:
                if habit.asks_again:
                    device.asks(habit.cloud, router)
                device.knocks(router if habit.asks_again else habit.ip, habit.port, refused=True)
                yield habit.retry * self.dice.uniform(0.8, 1.2)
                continue
            device.asks(habit.cloud, habit.ip)
            device.plays(habit.ip, self.flights[habit.name], port=habit.port)
            yield min(
                habit.every * self.dice.uniform(0.7, 1.3), self._until_failure() + habit.retry
            )

    def _until_failure(self) -> float:
        now = (self.home.now_us - self.began_us) / 1_000_000
        return self.fails - now if now < self.fails else self.ends

    def _clock(self, device: Device) -> Iterator[float]:
        """The time of day, every quarter of an hour; without the Internet nobody answers."""
        while True:
            if self.failing:
                device.asks("pool.ntp.example", self.home.router.ip)
            else:
                device.asks("pool.ntp.example", CLOCK)
                device.sets_its_clock(CLOCK)
            yield 900 * self.dice.uniform(0.9, 1.1)


def shake(name: str) -> list[Flight]:
    """One TLS connection to a host with a proper certificate."""
    return shake_hands(name, make_certificate((name,)))


def write_outage_capture(path: Path, *, seed: int = 1, hours: float = 3) -> None:
    """Write the capture to `path`."""
    Outage(seed=seed, hours=hours).tell().write(path)


def main() -> None:
    """Read the command line and write."""
    parser = argparse.ArgumentParser(description="Write the capture of a failing Internet.")
    parser.add_argument("file", type=Path)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--hours", type=float, default=3)
    chosen = parser.parse_args()
    write_outage_capture(chosen.file, seed=chosen.seed, hours=chosen.hours)


if __name__ == "__main__":
    main()
