"""Names and addresses -> the bytes that roaming devices send: DHCP, neighbour discovery, mDNS, TLS."""

import hashlib
import ipaddress
import struct
from collections.abc import Iterable, Sequence

from tests import messages
from tests.frames import ip_bytes, mac_bytes
from tests.tls_bytes import Flight, old_hellos
from tools.roaming_models import WINDOWS, Persona, Platform

GIVEN_UP_SECONDS = (7200, 0)
"""Valid and preferred time of a prefix that is given up (RFC 4862 section 5.5.3)."""


def stable_address(prefix: str, mac: str) -> str:
    """An address in a /64 that only this hardware address has (RFC 7217)."""
    own = hashlib.blake2b(f"{prefix} {mac}".encode(), digest_size=8).digest()
    return _join(prefix, own)


def burnt_address(prefix: str, mac: str) -> str:
    """An address in a /64 made of the hardware address (RFC 4291 appendix A)."""
    octets = mac_bytes(mac)
    return _join(prefix, bytes((octets[0] ^ 2,)) + octets[1:3] + b"\xff\xfe" + octets[3:])


def solicited_group(ip: str) -> str:
    """The group that a neighbour of this address listens to (RFC 4291 section 2.7.1)."""
    low = ip_bytes(ip)[-3:].hex()
    return f"ff02::1:ff{low[:2]}:{low[2:]}"


def solicitation(target: str, mac: str = "") -> bytes:
    """Who has `target`? Without `mac`, as one asks before taking it (RFC 4862 section 5.4.2)."""
    return bytes(4) + ip_bytes(target) + (bytes((1, 1)) + mac_bytes(mac) if mac else b"")


def advertisement(target: str, mac: str) -> bytes:
    """A router's answer that `target` is its own (RFC 4861 section 4.4)."""
    return bytes((0xE0, 0, 0, 0)) + ip_bytes(target) + bytes((2, 1)) + mac_bytes(mac)


def router_says(mac: str, prefixes: Sequence[str], dns: str) -> bytes:
    """A router advertisement that sends to DHCPv6 for more; all `prefixes` but the first are given up."""
    said = bytearray(messages.router_advertisement(mac, prefixes[0], (dns,)))
    said[1] = 0x40  # the flag "other configuration", RFC 4861 section 4.2
    for prefix in prefixes[1:]:
        said += struct.pack("!BBBBIII", 3, 4, 64, 0xC0, *GIVEN_UP_SECONDS, 0) + ip_bytes(prefix)
    return bytes(said)


def dhcp_options(persona: Persona, mac: str) -> dict[int, bytes]:
    """What a client of the platform puts into each of its messages."""
    platform = persona.platform
    options = {61: client_id(persona, mac), 57: (1500).to_bytes(2, "big")}
    if platform.vendor_class:
        options[60] = platform.vendor_class.encode()
    if persona.host_name:
        options[12] = persona.host_name.encode()
        if platform is WINDOWS:  # RFC 4702 section 2.1: flags, two old codes, the name in ASCII
            options[81] = bytes(3) + persona.host_name.encode()
    return {**options, 55: platform.parameters}


def client_id(persona: Persona, mac: str) -> bytes:
    """Of the address as most have it, or of the DUID (RFC 4361 section 6.1)."""
    if persona.rfc_4361:
        return bytes((255,)) + hashlib.blake2b(persona.duid, digest_size=4).digest() + persona.duid
    return bytes((1,)) + mac_bytes(mac)


def information_request(persona: Persona, transaction: bytes) -> bytes:
    """A question for DNS servers over DHCPv6 (RFC 8415 section 18.2.6)."""
    asked = (17, 23, 24, 32) if persona.platform is WINDOWS else (23, 24, 31, 56)
    options = _option(8, bytes(2)) + _option(1, persona.duid)
    if persona.platform is WINDOWS:
        options += _option(16, struct.pack("!IH", 311, 8) + b"MSFT 5.0")
    return bytes((11,)) + transaction + options + _option(6, struct.pack("!4H", *asked))


def information_reply(persona: Persona, transaction: bytes, *, server_mac: str, dns: str) -> bytes:
    """The router's answer."""
    server = bytes((0, 3, 0, 1)) + mac_bytes(server_mac)
    told = ((1, persona.duid), (2, server), (23, ip_bytes(dns)))
    return bytes((7,)) + transaction + b"".join(_option(code, value) for code, value in told)


def announcement(persona: Persona, drawn: str, ips: Iterable[str]) -> bytes:
    """Its addresses and service over mDNS (RFC 6762 section 8.3), with `drawn` where it changes."""
    host = persona.local_name.replace("{drawn}", drawn) + ".local"
    records = [
        messages.dns_record(
            host, ip_bytes(ip), messages.AAAA if ":" in ip else messages.A, kind_class=0x8001
        )
        for ip in ips
    ]
    if persona.service:
        records += _service_records(persona, drawn, host)
    return struct.pack("!HHHHHH", 0, 0x8400, 0, len(records), 0, 0) + b"".join(records)


def device_notify(uuid: str, ip: str) -> bytes:
    """A television says over SSDP that it is there."""
    about = {
        "HOST": "239.255.255.250:1900",
        "CACHE-CONTROL": "max-age=1800",
        "LOCATION": f"http://{ip}:49152/description.xml",
        "NT": "upnp:rootdevice",
        "NTS": "ssdp:alive",
        "SERVER": "Linux/4.9 UPnP/1.0 TV/2.1",
        "USN": f"uuid:{uuid}::upnp:rootdevice",
    }
    return messages.http_message("NOTIFY * HTTP/1.1", about)


def hellos(platform: Platform, sni: str, random_bytes: bytes) -> list[Flight]:
    """The beginning of TLS as all of the platform do it, and a server that knows TLS 1.2 only."""
    return [
        (True, _hello(platform, sni, random_bytes)),
        *old_hellos(sni, version=0x0303, cipher=0xC02F)[1:],
    ]


def _hello(platform: Platform, sni: str, random_bytes: bytes) -> bytes:
    """A client hello (RFC 8446 section 4.1.2) in its record; `random_bytes` are 32."""
    ciphers = bytes.fromhex(platform.ciphers)
    listed = b"".join(_extension(kind, sni, random_bytes) for kind in platform.extensions)
    body = b"\3\3" + random_bytes + b"\x20" + random_bytes[::-1]
    body += _sized(ciphers) + b"\1\0" + _sized(listed)
    handshake = b"\1" + len(body).to_bytes(3, "big") + body
    return b"\x16\3\1" + _sized(handshake)


def _extension(kind: int, sni: str, share: bytes) -> bytes:
    """One extension; those that are not listed are empty."""
    groups, signatures = bytes.fromhex("001d00170018"), bytes.fromhex("040308040401050308050501")
    modern = {
        0: _sized(b"\0" + _sized(sni.encode())),
        5: bytes.fromhex("0100000000"),
        10: _sized(groups),
        11: b"\1\0",
        13: _sized(signatures),
        16: _sized(b"\2h2\x08http/1.1"),
        27: bytes.fromhex("020001"),
        28: bytes.fromhex("4001"),
        43: bytes.fromhex("0403040303"),
        45: b"\1\1",
        51: _sized(bytes.fromhex("001d") + _sized(share)),
        65281: b"\0",
    }
    return struct.pack("!H", kind) + _sized(modern.get(kind, b""))


def _service_records(persona: Persona, drawn: str, host: str) -> list[bytes]:
    """PTR, SRV and TXT (RFC 6763 sections 4 to 6)."""
    instance = _label(persona.instance.replace("{drawn}", drawn[:12]))
    full = instance + messages.dns_name(persona.service)
    texts = (text.replace("{drawn}", drawn[:12]) for text in persona.texts)
    target = struct.pack("!HHH", 0, 0, 49152) + messages.dns_name(host)
    return [
        messages.dns_record(persona.service, full, messages.PTR),
        _record(full, messages.SRV, target),
        _record(full, messages.TXT, b"".join(map(_label, texts))),
    ]


def _record(name: bytes, kind: int, value: bytes) -> bytes:
    """As `messages.dns_record`, for names with dots or spaces in their first label."""
    return name + struct.pack("!HHIH", kind, 0x8001, 300, len(value)) + value


def _label(text: str) -> bytes:
    return bytes((len(text.encode()),)) + text.encode()


def _option(code: int, value: bytes) -> bytes:
    return struct.pack("!HH", code, len(value)) + value


def _sized(value: bytes) -> bytes:
    return len(value).to_bytes(2, "big") + value


def _join(prefix: str, own: bytes) -> str:
    return str(ipaddress.IPv6Address(ip_bytes(prefix)[:8] + own))
