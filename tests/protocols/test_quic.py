"""Client hellos inside QUIC Initial packets, whole and in pieces."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from thingwarden.protocols.quic import MAX_PENDING, READER, Hellos

from tests.protocols.hellos import USUAL, client_hello, crypto, initial, message
from tests.protocols.hostile import read_anything

# RFC 9001 appendix A.2: the CRYPTO frame that the client sends
PUBLISHED_FRAME = bytes.fromhex(
    "060040f1010000ed0303ebf8fa56f12939b9584a3896472ec40bb863cfd3e868"
    "04fe3a47f06a2b69484c00000413011302010000c000000010000e00000b6578"
    "616d706c652e636f6dff01000100000a00080006001d00170018001000070005"
    "04616c706e000500050100000000003300260024001d00209370b2c9caa47fba"
    "baf4559fedba753de171fa71f50f1ce15d43e994ec74d748002b000302030400"
    "0d0010000e0403050306030203080408050806002d00020101001c0002400100"
    "3900320408ffffffffffffffff05048000ffff07048000ffff08011001048000"
    "75300901100f088394c8f03e51570806048000ffff"
)
PUBLISHED_ID = bytes.fromhex("8394c8f03e515708")
BIG = client_hello((*USUAL, (51, bytes(1500))))


def read(*datagrams, reader=None):
    """All rows of datagrams that arrive one after the other."""
    reader = reader or READER.start()
    return [row for datagram in datagrams for row in reader(datagram)]


def server_initial(to, sender):
    """What a server answers: here, noise under keys that a client's id does not give."""
    head = b"\xc0\0\0\0\1" + bytes((len(to),)) + to + bytes((len(sender),)) + sender
    return head + b"\0\x40\x80" + bytes(range(128))


def test_the_published_packet_is_opened():
    packet = initial(PUBLISHED_FRAME, to=PUBLISHED_ID, size=1162)

    rows = read(packet)

    assert packet[:22].hex() == "c000000001088394c8f03e5157080000449e7b9aec34"
    assert packet[-16:].hex() == "e221af44860018ab0856972e194cd934"
    assert [row[:3] for row in rows] == [("1", "example.com", "alpn")]
    assert rows[0][3].startswith("q13d0211an_")


def test_a_packet_of_version_2_is_opened():
    packet = initial(PUBLISHED_FRAME, version=0x6B3343CF, to=PUBLISHED_ID, size=1162)

    assert packet[:22].hex() == "d76b3343cf088394c8f03e5157080000449ea0c95e82"  # RFC 9369 A.2
    assert read(packet)[0][:2] == ("2", "example.com")


@pytest.mark.parametrize("number", [23, 28, 29, 32, 34])
def test_packets_of_drafts_are_opened(number):
    packet = initial(PUBLISHED_FRAME, version=0xFF000000 + number, to=PUBLISHED_ID)

    assert read(packet)[0][:2] == (f"draft-{number}", "example.com")


def test_a_hello_in_two_datagrams_is_joined_in_any_order():
    first = initial(crypto(0, BIG[:1000]))
    second = initial(crypto(1000, BIG[1000:]))

    assert read(first) == []
    assert len(read(first, second)) == len(read(second, first)) == 1
    assert read(first, second)[0][1] == "hub.example.com"


def test_a_hello_in_scattered_frames_is_joined():
    ack, ping, close = b"\2\5\0\1\0\0\0", b"\1", b"\x1c\0\0\0"
    parts = [crypto(at, BIG[at : at + 40]) for at in range(0, len(BIG), 30)]

    rows = read(initial(ack + ping + b"".join(reversed(parts)) + close, size=100))

    assert [row[1] for row in rows] == ["hub.example.com"]


def test_two_packets_in_one_datagram_are_joined():
    whole = initial(crypto(1000, BIG[1000:])) + initial(crypto(0, BIG[:1000]))

    assert len(read(whole)) == 1


def test_what_stands_behind_the_initial_packet_is_passed_over():
    early = b"\xd0\0\0\0\1\x08" + b"\1" * 8 + b"\0\x40\x10" + bytes(16)
    hello = initial(crypto(0, client_hello()))

    assert (
        len(read(hello + early)) == len(read(early + hello)) == len(read(hello + b"\x40" * 9)) == 1
    )


def test_a_hello_that_is_sent_again_counts_once():
    packet = initial(crypto(0, client_hello()))

    assert len(read(packet, packet)) == 1


def test_hellos_of_two_connections_do_not_mix():
    pieces = [
        initial(crypto(at, BIG[at : at + 1000]), to=to)
        for at in (0, 1000)
        for to in (b"\1" * 8, b"\2" * 8)
    ]

    assert len(read(*pieces)) == 2


def test_what_the_server_sends_gives_nothing():
    hello = initial(crypto(0, client_hello()), sender=b"\3" * 8)
    answer = server_initial(b"\3" * 8, b"\4" * 8)
    nameless = server_initial(b"", b"\4" * 8)

    assert len(read(hello, answer, nameless)) == 1
    assert read(answer, answer, answer, answer, nameless) == []


def test_a_spoilt_packet_does_not_hide_the_next():
    packet = initial(crypto(0, client_hello()))
    spoilt = packet[:-1] + bytes((packet[-1] ^ 1,))

    assert len(read(spoilt, packet)) == 1


@pytest.mark.parametrize(
    ("version", "name"),
    [(b"Q050", "Q050"), (b"T051", "T051"), (b"\xfa\xce\xb0\1", "0xfaceb001"), (b"Q046", "Q046")],
)
def test_versions_that_cannot_be_opened_are_told_once(version, name):
    old = b"\x50" if name == "Q046" else b"\x08"
    ids = old + b"\5" * 8 + (b"" if name == "Q046" else b"\0")
    packet = b"\xc3" + version + ids + bytes(1200)

    assert read(packet, packet) == [(name, None, None, None)]


def test_an_answer_of_an_unknown_version_is_not_told_again():
    ask = b"\xc3Q050" + b"\x08" + b"\5" * 8 + b"\x08" + b"\6" * 8 + bytes(1200)
    answer = b"\xc3Q050" + b"\x08" + b"\6" * 8 + b"\x08" + b"\7" * 8 + bytes(1200)

    assert len(read(ask, answer)) == 1


def test_the_first_form_of_google_quic_is_told():
    packet = b"\x0d" + b"\5" * 8 + b"Q043" + bytes(100)

    assert read(packet, packet) == [("Q043", None, None, None)]


def test_negotiation_retry_and_short_headers_say_nothing():
    negotiation = b"\xc0\0\0\0\0\x08" + b"\1" * 8 + b"\0" + b"\0\0\0\1"
    retry = b"\xf0\0\0\0\1\x08" + b"\1" * 8 + b"\0" + bytes(40)

    assert read(negotiation, retry, b"\x40" + bytes(30)) == []


@pytest.mark.parametrize(
    ("datagram", "reason"),
    [
        (b"", "not QUIC"),
        (b"\1\2\3", "not QUIC"),
        (b"\xc0\0\0", "long header is cut"),
        (b"\xc0\0\0\0\1\x20" + bytes(60), "connection id too long"),
        (b"\xc0\0\0\0\1\x20", "connection id is cut"),
        (initial(crypto(0, client_hello()))[:100], "packet is cut"),
        (initial(b"\x08\1"), "frame not allowed in an Initial packet"),
        (initial(b"\6\0\x40\x99"), "frame is cut"),
        (initial(crypto(0, message(2, bytes(60)))), "no client hello"),
    ],
)
def test_what_cannot_be_read_is_refused(datagram, reason):
    with pytest.raises(ValueError, match=reason):
        read(datagram)


def test_memory_is_bounded():
    hellos = Hellos()
    for number in range(MAX_PENDING + 40):
        read(initial(crypto(0, BIG[:100]), to=number.to_bytes(8)), reader=hellos.read)
    far = [initial(crypto(at, bytes(1000))) for at in range(4000, 60000, 1000)]
    read(*far, reader=hellos.read)

    kept = [sum(map(len, hello.parts.values())) for hello in hellos._pending.values()]

    assert len(kept) == MAX_PENDING
    assert max(kept) <= 16 * 1024


def test_every_truncation_is_read_or_refused():
    packet = initial(crypto(0, client_hello()), size=300)

    for end in range(len(packet)):
        assert read_anything(READER, packet[:end]) == []


@settings(max_examples=150)
@given(st.binary(max_size=120), st.integers(0, 60))
def test_any_bytes_are_read_or_refused(noise, at):
    packet = initial(crypto(0, client_hello()))

    read_anything(READER, noise)
    read_anything(READER, b"\xc0" + noise)
    read_anything(READER, packet[:at] + noise + packet[at + len(noise) :])
    read_anything(READER, initial(noise, size=30))
    read_anything(READER, initial(crypto(0, message(1, client_hello()[4:60] + noise))))
