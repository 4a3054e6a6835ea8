"""JA4 by the page that describes the method, and against public captures."""

import csv
import io
import os
import tarfile
from collections import defaultdict
from pathlib import Path

import pytest
import zstandard

from thingwarden.capture.read import CaptureStream
from thingwarden.protocols import quic, tls
from thingwarden.protocols.ja4 import ja4
from thingwarden.protocols.tls_hello import read_client_hello

from tests.protocols.hellos import SNI, alpn, client_hello, signatures, sni, versions

ROOT = Path(__file__).parents[2]
DATA = Path(os.environ.get("THINGWARDEN_DATA", ROOT / ".." / "shared" / "data")) / "ja4"

CIPHERS = (
    0x1301, 0x1302, 0x1303, 0xC02B, 0xC02F, 0xC02C, 0xC030, 0xCCA9, 0xCCA8, 0xC013, 0xC014, 0x009C,
    0x009D, 0x002F, 0x0035,
)  # fmt: skip
KINDS = (0x1B, 0x33, 0x4469, 0x17, 0x2D, 0x05, 0x23, 0x12, 0xFF01, 0x0B, 0x0A, 0x15)
ALGORITHMS = (0x0403, 0x0804, 0x0401, 0x0503, 0x0805, 0x0501, 0x0806, 0x0601)


def example(*more, ciphers=CIPHERS):
    """The example of the page that describes the method."""
    extensions = [(kind, b"") for kind in KINDS]
    return fingerprint((*extensions, versions(0x0304, 0x0303), *more), ciphers)


def fingerprint(extensions, ciphers=CIPHERS, version=0x0303):
    hello = client_hello(extensions, ciphers, version=version)
    return ja4(read_client_hello(hello[4:], cut=False))


def test_the_published_example_comes_out():
    made = example(sni("a.example"), alpn(b"h2"), signatures(*ALGORITHMS))

    assert made == "t13d1516h2_8daaf6152771_e5627efa2ab1"


def test_without_signature_algorithms_there_is_no_underscore():
    made = example(sni("a.example"), alpn(b"h2"), (13, b""))

    assert made == "t13d1516h2_8daaf6152771_6d807ffa2a79"


def test_grease_and_order_change_nothing():
    extensions = [(kind, b"") for kind in reversed(KINDS)]
    shuffled = fingerprint(
        (
            (0x3A3A, b""),
            alpn(b"h2"),
            signatures(*ALGORITHMS),
            *extensions,
            versions(0x5A5A, 0x0303, 0x0304),
            sni("b.example"),
        ),
        (0x0A0A, *reversed(CIPHERS)),
    )

    assert shuffled == "t13d1516h2_8daaf6152771_e5627efa2ab1"


def test_nothing_offered_is_written_as_zeros():
    assert fingerprint((), ()) == "t12i000000_000000000000_000000000000"
    assert fingerprint((sni("a"), alpn(b"h2")), ()) == "t12d0002h2_000000000000_000000000000"


def test_counts_stop_at_99():
    many = fingerprint([(kind, b"") for kind in range(100, 250)], range(0x1000, 0x1078))

    assert many is not None
    assert many.startswith("t12i999900_")


@pytest.mark.parametrize(
    ("version", "text"),
    [(0x0304, "13"), (0x0303, "12"), (0x0302, "11"), (0x0301, "10"), (0x0300, "s3"), (9, "00")],
)
def test_versions_have_two_characters(version, text):
    made = fingerprint((), version=version)

    assert made is not None
    assert made[1:3] == text


@pytest.mark.parametrize(
    ("name", "text"),
    [
        (b"http/1.1", "h1"),
        (b"z", "zz"),
        (b"", "00"),
        (b"\xab", "99"),
        (b"\xab\xcd", "99"),
        (b"\x2d\x2d", "2d"),
        (b"\x30\xab", "3b"),
        (b"\x30\x31\xab\xcd", "3d"),
        (b"\x30\xab\xcd\x31", "01"),
    ],
)
def test_protocol_names_that_are_no_words_become_hex(name, text):
    made = fingerprint((alpn(name),))

    assert made is not None
    assert made[8:10] == text


def test_an_empty_server_name_still_counts_as_one():
    made = fingerprint(((SNI, b""),))

    assert made is not None
    assert made[3] == "d"


def test_a_cut_hello_has_no_fingerprint():
    hello = read_client_hello(client_hello()[4:-1], cut=True)

    assert ja4(hello) is None


def test_public_captures_have_the_expected_values():
    expected = expected_values()

    made = {name: made_values(content) for name, content in unpacked(expected).items()}

    different = [
        (name, ends, value)
        for name, ends, value in expected
        if value not in made[name].get(ends, ())
    ]
    assert different == []


def expected_values():
    path = DATA / "expected_ja4.csv"
    if not path.exists():
        pytest.skip("needs expected_ja4.csv in $THINGWARDEN_DATA/ja4")
    with path.open(newline="") as file:
        return {
            (row["capture"], (int(row["src_port"]), int(row["dst_port"])), row["ja4"])
            for row in csv.DictReader(file)
        }


def unpacked(expected):
    wanted = {name for name, _, _ in expected}
    with (
        (DATA / "captures.tar.zst").open("rb") as file,
        zstandard.ZstdDecompressor().stream_reader(file) as plain,
        tarfile.open(fileobj=io.BufferedReader(plain), mode="r|") as members,
    ):
        return {
            Path(member.name).name: members.extractfile(member).read()
            for member in members
            if Path(member.name).name in wanted
        }


def made_values(content):
    """Fingerprints by source and destination port; all hellos of a stream, not the first alone."""
    streams, made = defaultdict(dict), defaultdict(set)
    read_quic = quic.READER.start()
    stream = CaptureStream(source=io.BytesIO(content), name="test", note=lambda *_: None)
    for batch in stream.batches():
        data = batch.data.tobytes()
        for row in batch.rows:
            ends = int(row["src_port"]), int(row["dst_port"])
            payload = data[row["payload_at"] : row["payload_at"] + row["payload_captured"]]
            if row["protocol"] == 6 and payload:
                streams[ends].setdefault(int(row["seq"]), payload)
            elif row["protocol"] == 17 and 443 in ends:
                made[ends] |= {found[3] for found in read_quic(payload)}
    for ends, segments in streams.items():
        made[ends] |= set(hello_values(joined(segments)))
    return made


def joined(segments):
    stream, first = b"", min(segments)
    for seq in sorted(segments):
        stream += segments[seq][max(len(stream) - (seq - first), 0) :]
    return stream


def hello_values(stream):
    at = stream.find(b"\x16\x03")
    while at >= 0:
        if stream[at + 5 : at + 6] == b"\1":
            yield tls.READER.read_client(stream[at : at + 16384])[4]
        at = stream.find(b"\x16\x03", at + 5)
