"""Capture files built by hand, and what the reader makes of them."""

import io
import struct
from pathlib import Path

import numpy as np

from thingwarden.capture.packets import PACKET
from thingwarden.capture.read import CaptureStream

from tests import frames

A, B = "02:00:00:00:00:0a", "02:00:00:00:00:0b"
IP_A, IP_B = "192.168.1.10", "192.168.1.11"
TIME_US = 1_767_225_600_123_456


def udp_packet(payload: bytes = b"hello", ports: tuple[int, int] = (1234, 5678)) -> bytes:
    """An IPv4 packet from A to B."""
    return frames.ip(IP_A, IP_B, frames.udp(IP_A, IP_B, *ports, payload), 17)


def udp_frame(payload: bytes = b"hello", ports: tuple[int, int] = (1234, 5678)) -> bytes:
    """The same on Ethernet."""
    return frames.ethernet(A, B, udp_packet(payload, ports))


def pcap(*records: bytes, link: int = 1, order: str = "<", magic: int = 0xA1B2C3D4) -> bytes:
    """A pcap file with one second between its records."""
    head = struct.pack(order + "IHHiIII", magic, 2, 4, 0, 0, 65535, link)
    scale = 1000 if magic == 0xA1B23C4D else 1
    body = b""
    for index, record in enumerate(records):
        seconds, micros = divmod(TIME_US + index * 1_000_000, 1_000_000)
        body += (
            struct.pack(order + "IIII", seconds, micros * scale, len(record), len(record)) + record
        )
    return head + body


def block(kind: int, body: bytes, order: str = "<") -> bytes:
    """A pcapng block."""
    body += bytes(-len(body) % 4)
    size = struct.pack(order + "I", len(body) + 12)
    return struct.pack(order + "I", kind) + size + body + size


def section(order: str = "<") -> bytes:
    """A section header block."""
    return block(0x0A0D0D0A, struct.pack(order + "IHHq", 0x1A2B3C4D, 1, 0, -1), order)


def interface(link: int = 1, order: str = "<", options: bytes = b"", snaplen: int = 0) -> bytes:
    """An interface description block."""
    return block(1, struct.pack(order + "HHI", link, 0, snaplen) + options, order)


def option(code: int, value: bytes, order: str = "<") -> bytes:
    """A pcapng option."""
    return struct.pack(order + "HH", code, len(value)) + value + bytes(-len(value) % 4)


def enhanced(
    frame: bytes, ticks: int, number: int = 0, order: str = "<", wire: int | None = None
) -> bytes:
    """An enhanced packet block."""
    head = struct.pack(
        order + "IIIII", number, ticks >> 32, ticks & 0xFFFFFFFF, len(frame), wire or len(frame)
    )
    return block(6, head + frame + bytes(-len(frame) % 4), order)


class Slow:
    """A source that gives a few bytes at a time, as a pipe may."""

    def __init__(self, content: bytes, step: int) -> None:
        self._content = io.BytesIO(content)
        self._step = step

    def readinto(self, buffer: memoryview, /) -> int:
        piece = self._content.read(min(self._step, len(buffer)))
        buffer[: len(piece)] = piece
        return len(piece)


def read(
    content: bytes,
    *,
    step: int = 1 << 20,
    buffer_bytes: int = 1 << 16,
    most_damaged_places: int = 100,
) -> tuple[np.ndarray, list[str]]:
    """All rows of a capture, and the problems that were noted."""
    problems: list[str] = []
    stream = CaptureStream(
        Slow(content, step),
        "test.pcap",
        lambda frame, problem, count: problems.append(problem),
        buffer_bytes=buffer_bytes,
        most_damaged_places=most_damaged_places,
    )
    rows = [batch.rows.copy() for batch in stream.batches()]
    return np.concatenate(rows) if rows else np.zeros(0, PACKET), problems


def write(folder: Path, name: str, content: bytes) -> Path:
    """A file with that content."""
    path = folder / name
    path.write_bytes(content)
    return path
