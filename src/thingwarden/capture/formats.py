"""The heads of pcap and pcapng files -> what the kernel must know to walk their records."""

import struct
from dataclasses import dataclass, field

import numpy as np
from numpy.typing import NDArray

from thingwarden.errors import CaptureError

PCAP_MAGIC = {
    b"\xd4\xc3\xb2\xa1": ("<", 1_000_000),
    b"\xa1\xb2\xc3\xd4": (">", 1_000_000),
    b"\x4d\x3c\xb2\xa1": ("<", 1_000_000_000),
    b"\xa1\xb2\x3c\x4d": (">", 1_000_000_000),
}
"""Byte order and ticks a second (draft-ietf-opsawg-pcap section 4)."""

PCAPNG_MAGIC = b"\x0a\x0d\x0d\x0a"
USUAL_SNAPLEN = 262_144  # what tcpdump and dumpcap take where nothing is said
LARGEST_RECORD = 1 << 24
MAX_INTERFACES = 4096  # a section with more is made to exhaust memory

IF_TSRESOL, IF_TSOFFSET = 9, 14  # draft-ietf-opsawg-pcapng section 4.2


@dataclass(slots=True)
class Format:
    """What the kernel needs; grows as pcapng describes more interfaces."""

    form: NDArray[np.int64]
    """As in `records_kernel`."""
    interfaces: NDArray[np.int64] = field(default_factory=lambda: np.zeros((0, 4), np.int64))
    link_types: set[int] = field(default_factory=set)
    """Every link type that was described."""


def read_head(head: bytes, name: str) -> tuple[Format, int]:
    """The format, and how long its head is; raises `CaptureError` if it is no capture."""
    if head[:4] == PCAPNG_MAGIC:
        return Format(form=np.array([1, 0, 0, 0, 0, LARGEST_RECORD], np.int64)), 0
    if head[:4] not in PCAP_MAGIC:
        seen = head[:4].hex(" ") or "nothing"
        raise CaptureError(
            f"{name}: not a capture (starts with {seen})", "It must be pcap or pcapng, also packed."
        )
    if len(head) < 24:
        raise CaptureError(f"{name}: a capture cut inside its file header")
    order, ticks = PCAP_MAGIC[head[:4]]
    snaplen, link = struct.unpack_from(order + "II", head, 16)
    link &= 0xFFFF  # the upper bits tell of a frame check sequence
    trust = min(max(snaplen, USUAL_SNAPLEN), LARGEST_RECORD)
    form = np.array([0, order == ">", ticks, link, 0, trust], np.int64)
    return Format(form=form, link_types={link}), 24


def read_block(block: bytes, state: Format) -> None:
    """Take in a section header or interface description; raises `ValueError("reason")`."""
    order = ">" if state.form[1] else "<"
    (kind,) = struct.unpack_from(order + "I", block)
    if kind == 1:
        _add_interface(block, order, state)


def read_section(start: bytes, state: Format) -> int:
    """Begin a section from its first 12 bytes: its block length; raises `ValueError("reason")`."""
    if start[8:12] == b"\x1a\x2b\x3c\x4d":
        order = ">"
    elif start[8:12] == b"\x4d\x3c\x2b\x1a":
        order = "<"
    else:
        raise ValueError("section header without byte order")
    (length,) = struct.unpack_from(order + "I", start, 4)
    if length < 28 or length % 4 or length > LARGEST_RECORD:
        raise ValueError("section header of a wrong length")
    state.form[1] = order == ">"
    state.interfaces = np.zeros((0, 4), np.int64)
    return int(length)


def _add_interface(block: bytes, order: str, state: Format) -> None:
    if len(block) < 20:
        raise ValueError("interface description that is too short")
    if len(state.interfaces) >= MAX_INTERFACES:
        raise ValueError(f"more than {MAX_INTERFACES} interfaces in a section")
    link, _, snaplen = struct.unpack_from(order + "HHI", block, 8)
    ticks, offset_seconds = 1_000_000, 0
    for code, value in _options(block, 16, order):
        if code == IF_TSRESOL and value:
            ticks = _ticks(value[0])
        elif code == IF_TSOFFSET and len(value) == 8:
            (offset_seconds,) = struct.unpack(order + "q", value)
    bounded_offset = offset_seconds if abs(offset_seconds) < 1 << 40 else 0
    row = np.array([[link, ticks, snaplen, bounded_offset]], np.int64)
    state.interfaces = np.concatenate([state.interfaces, row])
    state.link_types.add(int(link))


def _ticks(resolution: int) -> int:
    """Ticks a second from if_tsresol: a power of ten, or of two with the top bit set."""
    exponent = resolution & 0x7F
    if resolution & 0x80:
        return int(1 << min(exponent, 62))
    return int(10 ** min(exponent, 18))


def _options(block: bytes, at: int, order: str) -> list[tuple[int, bytes]]:
    """Options of a block, at most 64; what is cut is left out."""
    options: list[tuple[int, bytes]] = []
    end = len(block) - 4
    while at + 4 <= end and len(options) < 64:
        code, length = struct.unpack_from(order + "HH", block, at)
        if code == 0 or at + 4 + length > end:
            break
        options.append((code, block[at + 4 : at + 4 + length]))
        at += 4 + (length + 3) // 4 * 4
    return options
