"""The records that the flow tracker keeps, and the small numbers in them."""

from typing import Final

import numpy as np

IDLE_US: Final = 120_000_000
"""A flow without packets for longer than this has ended; as NetFlow and nfstream have it."""
ACTIVE_US: Final = 1_800_000_000
"""A flow that lasts longer is cut here, so that long flows are told in time."""
DORMANT_US: Final = 86_400_000_000
"""For how long it is remembered who began a TCP connection that is idle or crosses files."""

WINDOW_BYTES: Final = 16_384
"""How much of a message on a stream is collected: holds a TLS flight and any sane HTTP head."""
TALK_BYTES: Final = 8_192
"""How much of each side of a Telnet or FTP conversation is collected."""
WINDOWS: Final = 1_024
"""Windows open at a time: 16 MiB. When all are taken, the longest silent are read as they are."""
LATE_TLS_BYTES: Final = 65_536
"""How far into a stream a TLS hello is looked for: behind CONNECT, SOCKS or STARTTLS."""
READY: Final = 512
BATCH_FLOWS: Final = 16_384
PIECES: Final = 8_192

# Application protocols on TCP (0: not told yet).
UNTOLD: Final = 0
TLS: Final = 1
HTTP: Final = 2
MQTT: Final = 3
SSH: Final = 4
FTP: Final = 5
TELNET: Final = 6
RTSP: Final = 7
DNS_TCP: Final = 8
OTHER: Final = 255

APPS: Final = {
    TLS: "tls",
    HTTP: "http",
    MQTT: "mqtt",
    SSH: "ssh",
    FTP: "ftp",
    TELNET: "telnet",
    RTSP: "rtsp",
    DNS_TCP: "dns",
}

# How one side of a stream is read.
WAITING: Final = 0  # for the start of a message
COLLECTING: Final = 1  # a window is open
WALKING: Final = 2  # from message to message, whose lengths are known
LOST: Final = 3  # somewhere inside a message
DONE: Final = 4  # nothing more is wanted

# Who speaks in a window.
EITHER: Final = 0
CLIENT: Final = 1
SERVER: Final = 2

# How a flow began.
BY_FIRST_PACKET: Final = 0
BY_SYN: Final = 1
BY_MEMORY: Final = 2
BEGINNINGS: Final = ("first-packet", "syn", "memory")

# How a flow ended.
OPEN: Final = 0
CLOSED: Final = 1
IDLE: Final = 2
ACTIVE: Final = 3
CAPTURE_END: Final = 4
NO_ROOM: Final = 5
DORMANT: Final = 6  # told already; only remembered
FORGOTTEN: Final = 7  # told already, and followed by another
ENDINGS: Final = ("capture-end", "close", "idle", "active", "capture-end", "room", "", "")

FLOW = np.dtype(
    [
        ("a_hi", np.uint64),  # end a began; addresses as in `capture.packets`
        ("a_lo", np.uint64),
        ("b_hi", np.uint64),
        ("b_lo", np.uint64),
        ("flow_id", np.int64),
        ("first_us", np.int64),
        ("last_us", np.int64),
        ("first_frame", np.int64),
        ("last_frame", np.int64),
        ("syn_us", np.int64),
        ("handshake_us", np.int64),  # -1: not seen
        ("fragments", np.int64),
        ("notes", np.int64),  # TLS: see `protocols.tls`; MQTT: the protocol level
        ("a_port", np.uint16),
        ("b_port", np.uint16),
        ("vlan", np.uint16),
        ("protocol", np.uint8),
        ("ip_version", np.uint8),
        ("kind", np.uint8),  # of its first packet, see `capture.kinds`
        ("app", np.uint8),
        ("began", np.uint8),
        ("ended", np.uint8),
        ("tunnel", np.uint8),
        ("tried", np.uint8),  # sides whose first payload told nothing
    ],
    align=True,
)

SIDE = np.dtype(
    [
        ("packets", np.int64),
        ("bytes", np.int64),
        ("payload", np.int64),
        ("retransmissions", np.int64),
        ("mac", np.uint64),
        ("next_seq", np.int64),
        ("isn", np.int64),
        ("hole_from", np.int64),
        ("hole_to", np.int64),
        ("boundary", np.int64),  # where the next message starts, while walking
        ("window", np.int64),  # -1: none
        ("ordinal", np.int64),  # messages begun
        ("flags", np.uint8),
        ("started", np.uint8),  # next_seq is known
        ("mode", np.uint8),
        ("fin", np.uint8),
    ],
    align=True,
)

SLOT = np.dtype(
    [
        ("flow_id", np.int64),
        ("time_us", np.int64),
        ("last_us", np.int64),
        ("frame", np.int64),  # of the first segment
        ("src_hi", np.uint64),
        ("src_lo", np.uint64),
        ("dst_hi", np.uint64),
        ("dst_lo", np.uint64),
        ("src_mac", np.uint64),
        ("dst_mac", np.uint64),
        ("src_port", np.uint16),
        ("dst_port", np.uint16),
        ("ip_version", np.uint8),
        ("app", np.uint8),
        ("role", np.uint8),
        ("state", np.uint8),  # 0 free, 1 open, 2 ready
        ("ordinal", np.int64),
        ("base", np.int64),
        ("done", np.int64),  # bytes there without a gap
        ("later_from", np.int64),  # one piece behind a gap; empty if equal
        ("later_to", np.int64),
        ("scan", np.int64),  # how far it was looked through
        ("need", np.int64),  # bytes that make it complete; -1: not known yet
        ("hint", np.uint8),
    ],
    align=True,
)

PIECE = np.dtype(
    [
        ("row", np.int64),
        ("start", np.int64),
        ("end", np.int64),
        ("app", np.uint8),
        ("hint", np.uint8),
    ],
    align=True,
)
"""Whole messages inside one packet of a stream that is walked."""

SEGMENT = np.dtype(
    [
        ("row", np.int64),
        ("flow", np.int64),
        ("other", np.int64),  # GO_ON: the record that it goes on from
        ("expected", np.int64),  # number that the segment should have; -1: not known
        ("way", np.int64),
        ("what", np.int64),
    ],
    align=True,
)
"""What the flow tracker leaves to the reading of streams, in order."""

FEED, CLOSE, GO_ON = 1, 2, 4
"""Bits of `what`: a payload; one end is closed (CLOSE_BOTH: both); a new record of the connection."""
CLOSE_BOTH: Final = 8

# Places in the array of counters.
N_FLOWS, N_FREE, N_READY, N_PIECES, NEXT_ID, SEED_A, SEED_B, LATEST_US, ROW, N_SEGMENTS = range(10)
COUNTERS: Final = 16

# Why tracking stopped.
ALL_DONE, NEED_ROOM, NEED_SERVICE = 0, 1, 2
