"""Finished flow records -> rows of the table `flows`."""

import numpy as np
import pyarrow as pa
from numpy.typing import NDArray

from thingwarden.capture import kinds
from thingwarden.capture.packets import NO_VLAN
from thingwarden.flows import records
from thingwarden.flows.texts import community_ids, ip_texts, mac_texts, named, nullable
from thingwarden.tables import FLOWS, SMALL, WHOLE

SYN, RST, ACK = 2, 4, 16

TCP_STATES = (
    "attempt",
    "rejected",
    "established",
    "closed",
    "half-closed",
    "reset",
    "partial",
    None,
)
ATTEMPT, REJECTED, ESTABLISHED, CLOSED, HALF_CLOSED, RESET, PARTIAL = range(7)

PROTOCOL_NAMES = {1: "icmp", 6: "tcp", 17: "udp", 58: "icmpv6"}
PROTOCOLS = tuple(PROTOCOL_NAMES.get(number, str(number)) for number in range(256))
APPS = (
    *(records.APPS.get(number) for number in range(256)),
    *(kinds.NAMES.get(number) for number in range(256)),
)
"""Names of what a stream speaks, then of what a datagram carries."""
TUNNELS = tuple(kinds.TUNNELS.get(number) for number in range(256))


def flow_rows(capture: int, flows: NDArray[np.void], sides: NDArray[np.void]) -> pa.RecordBatch:
    """A batch of `FLOWS`; `sides` holds two records a flow: from end a, from end b."""
    a, b = sides[0::2], sides[1::2]
    tcp = flows["protocol"] == 6
    ported = tcp | np.isin(flows["protocol"], (1, 17, 58, 132))
    ports = _ports(flows)
    version = flows["ip_version"]
    columns = (
        pa.array(np.full(len(flows), capture, np.int32)),
        pa.array(flows["first_frame"]),
        pa.array(flows["first_us"]),
        pa.array(flows["flow_id"]),
        mac_texts(a["mac"]),
        mac_texts(b["mac"]),
        ip_texts(flows["a_hi"], flows["a_lo"], version),
        ip_texts(flows["b_hi"], flows["b_lo"], version),
        nullable(ports[0], ported, SMALL),
        nullable(ports[1], ported, SMALL),
        pa.array(flows["last_frame"]),
        pa.array(flows["last_us"]),
        nullable(flows["vlan"], flows["vlan"] != NO_VLAN, SMALL),
        named(flows["protocol"], PROTOCOLS),
        _apps(flows, tcp),
        named(flows["began"], records.BEGINNINGS),
        *(pa.array(side[name]) for name in ("packets", "bytes", "payload") for side in (a, b)),
        *(nullable(side["retransmissions"], tcp, WHOLE) for side in (a, b)),
        *(nullable(side["flags"], tcp, SMALL) for side in (a, b)),
        named(np.where(tcp, _tcp_states(a, b), len(TCP_STATES) - 1), TCP_STATES),
        named(flows["ended"], records.ENDINGS),
        nullable(flows["handshake_us"], flows["handshake_us"] >= 0, WHOLE),
        pa.array(flows["fragments"]),
        named(flows["tunnel"], TUNNELS),
        community_ids(flows, ports),
    )
    return pa.RecordBatch.from_arrays(list(columns), schema=FLOWS.schema)


def _ports(flows: NDArray[np.void]) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
    """Ports, or type and code of the first ICMP message, which the notes hold."""
    icmp = np.isin(flows["protocol"], (1, 58))
    notes = flows["notes"].astype(np.int64)
    a = np.where(icmp, notes >> 8 & 0xFF, flows["a_port"]).astype(np.int64)
    b = np.where(icmp, notes & 0xFF, flows["b_port"]).astype(np.int64)
    return a, b


def _apps(flows: NDArray[np.void], tcp: NDArray[np.bool_]) -> pa.Array:
    return named(np.where(tcp, flows["app"], 256 + flows["kind"].astype(np.int64)), APPS)


def _tcp_states(a: NDArray[np.void], b: NDArray[np.void]) -> NDArray[np.int64]:
    """How far each connection came; see the column `tcp_state`."""
    opened = a["flags"] & SYN != 0
    answered = b["flags"] & (SYN | ACK) == SYN | ACK
    reset = (a["flags"] | b["flags"]) & RST != 0
    both, one = (a["fin"] & b["fin"]) != 0, (a["fin"] | b["fin"]) != 0
    refused = opened & (b["flags"] & SYN == 0) & (b["flags"] & RST != 0)
    silent = opened & (b["packets"] == 0)
    partial = ~opened & ~(b["flags"] & SYN != 0)
    return np.select(
        [silent, refused, partial, reset, both, one, opened & answered],
        [ATTEMPT, REJECTED, PARTIAL, RESET, CLOSED, HALF_CLOSED, ESTABLISHED],
        PARTIAL,
    )
