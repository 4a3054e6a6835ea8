"""Both halves of a TLS connection, and how it ended."""

import ssl
from functools import cache

import pyarrow as pa
import pytest
from cryptography import x509
from cryptography.hazmat.primitives.serialization import Encoding
from hypothesis import given, settings
from hypothesis import strategies as st

from thingwarden.protocols.tls import READER, TLS
from thingwarden.tables import EXCHANGE_COLUMNS

from tests.protocols.hellos import (
    alpn,
    certificates,
    client_hello,
    message,
    record,
    server_hello,
    versions,
)
from tests.tls_bytes import make_certificate, shake_hands

COLUMNS = TLS.columns[len(EXCHANGE_COLUMNS) :]
ALERT = record(b"\1\x70", 21)  # warning, unrecognized name
CHANGE = record(b"\1", 20)
RETRY = bytes.fromhex("cf21ad74e59a6111be1d8c021e65b891c2a211167abb8c5e079e09e2c8a8339c")


def client(data):
    """The client's half, by column."""
    return named(READER.read_client(data), 0, READER.client_width)


def server(data):
    """The server's half, by column."""
    return named(READER.read_server(data), READER.client_width, READER.server_width)


def named(row, start, width):
    columns = COLUMNS[start : start + width]
    assert len(row) == width
    for column, value in zip(columns, row, strict=True):
        pa.array([value], column.type)
        if isinstance(value, str):
            assert value.isprintable()
    return {column.name: value for column, value in zip(columns, row, strict=True)}


@cache
def der():
    pem = make_certificate(("hub.example.com", "hub.local"), own_issuer=True)
    return x509.load_pem_x509_certificate(pem).public_bytes(Encoding.DER)


def old_flight(chain=None):
    """A server's first flight of TLS 1.2."""
    chain = (der(),) if chain is None else chain
    hello = server_hello((alpn(b"h2"),))
    return hello + certificates(*chain) + message(14, b"")


def test_widths_fit_the_table():
    widths = READER.client_width + READER.server_width + READER.ending_width

    assert widths == len(COLUMNS)
    assert len(READER.read_ending(0)) == READER.ending_width


def test_a_client_hello_tells_what_it_offers():
    half = client(record(client_hello()))

    assert half == {
        "sni": "hub.example.com",
        "client_version": "1.3",
        "client_alpn": "h2,http/1.1",
        "client_ciphers": "1301-c02b-c02f",
        "ja4": half["ja4"],
    }
    assert half["ja4"].startswith("t13d0305h2_")


def test_a_hello_in_many_records_is_the_same():
    hello = client_hello()
    pieces = b"".join(record(hello[at : at + 7]) for at in range(0, len(hello), 7))

    assert client(pieces) == client(record(hello))


def test_what_follows_the_first_hello_is_not_read():
    hello = record(client_hello())

    assert client(hello + CHANGE + record(b"\xff" * 40, 23)) == client(hello)
    assert client(record(client_hello() + b"\xff" * 40)) == client(hello)


def test_a_cut_hello_tells_what_is_left():
    half = client(record(client_hello())[:-1])

    assert half["sni"] == "hub.example.com"
    assert half["client_version"] is None
    assert half["ja4"] is None


def test_a_real_connection_shows_its_certificate():
    flights = shake_hands("hub.example.com", make_certificate(("hub.example.com",)))

    asked = client(b"".join(data for from_client, data in flights if from_client))
    answered = server(b"".join(data for from_client, data in flights if not from_client))

    assert asked["sni"] == "hub.example.com"
    assert asked["client_version"] == answered["version"] == "1.2"
    assert answered["cipher_name"].startswith("TLS_ECDHE_ECDSA_WITH_")
    assert answered["certificates"] == 1
    assert answered["names"] == ("hub.example.com",)
    assert answered["key"] == "ec-secp256r1"
    assert answered["self_signed"] is False


def test_a_real_connection_of_1_3_hides_its_certificate():
    pem = make_certificate(("hub.example.com",))
    flights = shake_hands("hub.example.com", pem, version=ssl.TLSVersion.TLSv1_3)

    answered = server(b"".join(data for from_client, data in flights if not from_client))

    assert answered["version"] == "1.3"
    assert answered["cipher_name"].startswith("TLS_")
    assert answered["certificates"] is None
    assert answered["certificate_sha256"] is None


def test_a_chain_is_counted_and_its_first_certificate_read():
    half = server(record(old_flight((der(), b"x" * 900, b"y" * 900))))

    assert half["certificates"] == 3
    assert half["subject"] == "CN=hub.example.com"
    assert half["alpn"] == "h2"
    assert half["cipher_name"] == "TLS_ECDHE_RSA_WITH_AES_128_GCM_SHA256"


def test_a_cut_chain_counts_what_begins():
    whole = record(old_flight((der(), b"x" * 900)))
    first_cut = server(whole[: len(record(server_hello((alpn(b"h2"),)))) + 100])
    second_cut = server(whole[:-500])

    assert (first_cut["certificates"], first_cut["subject"]) == (1, None)
    assert (second_cut["certificates"], second_cut["subject"]) == (2, "CN=hub.example.com")


def test_a_certificate_that_is_none_still_has_a_hash():
    half = server(record(old_flight((b"no certificate",))))

    assert half["certificates"] == 1
    assert half["subject"] is None
    assert len(half["certificate_sha256"]) == 64


def test_a_resumed_connection_shows_no_certificate():
    half = server(record(server_hello()) + CHANGE + record(bytes(range(40))))

    assert half["version"] == "1.2"
    assert half["certificates"] is None


def test_a_request_to_try_again_tells_version_and_cipher():
    hello = server_hello(((43, b"\3\4"),), 0x1302)
    retry = hello[:6] + RETRY + hello[38:]

    half = server(record(retry) + CHANGE + record(hello))

    assert (half["version"], half["cipher"]) == ("1.3", 0x1302)


def test_a_warning_before_the_hello_is_passed_over():
    assert server(ALERT + record(old_flight())) == server(record(old_flight()))


def test_an_alert_alone_tells_nothing_here():
    assert set(server(ALERT).values()) == {None}


def test_a_hello_in_the_form_of_sslv2_is_read():
    suites = b"\x01\0\x80" + b"\0\0\x04" + b"\0\0\xff"
    body = b"\1\3\1" + b"\0\x09\0\0\0\x10" + suites + bytes(16)

    half = client((0x8000 | len(body)).to_bytes(2) + body)

    assert half["client_version"] == "1.0"
    assert half["client_ciphers"] == "010080-0004-00ff"
    assert half["ja4"] is None


def test_an_answer_of_sslv2_shows_its_certificate():
    body = b"\4\0\1\0\2" + len(der()).to_bytes(2) + b"\0\3\0\x10" + der() + b"\1\0\x80" + bytes(16)

    half = server((0x8000 | len(body)).to_bytes(2) + body)

    assert half["version"] == "SSLv2"
    assert half["certificates"] == 1
    assert half["subject"] == "CN=hub.example.com"
    assert half["cipher"] is None


def test_the_ending_tells_who_went_on_and_who_complained():
    assert READER.read_ending(0) == (False, False, None, None)
    assert READER.read_ending(0b11) == (True, True, None, None)
    assert READER.read_ending(1 | 49 << 8 | 1 << 16) == (True, False, 48, 0)


@pytest.mark.parametrize(
    ("data", "reason"),
    [
        (b"", "record is cut"),
        (b"GET / HTTP/1.1\r\n", "no TLS record"),
        (record(message(2, bytes(60))), "no client hello"),
        (record(b"\1\0"), "handshake message is cut"),
        (b"\x80\x2e\1\7\7" + bytes(40), "no client hello"),
    ],
)
def test_what_is_no_client_hello_is_refused(data, reason):
    with pytest.raises(ValueError, match=reason):
        READER.read_client(data)


def test_every_truncation_is_read_or_refused():
    flights = [
        (client, record(client_hello((versions(0x0304), alpn(b"h2"))))),
        (server, record(old_flight())),
        (server, b"\x83\0\4\0\1\0\2" + len(der()).to_bytes(2) + b"\0\3\0\x10" + der()),
    ]
    for read, data in flights:
        for end in range(len(data)):
            read_or_refuse(read, data[:end])


@settings(max_examples=150)
@given(st.binary(max_size=400), st.integers(0, 700))
def test_any_bytes_are_read_or_refused(noise, at):
    for whole in (record(client_hello()), record(old_flight()), b"\x80\x30\1\3\1\0\6", b""):
        spoilt = whole[:at] + noise + whole[at + len(noise) :]
        read_or_refuse(client, spoilt)
        read_or_refuse(server, spoilt)


def read_or_refuse(read, data):
    reason = "none"
    try:
        read(data)
    except ValueError as error:
        reason = str(error)
    assert 0 < len(reason) < 80
