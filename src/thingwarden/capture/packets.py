"""A batch of packets: one row of numbers each, over the bytes that they were read from."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

BATCH_ROWS = 32_768
"""Rows of a batch: 3.5 MB, which stays in the last-level cache between two kernels."""

PADDING = 64
"""Bytes behind the last byte of a buffer, so that a wide load at its end stays inside."""

PACKET = np.dtype(
    [
        ("time_us", np.int64),
        ("src_hi", np.uint64),  # IPv6 as two numbers; IPv4 as ::ffff:a.b.c.d (RFC 4291 2.5.5.2)
        ("src_lo", np.uint64),
        ("dst_hi", np.uint64),
        ("dst_lo", np.uint64),
        ("src_mac", np.uint64),  # 48 bits; 0 where the link has none
        ("dst_mac", np.uint64),
        ("flow_id", np.int64),  # filled in by the flow tracker; -1 without
        ("frame_at", np.int32),  # offset of the frame in the buffer
        ("captured", np.int32),
        ("wire", np.int32),  # length on the wire
        ("ip_bytes", np.int32),  # IP packet on the wire, by its header
        ("payload_at", np.int32),
        ("payload_captured", np.int32),
        ("payload_wire", np.int32),  # above TCP or UDP, on the wire
        ("seq", np.uint32),
        ("ack", np.uint32),
        ("src_port", np.uint16),  # ICMP: type
        ("dst_port", np.uint16),  # ICMP: code
        ("vlan", np.uint16),  # NO_VLAN if untagged
        ("ethertype", np.uint16),
        ("ip_version", np.uint8),  # 4, 6, or 0: no readable IP
        ("protocol", np.uint8),
        ("ttl", np.uint8),
        ("tcp_flags", np.uint8),
        ("fragment", np.uint8),  # 0 whole, 1 first, 2 later
        ("tunnel", np.uint8),
        ("kind", np.uint8),  # see `kinds`
        ("flaw", np.uint8),  # see `kinds.FLAWS`
    ],
    align=True,
)

NO_VLAN = 0xFFFF


@dataclass(frozen=True, slots=True, kw_only=True)
class Packets:
    """Rows of one batch; valid until the next batch is asked for."""

    data: NDArray[np.uint8]
    rows: NDArray[np.void]
    """Records of dtype `PACKET`."""
    first_frame: int
    """Frame number of the first row; row i is frame `first_frame + i`."""
