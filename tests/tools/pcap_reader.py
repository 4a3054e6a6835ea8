"""A small reader of its own, so that the generators are not judged by what they are made of."""

import struct
from collections.abc import Iterator
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Packet:
    time_us: int
    frame: bytes

    @property
    def kind(self) -> int:
        return int.from_bytes(self.frame[12:14], "big")

    @property
    def protocol(self) -> int:
        """TCP 6, UDP 17, ICMP 1, ICMPv6 58; 0 for what is no IP."""
        return {0x0800: self.frame[23], 0x86DD: self.frame[20]}.get(self.kind, 0)

    @property
    def head_bytes(self) -> int:
        return 40 if self.kind == 0x86DD else 20

    @property
    def segment(self) -> bytes:
        return self.frame[14 + self.head_bytes :]

    @property
    def addresses(self) -> tuple[bytes, bytes]:
        start, size = (22, 16) if self.kind == 0x86DD else (26, 4)
        return self.frame[start : start + size], self.frame[start + size : start + 2 * size]

    @property
    def ports(self) -> tuple[int, int]:
        return struct.unpack("!HH", self.segment[:4])


def read_pcap(data: bytes) -> Iterator[Packet]:
    magic, _, _, _, _, _, link = struct.unpack("<IHHiIII", data[:24])
    assert (magic, link) == (0xA1B2C3D4, 1)
    at = 24
    while at < len(data):
        seconds, micros, kept, on_wire = struct.unpack("<IIII", data[at : at + 16])
        assert kept == on_wire
        assert at + 16 + kept <= len(data)
        yield Packet(seconds * 1_000_000 + micros, data[at + 16 : at + 16 + kept])
        at += 16 + kept


def ones_sum(data: bytes) -> int:
    """The one's complement sum that must be 0xffff over anything with a right checksum."""
    data += b"\0" * (len(data) % 2)
    total = sum(struct.unpack(f"!{len(data) // 2}H", data))
    while total > 0xFFFF:
        total = (total & 0xFFFF) + (total >> 16)
    return total


def checksums_are_right(packet: Packet) -> bool:
    if packet.kind == 0x0800 and ones_sum(packet.frame[14:34]) != 0xFFFF:
        return False
    if packet.protocol == 1:
        return ones_sum(packet.segment) == 0xFFFF
    size = len(packet.segment)
    head = b"".join(packet.addresses) + struct.pack("!IHBB", size, 0, 0, packet.protocol)
    return ones_sum(head + packet.segment) == 0xFFFF
