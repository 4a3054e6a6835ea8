"""First packets of TCP connections -> how the system behind each address opens them.

The order of options, the window and the lifetime of a SYN packet are the operating system's (M. Zalewski,
p0f v3, whose way of writing is followed).
"""

from collections.abc import Iterator

import numpy as np
import pyarrow as pa
from numpy.typing import NDArray

from thingwarden.capture.packets import Packets
from thingwarden.flows.texts import ip_texts, mac_texts
from thingwarden.tables import STACKS

SYN, ACK = 2, 16

MOST_ROWS = 50_000
MOST_OF_ONE = 16
"""Ways of one sender: behind a router there may be thousands."""

LIFETIMES = (32, 64, 128, 255)
"""What systems begin with; a packet that was routed has a little less."""

OPTIONS = {0: "eol", 1: "nop", 2: "mss", 3: "ws", 4: "sok", 5: "sack", 8: "ts"}
SIZES = {2: 4, 3: 3, 4: 2, 8: 10}
"""Length of options that have one length only (RFC 9293, 7323 and 2018)."""

ODD = np.uint64(0x9E3779B97F4A7C15)

Key = tuple[int, int, int, str]


class Stacks:
    """Gathers the ways of one capture; each with the packet that showed it first, and how often."""

    def __init__(self) -> None:
        self._seen: dict[Key, list[int]] = {}
        self._ways: dict[tuple[int, int, int], int] = {}

    def add(self, packets: Packets) -> None:
        """Take in a batch: of packets alike in sender, lifetime and length only one is read."""
        flags = packets.rows["tcp_flags"]
        chosen = np.flatnonzero((flags & (SYN | ACK)) == SYN)
        if not chosen.size:
            return
        rows = packets.rows[chosen]
        _, firsts, times = np.unique(_mix(rows), return_index=True, return_counts=True)
        for place, count in sorted(zip(firsts.tolist(), times.tolist(), strict=True)):
            self._take(rows[place], packets, int(chosen[place]), count)

    def rows(self, capture: int) -> pa.RecordBatch:
        """Everything gathered, as a batch of `STACKS`."""
        values = np.array([each[:8] for each in self._seen.values()], np.uint64).reshape(-1, 8)
        src_mac, dst_mac, src_hi, src_lo, dst_hi, dst_lo, version, time_us = values.T
        versions = version.astype(np.uint8)
        frames = [each[8] for each in self._seen.values()]
        counts = [each[9] for each in self._seen.values()]
        columns = [
            pa.array(np.full(len(values), capture, np.int32)),
            pa.array(frames, pa.int64()),
            pa.array(time_us.astype(np.int64)),
            mac_texts(src_mac),
            mac_texts(dst_mac),
            ip_texts(src_hi, src_lo, versions),
            ip_texts(dst_hi, dst_lo, versions),
            pa.array([key[3] for key in self._seen], pa.string()),
            pa.array(counts, pa.int64()),
        ]
        return pa.RecordBatch.from_arrays(columns, schema=STACKS.schema)

    def _take(self, row: np.void, packets: Packets, place: int, count: int) -> None:
        signature = read_signature(row, packets.data)
        if not signature:
            return
        sender = (int(row["src_mac"]), int(row["src_hi"]), int(row["src_lo"]))
        key = (*sender, signature)
        known = self._seen.get(key)
        if known is not None:
            known[9] += count
            return
        ways = self._ways.get(sender, 0)
        if ways >= MOST_OF_ONE or len(self._seen) >= MOST_ROWS:
            return
        self._ways[sender] = ways + 1
        names = (
            "src_mac",
            "dst_mac",
            "src_hi",
            "src_lo",
            "dst_hi",
            "dst_lo",
            "ip_version",
            "time_us",
        )
        numbers = [int(row[name]) for name in names]
        self._seen[key] = [*numbers, packets.first_frame + place, count]


def _mix(rows: NDArray[np.void]) -> NDArray[np.uint64]:
    """One number for all packets alike; that two others share it is rare, and costs one row."""
    mixed = np.zeros(len(rows), np.uint64)
    for name in ("src_mac", "src_hi", "src_lo", "ttl", "ip_bytes"):
        mixed = (mixed ^ rows[name].astype(np.uint64)) * ODD
        mixed ^= mixed >> np.uint64(29)
    return mixed


def read_signature(row: np.void, data: NDArray[np.uint8]) -> str:
    """Lifetime, window, scale and options, such as `64:mss*44:7:mss,sok,ts,nop,ws`; empty: unread."""
    end = int(row["payload_at"])
    start = _head(row, data, end)
    if start < 0 or start + 20 > end:
        return ""
    head = data[start:end].tobytes()
    names, mss, scale = [], 0, "-"
    for kind, value in _options(head[20:]):
        names.append(OPTIONS.get(kind, f"?{kind}"))
        if kind == 2:
            mss = int.from_bytes(value, "big")
        elif kind == 3:
            scale = f"{value[0]}"
    window = int.from_bytes(head[14:16], "big")
    times = f"mss*{window // mss}" if mss and window and window % mss == 0 else f"{window}"
    lifetime = next((one for one in LIFETIMES if row["ttl"] <= one), LIFETIMES[-1])
    return f"{lifetime}:{times}:{scale}:{','.join(names)}"


def _head(row: np.void, data: NDArray[np.uint8], end: int) -> int:
    """Where the TCP header begins that ends at `end`: its ports and its length must fit; -1: nowhere."""
    ports = int(row["src_port"]).to_bytes(2, "big") + int(row["dst_port"]).to_bytes(2, "big")
    for length in range(20, 64, 4):
        start = end - length
        if start < int(row["frame_at"]) or end > int(row["frame_at"]) + int(row["captured"]):
            return -1
        if data[start + 12] >> 4 == length // 4 and data[start : start + 4].tobytes() == ports:
            return start
    return -1


def _options(text: bytes) -> Iterator[tuple[int, bytes]]:
    """Kinds and values of TCP options (RFC 9293 section 3.1) until one does not fit."""
    at = 0
    while at < len(text):
        kind = text[at]
        if kind == 0:
            yield kind, b""
            return
        if kind == 1:
            yield kind, b""
            at += 1
            continue
        size = text[at + 1] if at + 1 < len(text) else 0
        if size < 2 or at + size > len(text) or SIZES.get(kind, size) != size:
            return
        yield kind, text[at + 2 : at + size]
        at += size
