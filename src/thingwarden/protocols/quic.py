"""QUIC Initial packets -> version, server name and fingerprint (RFC 9000, RFC 9001, RFC 9369)."""

from collections.abc import Callable, Sequence

from thingwarden.protocols.ja4 import ja4
from thingwarden.protocols.quic_packets import (
    DRAFT_23,
    DRAFT_34,
    VERSION_1,
    VERSION_2,
    InitialPacket,
    Keys,
    LongHeader,
    client_keys,
    crypto_frames,
    initial_packets,
    open_packet,
    opens,
    read_long_header,
)
from thingwarden.protocols.reader import MessageReader, Row
from thingwarden.protocols.tls_hello import (
    CLIENT_HELLO,
    MESSAGE_HEAD,
    alpn_text,
    read_client_hello,
)
from thingwarden.tables import TEXT, column, message_table

QUIC = message_table(
    "quic",
    "one row per client hello in QUIC, or per connection of a version that cannot be opened",
    (
        column("version", TEXT, "1, 2, draft-29, Q050, or 0x and eight hex digits"),
        column("sni", TEXT, "server name asked for"),
        column("alpn", TEXT, "application protocols offered, joined by ','"),
        column("ja4", TEXT, "JA4 fingerprint"),
    ),
)

MAX_PENDING = 256  # hellos that wait for their other packets
MAX_FINISHED = 4096  # connection ids of which nothing more is expected
MAX_HELLO_BYTES = 16 * 1024  # ten times the largest that browsers send
MAX_PARTS = 256  # of one hello; browsers cut it into up to some dozen
MAX_FAILURES = 3  # packets that do not open, before an id is given up
MIN_FIRST_ID = 8  # RFC 9000 section 7.2: bytes of the id that a client makes up for the server


class Hellos:
    """Client hellos of which some packets are still to come, and ids that are done with.

    Its memory is bounded: the oldest are forgotten.
    """

    def __init__(self) -> None:
        self._pending: dict[tuple[int, bytes], PendingHello] = {}
        self._finished: dict[bytes, None] = {}

    def read(self, data: bytes) -> Sequence[Row]:
        """Read one UDP payload: a row when a hello is complete, else none.

        Raises `ValueError` if it is not QUIC, cut, or holds a malformed hello.
        """
        if not data or not data[0] & 0x80:
            return self._read_without_version(data)
        version = int.from_bytes(data[1:5])
        if _has_old_header(version):
            return self._once(data[6:14], b"", version_name(version))
        head = read_long_header(data)
        if version == 0:
            return ()  # version negotiation: RFC 9000 section 17.2.1
        if not opens(version):
            return self._once(head.to, head.sender, version_name(version))
        if len(head.to) < MIN_FIRST_ID or head.to in self._finished:
            return ()
        for packet in initial_packets(data, head):
            rows = self._open(data, head, packet)
            if rows:
                return rows
        return ()

    def _open(self, data: bytes, head: LongHeader, packet: InitialPacket) -> Sequence[Row]:
        hello = self._hello(head.version, head.to)
        frames = open_packet(data, packet, hello.keys)
        if frames is None:
            self._fail(head, hello)
            return ()
        if head.sender != head.to:
            self._finish(head.sender)  # what the server sends does not open
        for offset, part in crypto_frames(frames):
            hello.add(offset, part)
        message = hello.message()
        if message is None:
            return ()
        self._forget(head)
        return (_row(head.version, message),)

    def _hello(self, version: int, to: bytes) -> "PendingHello":
        hello = self._pending.get((version, to))
        if hello is None:
            if len(self._pending) >= MAX_PENDING:
                del self._pending[next(iter(self._pending))]
            hello = PendingHello(client_keys(version, to))
            self._pending[version, to] = hello
        return hello

    def _fail(self, head: LongHeader, hello: "PendingHello") -> None:
        hello.failures += 1
        if hello.failures >= MAX_FAILURES and not hello.parts:
            self._forget(head)

    def _forget(self, head: LongHeader) -> None:
        self._finish(head.to)
        del self._pending[head.version, head.to]

    def _finish(self, connection_id: bytes) -> None:
        if len(connection_id) < MIN_FIRST_ID:
            return
        if len(self._finished) >= MAX_FINISHED:
            del self._finished[next(iter(self._finished))]
        self._finished[connection_id] = None

    def _once(self, to: bytes, sender: bytes, name: str) -> Sequence[Row]:
        """Give a row for the first packet of a connection, told by the ids of both ends."""
        if (to or sender) in self._finished:
            return ()
        self._finish(to)
        self._finish(sender)
        return ((name, None, None, None),)

    def _read_without_version(self, data: bytes) -> Sequence[Row]:
        """Short headers say nothing; Google's first versions began in another way."""
        if len(data) >= 13 and data[0] & 0x09 == 0x09 and data[9:10] == b"Q":
            if not data[10:13].isdigit():
                raise ValueError("not QUIC")
            return self._once(data[1:9], b"", data[9:13].decode("ascii"))
        if not data or not data[0] & 0x40:
            raise ValueError("not QUIC")
        return ()


class PendingHello:
    """The keys of a connection, and those parts of its client hello that have come."""

    def __init__(self, keys: Keys) -> None:
        self.keys = keys
        self.parts: dict[int, bytes] = {}
        self.failures = 0
        self._size = 0

    def add(self, offset: int, part: bytes) -> None:
        """Keep a part; one that lies outside of any sane hello, or is one too many, is dropped."""
        more = len(part) - len(self.parts.get(offset, b""))
        fits = offset + len(part) <= MAX_HELLO_BYTES and self._size + more <= MAX_HELLO_BYTES
        if more > 0 and fits and len(self.parts) < MAX_PARTS:
            self.parts[offset] = part
            self._size += more

    def message(self) -> bytes | None:
        """Join the parts to a handshake message with its head; None until it is whole."""
        joined = bytearray()
        for offset in sorted(self.parts):
            if offset > len(joined):
                break
            joined += self.parts[offset][len(joined) - offset :]
        end = MESSAGE_HEAD + int.from_bytes(joined[1:MESSAGE_HEAD])
        return bytes(joined[:end]) if len(joined) >= end else None


def version_name(version: int) -> str:
    """1, 2, draft-29, Q050 or, for any other, 0x and eight hex digits."""
    if version == VERSION_1:
        return "1"
    if version == VERSION_2:
        return "2"
    if DRAFT_23 <= version <= DRAFT_34:
        return f"draft-{version & 0xFF}"
    letters = version.to_bytes(4)
    if letters[:1] in {b"Q", b"T"} and letters[1:].isdigit():
        return letters.decode("ascii")
    return f"0x{version:08x}"


def _has_old_header(version: int) -> bool:
    """Tell whether both ids' lengths share a byte: drafts before 22 and Google's from Q044."""
    return 0xFF000000 < version < 0xFF000016 or version >> 8 == 0x513034


def _row(version: int, message: bytes) -> Row:
    if message[0] != CLIENT_HELLO:
        raise ValueError("no client hello")
    hello = read_client_hello(message[MESSAGE_HEAD:], cut=False)
    return version_name(version), hello.sni, alpn_text(hello.alpn), ja4(hello, "q")


def _start() -> Callable[[bytes], Sequence[Row]]:
    return Hellos().read


READER = MessageReader(name="quic", table=QUIC, start=_start, remembers=True)
