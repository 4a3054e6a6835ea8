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

KEY = ("src_mac", "dst_mac", "ethertype")


class Links:
    """Counts the frames of one capture; a count is frame, first and last time, packets, bytes."""

    def __init__(self) -> None:
        self._counts: dict[tuple[int, ...], list[int]] = {}

    def add(self, packets: Packets) -> None:
        """Take in a batch."""
        chosen = np.flatnonzero((packets.rows["ip_version"] == 0) & (packets.rows["src_mac"] != 0))
        rows = packets.rows[chosen]
        keys = zip(*(rows[name].tolist() for name in KEY), strict=True)
        values = zip(rows["time_us"].tolist(), rows["wire"].tolist(), strict=True)
        frames = (chosen + packets.first_frame).tolist()
        for key, frame, (time_us, size) in zip(keys, frames, values, strict=True):
            known = self._counts.get(key)
            if known is not None:
                known[2] = max(known[2], time_us)
                known[3] += 1
                known[4] += size
            elif len(self._counts) < MOST_LINKS:
                self._counts[key] = [frame, time_us, time_us, 1, size]

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
