"""Row dicts -> a store in which devices have been found: what a capture would have given."""

from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager

from thingwarden.inventory.devices import find_devices
from thingwarden.protocols.arp import ARP
from thingwarden.protocols.dhcp import DHCP
from thingwarden.protocols.dhcpv6 import DHCPV6
from thingwarden.protocols.dns import DNS, DNS_ANSWERS
from thingwarden.protocols.ftp import FTP
from thingwarden.protocols.http import HTTP
from thingwarden.protocols.mdns import MDNS, MDNS_ANSWERS
from thingwarden.protocols.mqtt import MQTT
from thingwarden.protocols.ndp import NDP
from thingwarden.protocols.quic import QUIC
from thingwarden.protocols.rtsp import RTSP
from thingwarden.protocols.ssdp import SSDP
from thingwarden.protocols.ssh import SSH
from thingwarden.protocols.telnet import TELNET
from thingwarden.protocols.tls import TLS
from thingwarden.protocols.upnp import UPNP
from thingwarden.store import Facts, Store
from thingwarden.tables import CAPTURES, ETHERNET, FLOWS, PROBLEMS, STACKS

from tests.store.rows import batch

Row = Mapping[str, object]
End = tuple[str | None, str | None]

TABLES = (
    CAPTURES, FLOWS, ETHERNET, STACKS, PROBLEMS, ARP, DHCP, DHCPV6, DNS, DNS_ANSWERS, FTP, HTTP, MDNS,
    MDNS_ANSWERS, MQTT, NDP, QUIC, RTSP, SSDP, SSH, TELNET, TLS, UPNP,
)  # fmt: skip
BY_NAME = {table.name: table for table in TABLES}

START_US = 1_767_225_600_000_000  # 2026-01-01 00:00:00 UTC

CAMERA, PLUG, ROUTER = "00:17:88:00:00:01", "00:17:88:00:00:02", "e8:df:70:00:00:01"
CAMERA_IP, PLUG_IP, ROUTER_IP = "192.168.1.10", "192.168.1.11", "192.168.1.1"
SITE, OTHER_SITE = "93.184.215.14", "8.8.8.8"
EVERYBODY = "ff:ff:ff:ff:ff:ff"
CAMERA_ID, PLUG_ID, ROUTER_ID = "d-001788000001", "d-001788000002", "d-e8df70000001"


@contextmanager
def found(**rows: Sequence[Row]) -> Iterator[Store]:
    """A store with these rows, by name of their table, and what inventory makes of them."""
    with Facts() as facts:
        for name, listed in rows.items():
            facts.add(BY_NAME[name], batch(BY_NAME[name], listed))
        with Store(TABLES, facts=[facts]) as store:
            find_devices(store, TABLES)
            yield store


def flow(src: End, dst: End, **more: object) -> Row:
    """A TCP flow between two pairs of addresses, in which both ends speak."""
    told = {
        "last_us": START_US, "flow_id": 1, "protocol": "tcp", "src_port": 40000, "dst_port": 443,
        "src_packets": 5, "dst_packets": 4, "src_bytes": 500, "dst_bytes": 400,
        "tcp_state": "closed", "handshake_us": 10_000,
    }  # fmt: skip
    return {**message(src, dst), **told, **more}


def unanswered(src: End, dst: End, **more: object) -> Row:
    """A knock at a door that stays shut."""
    silent = {"dst_packets": 0, "dst_bytes": 0, "tcp_state": "attempt", "handshake_us": None}
    return flow(src, dst, src_packets=1, src_bytes=60, **silent, **more)


def message(src: End, dst: End, **more: object) -> Row:
    """What every row begins with."""
    ends = {"src_mac": src[0], "src_ip": src[1], "dst_mac": dst[0], "dst_ip": dst[1]}
    return {"capture": 0, "frame": 1, "time_us": START_US, **ends, **more}


def lease(mac: str, ip: str, **more: object) -> Row:
    """The acknowledgement of a DHCP server that is the router."""
    given = {"kind": "ack", "client_mac": mac, "your_ip": ip, "routers": [ROUTER_IP]}
    return {**message((ROUTER, ROUTER_IP), (mac, ip)), **given, "dns_servers": [ROUTER_IP], **more}


def asks(mac: str, **more: object) -> Row:
    """A device's request for an address."""
    ends = message((mac, "0.0.0.0"), (EVERYBODY, "255.255.255.255"))
    return {**ends, "kind": "request", "client_mac": mac, **more}


def says(mac: str, ip: str) -> Row:
    """An ARP announcement."""
    return {**message((mac, ip), (EVERYBODY, ip)), "sender_mac": mac, "sender_ip": ip}


def announces(prefix: str, *, seconds: int = 1800) -> Row:
    """A router advertisement of the router."""
    sender, group = (ROUTER, "fe80::1"), ("33:33:00:00:00:01", "ff02::1")
    told = {"kind": "router-advertisement", "prefixes": [prefix], "router_seconds": seconds}
    return {**message(sender, group), **told}


def frames(mac: str, to: str = EVERYBODY, kind: str = "arp", **more: object) -> Row:
    """Frames without IP."""
    row = {"capture": 0, "frame": 1, "time_us": START_US, "last_us": START_US, "kind": kind}
    return {**row, "src_mac": mac, "dst_mac": to, "packets": 2, "bytes": 120, **more}


def ends_of(store: Store, table: str = "flows") -> list[tuple[object, ...]]:
    """Source device and place, destination device and place of each row."""
    rows = store.arrow(
        f"select src_device, src_place, dst_device, dst_place from {table} order by all"
    ).to_pylist()
    return [tuple(row.values()) for row in rows]


def devices_of(store: Store) -> list[str]:
    """The ids of all devices."""
    return store.arrow("select device_id from devices order by device_id")["device_id"].to_pylist()
