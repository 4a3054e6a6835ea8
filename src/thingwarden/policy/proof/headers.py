"""Raw Ethernet frames -> columns of what a judge looks at, read as the kernel reads it.

Where a header does not fit its packet, the kernel finds no protocol, and no entry fits (nftables:
`meta l4proto`). Ports and flags are read where the header begins, up to the end of the frame. One tag of a
VLAN is taken off; what lies behind a second one is not looked at.
"""

from dataclasses import dataclass

import numpy as np
from numpy.lib.stride_tricks import sliding_window_view
from numpy.typing import NDArray

Bools = NDArray[np.bool_]
Bytes = NDArray[np.uint8]
Numbers = NDArray[np.int64]
Wide = NDArray[np.uint64]

OTHER, ARP, IP4, IP6, TAGGED = range(5)
"""Kinds of frames."""

TAGS = (0x8100, 0x88A8)
ETHERTYPES = {0x0806: ARP, 0x0800: IP4, 0x86DD: IP6, TAGS[0]: TAGGED, TAGS[1]: TAGGED}

ETHERNET, TAG, HEADER4, HEADER6 = 14, 4, 20, 40

NEAR = 96
"""Bytes of each frame that are laid side by side: headers of nearly all."""

NO_PROTOCOL = -1

HOP, ROUTING, FRAGMENT, AUTHENTICATION, NONE, OPTIONS = 0, 43, 44, 51, 59, 60
WALKED = np.array([HOP, ROUTING, FRAGMENT, OPTIONS])
"""Headers of IPv6 that nftables walks over (RFC 8200 section 4); an authentication header is the protocol."""

EXTENSIONS = np.array([*WALKED, AUTHENTICATION])
"""What a later fragment cannot begin with, since it is not there: the kernel then finds no protocol."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Frames:
    """Frames that lie in one piece of memory, of some of which only the beginning was captured."""

    data: Bytes
    """With at least a byte behind the last frame."""
    starts: Numbers
    captured: Numbers
    wire: Numbers
    """Bytes on the wire; those that were not captured count as zeros."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Headers:
    """One entry of each column for each frame."""

    src_mac: Wide
    dst_mac: Wide
    kind: NDArray[np.uint8]
    source: Wide
    """Rows of two numbers, the upper half of an IPv6 address first; IPv4 has zero there."""
    target: Wide
    whole: Bools
    """Both addresses could be read; of ARP the sender's."""
    later: Bools
    """A fragment behind the first."""
    protocol: NDArray[np.int16]
    ports: NDArray[np.int32]
    """Rows of source and target port; for others, the type of ICMP stands first. -1: not there."""
    begins: Bools
    """SYN without ACK."""
    flags: Bools
    """Whether the byte with the flags of TCP is there."""


def read_headers(frames: Frames) -> Headers:
    """Columns of all frames; each has 14 bytes at least on the wire."""
    reader = _Reader(frames)
    count = len(frames.starts)
    outer = reader.number(12, 2)
    tagged = np.isin(outer, TAGS)
    base = np.where(tagged, ETHERNET + TAG, ETHERNET)
    ethertype = reader.number_at(base - 2, 2)
    kind = np.zeros(count, np.uint8)
    for value, number in ETHERTYPES.items():
        kind[ethertype == value] = number
    found = _Found(count)
    for number, read in ((ARP, _read_arp), (IP4, _read_ip4), (IP6, _read_ip6)):
        chosen = np.flatnonzero(kind == number)
        if len(chosen):
            read(reader.of(chosen), base[chosen], chosen, found)
    return Headers(
        src_mac=reader.number(6, 6).astype(np.uint64),
        dst_mac=reader.number(0, 6).astype(np.uint64),
        kind=kind,
        source=found.source,
        target=found.target,
        whole=found.whole,
        later=found.later,
        protocol=found.protocol,
        ports=found.ports,
        begins=found.begins,
        flags=found.flags,
    )


class _Found:
    """Columns that are filled in by kind."""

    def __init__(self, count: int) -> None:
        self.source = np.zeros((count, 2), np.uint64)
        self.target = np.zeros((count, 2), np.uint64)
        self.whole = np.zeros(count, bool)
        self.later = np.zeros(count, bool)
        self.protocol = np.full(count, NO_PROTOCOL, np.int16)
        self.ports = np.full((count, 2), -1, np.int32)
        self.begins = np.zeros(count, bool)
        self.flags = np.zeros(count, bool)


class _Reader:
    """Bytes of frames at places; what was not captured is zero."""

    def __init__(self, frames: Frames, near: Bytes | None = None) -> None:
        self.frames = frames
        self.wire = frames.wire
        self._near = _gather(frames) if near is None else near

    def of(self, chosen: Numbers) -> "_Reader":
        """The same for some of the frames."""
        if len(chosen) == len(self.wire):
            return self
        frames = self.frames
        some = Frames(
            data=frames.data,
            starts=frames.starts[chosen],
            captured=frames.captured[chosen],
            wire=frames.wire[chosen],
        )
        return _Reader(some, self._near[chosen])

    def byte_at(self, at: Numbers) -> Numbers:
        """One byte of each frame, at a place of its own."""
        return self.number_at(at, 1)

    def number_at(self, at: Numbers, size: int) -> Numbers:
        """A number of up to six bytes, the highest first."""
        if len(at) and at[0] + size <= NEAR and bool((at == at[0]).all()):
            return self.number(int(at[0]), size)
        value = np.zeros(len(at), np.int64)
        for step in range(size):
            value = (value << 8) | self._byte_at(at + step)
        return value

    def number(self, at: int, size: int) -> Numbers:
        """The same at one place of all frames, in their first `NEAR` bytes."""
        found = self._near[:, at].astype(np.int64)
        for step in range(1, size):
            found <<= 8
            found |= self._near[:, at + step]
        return found

    def wide_at(self, at: Numbers) -> Wide:
        """A number of eight bytes."""
        high = self.number_at(at, 4).astype(np.uint64)
        return (high << np.uint64(32)) | self.number_at(at + 4, 4).astype(np.uint64)

    def _byte_at(self, at: Numbers) -> Numbers:
        there = (at >= 0) & (at < self.frames.captured)
        place = np.where(there, self.frames.starts + at, 0)
        return np.where(there, self.frames.data[place], 0).astype(np.int64)


def _gather(frames: Frames) -> Bytes:
    """The first bytes of each frame, a row each."""
    starts, length = frames.starts, len(frames.data)
    inside = starts + NEAR <= length
    near = np.zeros((len(starts), NEAR), np.uint8)
    if length >= NEAR:
        near[inside] = sliding_window_view(frames.data, NEAR)[starts[inside]]
    for row in np.flatnonzero(~inside).tolist():
        rest = frames.data[starts[row] :]
        near[row, : len(rest)] = rest
    short = frames.captured < NEAR
    if short.any():
        near[short] *= np.arange(NEAR) < frames.captured[short, None]
    return near


def _read_arp(reader: _Reader, base: Numbers, chosen: Numbers, found: _Found) -> None:
    found.source[chosen, 1] = reader.number_at(base + 14, 4)
    found.whole[chosen] = reader.wire >= base + 18


def _read_ip4(reader: _Reader, base: Numbers, chosen: Numbers, found: _Found) -> None:
    found.source[chosen, 1] = reader.number_at(base + 12, 4)
    found.target[chosen, 1] = reader.number_at(base + 16, 4)
    found.whole[chosen] = reader.wire >= base + HEADER4
    found.later[chosen] = reader.number_at(base + 6, 2) & 0x1FFF != 0
    first, total = reader.byte_at(base), reader.number_at(base + 2, 2)
    size = (first & 15) * 4
    sound = (reader.wire >= base + HEADER4) & (first >> 4 == 4) & (size >= HEADER4)
    sound &= (total >= size) & (base + total <= reader.wire)
    protocol = np.where(sound, reader.byte_at(base + 9), NO_PROTOCOL)
    _read_transport(reader, base + size, protocol, chosen, found)


def _read_ip6(reader: _Reader, base: Numbers, chosen: Numbers, found: _Found) -> None:
    for column, at in ((found.source, 8), (found.target, 24)):
        column[chosen, 0] = reader.wide_at(base + at)
        column[chosen, 1] = reader.wide_at(base + at + 8)
    whole = reader.wire >= base + HEADER6
    found.whole[chosen] = whole
    sound = whole & (reader.byte_at(base) >> 4 == 6)
    sound &= base + HEADER6 + reader.number_at(base + 4, 2) <= reader.wire
    protocol, start, later = _walk(reader, base, sound)
    found.later[chosen] = later
    _read_transport(reader, start, np.where(sound, protocol, NO_PROTOCOL), chosen, found)


def _walk(reader: _Reader, base: Numbers, whole: Bools) -> tuple[Numbers, Numbers, Bools]:
    """Protocol behind all extension headers, where it begins, and whether in a later fragment."""
    kind, start = reader.byte_at(base + 6), base + HEADER6
    later = np.zeros(len(base), bool)
    walking = np.isin(kind, WALKED)
    while walking.any():
        here = np.flatnonzero(walking)
        part, at, now = reader.of(here), start[here], kind[here]
        behind, length = part.byte_at(at), part.byte_at(at + 1)
        size = np.where(now == FRAGMENT, 8, (length + 1) * 8)
        cut = part.wire < at + np.where(now == FRAGMENT, 4, 2)
        tail = (now == FRAGMENT) & ~cut & (part.number_at(at + 2, 2) & 0xFFF8 != 0)
        lost = cut | (tail & np.isin(behind, EXTENSIONS))
        kind[here] = np.where(lost, NO_PROTOCOL, behind)
        start[here] = np.where(lost | tail, at, at + size)
        later[here] |= tail
        walking[here] = ~lost & ~tail & np.isin(behind, WALKED)
    return kind, start, later


def _read_transport(
    reader: _Reader, start: Numbers, protocol: Numbers, chosen: Numbers, found: _Found
) -> None:
    """Ports, type and flags, as far as the frame goes."""
    found.protocol[chosen] = protocol
    length = reader.wire - start
    ports = np.isin(protocol, (6, 17)) & (length >= 4)
    types = np.isin(protocol, (1, 58)) & (length >= 1)
    found.ports[chosen, 0] = np.where(
        ports, reader.number_at(start, 2), np.where(types, reader.byte_at(start), -1)
    )
    found.ports[chosen, 1] = np.where(ports, reader.number_at(start + 2, 2), -1)
    flags = (protocol == 6) & (length > 13)
    found.flags[chosen] = flags
    found.begins[chosen] = flags & (reader.byte_at(start + 13) & 0x12 == 2)
