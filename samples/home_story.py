"""What happens in the sample home, second by second: the list of programs that start when."""

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from samples.home_names import OTHER_RESOLVER, PREFIX, ROUTER_IP, THINGS, Thing

LAST_SECOND = 660
SERVICES = ("python3", "-m", "samples.home_services")

MAP_PORT = """<?xml version="1.0"?>
<s:Envelope xmlns:s="http://schemas.xmlsoap.org/soap/envelope/"><s:Body>
<u:AddPortMapping xmlns:u="urn:schemas-upnp-org:service:WANIPConnection:1">
<NewRemoteHost></NewRemoteHost><NewExternalPort>8554</NewExternalPort>
<NewProtocol>TCP</NewProtocol><NewInternalPort>80</NewInternalPort>
<NewInternalClient>CAMERA</NewInternalClient><NewEnabled>1</NewEnabled>
<NewPortMappingDescription>camera</NewPortMappingDescription>
<NewLeaseDuration>0</NewLeaseDuration></u:AddPortMapping></s:Body></s:Envelope>"""


@dataclass(frozen=True, slots=True, kw_only=True)
class Step:
    """One program that starts at a second of the story."""

    at: float
    thing: str
    command: tuple[str, ...]
    says: bytes | None = None
    """What the program reads on standard input."""


def tell(folder: Path) -> list[Step]:
    """All steps in order of time; `folder` has certificates and settings."""
    steps = [*_join(folder), *_serve(folder), *_live(folder), *_misbehave(folder)]
    return sorted(steps, key=lambda step: step.at)


def _join(folder: Path) -> Iterator[Step]:
    """Every thing is plugged in: link, DHCP, announcements."""
    for number, thing in enumerate(THINGS):
        at = 1 + 2.5 * number
        yield Step(at=at, thing=thing.name, command=("ip", "link", "set", "eth0", "up"))
        yield Step(at=at + 1.5, thing=thing.name, command=_ask_address(thing, folder))
        if thing.service[1]:
            yield Step(at=at + 5, thing=thing.name, command=_speak_mdns(thing, folder))


def _ask_address(thing: Thing, folder: Path) -> tuple[str, ...]:
    known = ("-x", f"hostname:{thing.name}", "-V", thing.vendor_class)
    return ("busybox", "udhcpc", "-f", "-i", "eth0", "-s", str(folder / "leased"), *known)


def _speak_mdns(thing: Thing, folder: Path) -> tuple[str, ...]:
    """Avahi with folders of its own in place of the machine's."""
    own = folder / f"avahi-{thing.name}"
    prepare = f"mount --bind {own} /etc/avahi/services && mount -t tmpfs none /run"
    start = f"exec avahi-daemon -f {own}.conf --no-chroot --no-drop-root --no-rlimits"
    return ("sh", "-c", f"{prepare} && {start}")


def _serve(folder: Path) -> Iterator[Step]:
    """Pages, brokers and announcements that devices offer."""
    yield Step(at=31, thing="camera", command=(*SERVICES, "page", "Camera"))
    yield Step(at=31, thing="printer", command=(*SERVICES, "page", "Invented Laser 200"))
    yield Step(at=31, thing="speaker", command=(*SERVICES, "state", "Speaker One"))
    yield Step(at=31, thing="recorder", command=(*SERVICES, "telnet", str(folder / "login")))
    broker = ("mosquitto", "-c", str(folder / "hub-broker.conf"))
    yield Step(at=31, thing="hub", command=broker)
    announced = (
        ("speaker", "MediaRenderer", "Linux/4.14 UPnP/1.0 Speaker/3.2"),
        ("tv", "MediaServer", "SmartOS/6.5 UPnP/1.1 TV/1.0"),
        ("camera", "Basic", "Linux/2.6.32 UPnP/1.0 GoAhead/2.5"),
    )
    for number, (thing, kind, server) in enumerate(announced):
        ip = next(known.ip for known in THINGS if known.name == thing)
        command = (*SERVICES, "ssdp", ip, kind, server)
        yield Step(at=34 + number, thing=thing, command=command)


def _live(folder: Path) -> Iterator[Step]:
    """What the better ones do all day."""
    for at in range(40, LAST_SECOND - 20, 150):
        yield _fetch(folder, at, "speaker", "https://music.speakers.example/3500/song")
        yield _fetch(folder, at + 5, "tv", "https://www.tvshows.example/4000/show")
    for at in range(61, LAST_SECOND - 20, 240):
        yield _fetch(folder, at, "phone", "https://push.phones.example/600/news")
        yield _fetch(folder, at + 12, "laptop", "https://mail.laptops.example/1500/inbox")
    for at in range(50, LAST_SECOND - 20, 150):
        yield _fetch(folder, at, "speaker", "https://api.speakers.example/800/state")
        yield _fetch(folder, at + 8, "tv", "https://ads.tvshows.example/800/banner")
        yield _fetch(folder, at + 16, "printer", "https://ink.printers.example/500/level")
    for number, thing in enumerate(("hub", "speaker", "tv", "plug", "phone")):
        for at in range(44, LAST_SECOND, 256):
            clock = ("ntpdig", "-t", "2", "time.ntp.example")
            yield Step(at=at + 3 * number, thing=thing, command=clock)
    yield from _speak_mqtt(folder)
    yield Step(at=120, thing="phone", command=(*SERVICES, "search", "ssdp:all"))
    for page in ("/", "/description.xml"):
        yield _fetch(folder, 124, "phone", f"http://{PREFIX}.24{page}")
    yield Step(at=200, thing="laptop", command=("ping", "-c", "3", ROUTER_IP))


def _speak_mqtt(folder: Path) -> Iterator[Step]:
    """The sensor with the hub, and the hub with its maker: one in the home, one inside TLS."""
    near = ("-h", f"{PREFIX}.28", "-i", "sensor-6d0f38", "-V", "mqttv5")
    far = ("-h", "bridge.hubmaker.example", "-p", "8883", "--cafile", str(folder / "ca.pem"))
    wants = ("mosquitto_sub", *far, "-i", "hub-1e8354", "-t", "hub/1e8354/commands", "-k", "30")
    yield Step(at=46, thing="hub", command=wants)
    for at in range(60, LAST_SECOND - 10, 120):
        warmth = ("mosquitto_pub", *near, "-t", "home/bedroom/temperature", "-m", f"2{at % 7}.5")
        yield Step(at=at, thing="sensor", command=warmth)
    for at in range(71, LAST_SECOND - 10, 180):
        state = ("mosquitto_pub", *far, "-t", "hub/1e8354/state", "-m", '{"lamps": 3}')
        yield Step(at=at, thing="hub", command=state)


def _misbehave(folder: Path) -> Iterator[Step]:
    """One thing for every check that the report knows."""
    cloud = ("-h", "mqtt.plugcloud.example", "-u", "plug-93046e", "-P", "invented")
    wants = ("mosquitto_sub", *cloud, "-i", "93046e-s", "-t", "plug/93046e/set", "-k", "20")
    yield Step(at=48, thing="plug", command=wants)
    for at in range(66, LAST_SECOND - 10, 90):
        power = ("mosquitto_pub", *cloud, "-t", "plug/93046e/power", "-m", "7.5")
        yield Step(at=at, thing="plug", command=power)
    yield from _neglect(folder)
    yield from _break_in(folder)
    for at in range(70, LAST_SECOND - 20, 90):
        asks = ("busybox", "nslookup", "-type=a", "www.tvshows.example", OTHER_RESOLVER)
        yield Step(at=at, thing="tv", command=asks)
    for number in range(108):
        away = "http://p2p.oldrecorder.example:8000/"
        yield _fetch(folder, 60 + 5 * number, "recorder", away, "-4")


def _neglect(folder: Path) -> Iterator[Step]:
    """The camera trusts anybody and fetches its firmware in the clear; the recorder is old."""
    camera = f"{PREFIX}.21"
    for at in range(55, LAST_SECOND - 20, 240):
        yield _fetch(folder, at, "camera", "https://cloud.cheapcam.example/2000/still", "-k")
    firmware = "http://firmware.cheapcam.example/firmware/cheapcam_2.4.1.bin"
    yield _fetch(folder, 90, "camera", firmware)
    soap = '"urn:schemas-upnp-org:service:WANIPConnection:1#AddPortMapping"'
    mapping = MAP_PORT.replace("CAMERA", camera)
    headers = ("-H", f"SOAPAction: {soap}", "-H", "Content-Type: text/xml")
    control = f"http://{ROUTER_IP}:5000/ctl/IPConn"
    yield _fetch(folder, 95, "camera", control, *headers, "-d", mapping)
    for at in (75, 375):
        old = ("--tlsv1.0", "--tls-max", "1.0", "--ciphers", "ALL:@SECLEVEL=0")
        yield _fetch(folder, at, "recorder", "https://old.oldrecorder.example/700/list", *old)


def _break_in(folder: Path) -> Iterator[Step]:
    """Logins in the clear, and a search for open doors."""
    for at, password in ((150, "a-wrong-one"), (156, "not-a-real-one")):
        form = ("-d", f"user=admin&password={password}")
        yield _fetch(folder, at - 2, "phone", f"http://{PREFIX}.21/")
        yield _fetch(folder, at, "phone", f"http://{PREFIX}.21/login", *form)
    yield _fetch(folder, 170, "laptop", f"http://{PREFIX}.27/")
    for at, password in ((220, "a-wrong-one"), (240, "not-a-real-one")):
        typed = f"(sleep 2; echo admin; sleep 2; echo {password}; sleep 3; echo date; sleep 1; echo exit; sleep 1)"
        command = ("sh", "-c", f"{typed} | telnet {PREFIX}.30")
        yield Step(at=at, thing="laptop", command=command)
    doors = ("nmap", "-sT", "-n", "-Pn", "--max-retries", "0", "--host-timeout", "20s")
    wanted = ("-p", "21-26,80,443,554,2323,5555,7547,8000,8080,8443,9000,9527,34567,37215,49152")
    searched = tuple(f"{PREFIX}.{host}" for host in (21, 24, 27))
    yield Step(at=300, thing="recorder", command=(*doors, *wanted, *searched))
    swept = ("nmap", "-sn", "-n", "--max-retries", "0", f"{PREFIX}.0/25")
    yield Step(at=330, thing="recorder", command=swept)


def _fetch(folder: Path, at: float, thing: str, url: str, *more: str) -> Step:
    """A web client as a device has one, each with a name of its own."""
    trusts = ("--cacert", str(folder / "ca.pem"), "-A", f"{thing}/1.0", "-m", "10")
    return Step(at=at, thing=thing, command=("curl", "-so", "/dev/null", *trusts, *more, url))
