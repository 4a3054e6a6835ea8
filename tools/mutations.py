"""A capture and dice -> a capture that somebody spoilt, by accident or on purpose."""

import gzip
import random
import struct
from collections.abc import Callable, Sequence
from functools import lru_cache

import zstandard

from tests import frames, messages
from tests.home import Home
from tests.tls_bytes import make_certificate, shake_hands

LENGTHS = (0, 1, 7, 0x7F, 0x80, 0xFF, 0x100, 0x7FFF, 0xFFFF, 0x7FFFFFFF, 0xFFFFFFFF)
MOST_BYTES = 1 << 20  # of a seed capture: many small tries find more than few large ones
BOMB_BYTES = 64 << 20

Mutation = Callable[[bytes, random.Random], bytes]


def flip_bits(data: bytes, dice: random.Random) -> bytes:
    """Some bits anywhere."""
    spoilt = bytearray(data)
    for _ in range(dice.choice((1, 4, 32, 500))):
        if spoilt:
            spoilt[dice.randrange(len(spoilt))] ^= 1 << dice.randrange(8)
    return bytes(spoilt)


def cut(data: bytes, dice: random.Random) -> bytes:
    """The end is missing, or a piece from the middle."""
    start = dice.randrange(len(data) + 1)
    return data[:start] + data[start + dice.choice((len(data), 1, 3, 60, 2000)) :]


def repeat(data: bytes, dice: random.Random) -> bytes:
    """A piece comes twice, or somewhere else."""
    start, size = dice.randrange(len(data) + 1), dice.choice((1, 16, 100, 3000))
    at = dice.randrange(len(data) + 1)
    return data[:at] + data[start : start + size] + data[at:]


def lie_about_lengths(data: bytes, dice: random.Random) -> bytes:
    """Numbers of two or four bytes become ones that hurt."""
    spoilt = bytearray(data)
    for _ in range(dice.choice((1, 5, 40))):
        form = dice.choice(("<H", ">H", "<I", ">I"))
        if len(spoilt) > struct.calcsize(form):
            at = dice.randrange(len(spoilt) - struct.calcsize(form))
            mask = (1 << 8 * struct.calcsize(form)) - 1
            struct.pack_into(form, spoilt, at, dice.choice(LENGTHS) & mask)
    return bytes(spoilt)


def lie_in_records(data: bytes, dice: random.Random) -> bytes:
    """The same, but in the heads of pcap records or of pcapng blocks, where it hurts most."""
    spoilt = bytearray(data)
    heads = block_heads(data) if data[:4] == b"\n\r\r\n" else record_heads(data)
    for at in dice.sample(heads, min(len(heads), dice.choice((1, 3, 20)))):
        value = dice.choice((*LENGTHS, dice.randrange(1 << 17)))
        struct.pack_into("<I", spoilt, at, value)
    return bytes(spoilt)


def record_heads(data: bytes) -> list[int]:
    """Where the lengths of pcap records stand (little end first)."""
    places, at = [], 24
    while at + 16 <= len(data):
        places += [at + 8, at + 12]
        at += 16 + int.from_bytes(data[at + 8 : at + 12], "little")
    return places


def block_heads(data: bytes) -> list[int]:
    """Where the lengths of pcapng blocks stand, and those of the packets in them."""
    places, at = [], 0
    while at + 12 <= len(data):
        size = int.from_bytes(data[at + 4 : at + 8], "little")
        places.append(at + 4)
        if data[at : at + 4] == b"\6\0\0\0" and at + 32 <= len(data):
            places += [at + 8, at + 20, at + 24]
        if size < 12:
            return places
        at += size
    return places


def compress(data: bytes, dice: random.Random) -> bytes:
    """Packed, and then perhaps spoilt."""
    packed = zstandard.compress(data) if dice.random() < 0.5 else gzip.compress(data, 1)
    return dice.choice((flip_bits, cut, lambda data, _: data))(packed, dice)


def bomb(data: bytes, dice: random.Random) -> bytes:
    """A small file that unpacks to a large one: zeros, or one packet again and again."""
    filling = bytes(1 << 16) if dice.random() < 0.3 else data[24 : 24 + (1 << 16)] or b"\0"
    many = data[:24] + filling * (BOMB_BYTES // len(filling))
    return zstandard.compress(many) if dice.random() < 0.5 else gzip.compress(many, 1)


def write_home(tell: Callable[[Home, random.Random], None]) -> Mutation:
    """A capture with hostile messages; what was there before is not used."""

    def make(_: bytes, dice: random.Random) -> bytes:
        home = Home()
        tell(home, dice)
        return home.capture()

    make.__name__ = tell.__name__
    return make


def loop_in_names(home: Home, dice: random.Random) -> None:
    """DNS names that point at themselves, at each other, onwards, or beyond the end."""
    device = home.device("looper")
    for _ in range(200):
        count = dice.choice((1, 20, 300))
        head = struct.pack("!HHHHHH", 1, 0x8180, 1, dice.choice((count, 0xFFFF)), 0, 0)
        pointer = struct.pack("!H", 0xC000 | dice.choice((12, 13, 14, 0x3FFF, len(head) + 20)))
        record = pointer + struct.pack("!HHIH", dice.choice((1, 5, 12, 16, 33)), 1, 60, 2) + pointer
        body = (head + b"\1a" + pointer + b"\0\1\0\1" + record * count)[:65000]
        port = dice.choice((53, 5353, 5355))
        home.datagram(home.router, device, (port, port), body)


def bomb_with_certificates(home: Home, dice: random.Random) -> None:
    """Chains of very many, very large or very hollow certificates."""
    device = home.device("trusting")
    for _ in range(3):
        size = dice.choice((0, 1, 300, 60_000))
        shape = dice.choice((nest, lambda size, dice: dice.randbytes(size)))
        one = shape(size, dice)
        chain = b"".join(len(one).to_bytes(3, "big") + one for _ in range(dice.choice((1, 900))))
        chain = chain[: 1 << 20]
        stated = dice.choice((len(chain), 0xFFFFFF, 0))
        body = stated.to_bytes(3, "big") + chain
        message = b"\x0b" + (len(body) & 0xFFFFFF).to_bytes(3, "big") + body
        hello = server_hello()
        parts = [(hello + message)[at : at + 16000] for at in range(0, len(hello + message), 16000)]
        records = b"".join(struct.pack("!BHH", 22, 0x0303, len(part)) + part for part in parts)
        stream = device.connects("198.51.100.7", 443)
        stream.asks(client_hello())
        stream.answers(records)


def nest(size: int, dice: random.Random) -> bytes:
    """ASN.1 sequences inside each other, without end."""
    return (b"\x30\x80" if dice.random() < 0.5 else b"\x30\x84\x7f\xff\xff\xff") * (size // 4)


@lru_cache(maxsize=1)
def client_hello() -> bytes:
    """A hello as OpenSSL writes it."""
    return shake_hands("a.example", make_certificate(("a.example",)))[0][1]


def server_hello() -> bytes:
    """The answer of a server that speaks TLS 1.2, as a handshake message."""
    body = b"\3\3" + bytes(32) + b"\0" + b"\xc0\x2f\0"
    return b"\2" + len(body).to_bytes(3, "big") + body


def stretch_hellos(home: Home, dice: random.Random) -> None:
    """Hellos with lengths that lie, and with endless extensions."""
    device = home.device("talker")
    for _ in range(60):
        hello = dice.choice((flip_bits, lie_about_lengths, repeat, cut))(client_hello(), dice)
        stream = device.connects("198.51.100.7", dice.choice((443, 8883, 80, 23, 1883, 5000)))
        if hello:
            stream.asks(hello)


def garble_messages(home: Home, dice: random.Random) -> None:
    """Every protocol that has a port of its own, spoilt."""
    device = home.device("garbler", mac="02:11:22:33:44:55")
    for _ in range(150):
        port, message = dice.choice(MESSAGES)
        spoilt = dice.choice((flip_bits, lie_about_lengths, repeat, cut))(message, dice)[:60_000]
        if port in (80, 1883, 21, 22, 23, 554):
            stream = device.connects("198.51.100.9", port)
            if spoilt:
                dice.choice((stream.asks, stream.answers))(spoilt)
        else:
            pair = dice.choice(((port, port), (50_000, port), (port, 50_000)))
            home.datagram(device, home.router, pair, spoilt)


def flood_tables(home: Home, dice: random.Random) -> None:
    """Very many different names, addresses and flows."""
    device = home.device("flooder")
    for number in range(dice.choice((200, 3000))):
        device.asks(f"{number:x}.{dice.randbytes(20).hex()}.example", "198.51.100.1")
        device.knocks(f"198.51.{number // 250}.{number % 250}", dice.randrange(1, 65536))


MESSAGES: Sequence[tuple[int, bytes]] = (
    (53, messages.dns_answer("a.example", ["198.51.100.1"] * 4)),
    (5353, messages.mdns_announcement("a", "_hap._tcp.local", "a.local", "192.168.1.10")),
    (5355, messages.dns_question("a")),
    (67, messages.dhcp(1, "02:11:22:33:44:55", {12: b"a" * 40, 55: bytes(range(60)), 81: b"\0\0\0a"})),
    (68, messages.dhcp(5, "02:11:22:33:44:55", {6: b"\1\2\3\4" * 4, 3: b"\1\2\3\4", 15: b"a"})),
    (123, messages.ntp(3)),
    (1900, messages.ssdp_notify("http://192.168.1.10/d.xml", "upnp:rootdevice", "Linux UPnP/1.0")),
    (5683, b"\x44\x01\x12\x34abcd\xb5hello\x05world\xffpayload"),
    (80, messages.http_message("POST /a?b HTTP/1.1", {"Host": "a", "Authorization": "Basic YTpi"}, b"x" * 99)),
    (80, messages.http_message("HTTP/1.1 401 Unauthorized", {"Server": "a" * 300}, b"<form>" * 20)),
    (1883, messages.mqtt_connect("a", user="b", password="c", level=5) + messages.mqtt_publish("t/" * 50)),
    (21, b"USER a\r\nPASS b\r\n"),
    (22, b"SSH-2.0-dropbear_2019.78\r\n"),
    (23, b"\xff\xfd\x18\xff\xfa\x18\x00xterm\xff\xf0login: \r\nPassword: \r\n"),
    (554, b"DESCRIBE rtsp://a/b RTSP/1.0\r\nCSeq: 2\r\nAuthorization: Basic YTpi\r\n\r\n"),
    (443, b"\xc3\0\0\0\1\x08" + bytes(8) + b"\0\0\x44\xd0" + bytes(1200)),
    (547, b"\1abc" + struct.pack("!HH", 1, 14) + bytes(14) + struct.pack("!HH", 39, 3) + b"\0\1a"),
    (4789, b"\x08\0\0\0\0\0\1\0" + frames.ethernet("02:00:00:00:00:01", frames.BROADCAST, bytes(60))),
)  # fmt: skip

MUTATIONS: Sequence[Mutation] = (
    flip_bits,
    cut,
    repeat,
    lie_about_lengths,
    lie_in_records,
    compress,
    bomb,
    write_home(loop_in_names),
    write_home(bomb_with_certificates),
    write_home(stretch_hellos),
    write_home(garble_messages),
    write_home(flood_tables),
)


def mutate(seed_capture: bytes, dice: random.Random) -> tuple[str, bytes]:
    """Name of what was done, and the result; often two things, one after the other."""
    first = dice.choice(MUTATIONS)
    data, names = first(seed_capture[:MOST_BYTES], dice), [first.__name__]
    if first is not bomb and dice.random() < 0.4:
        second = dice.choice(MUTATIONS[:6])
        data, names = second(data, dice), [*names, second.__name__]
    return "-".join(names), data
