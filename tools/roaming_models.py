"""A seed -> who lives in the home, and what each of their devices is, shows and asks for."""

import random
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace

OWNERS = (
    ("Anna", "Ben", "Carla", "Dario", "Elif", "Fritz", "Gina"),
    ("Hugo", "Ines", "Jonas", "Klara", "Levin", "Mina", "Oskar"),
    ("Paula", "Ravi", "Selma", "Tilo", "Ursel", "Viktor", "Wanda"),
)
"""Seven for each twelve devices; after the third dozen the same names, said twice."""

APPS = (
    "edge.chatter.example", "api.ridehail.example", "sync.notesbook.example",
    "cdn.shortclips.example", "api.citybank.example", "push.hearts.example",
    "feeds.podnow.example", "imap.lindenhof.example", "vpn.toolworks.example",
    "api.stridelog.example", "img.fleamarket.example", "play.blockfall.example",
    "api.railtimes.example", "up.albumbox.example", "api.wordowl.example",
    "live.radionord.example", "api.soupbook.example", "ws.tickerline.example",
    "api.classbook.example", "tiles.trailmap.example", "api.mealrider.example",
    "cdn.panelcomic.example", "api.cloudwatcher.example", "sync.keychest.example",
)  # fmt: skip
"""Domains of made-up apps; each owner has a few, and some have the same."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Platform:
    """What all devices of one make do alike."""

    name: str
    parameters: bytes
    """DHCP option 55, in order."""
    domains: tuple[str, ...]
    clock: str
    vendor_class: str = ""
    """DHCP option 60; empty: not sent."""
    ciphers: str
    """Offered in TLS, four hex digits each, in order."""
    extensions: tuple[int, ...]
    """Of the client hello, in order."""


APPLE = Platform(
    name="apple",
    parameters=bytes((1, 121, 3, 6, 15, 108, 114, 119, 252)),
    domains=("captive.apple.com", "gateway.icloud.com", "gsp-ssl.ls.apple.com",
             "1-courier.push.apple.com", "bag.itunes.apple.com"),
    clock="time.apple.com",
    ciphers="0a0a 1301 1302 1303 c02c c02b cca9 c030 c02f cca8 c00a c009 c014 c013 009d 009c 0035"
            " 002f c008 c012 000a",
    extensions=(0x0A0A, 0, 23, 65281, 10, 11, 16, 5, 13, 18, 51, 45, 43, 27),
)  # fmt: skip
ANDROID = Platform(
    name="android",
    parameters=bytes((1, 3, 6, 15, 26, 28, 51, 58, 59, 43, 114, 108)),
    domains=("connectivitycheck.gstatic.com", "mtalk.google.com", "play.googleapis.com",
             "android.clients.google.com", "www.google.com"),
    clock="time.android.com",
    vendor_class="android-dhcp-13",
    ciphers="1301 1302 1303 c02b c02c cca9 c02f c030 cca8 c009 c00a c013 c014 009c 009d 002f 0035",
    extensions=(0, 23, 65281, 10, 11, 35, 16, 5, 13, 51, 45, 43),
)  # fmt: skip
WINDOWS = Platform(
    name="windows",
    parameters=bytes((1, 3, 6, 15, 31, 33, 43, 44, 46, 47, 119, 121, 249, 252)),
    domains=("www.msftconnecttest.com", "settings-win.data.microsoft.com", "login.live.com",
             "ctldl.windowsupdate.com"),
    clock="time.windows.com",
    vendor_class="MSFT 5.0",
    ciphers="1302 1301 c02c c02b c030 c02f 009f 009e c024 c023 c028 c027 c00a c009 c014 c013 009d"
            " 009c 003d 003c 0035 002f",
    extensions=(0, 5, 10, 11, 13, 35, 16, 23, 43, 45, 51, 65281),
)  # fmt: skip
LINUX = Platform(
    name="linux",
    parameters=bytes((1, 3, 6, 12, 15, 26, 28, 33, 42, 51, 54, 58, 59, 119, 121)),
    domains=("connectivity-check.ubuntu.com", "archive.ubuntu.com", "detectportal.firefox.com"),
    clock="ntp.ubuntu.com",
    ciphers="1301 1303 1302 c02b c02f cca9 cca8 c02c c030 c00a c009 c013 c014 009c 009d 002f 0035",
    extensions=(0, 23, 65281, 10, 11, 35, 16, 5, 51, 43, 13, 45, 28),
)  # fmt: skip
CHROME = Platform(
    name="chromeos",
    parameters=bytes((1, 33, 3, 6, 12, 15, 26, 28, 51, 54, 58, 59, 119, 121, 252)),
    domains=("www.gstatic.com", "clients4.google.com", "update.googleapis.com"),
    clock="time.google.com",
    ciphers="0a0a 1301 1302 1303 c02b c02f c02c c030 cca9 cca8 c013 c014 009c 009d 002f 0035",
    extensions=(0x0A0A, 0, 23, 65281, 10, 11, 35, 16, 5, 13, 18, 51, 45, 43, 27),
)
SMALL_THING = Platform(
    name="thing",
    parameters=bytes((1, 3, 28, 6)),
    domains=(),
    clock="pool.ntp.org",
    ciphers="c02b c02f 009c 003c 002f",
    extensions=(0, 10, 11, 13, 23),
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Rhythm:
    """When a device is at home, in hours from midnight; past 24 it stays into the next day."""

    hours: tuple[tuple[float, float], ...]
    each: bool = False
    """Whether it takes another address at every connection, not once a day."""


COMMUTER = Rhythm(hours=((3.6, 7.8), (17.4, 27.3)))
STUDENT = Rhythm(hours=((4.2, 9.4), (13.8, 18.5), (21.0, 27.9)))
HOMEBODY = Rhythm(hours=((3.9, 12.1), (13.2, 27.6)))
DAYTIME = Rhythm(hours=((8.3, 12.0), (12.8, 17.6)))
EVENING = Rhythm(hours=((18.6, 23.2),))
RESTLESS = Rhythm(hours=((6.4, 8.2), (12.1, 13.4), (16.5, 19.0), (20.3, 23.6)), each=True)


@dataclass(frozen=True, slots=True, kw_only=True)
class Persona:
    """One device, whose it is, what it shows and when it is there."""

    name: str
    platform: Platform
    rhythm: Rhythm = HOMEBODY
    mac: str = ""
    """Burnt in and never another; empty: drawn at random again and again."""
    host_name: str = ""
    """In DHCP; empty: none is told."""
    local_name: str = ""
    """In mDNS, without `.local`; empty: none is told. `{drawn}` is drawn anew at each connection."""
    instance: str = ""
    """Of the service in mDNS, as people read it."""
    service: str = ""
    texts: tuple[str, ...] = ()
    """TXT of the service; `{drawn}` is drawn anew at each connection."""
    usn: str = ""
    """UUID in SSDP; empty: it does not speak it."""
    duid: bytes = b""
    """In DHCPv6, and in the DHCPv4 client identifier where `rfc_4361`."""
    rfc_4361: bool = False
    apps: tuple[str, ...] = ()
    days: tuple[int, int] = (0, 10_000)
    """From the first, before the second."""
    marks: frozenset[str] = frozenset()
    """host-name, model-name, mdns-name, client-id, duid, uuid."""


ROTATING = ("rpMac=0", "rpHA={drawn}", "rpAD={drawn}", "rpBA={drawn}", "rpVr=440.10")
IPHONE = Persona(name="", platform=APPLE, service="_companion-link._tcp.local", texts=ROTATING)
OWN_NAME, MODEL_NAME, LOCAL_NAME = (
    frozenset({mark}) for mark in ("host-name", "model-name", "mdns-name")
)

PHONES = (
    (0, replace(IPHONE, name="iphone", rhythm=COMMUTER, host_name="iPhone",
                local_name="{owner}s-iPhone",
                instance="{owner}\N{RIGHT SINGLE QUOTATION MARK}s iPhone", marks=LOCAL_NAME)),
    (1, Persona(name="pixel", platform=ANDROID, rhythm=STUDENT, host_name="Pixel-7",
                marks=MODEL_NAME)),
    (0, Persona(name="windows laptop", platform=WINDOWS, rhythm=DAYTIME,
                host_name="DESKTOP-{serial}", local_name="DESKTOP-{serial}",
                marks=frozenset({"host-name", "mdns-name", "duid"}))),
    (2, Persona(name="silent android", platform=ANDROID, rhythm=COMMUTER)),
    (1, Persona(name="linux laptop", platform=LINUX, rhythm=EVENING, rfc_4361=True,
                host_name="{owner}-x1", local_name="{owner}-x1",
                marks=frozenset({"host-name", "mdns-name", "client-id", "duid"}))),
    (3, replace(IPHONE, name="old iphone", rhythm=RESTLESS, host_name="{owner}s-iPhone",
                local_name="{owner}s-iPhone", instance="{owner}s iPhone",
                service="_rdlink._tcp.local", marks=OWN_NAME | LOCAL_NAME)),
    (3, replace(IPHONE, name="ipad", rhythm=EVENING, host_name="iPad", local_name="iPad",
                instance="iPad")),
    (4, Persona(name="galaxy", platform=ANDROID, rhythm=RESTLESS, host_name="Galaxy-S21",
                marks=MODEL_NAME)),
    (5, Persona(name="second pixel", platform=ANDROID, rhythm=COMMUTER, host_name="Pixel-7",
                local_name="Android_{drawn}", instance="{drawn}", texts=("n={drawn}",),
                service="_FC9F5ED42C8A._tcp.local", marks=MODEL_NAME)),
    (4, Persona(name="tablet", platform=ANDROID, rhythm=HOMEBODY, host_name="Galaxy-Tab-S8",
                local_name="Android", instance="panel", service="_wallpanel._tcp.local",
                texts=("id={uuid}",), marks=MODEL_NAME | {"uuid"})),
    (6, Persona(name="chromebook", platform=CHROME, rhythm=EVENING)),
    (6, replace(IPHONE, name="plain iphone", rhythm=COMMUTER, host_name="iPhone", local_name="iPhone",
                instance="iPhone")),
)  # fmt: skip
"""Twelve that roam, with the number of the owner; `{owner}`, `{serial}`, `{uuid}` last."""

THINGS = (
    Persona(name="tv", mac="00:25:67:1c:40:11", platform=SMALL_THING, host_name="LivingRoomTV",
            usn="{uuid}", apps=("edge.shows.example",), marks=OWN_NAME | {"uuid"}),
    Persona(name="printer", mac="30:05:5c:77:02:9a", platform=SMALL_THING,
            host_name="BRW30055C77029A", local_name="BRW30055C77029A", instance="Office Printer",
            service="_ipp._tcp.local", texts=("ty=Office Printer", "UUID={uuid}"),
            apps=("ink.print.example",), marks=OWN_NAME | LOCAL_NAME | {"uuid"}),
    Persona(name="hub", mac="ec:b5:fa:0e:81:3d", platform=SMALL_THING, host_name="Hue-Bridge",
            local_name="ecb5fa0e813d", instance="Hue Bridge - 0E813D", service="_hue._tcp.local",
            texts=("bridgeid=ecb5fafffe0e813d", "modelid=BSB002"), apps=("ws.hubs.example",),
            marks=MODEL_NAME | LOCAL_NAME),
    Persona(name="plug", mac="24:0a:c4:1a:2b:3c", platform=SMALL_THING, host_name="ESP_1A2B3C",
            apps=("mq.plugs.example",), marks=OWN_NAME),
    Persona(name="other plug", mac="24:0a:c4:1a:2b:71", platform=SMALL_THING,
            host_name="ESP_1A2B71", apps=("mq.plugs.example",), marks=OWN_NAME),
)  # fmt: skip
"""Five that stay: their addresses are burnt in."""


def draw_phones(dice: random.Random, phones: int) -> Iterator[Persona]:
    """So many devices that roam: the twelve, and again as those of other people."""
    apps: dict[str, tuple[str, ...]] = {}
    for number in range(phones):
        dozen, kind = divmod(number, len(PHONES))
        whose, persona = PHONES[kind]
        again, names = divmod(dozen, len(OWNERS))
        owner = OWNERS[names][whose] * (again + 1)
        if owner not in apps:
            apps[owner] = draw_apps(dice)
        named = replace(persona, name=f"{persona.name} of {owner}", apps=apps[owner])
        yield _fill(named, owner, dice)


def draw_things(dice: random.Random) -> Iterator[Persona]:
    """Those that stay."""
    for persona in THINGS:
        yield _fill(persona, "", dice)


def draw_twins(dice: random.Random, days: int) -> Iterator[Persona]:
    """Devices that look like each other: whoever joins two of different names is wrong."""
    half = days // 2
    model = Persona(name="", platform=ANDROID, host_name="Galaxy-A54", marks=MODEL_NAME,
                    apps=draw_apps(dice))  # fmt: skip
    yield replace(model, name="early twin", rhythm=Rhythm(hours=((5.0, 12.4),)))
    yield replace(model, name="late twin", rhythm=Rhythm(hours=((13.0, 22.5),)))
    clone = replace(model, host_name="Noras-Galaxy", marks=OWN_NAME, apps=draw_apps(dice))
    yield replace(clone, name="first namesake", rhythm=Rhythm(hours=((8.0, 17.0),)))
    yield replace(clone, name="second namesake", rhythm=Rhythm(hours=((10.0, 21.0),)))
    name = replace(clone, host_name="Ivos-Phone", rhythm=COMMUTER)
    yield replace(name, name="gone for good", days=(0, half), apps=APPS[:4])
    yield replace(name, name="took its name", days=(half + 1, 10_000), apps=APPS[12:16])


def draw_apps(dice: random.Random) -> tuple[str, ...]:
    """Two to five domains."""
    return tuple(dice.sample(APPS, dice.randint(2, 5)))


def find_shows(personas: Sequence[Persona]) -> dict[str, frozenset[str]]:
    """What each shows, by its name: a host name that two tell is a shared-name."""
    told = Counter(persona.host_name for persona in personas)
    return {
        persona.name: frozenset(_show(persona.marks, alone=told[persona.host_name] < 2)) or NONE
        for persona in personas
    }


NONE = frozenset({"none"})


def _show(marks: Iterable[str], *, alone: bool) -> Iterator[str]:
    for mark in marks:
        yield mark if alone or mark not in OWN_NAME | MODEL_NAME else "shared-name"


def _fill(persona: Persona, owner: str, dice: random.Random) -> Persona:
    """Put in what lasts: names, serial numbers, identifiers."""
    serial = "".join(dice.choice("ABCDEFGHJKLMNPQRSTUVWXYZ0123456789") for _ in range(7))
    drawn = dice.randbytes(16).hex()
    uuid = "-".join((drawn[:8], drawn[8:12], "4" + drawn[13:16], "8" + drawn[17:20], drawn[20:]))
    lasting = {"{owner}": owner, "{serial}": serial, "{uuid}": uuid}
    if persona.platform is LINUX:
        lasting["{owner}"] = owner.lower()
    return replace(
        persona,
        host_name=_put(persona.host_name, lasting),
        local_name=_put(persona.local_name, lasting),
        instance=_put(persona.instance, lasting),
        texts=tuple(_put(text, lasting) for text in persona.texts),
        usn=_put(persona.usn, lasting),
        duid=_draw_duid(persona, dice) if "duid" in persona.marks else b"",
    )


def _put(text: str, values: dict[str, str]) -> str:
    for name, value in values.items():
        text = text.replace(name, value)
    return text


def _draw_duid(persona: Persona, dice: random.Random) -> bytes:
    """By vendor as systemd has it, else time and the address of another card (RFC 8415 section 11)."""
    if persona.rfc_4361:
        return bytes((0, 2, 0, 0, 0xAB, 0x11)) + dice.randbytes(8)
    return bytes((0, 1, 0, 1)) + dice.randbytes(4) + bytes((0x8C, 0x16, 0x45)) + dice.randbytes(3)
