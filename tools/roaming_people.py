"""A seed -> the people of a shared house, and what each of their phones, tablets and laptops shows."""

import random
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field

PEOPLE = ("Anna", "Bernd", "Chloe", "Dilek", "Emil", "Farid", "Greta", "Hana")

APPS = (
    "edge.chatter-app.com", "api.ridehail.io", "sync.notesbook.net", "cdn.shortclips.com",
    "api.citybank-mobile.de", "push.dating-hub.com", "feeds.podcasts-now.org", "mail.lindenhof.org",
    "vpn.tool-works.de", "api.fitness-band.com", "img.marketplace-app.com", "play.puzzle-land.net",
    "api.train-times.ch", "cloud.photo-frame.io", "api.language-owl.com", "stream.radio-nord.de",
    "api.recipes-daily.com", "ws.stocks-live.com", "api.school-portal.org", "tiles.hiking-maps.org",
    "api.meal-courier.com", "cdn.comic-reader.net", "api.weather-eye.org", "sync.password-safe.io",
)  # fmt: skip
"""Domains of made-up apps, of which each person has a few."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Platform:
    """What all devices of a kind have in common."""

    name: str
    parameters: bytes
    vendor_class: str
    domains: tuple[str, ...]
    cipher: int
    """The TLS cipher suite that it offers: one client hello for each platform."""


APPLE = Platform(
    name="apple",
    parameters=bytes((1, 121, 3, 6, 15, 108, 114, 119, 252)),
    vendor_class="",
    domains=("captive.apple.com", "gateway.icloud.com", "1-courier.push.apple.com"),
    cipher=0xC02C,
)
ANDROID = Platform(
    name="android",
    parameters=bytes((1, 3, 6, 15, 26, 28, 51, 58, 59, 43, 114, 108)),
    vendor_class="android-dhcp-14",
    domains=("connectivitycheck.gstatic.com", "mtalk.google.com", "play.googleapis.com"),
    cipher=0xC02B,
)
WINDOWS = Platform(
    name="windows",
    parameters=bytes((1, 3, 6, 15, 31, 33, 43, 44, 46, 47, 119, 121, 249, 252)),
    vendor_class="MSFT 5.0",
    domains=("www.msftconnecttest.com", "settings-win.data.microsoft.com", "login.live.com"),
    cipher=0xC030,
)
LINUX = Platform(
    name="linux",
    parameters=bytes((1, 2, 6, 12, 15, 26, 28, 121, 3, 33, 40, 41, 42, 119, 249, 252, 17)),
    vendor_class="",
    domains=("connectivity-check.ubuntu.com", "ntp.ubuntu.com", "packages.linux-mirror.org"),
    cipher=0xC02F,
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Persona:
    """One device that roams: whose it is, what it shows, and when it is at home."""

    name: str
    platform: Platform
    host_name: str = ""
    """In DHCP; empty: none is told."""
    local_name: str = ""
    """In mDNS; empty: none is told."""
    duid: bytes = b""
    """In DHCPv6, and in the client identifier where `rfc_4361`."""
    rfc_4361: bool = False
    apps: tuple[str, ...]
    hours: tuple[tuple[float, float], ...]
    """Of each day; a new hardware address for each, or for each day if there is one only."""
    days: tuple[int, int] = (0, 1_000)
    """From the first, before the second."""
    shows: frozenset[str] = field(default_factory=frozenset)
    """What of it lasts: own-name, duid, or nothing."""


def draw_people(dice: random.Random) -> Iterator[Persona]:
    """Twenty-four devices of eight people: each a phone, and a tablet and a laptop."""
    for number, person in enumerate(PEOPLE):
        apps = tuple(dice.sample(APPS, 5))
        evening = _hours(dice, 16, 23)
        yield _phone(person, number, apps, evening, dice)
        yield _tablet(person, number, apps, _hours(dice, 17, 22), dice)
        yield _laptop(person, number, apps, _hours(dice, 18, 23), dice)


def draw_twins(dice: random.Random) -> Iterator[Persona]:
    """Devices that look like each other: whoever joins two of different names is wrong."""
    same = tuple(dice.sample(APPS, 4))
    galaxy = {"platform": ANDROID, "host_name": "Galaxy-S21", "apps": same}
    yield Persona(name="early twin", hours=((6.0, 11.5),), **galaxy)
    yield Persona(name="late twin", hours=((13.0, 21.0),), **galaxy)
    tab = {"platform": ANDROID, "host_name": "Omas-Tablet", "apps": same}
    yield Persona(name="first namesake", hours=((9.0, 15.0),), **tab)
    yield Persona(name="second namesake", hours=((12.0, 18.0),), **tab)
    mine, theirs = tuple(APPS[:5]), tuple(APPS[10:15])
    gone = {"platform": ANDROID, "host_name": "Ivos-Phone", "hours": ((15.0, 22.0),)}
    yield Persona(name="gone for good", days=(0, 4), apps=mine, **gone)
    yield Persona(name="took its name", days=(5, 1_000), apps=theirs, **gone)


def _hours(dice: random.Random, begins: int, ends: int) -> tuple[tuple[float, float], ...]:
    return ((begins + dice.uniform(0, 1), ends - dice.uniform(0, 1)),)


def _phone(
    person: str, number: int, apps: tuple[str, ...], hours: tuple[tuple[float, float], ...],
    dice: random.Random,
) -> Persona:  # fmt: skip
    """Half are iPhones that tell a common name to DHCP and their own in mDNS; one Android is silent."""
    shows = {"name": f"phone of {person}", "apps": apps, "hours": hours}
    if number % 2 == 0:
        return Persona(
            platform=APPLE,
            host_name="iPhone",
            local_name=f"{person}s-iPhone",
            shows=frozenset({"own-name"}),
            **shows,
        )
    if number == 7:
        return Persona(platform=ANDROID, shows=frozenset({"nothing"}), **shows)
    if number == 3:  # comes and goes, with a new address each time
        shows["hours"] = ((7.0, 8.2), (12.3, 13.4), (18.0 + dice.uniform(0, 1), 23.0))
    named = f"{person}s-{dice.choice(('Pixel-7', 'S22', 'Redmi-Note-12'))}"
    return Persona(platform=ANDROID, host_name=named, shows=frozenset({"own-name"}), **shows)


def _tablet(
    person: str, number: int, apps: tuple[str, ...], hours: tuple[tuple[float, float], ...],
    dice: random.Random,
) -> Persona:  # fmt: skip
    platform, product = ((APPLE, "iPad"), (ANDROID, "Tab-S8"))[number % 2]
    return Persona(
        name=f"tablet of {person}",
        platform=platform,
        host_name=f"{person}-{product}",
        apps=tuple(dice.sample(apps, 3)),
        hours=hours,
        shows=frozenset({"own-name"}),
    )


def _laptop(
    person: str, number: int, apps: tuple[str, ...], hours: tuple[tuple[float, float], ...],
    dice: random.Random,
) -> Persona:  # fmt: skip
    """Windows with a drawn name and a DUID; Linux with a DUID in its client identifier, some nameless."""
    duid = bytes((0, 1, 0, 1)) + dice.randbytes(4) + bytes((0, 0x1B, 0x21)) + dice.randbytes(3)
    drawn = "".join(dice.choice("ABCDEFGHJKLMNPQRSTUVWXYZ0123456789") for _ in range(7))
    linux = number % 3 == 0
    name = "" if linux and number else (f"{person}-book" if linux else f"DESKTOP-{drawn}")
    return Persona(
        name=f"laptop of {person}",
        platform=LINUX if linux else WINDOWS,
        host_name=name,
        duid=duid,
        rfc_4361=linux,
        apps=tuple(dice.sample(apps, 3)),
        hours=hours,
        shows=frozenset({"duid"} | ({"own-name"} if name else set())),
    )


def lasting(personas: Sequence[Persona]) -> list[Persona]:
    """Those that show something that lasts."""
    return [persona for persona in personas if persona.shows - {"nothing"}]
