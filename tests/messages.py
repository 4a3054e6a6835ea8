"""Facts -> the bytes of messages that devices send: DNS, DHCP, NTP, SSDP, MQTT, HTTP, SOAP."""

import struct
from collections.abc import Mapping, Sequence

from tests.frames import ip_bytes, mac_bytes

A, PTR, TXT, AAAA, SRV = 1, 12, 16, 28, 33

MAGIC_COOKIE = bytes((99, 130, 83, 99))  # RFC 2131 section 3


def dns_name(name: str) -> bytes:
    """A name as length and label, without compression."""
    labels = [label.encode() for label in name.split(".") if label]
    return b"".join(bytes((len(label),)) + label for label in labels) + b"\0"


def dns_question(name: str, *, identifier: int = 0, kind: int = A, flags: int = 0x0100) -> bytes:
    """A question for one name; flags ask for recursion."""
    head = struct.pack("!HHHHHH", identifier, flags, 1, 0, 0, 0)
    return head + dns_name(name) + struct.pack("!HH", kind, 1)


def dns_answer(
    name: str, addresses: Sequence[str], *, identifier: int = 0, rcode: int = 0, kind: int = A
) -> bytes:
    """The answer to a question; no addresses and an `rcode` for a failure."""
    head = struct.pack("!HHHHHH", identifier, 0x8180 | rcode, 1, len(addresses), 0, 0)
    question = dns_name(name) + struct.pack("!HH", kind, 1)
    records = [dns_record(name, ip_bytes(ip), AAAA if ":" in ip else A) for ip in addresses]
    return head + question + b"".join(records)


def dns_record(name: str, value: bytes, kind: int, *, kind_class: int = 1) -> bytes:
    """One resource record that lives for five minutes."""
    return dns_name(name) + struct.pack("!HHIH", kind, kind_class, 300, len(value)) + value


def mdns_announcement(instance: str, service: str, host: str, ip: str) -> bytes:
    """An answer that nobody asked for: service, instance and address (RFC 6762 section 8.3)."""
    full = f"{instance}.{service}"
    target = struct.pack("!HHH", 0, 0, 80) + dns_name(host)
    records = (
        dns_record(service, dns_name(full), PTR),
        dns_record(full, target, SRV, kind_class=0x8001),
        dns_record(host, ip_bytes(ip), A, kind_class=0x8001),
    )
    return struct.pack("!HHHHHH", 0, 0x8400, 0, len(records), 0, 0) + b"".join(records)


def dhcp(
    kind: int,
    client_mac: str,
    options: Mapping[int, bytes],
    *,
    your_ip: str = "0.0.0.0",
    transaction: int = 1,
) -> bytes:
    """A DHCPv4 message; kinds 1, 3 (discover, request) come from a client, 2, 5 from a server."""
    operation = 1 if kind in (1, 3, 7, 8) else 2
    head = struct.pack("!BBBBIHH", operation, 1, 6, 0, transaction, 0, 0)
    addresses = bytes(4) + ip_bytes(your_ip) + bytes(8)
    client = mac_bytes(client_mac) + bytes(10) + bytes(192)
    every = {53: bytes((kind,)), **options}
    listed = b"".join(bytes((code, len(value))) + value for code, value in every.items())
    return head + addresses + client + MAGIC_COOKIE + listed + b"\xff"


def router_advertisement(mac: str, prefix: str, dns: Sequence[str]) -> bytes:
    """What follows the checksum of a router advertisement (RFC 4861 section 4.2, RFC 8106)."""
    head = struct.pack("!BBHII", 64, 0, 1800, 0, 0)
    link = bytes((1, 1)) + mac_bytes(mac)
    announced = struct.pack("!BBBBIII", 3, 4, 64, 0xC0, 86400, 14400, 0) + ip_bytes(prefix)
    servers = b"".join(map(ip_bytes, dns))
    told = struct.pack("!BBHI", 25, 1 + 2 * len(dns), 0, 1800) + servers if dns else b""
    return head + link + announced + told


def ntp(mode: int, stratum: int = 0) -> bytes:
    """An NTP packet of version 4."""
    return bytes((0x20 | mode, stratum, 6, 0xEC)) + bytes(44)


def ssdp_notify(location: str, target: str, server: str) -> bytes:
    """An announcement of a UPnP device."""
    return http_message(
        "NOTIFY * HTTP/1.1",
        {
            "HOST": "239.255.255.250:1900",
            "CACHE-CONTROL": "max-age=1800",
            "LOCATION": location,
            "NT": target,
            "NTS": "ssdp:alive",
            "SERVER": server,
            "USN": f"uuid:4d696e69-0000-1000-8000-001122334455::{target}",
        },
    )


def http_message(first_line: str, headers: Mapping[str, str], body: bytes = b"") -> bytes:
    """A request or an answer; states the length of its body where it has one."""
    every = {**headers, **({"Content-Length": str(len(body))} if body else {})}
    lines = [first_line, *(f"{name}: {value}" for name, value in every.items()), "", ""]
    return "\r\n".join(lines).encode() + body


def mqtt_connect(client_id: str, *, user: str = "", password: str = "", level: int = 4) -> bytes:
    """A CONNECT of MQTT 3.1.1 (level 4) or 5."""
    flags = 0x02 | (0x80 if user else 0) | (0x40 if password else 0)
    properties = b"\0" if level == 5 else b""
    texts = [client_id, *filter(None, (user, password))]
    body = mqtt_text("MQTT") + bytes((level, flags)) + struct.pack("!H", 60) + properties
    return mqtt_packet(0x10, body + b"".join(map(mqtt_text, texts)))


def mqtt_accepted(code: int = 0) -> bytes:
    """A CONNACK of MQTT 3.1.1."""
    return mqtt_packet(0x20, bytes((0, code)))


def mqtt_publish(topic: str, payload: bytes = b"1") -> bytes:
    """A PUBLISH of quality 0."""
    return mqtt_packet(0x30, mqtt_text(topic) + payload)


def mqtt_text(text: str) -> bytes:
    """A string with its length in two bytes before it."""
    return struct.pack("!H", len(text.encode())) + text.encode()


def mqtt_packet(first: int, body: bytes) -> bytes:
    """A control packet; the length takes as many bytes as it needs."""
    size, lengths = len(body), bytearray()
    while size > 127:
        lengths.append(size & 0x7F | 0x80)
        size >>= 7
    return bytes((first, *lengths, size)) + body


def add_port_mapping(external_port: int, internal_ip: str, internal_port: int) -> bytes:
    """The request of UPnP IGD that opens a port for ever."""
    arguments = {
        "NewRemoteHost": "",
        "NewExternalPort": external_port,
        "NewProtocol": "TCP",
        "NewInternalPort": internal_port,
        "NewInternalClient": internal_ip,
        "NewEnabled": 1,
        "NewPortMappingDescription": "camera",
        "NewLeaseDuration": 0,
    }
    return soap("AddPortMapping", "".join(f"<{k}>{v}</{k}>" for k, v in arguments.items()))


def soap(action: str, inside: str = "") -> bytes:
    """A SOAP envelope for an action of a router's WANIPConnection."""
    service = "urn:schemas-upnp-org:service:WANIPConnection:1"
    text = (
        '<?xml version="1.0"?><s:Envelope xmlns:s="http://schemas.xmlsoap.org/soap/envelope/"'
        ' s:encodingStyle="http://schemas.xmlsoap.org/soap/encoding/"><s:Body>'
        f'<u:{action} xmlns:u="{service}">{inside}</u:{action}></s:Body></s:Envelope>'
    )
    return text.encode()


def soap_fault(code: int = 718) -> bytes:
    """A router's refusal; 718 is a conflict with another mapping (UPnP WANIPConnection:2)."""
    text = (
        '<?xml version="1.0"?><s:Envelope xmlns:s="http://schemas.xmlsoap.org/soap/envelope/">'
        "<s:Body><s:Fault><faultcode>s:Client</faultcode><faultstring>UPnPError</faultstring>"
        '<detail><UPnPError xmlns="urn:schemas-upnp-org:control-1-0">'
        f"<errorCode>{code}</errorCode></UPnPError></detail></s:Fault></s:Body></s:Envelope>"
    )
    return text.encode()
