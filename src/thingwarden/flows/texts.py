"""Columns of numbers -> Arrow columns of text, made by kernels."""

import numpy as np
import pyarrow as pa
from numpy.typing import NDArray

from thingwarden.flows.community import LENGTH, community_texts
from thingwarden.flows.export_kernel import (
    LONGEST_IP,
    LONGEST_MAC,
    write_ips,
    write_macs,
)
from thingwarden.protocols.columns import choices

ICMP_PAIRS = {8: 0, 0: 8, 13: 14, 14: 13, 15: 16, 16: 15, 17: 18, 18: 17, 10: 9, 9: 10}
ICMP6_PAIRS = {128: 129, 129: 128, 133: 134, 134: 133, 135: 136, 136: 135, 130: 131, 131: 130}
"""ICMP types that answer each other, as the community-id specification pairs them."""


def ip_texts(
    high: NDArray[np.uint64], low: NDArray[np.uint64], versions: NDArray[np.uint8]
) -> pa.Array:
    """Addresses as text (RFC 5952); null where the version is 0."""
    pool = np.empty(len(high) * LONGEST_IP, np.uint8)
    offsets = np.empty(len(high) + 1, np.int32)
    numbers = map(np.ascontiguousarray, (high, low, versions))
    used = write_ips(*numbers, pool, offsets)  # type: ignore[call-arg]  # a kernel of numba's
    return _texts(pool[:used], offsets, versions != 0)


def mac_texts(macs: NDArray[np.uint64]) -> pa.Array:
    """Hardware addresses as text; null where 0."""
    pool = np.empty(len(macs) * LONGEST_MAC, np.uint8)
    offsets = np.empty(len(macs) + 1, np.int32)
    used = write_macs(np.ascontiguousarray(macs), pool, offsets)
    return _texts(pool[:used], offsets, macs != 0)


def _texts(
    pool: NDArray[np.uint8], offsets: NDArray[np.int32], valid: NDArray[np.bool_]
) -> pa.Array:
    mask = None if valid.all() else pa.array(valid).buffers()[1]
    return pa.StringArray.from_buffers(
        len(offsets) - 1, pa.py_buffer(offsets), pa.py_buffer(np.ascontiguousarray(pool)), mask
    )


def community_ids(
    flows: NDArray[np.void], ports: tuple[NDArray[np.int64], NDArray[np.int64]]
) -> pa.Array:
    """The community-id of each flow record, given its two ports (ICMP: type and code)."""
    a_port, b_port = ports[0].copy(), ports[1].copy()
    fixed = np.zeros(len(flows), np.uint8)
    for protocol, pairs in ((1, ICMP_PAIRS), (58, ICMP6_PAIRS)):
        mine = flows["protocol"] == protocol
        answers = np.array([pairs.get(kind, -1) for kind in range(256)])[a_port & 0xFF]
        fixed |= mine & (answers < 0)
        b_port = np.where(mine & (answers >= 0), answers, b_port)
    pool = community_texts(flows, (a_port, b_port), fixed)
    offsets = np.arange(len(flows) + 1, dtype=np.int32) * LENGTH
    return _texts(pool, offsets, np.ones(len(flows), bool))


def nullable(values: NDArray[np.generic], valid: NDArray[np.bool_], kind: pa.DataType) -> pa.Array:
    """Numbers as an Arrow column, null where not `valid`."""
    return pa.array(values.astype(kind.to_pandas_dtype()), kind, mask=~valid)


def named(codes: NDArray[np.generic], names: tuple[str | None, ...]) -> pa.Array:
    """Small numbers as the text that each stands for."""
    return choices(codes.astype(np.int64), names)
