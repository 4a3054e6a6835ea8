"""Frames of public test captures, if they are on this machine; tests that need them skip if not."""

import io
import os
import struct
import tarfile
from pathlib import Path

import pytest
import zstandard

ROOT = Path(__file__).parents[2]


def captured_frames(archive: str, member: str) -> list[bytes]:
    """All Ethernet frames of one classic capture file (little end first) inside an archive."""
    folder = Path(os.environ.get("THINGWARDEN_DATA", ROOT / ".." / "shared" / "data"))
    path = folder / "parsers" / archive
    if not path.exists():
        pytest.skip(f"needs the capture archive {archive} in $THINGWARDEN_DATA/parsers")
    content = _unpack(path, member)
    assert content[:4] == b"\xd4\xc3\xb2\xa1"
    frames, at = [], 24
    while at < len(content):
        (size,) = struct.unpack_from("<I", content, at + 8)
        frames.append(content[at + 16 : at + 16 + size])
        at += 16 + size
    return frames


def ip_payload(frame: bytes) -> bytes:
    """What an Ethernet frame carries above IP without extension headers."""
    packet = frame[14:]
    if packet[0] >> 4 == 6:
        return packet[40 : 40 + int.from_bytes(packet[4:6], "big")]
    return packet[(packet[0] & 15) * 4 : int.from_bytes(packet[2:4], "big")]


def udp_payload(frame: bytes) -> bytes:
    """What an Ethernet frame carries above UDP."""
    return ip_payload(frame)[8:]


def _unpack(path: Path, member: str) -> bytes:
    with (
        path.open("rb") as file,
        zstandard.ZstdDecompressor().stream_reader(file) as plain,
        tarfile.open(fileobj=io.BufferedReader(plain), mode="r|") as members,
    ):
        for found in members:
            if found.name.removeprefix("./") == member:
                content = members.extractfile(found)
                assert content is not None
                return content.read()
    raise AssertionError(f"{member} is not in {path.name}")
