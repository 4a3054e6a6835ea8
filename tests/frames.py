"""Fields -> the bytes of frames and capture files, with right checksums."""

import ipaddress
import struct
from functools import lru_cache

BROADCAST = "ff:ff:ff:ff:ff:ff"

FIN, SYN, RST, PSH, ACK = 0x01, 0x02, 0x04, 0x08, 0x10


@lru_cache(maxsize=65536)
def mac_bytes(mac: str) -> bytes:
    """Six bytes of `00:17:88:..`."""
    return bytes.fromhex(mac.replace(":", ""))


@lru_cache(maxsize=65536)
def ip_bytes(ip: str) -> bytes:
    """Four or sixteen bytes of an address as text."""
    return ipaddress.ip_address(ip).packed


def group_mac(ip: str) -> str:
    """The Ethernet address of an IP multicast group (RFC 1112, RFC 2464 section 7)."""
    packed = ip_bytes(ip)
    low = packed[-4:] if len(packed) == 16 else bytes((packed[1] & 0x7F, *packed[2:]))
    prefix = b"\x33\x33" if len(packed) == 16 else b"\x01\x00\x5e"
    return (prefix + low).hex(":")


def checksum(data: bytes) -> int:
    """The Internet checksum (RFC 1071): a sum with end-around carry is a remainder of 65535."""
    if len(data) % 2:
        data += b"\0"
    number = int.from_bytes(data, "big")
    return 0xFFFF - (number % 0xFFFF or (0xFFFF if number else 0))


def ethernet(src_mac: str, dst_mac: str, payload: bytes, kind: int = 0x0800) -> bytes:
    """An Ethernet II frame without its check sequence."""
    return mac_bytes(dst_mac) + mac_bytes(src_mac) + kind.to_bytes(2, "big") + payload


def vlan(number: int, payload: bytes, kind: int = 0x0800) -> bytes:
    """A VLAN tag and what follows; goes into `ethernet` with kind 0x8100 (or 0x88a8)."""
    return struct.pack("!HH", number, kind) + payload


def ipv4(
    src_ip: str, dst_ip: str, payload: bytes, protocol: int, *, ttl: int = 64, identifier: int = 0
) -> bytes:
    """An IPv4 packet without options."""
    head = struct.pack("!BBHHHBB", 0x45, 0, 20 + len(payload), identifier, 0x4000, ttl, protocol)
    addresses = ip_bytes(src_ip) + ip_bytes(dst_ip)
    return head + checksum(head + addresses).to_bytes(2, "big") + addresses + payload


def ipv6(src_ip: str, dst_ip: str, payload: bytes, protocol: int, *, hops: int = 64) -> bytes:
    """An IPv6 packet without extension headers."""
    head = struct.pack("!IHBB", 0x60000000, len(payload), protocol, hops)
    return head + ip_bytes(src_ip) + ip_bytes(dst_ip) + payload


def ip(src_ip: str, dst_ip: str, payload: bytes, protocol: int, *, ttl: int = 64) -> bytes:
    """A packet of the version that its addresses have."""
    if ":" in src_ip:
        return ipv6(src_ip, dst_ip, payload, protocol, hops=ttl)
    return ipv4(src_ip, dst_ip, payload, protocol, ttl=ttl)


def udp(src_ip: str, dst_ip: str, src_port: int, dst_port: int, payload: bytes) -> bytes:
    """A UDP datagram."""
    size = 8 + len(payload)
    head = struct.pack("!HHH", src_port, dst_port, size)
    whole = _pseudo_header(src_ip, dst_ip, size, 17) + head + payload
    return head + (checksum(whole) or 0xFFFF).to_bytes(2, "big") + payload


def tcp(
    addresses: tuple[str, str],
    ports: tuple[int, int],
    flags: int,
    *,
    sequence: int = 0,
    acknowledged: int = 0,
    payload: bytes = b"",
) -> bytes:
    """A TCP segment; a SYN has the option for its segment size. Pairs are source, destination."""
    options = struct.pack("!BBH", 2, 4, 1460) if flags & SYN else b""
    head = struct.pack(
        "!HHIIBBH",
        *ports,
        sequence & 0xFFFFFFFF,
        acknowledged & 0xFFFFFFFF,
        (5 + len(options) // 4) << 4,
        flags,
        65535,
    )
    rest = b"\0\0" + options + payload
    size = len(head) + 2 + len(rest)
    total = checksum(_pseudo_header(*addresses, size, 6) + head + b"\0\0" + rest)
    return head + total.to_bytes(2, "big") + rest


def icmp(kind: int, code: int, rest: bytes) -> bytes:
    """An ICMP message; `rest` begins with the four bytes after the checksum."""
    head = bytes((kind, code))
    return head + checksum(head + b"\0\0" + rest).to_bytes(2, "big") + rest


def icmpv6(src_ip: str, dst_ip: str, kind: int, code: int, rest: bytes) -> bytes:
    """An ICMPv6 message; its checksum covers the addresses."""
    head = bytes((kind, code))
    whole = _pseudo_header(src_ip, dst_ip, 4 + len(rest), 58) + head + b"\0\0" + rest
    return head + checksum(whole).to_bytes(2, "big") + rest


def arp(operation: int, sender: tuple[str, str], target: tuple[str, str]) -> bytes:
    """An ARP packet; `sender` and `target` are MAC and IPv4 address."""
    head = struct.pack("!HHBBH", 1, 0x0800, 6, 4, operation)
    ends = (mac_bytes(mac) + ip_bytes(ip) for mac, ip in (sender, target))
    return head + b"".join(ends)


def pcap_header(link: int = 1) -> bytes:
    """The head of a capture file: microseconds, little end first; link 1 is Ethernet."""
    return struct.pack("<IHHiIII", 0xA1B2C3D4, 2, 4, 0, 0, 262144, link)


def pcap_record(time_us: int, frame: bytes, wire_bytes: int | None = None) -> bytes:
    """One frame in a capture file; `wire_bytes` tells its length where it was cut."""
    seconds, micros = divmod(time_us, 1_000_000)
    return struct.pack("<IIII", seconds, micros, len(frame), wire_bytes or len(frame)) + frame


def _pseudo_header(src_ip: str, dst_ip: str, size: int, protocol: int) -> bytes:
    return ip_bytes(src_ip) + ip_bytes(dst_ip) + struct.pack("!IHBB", size, 0, 0, protocol)
