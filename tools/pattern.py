"""One conversation between two placeholders -> the same between any two hosts, as pcap records.

A capture of a million packets is made of some hundred conversations that are written by hand once
and then stamped with other addresses, ports and times. A checksum changes by the same amount in
every packet of a conversation, because each has both addresses and both ports.
"""

import ipaddress
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from tests import frames
from tests.streams import SEGMENT_BYTES, End, Stream

RECORD, LINK = 16, 14  # bytes of a pcap record head and of an Ethernet head
ROUTER_MAC = "e8:df:70:00:00:01"
CLIENT_PORT = 40000  # the placeholder of all conversations

Numbers = NDArray[np.int64]
Bytes = NDArray[np.uint8]


@dataclass(slots=True)
class Host:
    """A pair of addresses."""

    mac: str
    ip: str


CLIENT, SERVER = Host("02:00:00:00:00:01", "10.0.0.2"), Host(ROUTER_MAC, "198.51.100.1")
CLIENT6, SERVER6 = Host("02:00:00:00:00:01", "2001:db8::2"), Host(ROUTER_MAC, "2001:db8:1::1")


class Tape:
    """Records what two placeholders say, with a clock that the teller moves."""

    def __init__(self, *, ipv6: bool = False) -> None:
        self.client, self.server = (CLIENT6, SERVER6) if ipv6 else (CLIENT, SERVER)
        self.kind = 0x86DD if ipv6 else 0x0800
        self.now_us = 0
        self.records: list[tuple[int, bool, bytes]] = []

    def carries(self, src: End, dst: End, packet: bytes) -> int:
        """Keep one IP packet; a change of direction takes a round trip, else it is quick."""
        from_client = src is self.client
        turned = bool(self.records) and self.records[-1][1] != from_client
        self.now_us += 9_000 if turned else 150
        self.records.append(
            (self.now_us, from_client, frames.ethernet(src.mac, dst.mac, packet, self.kind))
        )
        return len(self.records)

    def waits(self, seconds: float) -> None:
        """Let time pass."""
        self.now_us += round(seconds * 1_000_000)

    def opens(self, port: int) -> "Talk":
        """A TCP connection after its handshake."""
        talk = Talk(self, self.client, self.server, (CLIENT_PORT, port))
        talk.opens()
        return talk

    def exchanges(self, port: int, question: bytes, answer: bytes) -> None:
        """A datagram there and one back."""
        for src, dst, ports, payload in (
            (self.client, self.server, (CLIENT_PORT, port), question),
            (self.server, self.client, (port, CLIENT_PORT), answer),
        ):
            body = frames.udp(src.ip, dst.ip, *ports, payload)
            self.carries(src, dst, frames.ip(src.ip, dst.ip, body, 17))


class Talk(Stream):
    """A stream in which every second segment is acknowledged (RFC 9293 section 3.8.6.3)."""

    def _says(self, side: int, data: bytes) -> int:
        first = 0
        for number, at in enumerate(range(0, len(data), SEGMENT_BYTES), start=1):
            last = at + SEGMENT_BYTES >= len(data)
            flags = frames.ACK | (frames.PSH if last else 0)
            sent = self._segment(side, flags, data[at : at + SEGMENT_BYTES])
            first = first or sent
            if last or number % 2 == 0:
                self._segment(1 - side, frames.ACK)
        return first


@dataclass(frozen=True, slots=True, kw_only=True)
class Ends:
    """What a conversation is stamped with."""

    mac: bytes
    client: bytes
    """Address of the client, 4 or 16 bytes."""
    server: bytes
    port: int
    """Port of the client."""
    identifier: int | None = None
    """DNS identifier, if the conversation is one; its placeholder is 0."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Records:
    """pcap records one after the other, and when each was sent."""

    data: Bytes
    starts: Numbers
    """Where each record begins; one more at the end."""
    times_us: Numbers


class Pattern:
    """A conversation as bytes, and where its addresses, ports and checksums lie."""

    def __init__(self, tape: Tape) -> None:
        self.ipv6 = tape.kind == 0x86DD
        listed = [frames.pcap_record(0, frame) for _, _, frame in tape.records]
        sizes = [len(record) for record in listed]
        self.data: Bytes = np.frombuffer(b"".join(listed), np.uint8)
        self.starts: Numbers = np.concatenate(([0], np.cumsum(sizes))).astype(np.int64)
        self.after_us: Numbers = np.array([at for at, _, _ in tape.records], np.int64)
        self._find_fields(np.array([mine for _, mine, _ in tape.records]))

    def __len__(self) -> int:
        return len(self.after_us)

    def stamp(self, ends: Ends, start_us: int) -> Records:
        """The conversation between `ends`, from `start_us` on."""
        data, times = self.data.copy(), self.after_us + start_us
        starts = self.starts[:-1]
        put(data, self.client_mac, ends.mac)
        put(data, self.client, ends.client)
        put(data, self.server, ends.server)
        put(data, self.port, ends.port.to_bytes(2, "big"))
        words = [ends.client, ends.server, ends.port.to_bytes(2, "big")]
        if ends.identifier is not None:
            put(data, self.checksum + 2, ends.identifier.to_bytes(2, "big"))
            words.append(ends.identifier.to_bytes(2, "big"))
        if not self.ipv6:
            change_checksum(data, self.head_checksum, self.addresses, ends.client + ends.server)
        placeholder = self.addresses + CLIENT_PORT.to_bytes(2, "big")
        change_checksum(data, self.checksum, placeholder, b"".join(words))
        moments = np.stack((times // 1_000_000, times % 1_000_000), axis=1).astype("<u4")
        data[starts[:, None] + np.arange(8)] = moments.view(np.uint8)
        return Records(data=data, starts=self.starts, times_us=times)

    def _find_fields(self, mine: NDArray[np.bool_]) -> None:
        """Each field as one position a packet; its side depends on who sent it."""
        frame = self.starts[:-1] + RECORD
        packet = frame + LINK
        size, source, head = (16, 8, 40) if self.ipv6 else (4, 12, 20)
        segment = packet + head
        protocol = self.data[packet[0] + (6 if self.ipv6 else 9)]
        self.client_mac = frame + np.where(mine, 6, 0)
        self.client = packet + source + np.where(mine, 0, size)
        self.server = packet + source + np.where(mine, size, 0)
        self.port = segment + np.where(mine, 0, 2)
        self.head_checksum = packet + 10
        self.checksum = segment + (16 if protocol == 6 else 6)
        ends = (CLIENT6, SERVER6) if self.ipv6 else (CLIENT, SERVER)
        self.addresses = b"".join(ipaddress.ip_address(host.ip).packed for host in ends)


def put(data: Bytes, places: Numbers, value: bytes) -> None:
    """Write `value` at every place."""
    data[places[:, None] + np.arange(len(value))] = np.frombuffer(value, np.uint8)


def change_checksum(data: Bytes, places: Numbers, old: bytes, new: bytes) -> None:
    """Make checksums right after words changed, without summing again (RFC 1624)."""
    was = (data[places].astype(np.int64) << 8) | data[places + 1]
    total = (0xFFFF - was) + add_words(new) + 0xFFFF * (len(old) // 2) - add_words(old)
    total = (total - 1) % 0xFFFF + 1  # one's complement: 0 and 65535 are the same, never 0 here
    now = 0xFFFF - total
    now[now == 0] = 0xFFFF  # RFC 768: UDP sends no zero; for IP and TCP both are right
    data[places], data[places + 1] = now >> 8, now & 0xFF


def add_words(text: bytes) -> int:
    """The sum of all 16-bit words."""
    return sum(int.from_bytes(text[at : at + 2], "big") for at in range(0, len(text), 2))


def gather(records: Records, chosen: Sequence[int] | Numbers) -> bytes:
    """The chosen records in the order given."""
    view = records.data.data
    begins = records.starts[:-1][chosen].tolist()
    ends = records.starts[1:][chosen].tolist()
    return b"".join([view[begin:end] for begin, end in zip(begins, ends, strict=True)])
