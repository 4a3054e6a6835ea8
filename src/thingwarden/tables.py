"""Every column of every fact table, with its type, unit and meaning.

A table that belongs to one protocol stands in that protocol's file; this page has the form of a
table and the tables that belong to none: captures, flows, ethernet, stacks, problems.
"""

from collections.abc import Sequence
from dataclasses import dataclass

import pyarrow as pa


@dataclass(frozen=True, slots=True, kw_only=True)
class Column:
    """One column: its name holds the unit where the type does not."""

    name: str
    type: pa.DataType
    meaning: str
    """What a value says, and what null means."""


def column(name: str, kind: pa.DataType, meaning: str) -> Column:
    """A `Column` on one line."""
    return Column(name=name, type=kind, meaning=meaning)


@dataclass(frozen=True, slots=True, kw_only=True)
class Table:
    """A fact table: `docs/tables.md`, the Parquet schema and the empty table come from it."""

    name: str
    meaning: str
    """What one row is."""
    columns: tuple[Column, ...]

    @property
    def schema(self) -> pa.Schema:
        """The Arrow schema, columns in order."""
        return pa.schema([(column.name, column.type) for column in self.columns])


TEXT = pa.string()
WHOLE = pa.int64()
SMALL = pa.int32()
FLAG = pa.bool_()
LIST = pa.list_(pa.string())

MESSAGE_COLUMNS = (
    column("capture", SMALL, "number of the capture, see the table captures"),
    column("frame", WHOLE, "number of the frame in its capture, from 1"),
    column("time_us", WHOLE, "when, microseconds since 1970 UTC"),
    column("flow_id", WHOLE, "the flow it belongs to, see flows; null where there is none"),
    column("src_mac", TEXT, "sender's hardware address; null where the link has none"),
    column("dst_mac", TEXT, "receiver's hardware address; null where the link has none"),
    column("src_ip", TEXT, "sender's IP address; null where there is none"),
    column("dst_ip", TEXT, "receiver's IP address; null where there is none"),
    column("src_port", SMALL, "sender's port; null without ports"),
    column("dst_port", SMALL, "receiver's port; null without ports"),
)
"""What every row that stands for one message begins with."""

EXCHANGE_COLUMNS = (
    *MESSAGE_COLUMNS,
    column("answer_frame", WHOLE, "frame of the answer; null if none was seen"),
    column("answer_us", WHOLE, "when the answer came, microseconds since 1970 UTC; null if none"),
)
"""What every row that stands for a question and its answer begins with: src is who asked.

Where only the answer was seen, `frame` and `time_us` are the answer's too.
"""


def message_table(name: str, meaning: str, columns: Sequence[Column]) -> Table:
    """A table of one row per message: `MESSAGE_COLUMNS`, then the protocol's own."""
    return Table(name=name, meaning=meaning, columns=(*MESSAGE_COLUMNS, *columns))


def exchange_table(name: str, meaning: str, columns: Sequence[Column]) -> Table:
    """A table of one row per question and answer: `EXCHANGE_COLUMNS`, then the protocol's own."""
    return Table(name=name, meaning=meaning, columns=(*EXCHANGE_COLUMNS, *columns))


CAPTURES = Table(
    name="captures",
    meaning="one row per capture file that was read",
    columns=(
        column("capture", SMALL, "number of the capture inside this site, from 0"),
        column("sha256", TEXT, "SHA-256 of the file as it lies on disk"),
        column("file", TEXT, "name of the file"),
        column("packets", WHOLE, "packets read"),
        column("bytes", WHOLE, "bytes on the wire of those packets"),
        column("first_us", WHOLE, "earliest packet, microseconds since 1970 UTC; null if none"),
        column("last_us", WHOLE, "latest packet, microseconds since 1970 UTC; null if none"),
        column("link_types", LIST, "names of the link types met"),
    ),
)

FLOWS = Table(
    name="flows",
    meaning="one row per flow, both directions together; src is who began",
    columns=(
        column("capture", SMALL, "number of the capture, see captures"),
        column("frame", WHOLE, "frame of the first packet"),
        column("time_us", WHOLE, "first packet, microseconds since 1970 UTC"),
        column("flow_id", WHOLE, "number of the flow, unique in its site"),
        column("src_mac", TEXT, "hardware address of who began; null where the link has none"),
        column("dst_mac", TEXT, "hardware address of the other end; null where the link has none"),
        column("src_ip", TEXT, "IP address of who began"),
        column("dst_ip", TEXT, "IP address of the other end"),
        column("src_port", SMALL, "port of who began; ICMP: type; null without ports"),
        column("dst_port", SMALL, "port of the other end; ICMP: code; null without ports"),
        column("last_frame", WHOLE, "frame of the last packet"),
        column("last_us", WHOLE, "last packet, microseconds since 1970 UTC"),
        column("vlan", SMALL, "inner VLAN number; null if untagged"),
        column("protocol", TEXT, "tcp, udp, icmp, icmpv6, or the IP protocol number as text"),
        column("app", TEXT, "application protocol told by content, else by port; null if unknown"),
        column("began_by", TEXT, "how the side that began was told: syn, memory or first-packet"),
        column("src_packets", WHOLE, "packets from src"),
        column("dst_packets", WHOLE, "packets from dst"),
        column("src_bytes", WHOLE, "bytes of IP packets on the wire from src"),
        column("dst_bytes", WHOLE, "bytes of IP packets on the wire from dst"),
        column("src_payload_bytes", WHOLE, "bytes above TCP or UDP from src, with repeats"),
        column("dst_payload_bytes", WHOLE, "bytes above TCP or UDP from dst, with repeats"),
        column("src_retransmissions", WHOLE, "TCP segments from src seen before; null if not TCP"),
        column("dst_retransmissions", WHOLE, "TCP segments from dst seen before; null if not TCP"),
        column("src_flags", SMALL, "all TCP flags that src set, or-ed; null if not TCP"),
        column("dst_flags", SMALL, "all TCP flags that dst set, or-ed; null if not TCP"),
        column(
            "tcp_state",
            TEXT,
            "attempt (no answer), rejected (reset at once), established (still open), closed (both"
            " ends), half-closed, reset, or partial (start not seen); null if not TCP",
        ),
        column("ended_by", TEXT, "close, idle, active, capture-end or room (table was full)"),
        column("handshake_us", WHOLE, "SYN to the ACK that ends the handshake; null if not seen"),
        column("fragments", WHOLE, "IP fragments among its packets"),
        column("tunnel", TEXT, "outermost tunnel that it came in: gre, vxlan, ...; null if none"),
        column("community_id", TEXT, "community-id v1, seed 0"),
    ),
)

ETHERNET = Table(
    name="ethernet",
    meaning="one row per sender, receiver and kind of frames that carry no readable IP",
    columns=(
        column("capture", SMALL, "number of the capture, see captures"),
        column("frame", WHOLE, "first such frame"),
        column("time_us", WHOLE, "when it was sent, microseconds since 1970 UTC"),
        column("last_us", WHOLE, "last such frame, microseconds since 1970 UTC"),
        column("src_mac", TEXT, "sender's hardware address"),
        column("dst_mac", TEXT, "receiver's hardware address"),
        column("kind", TEXT, "arp, eapol, lldp, 802.11, llc or ethertype as 0x0000"),
        column("packets", WHOLE, "frames"),
        column("bytes", WHOLE, "bytes on the wire"),
    ),
)

STACKS = Table(
    name="stacks",
    meaning="one row per sender and way in which it opens TCP connections",
    columns=(
        column("capture", SMALL, "number of the capture, see captures"),
        column("frame", WHOLE, "first SYN packet that showed it"),
        column("time_us", WHOLE, "when it was sent, microseconds since 1970 UTC"),
        column("src_mac", TEXT, "sender's hardware address; null where the link has none"),
        column("dst_mac", TEXT, "receiver's hardware address; null where the link has none"),
        column("src_ip", TEXT, "sender's IP address"),
        column("dst_ip", TEXT, "receiver's IP address in that packet"),
        column(
            "signature",
            TEXT,
            "lifetime, window, window scale and options in order, such as"
            " 64:mss*44:7:mss,sok,ts,nop,ws",
        ),
        column("packets", WHOLE, "SYN packets like it"),
    ),
)

PROBLEMS = Table(
    name="problems",
    meaning="one row per kind of thing that could not be read, with the first place",
    columns=(
        column("capture", SMALL, "number of the capture, see captures"),
        column("frame", WHOLE, "first frame concerned; null where it is the file itself"),
        column("part", TEXT, "which reader or part says so"),
        column("problem", TEXT, "what could not be read, and why"),
        column("count", WHOLE, "how often"),
    ),
)
