"""The conversations that `tools/big_capture.py` is made of, by kind."""

import struct
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from functools import lru_cache
from ssl import TLSVersion

import numpy as np
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import rsa

from tests import messages
from tests.frames import ip_bytes
from tests.tls_bytes import Flight, make_certificate, shake_hands
from tools.pattern import CLIENT_PORT, Pattern, Talk, Tape

CNAME = 5
RECORD_BYTES = 16_384  # RFC 8446 section 5.1: a record holds no more
MAKERS = ("acme", "brightlamp", "coldbox", "doorwell", "earshot", "farview", "goodair", "hearth")
PARTS = ("api", "mqtt", "cdn", "time", "update", "stream", "log", "push", "eu.gw", "us-east-1.iot")


@dataclass(frozen=True, slots=True, kw_only=True)
class Kinds:
    """All patterns; a name in a list means that devices choose among its members."""

    dns: list[Pattern]
    ntp: list[Pattern]
    mqtt: list[Pattern]
    http: list[Pattern]
    tls: list[Pattern]
    media: list[Pattern]
    """Longer TLS connections of some hundred kilobytes."""
    down: list[Pattern]
    up: list[Pattern]
    vain: list[Pattern]
    """Connections that nobody answers or that are refused."""


def make_patterns(rng: np.random.Generator, *, variety: int = 100) -> Kinds:
    """`variety` says how many different names and certificates there are."""
    names = list(make_names(variety))
    hellos = [shake(name, number) for number, name in enumerate(names)]
    return Kinds(
        dns=[look_up(name, number) for number, name in enumerate(make_names(variety * 15))],
        ntp=[ask_time()],
        mqtt=[speak_mqtt(rng, number) for number in range(variety // 4 + 1)],
        http=[speak_http(rng, name) for name in names[: variety // 3 + 1]],
        tls=[speak_tls(rng, flights, n, down=3_000) for n, flights in enumerate(hellos)],
        media=[speak_tls(rng, flights, n, down=32_000) for n, flights in enumerate(hellos[::4])],
        down=[speak_tls(rng, flights, n, down=400_000) for n, flights in enumerate(hellos[::11])],
        up=[speak_tls(rng, flights, n, up=300_000) for n, flights in enumerate(hellos[::13])],
        vain=[knock(refused=refused) for refused in (True, False)],
    )


def make_names(count: int) -> Iterator[str]:
    """Names as devices ask for them: some makers, many hosts."""
    for number in range(count):
        part, maker = PARTS[number % len(PARTS)], MAKERS[number // 10 % len(MAKERS)]
        yield f"{part}{number // 80}.{maker}.example"


def look_up(name: str, number: int) -> Pattern:
    """A question and its answer: A, AAAA, a chain of CNAMEs, or no such name."""
    kind = messages.AAAA if number % 4 == 1 else messages.A
    question = messages.dns_question(name, kind=kind)
    tape = Tape(ipv6=number % 7 == 3)
    address = f"203.0.113.{number % 250}" if kind == messages.A else f"2001:db8:5::{number:x}"
    if number % 9 == 8:
        answer = messages.dns_answer(name, [], rcode=3)
    elif number % 3 == 0:
        answer = chain(name, f"edge{number % 50}.cdn.example", address, kind)
    else:
        answer = messages.dns_answer(name, [address] * (1 + number % 3), kind=kind)
    tape.exchanges(53, question, answer)
    return Pattern(tape)


def chain(name: str, target: str, address: str, kind: int) -> bytes:
    """An alias and the address of what it stands for; names point back (RFC 1035 section 4.1.4)."""
    head = struct.pack("!HHHHHH", 0, 0x8180, 1, 2, 0, 0)
    question = messages.dns_name(name) + struct.pack("!HH", kind, 1)
    alias = messages.dns_name(target)
    first = struct.pack("!HHHIH", 0xC00C, CNAME, 1, 300, len(alias)) + alias
    at = 0xC000 | len(head + question) + 12
    value = ip_bytes(address)
    second = struct.pack("!HHHIH", at, kind, 1, 60, len(value)) + value
    return head + question + first + second


def ask_time() -> Pattern:
    """NTP."""
    tape = Tape()
    tape.exchanges(123, messages.ntp(3), messages.ntp(4, 2))
    return Pattern(tape)


def speak_mqtt(rng: np.random.Generator, number: int) -> Pattern:
    """A session that publishes every quarter of a minute or so."""
    tape = Tape()
    talk = tape.opens(1883)
    user = f"user{number}" if number % 2 else ""
    level = 5 if number % 3 == 0 else 4
    talk.asks(messages.mqtt_connect(f"thing-{number:04x}", user=user, password=user, level=level))
    talk.answers(messages.mqtt_packet(0x20, b"\0\0\0" if level == 5 else b"\0\0"))
    for _ in range(int(rng.integers(10, 25))):
        tape.waits(float(rng.uniform(2, 20)))
        nothing = b"\0" if level == 5 else b""
        topic = messages.mqtt_text(f"home/{number}/sensor{rng.integers(4)}/state") + nothing
        talk.asks(messages.mqtt_packet(0x30, topic + rng.bytes(int(rng.integers(8, 200)))))
    talk.closes()
    return Pattern(tape)


def speak_http(rng: np.random.Generator, name: str) -> Pattern:
    """Some requests on one connection."""
    tape = Tape()
    talk = tape.opens(80)
    for number in range(int(rng.integers(1, 5))):
        asked = {"Host": name, "User-Agent": "thing/1.0 (lwip)", "Accept": "*/*"}
        talk.asks(messages.http_message(f"GET /state/{number}?token=none HTTP/1.1", asked))
        said = {"Server": "nginx/1.18.0", "Content-Type": "application/json"}
        body = rng.bytes(int(rng.integers(200, 6000)))
        talk.answers(messages.http_message("HTTP/1.1 200 OK", said, body))
        tape.waits(float(rng.uniform(0.1, 3)))
    talk.closes()
    return Pattern(tape)


def shake(name: str, number: int) -> list[Flight]:
    """A handshake of two OpenSSLs: every third is TLS 1.3, the others show a chain of three."""
    version = TLSVersion.TLSv1_3 if number % 3 == 0 else TLSVersion.TLSv1_2
    return shake_hands(name, make_certificate((name,)) + make_issuers(), version=version)


def speak_tls(
    rng: np.random.Generator, flights: list[Flight], number: int, *, down: int = 0, up: int = 500
) -> Pattern:
    """A handshake, then about as many bytes of application data each way as told."""
    tape = Tape(ipv6=number % 5 == 4)
    talk = tape.opens(443)
    talk.plays(flights)
    for send, size in ((talk.asks, up), (talk.answers, down)):
        left = round(size * rng.uniform(0.5, 1.5))
        for _ in range(0, left, RECORD_BYTES):
            body = rng.bytes(min(left, RECORD_BYTES) + 16)
            send(struct.pack("!BHH", 23, 0x0303, len(body)) + body)
            left -= RECORD_BYTES
            tape.waits(float(rng.uniform(0, 0.2)))
    talk.closes()
    return Pattern(tape)


def knock(*, refused: bool) -> Pattern:
    """A connection that is refused at once, or that gets no answer in three tries."""
    tape = Tape()
    talk = Talk(tape, tape.client, tape.server, (CLIENT_PORT, 8883))
    talk.knocks()
    if refused:
        talk.refuses()
        return Pattern(tape)
    for seconds in (1, 2):
        tape.waits(seconds)
        talk.sequences[0] -= 1  # the same SYN once more
        talk.knocks()
    return Pattern(tape)


@lru_cache(maxsize=1)
def make_issuers() -> bytes:
    """Two certificates as PEM, so large that a handshake does not fit one segment."""
    return b"".join(make_issuer(name) for name in ("Invented Issuing CA", "Invented Root CA"))


def make_issuer(name: str) -> bytes:
    """A certificate of RSA 2048 that signed itself."""
    key = rsa.generate_private_key(public_exponent=65537, key_size=2048)
    named = x509.Name([x509.NameAttribute(x509.NameOID.COMMON_NAME, name)])
    certificate = (
        x509.CertificateBuilder()
        .subject_name(named)
        .issuer_name(named)
        .public_key(key.public_key())
        .serial_number(1000)
        .not_valid_before(datetime(2020, 1, 1, tzinfo=UTC))
        .not_valid_after(datetime(2040, 1, 1, tzinfo=UTC))
        .add_extension(x509.BasicConstraints(ca=True, path_length=None), critical=True)
        .sign(key, hashes.SHA256())
    )
    return certificate.public_bytes(serialization.Encoding.PEM)
