import gzip
import hashlib
import io
import random
import sys
from pathlib import Path

import pytest
import zstandard

from thingwarden.capture.read import CaptureStream
from thingwarden.capture.sources import STANDARD_INPUT, find_captures, open_capture
from thingwarden.errors import CaptureError

from tests.capture.captures import pcap, udp_frame, write

CHANCE = random.Random(3)
LARGE = pcap(*[udp_frame(CHANCE.randbytes(1200)) for _ in range(500)])
CONTENT = pcap(*[udp_frame(bytes([index]) * 100) for index in range(50)])


def packets(path: Path) -> tuple[int, list[str], str | None]:
    (file,) = find_captures([path])
    problems: list[str] = []
    tap, source = open_capture(file, hashed=True)
    stream = CaptureStream(source, file.name, lambda frame, text, count: problems.append(text))
    for _ in stream.batches():
        pass
    digest = tap.finish()
    tap.close()
    return stream.packets_seen, problems, digest


@pytest.mark.parametrize(
    "pack",
    [
        bytes,
        gzip.compress,
        zstandard.compress,
        lambda content: gzip.compress(content[:999]) + gzip.compress(content[999:]) + b"\0" * 512,
        lambda content: zstandard.compress(content[:999]) + zstandard.compress(content[999:]),
    ],
)
def test_captures_are_read_however_they_are_packed(tmp_path, pack):
    path = write(tmp_path, "a.pcap", pack(CONTENT))

    assert packets(path)[:2] == (50, [])


def test_the_hash_is_that_of_the_file_on_disk(tmp_path):
    path = write(tmp_path, "a.pcap.gz", gzip.compress(CONTENT, mtime=0) + b"\0" * 3_000_000)

    assert packets(path)[2] == hashlib.sha256(path.read_bytes()).hexdigest()


@pytest.mark.parametrize("pack", [gzip.compress, zstandard.compress])
def test_a_packed_file_that_is_cut_gives_what_it_has(tmp_path, pack):
    packed = pack(LARGE)

    count, problems, _ = packets(write(tmp_path, "a.pcap", packed[: len(packed) * 2 // 3]))

    assert 100 < count < 500
    assert problems


@pytest.mark.parametrize("pack", [gzip.compress, zstandard.compress])
def test_a_packed_file_that_is_damaged_gives_what_it_has(tmp_path, pack):
    packed = bytearray(pack(LARGE))
    packed[len(packed) // 2 :] = b"\xff" * (len(packed) - len(packed) // 2)

    count, problems, _ = packets(write(tmp_path, "a.pcap", bytes(packed)))

    assert count > 100
    assert problems


def test_a_bomb_is_unpacked_a_piece_at_a_time(tmp_path):
    bomb = gzip.compress(pcap() + bytes(200_000_000), compresslevel=9)
    (file,) = find_captures([write(tmp_path, "a.pcap.gz", bomb)])

    tap, source = open_capture(file, hashed=False)
    buffer = memoryview(bytearray(4 << 20))
    sizes = [source.readinto(buffer) for _ in range(5)]
    tap.close()

    assert max(sizes) <= 1 << 20


def test_a_folder_gives_its_captures_and_nothing_else(tmp_path):
    (tmp_path / "sub").mkdir()
    names = ("b.pcap", "a.pcapng.gz", "sub/c.cap", "d.pcap1", "e.pcap.zst")
    for name in (*names, "notes.txt", "x.gz", "pcap"):
        write(tmp_path, name, CONTENT)

    found = {str(file.path.relative_to(tmp_path)) for file in find_captures([tmp_path])}

    assert found == set(names)


def test_patterns_are_unfolded_and_a_file_counts_once(tmp_path):
    paths = [write(tmp_path, name, CONTENT) for name in ("a1.pcap", "a2.pcap", "b.pcap")]

    found = find_captures([tmp_path / "a*.pcap", paths[0]])

    assert [file.name for file in found] == ["a1.pcap", "a2.pcap"]


@pytest.mark.parametrize(
    ("make", "words"),
    [
        (lambda folder: folder / "none.pcap", "no such file"),
        (lambda folder: folder, "a folder without a capture"),
        (lambda folder: folder / "*.pcap", "no such file"),
    ],
)
def test_what_is_not_there_is_said_in_one_sentence(tmp_path, make, words):
    with pytest.raises(CaptureError, match=words):
        find_captures([make(tmp_path)])


def test_a_file_that_may_not_be_read_is_said_in_one_sentence(tmp_path):
    (file,) = find_captures([write(tmp_path, "a.pcap", CONTENT)])
    file.path.unlink()

    with pytest.raises(CaptureError, match="cannot be read"):
        open_capture(file, hashed=False)


def test_standard_input_is_a_capture_too(monkeypatch):
    class Input:
        buffer = io.BytesIO(gzip.compress(CONTENT))

    monkeypatch.setattr(sys, "stdin", Input)

    assert packets(STANDARD_INPUT)[:2] == (50, [])
