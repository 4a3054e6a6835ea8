"""Frames without readable IP -> who sent what kind to whom, counted."""

import numpy as np
import pyarrow as pa
from numpy.typing import NDArray

from thingwarden.capture.link_kernel import LLC, WIFI
from thingwarden.capture.packets import Packets
from thingwarden.flows.texts import mac_texts
from thingwarden.tables import ETHERNET

MOST_LINKS = 100_000
"""Senders and receivers told apart; a flood of invented addresses is counted up to here."""

KINDS = {LLC: "llc", WIFI: "802.11", 0x0806: "arp", 0x888E: "eapol", 0x88CC: "lldp"}

KEY = np.dtype([("src", np.uint64), ("dst", np.uint64), ("kind", np.uint64)])


class Links:
    """Counts the frames of one capture; a count is frame, first and last time, packets, bytes."""

    def __init__(self) -> None:
        self._counts: dict[tuple[int, ...], list[int]] = {}

    def add(self, packets: Packets) -> None:
        """Take in a batch."""
        chosen = np.flatnonzero((packets.rows["ip_version"] == 0) & (packets.rows["src_mac"] != 0))
        if not len(chosen):
            return
        rows = packets.rows[chosen]
        keys = np.zeros(len(rows), KEY)
        keys["src"], keys["dst"], keys["kind"] = rows["src_mac"], rows["dst_mac"], rows["ethertype"]
        distinct, first, group = np.unique(keys, return_index=True, return_inverse=True)
        sizes = np.bincount(group)
        lengths = np.bincount(group, rows["wire"]).astype(np.int64)
        latest = np.full(len(distinct), np.iinfo(np.int64).min)
        np.maximum.at(latest, group, rows["time_us"])
        frames, times = chosen[first] + packets.first_frame, rows["time_us"][first]
        numbers = zip(distinct, frames, times, latest, sizes, lengths, strict=True)
        for key, frame, time_us, last_us, count, size in numbers:
            self._count(
                tuple(map(int, key)),
                [int(frame), int(time_us), int(last_us), int(count), int(size)],
            )

    def _count(self, key: tuple[int, ...], fresh: list[int]) -> None:
        known = self._counts.get(key)
        if known is None:
            if len(self._counts) < MOST_LINKS:
                self._counts[key] = fresh
            return
        known[2] = max(known[2], fresh[2])
        known[3] += fresh[3]
        known[4] += fresh[4]

    def rows(self, capture: int) -> pa.RecordBatch:
        """Everything counted, as a batch of `ETHERNET`."""
        counts = np.array(list(self._counts.values()), np.int64).reshape(-1, 5)
        keys = np.array(list(self._counts), np.uint64).reshape(-1, 3)
        columns = [
            pa.array(np.full(len(keys), capture, np.int32)),
            pa.array(counts[:, 0]),
            pa.array(counts[:, 1]),
            pa.array(counts[:, 2]),
            mac_texts(keys[:, 0]),
            mac_texts(keys[:, 1]),
            _kind_names(keys[:, 2]),
            pa.array(counts[:, 3]),
            pa.array(counts[:, 4]),
        ]
        return pa.RecordBatch.from_arrays(columns, schema=ETHERNET.schema)


def _kind_names(kinds: NDArray[np.uint64]) -> pa.Array:
    return pa.array([KINDS.get(int(kind), f"0x{int(kind):04x}") for kind in kinds], pa.string())
