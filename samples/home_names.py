"""Who is in the sample home, and which names and addresses its Internet has.

Names end in `.example` and are nobody's. Addresses are from ranges of well-known hosts, so that
pictures of countries and providers show something; no packet leaves the machine.
"""

from dataclasses import dataclass, field
from ssl import TLSVersion

PREFIX = "192.168.20"
ROUTER_IP = f"{PREFIX}.1"
ROUTER_MAC = "e8:df:70:4a:10:01"
ULA = "fd20:7e57:1::"
OTHER_RESOLVER = "8.8.8.8"


@dataclass(frozen=True, slots=True, kw_only=True)
class Thing:
    """One device: the first half of its MAC says who made it or its radio module."""

    name: str
    mac: str
    host: int
    """Last byte of its address; DHCP gives it."""
    vendor_class: str = ""
    service: tuple[str, int] = ("", 0)
    """What it announces by mDNS: type and port."""
    texts: tuple[str, ...] = field(default=())

    @property
    def ip(self) -> str:
        """Its IPv4 address."""
        return f"{PREFIX}.{self.host}"


THINGS = (
    Thing(name="camera", mac="08:ea:40:5b:21:17", host=21, vendor_class="udhcp 1.20.2"),
    Thing(name="plug", mac="10:2d:41:93:04:6e", host=22, vendor_class="udhcp 1.15.3"),
    Thing(
        name="tv",
        mac="00:25:67:c8:55:31",
        host=23,
        vendor_class="tv-os 6.5",
        service=("_airplay._tcp", 7000),
        texts=("manufacturer=Invented", "model=TV-55"),
    ),
    Thing(
        name="speaker",
        mac="54:2a:1b:77:90:12",
        host=24,
        vendor_class="speaker 3.2",
        service=("_spotify-connect._tcp", 1400),
        texts=("CPath=/control",),
    ),
    Thing(name="phone", mac="da:31:9c:08:44:f2", host=25, vendor_class="android-dhcp-14"),
    Thing(name="laptop", mac="fc:f8:ae:12:66:0b", host=26, vendor_class="MSFT 5.0"),
    Thing(
        name="printer",
        mac="30:05:5c:40:7d:a9",
        host=27,
        vendor_class="printer",
        service=("_ipp._tcp", 631),
        texts=("ty=Invented Laser 200", "pdl=application/pdf", "adminurl=http://printer.local/"),
    ),
    Thing(
        name="hub",
        mac="ec:b5:fa:1e:83:54",
        host=28,
        vendor_class="udhcp 1.36.1",
        service=("_hue._tcp", 443),
        texts=("bridgeid=ecb5fafffe1e8354", "modelid=HUB001"),
    ),
    Thing(name="sensor", mac="08:3a:f2:6d:0f:38", host=29, vendor_class="lwip"),
    Thing(name="recorder", mac="20:57:9e:aa:31:c0", host=30, vendor_class="udhcp 1.10.3"),
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Peer:
    """One host on the invented Internet."""

    name: str
    ip: str
    tls: TLSVersion | None = TLSVersion.TLSv1_3
    """The only version that it speaks on port 443; None for no TLS."""
    self_signed: bool = False
    alias: str = ""
    """A second name, that DNS answers with a CNAME to the first."""


PEERS = (
    Peer(name="cloud.cheapcam.example", ip="47.91.88.12", self_signed=True, tls=TLSVersion.TLSv1_2),
    Peer(name="firmware.cheapcam.example", ip="47.91.88.40", tls=None),
    Peer(name="mqtt.plugcloud.example", ip="119.28.60.7", tls=None),
    Peer(name="edge.tvshows.example", ip="23.60.12.9", alias="www.tvshows.example"),
    Peer(name="ads.tvshows.example", ip="54.230.10.77", tls=TLSVersion.TLSv1_2),
    Peer(name="music.speakers.example", ip="35.186.224.25"),
    Peer(name="api.speakers.example", ip="3.120.44.5", tls=TLSVersion.TLSv1_2),
    Peer(name="mail.laptops.example", ip="13.107.21.60"),
    Peer(name="push.phones.example", ip="142.250.74.10"),
    Peer(name="bridge.hubmaker.example", ip="78.46.90.33"),
    Peer(name="ink.printers.example", ip="51.38.12.80", tls=TLSVersion.TLSv1_2),
    Peer(name="p2p.oldrecorder.example", ip="101.37.5.66", tls=None),
    Peer(name="old.oldrecorder.example", ip="101.37.5.70", tls=TLSVersion.TLSv1),
    Peer(name="time.ntp.example", ip="131.188.3.221", tls=None),
)
