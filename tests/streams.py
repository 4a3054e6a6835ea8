"""What two ends say over TCP -> segments, one after the other, in a home's capture."""

from collections.abc import Iterable
from typing import Protocol

from tests.frames import ACK, FIN, PSH, RST, SYN, ip, tcp

SEGMENT_BYTES = 1400


class End(Protocol):
    """Something with addresses."""

    mac: str
    ip: str


class Wire(Protocol):
    """What carries the packets."""

    def carries(self, src: End, dst: End, packet: bytes) -> int:
        """Send an IP packet between two ends; gives its frame number."""


class Stream:
    """One TCP connection; every verb sends at once and gives the first frame that it took."""

    def __init__(self, wire: Wire, client: End, server: End, ports: tuple[int, int]) -> None:
        self.wire = wire
        self.ends = (client, server)
        self.ports = ports
        self.sequences = [1000, 5000]
        self.frame = 0

    def knocks(self) -> int:
        """The client's SYN."""
        self.frame = self._segment(0, SYN)
        return self.frame

    def opens(self) -> "Stream":
        """All three packets of the handshake."""
        self.knocks()
        self._segment(1, SYN | ACK)
        self._segment(0, ACK)
        return self

    def refuses(self) -> int:
        """The server's answer to a knock on a closed port."""
        return self._segment(1, RST | ACK)

    def asks(self, data: bytes) -> int:
        """Bytes from the client, acknowledged."""
        return self._says(0, data)

    def answers(self, data: bytes) -> int:
        """Bytes from the server, acknowledged."""
        return self._says(1, data)

    def plays(self, flights: Iterable[tuple[bool, bytes]]) -> int:
        """Flights of both sides in order; true is the client's."""
        frames = [self._says(0 if from_client else 1, data) for from_client, data in flights]
        return frames[0]

    def closes(self) -> None:
        """FIN from both ends."""
        self._segment(0, FIN | ACK)
        self._segment(1, FIN | ACK)
        self._segment(0, ACK)

    def resets(self, *, by_server: bool = True) -> None:
        """RST from one end."""
        self._segment(int(by_server), RST | ACK)

    def _says(self, side: int, data: bytes) -> int:
        parts = range(0, len(data), SEGMENT_BYTES)
        frames = [self._segment(side, PSH | ACK, data[at : at + SEGMENT_BYTES]) for at in parts]
        self._segment(1 - side, ACK)
        return frames[0]

    def _segment(self, side: int, flags: int, payload: bytes = b"") -> int:
        src, dst = self.ends[side], self.ends[1 - side]
        ports = (self.ports[side], self.ports[1 - side])
        segment = tcp(
            (src.ip, dst.ip),
            ports,
            flags,
            sequence=self.sequences[side],
            acknowledged=self.sequences[1 - side] if flags & ACK else 0,
            payload=payload,
        )
        self.sequences[side] += len(payload) + bool(flags & (SYN | FIN))
        return self.wire.carries(src, dst, ip(src.ip, dst.ip, segment, 6))
