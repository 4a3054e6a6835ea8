"""Paths, folders, globs and standard input -> capture files, opened, unpacked, in time order."""

import glob
import hashlib
import io
import sys
import zlib
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from pathlib import Path
from threading import Thread
from typing import IO, BinaryIO, Protocol, cast

from thingwarden.errors import CaptureError

SUFFIXES = (".pcap", ".pcapng", ".cap", ".dmp", ".ntar")
PACKED = ("", ".gz", ".zst")
"""A folder's captures are known by their names: suffix, then how they are packed; `.pcap0` too."""

STANDARD_INPUT = Path("-")
CHUNK = 1 << 20
BESIDE_BYTES = 1 << 22
"""From here a piece is copied and hashed on the other core while its packets are read."""
ZSTD_PIECE = 1 << 16
"""A read that meets damage gives nothing: small ones lose little of what lies before it."""


class ByteSource(Protocol):
    """What a capture is read from: like a raw file, and it knows how far it is."""

    def readinto(self, buffer: memoryview, /) -> int:
        """Bytes written to the front of `buffer`; 0 at the end; raises `CaptureError` on damage."""
        ...


@dataclass(frozen=True, slots=True, kw_only=True)
class CaptureFile:
    """A capture to be read."""

    path: Path
    name: str
    """The name that reports show, without folders."""
    size_bytes: int | None
    """Length on disk; None for standard input."""


def find_captures(paths: Iterable[Path]) -> tuple[CaptureFile, ...]:
    """The captures at `paths`: files as they are, folders by suffix, globs unfolded, each once.

    Raises `CaptureError` where there is none.
    """
    found: dict[Path, CaptureFile] = {}
    for path in paths:
        for file in _expand(path):
            found.setdefault(file if file == STANDARD_INPUT else file.resolve(), _describe(file))
    return tuple(found.values())


def _expand(path: Path) -> list[Path]:
    if path == STANDARD_INPUT or path.is_file():
        return [path]
    if path.is_dir():
        inside = sorted(file for file in path.rglob("*") if _looks_like_capture(file))
        if not inside:
            raise CaptureError(
                f"{path}: a folder without a capture",
                f"Captures are known by their names: {', '.join(SUFFIXES)}, also with .gz or .zst.",
            )
        return inside
    if path.exists():
        return [path]
    matches = sorted(Path(match) for match in glob.glob(str(path), recursive=True))  # noqa: PTH207  # absolute patterns too
    if not matches:
        raise CaptureError(f"{path}: no such file")
    return [file for match in matches for file in _expand(match)]


def _looks_like_capture(file: Path) -> bool:
    name = file.name.lower()
    for packing in PACKED[1:]:
        name = name.removesuffix(packing)
    stem = name.rstrip("0123456789")
    return file.is_file() and (name.endswith(SUFFIXES) or stem.endswith(SUFFIXES))


def _describe(path: Path) -> CaptureFile:
    if path == STANDARD_INPUT:
        return CaptureFile(path=path, name="standard input", size_bytes=None)
    try:
        size = path.stat().st_size
    except OSError as error:
        raise CaptureError(f"{path}: cannot be read ({error.strerror})") from error
    return CaptureFile(path=path, name=path.name, size_bytes=size)


class Tap:
    """The bytes of a file as they lie on disk: counted, and hashed where that is wanted."""

    def __init__(self, raw: BinaryIO, *, hashed: bool) -> None:
        self._raw = raw
        self._hash = hashlib.sha256() if hashed else None
        self._hashing: Thread | None = None
        self.consumed = 0
        """Bytes read so far, before unpacking."""

    def readinto(self, buffer: memoryview, /) -> int:
        """See `ByteSource`."""
        size = self._raw.readinto(buffer)  # type: ignore[attr-defined]  # raw and buffered files have it
        count = int(size or 0)
        self._note(buffer[:count])
        return count

    def read(self, size: int = -1, /) -> bytes:
        """Up to `size` bytes; all for -1."""
        piece = self._raw.read(size)
        self._note(memoryview(piece))
        return piece

    def _note(self, piece: memoryview) -> None:
        self.consumed += len(piece)
        if self._hash is None:
            return
        self._settle()
        if len(piece) < BESIDE_BYTES:
            self._hash.update(piece)
            return
        self._hashing = Thread(target=self._hash.update, args=(bytes(piece),))
        self._hashing.start()

    def _settle(self) -> None:
        """Wait until what was read before is hashed."""
        if self._hashing is not None:
            self._hashing.join()
        self._hashing = None

    def finish(self) -> str | None:
        """Read what is left, so that the hash is that of the whole file; hex, None if not wanted."""
        if self._hash is None:
            return None
        while self.read(CHUNK):
            pass
        self._settle()
        return self._hash.hexdigest()

    def close(self) -> None:
        """Close the file."""
        self._settle()
        if self._raw is not sys.stdin.buffer:
            self._raw.close()


class Unpacked:
    """Bytes of a gzip or zstd file; at most what is asked for is ever held unpacked."""

    def __init__(self, read: Callable[[int], bytes]) -> None:
        self._read = read

    def readinto(self, buffer: memoryview, /) -> int:
        """See `ByteSource`; raises `CaptureError` once all that could be unpacked was given."""
        piece = self._read(min(len(buffer), CHUNK))
        buffer[: len(piece)] = piece
        return len(piece)


def open_capture(file: CaptureFile, *, hashed: bool) -> tuple[Tap, ByteSource]:
    """The file's tap, and its bytes unpacked; raises `CaptureError` if it cannot be opened."""
    try:
        raw = sys.stdin.buffer if file.path == STANDARD_INPUT else file.path.open("rb", buffering=0)
        tap = Tap(raw, hashed=hashed)
        start = _read_start(tap)
    except OSError as error:
        raise CaptureError(f"{file.path}: cannot be read ({error.strerror})") from error
    source = Pushed(start, tap)
    if start[:2] == b"\x1f\x8b":
        return tap, Unpacked(Gzip(source, file.name).read)
    if start == b"\x28\xb5\x2f\xfd":
        return tap, Unpacked(_unzstd(source, file.name))
    return tap, source


def _read_start(tap: Tap) -> bytes:
    """The first four bytes, or as many as there are."""
    try:
        start = tap.read(4)
        while 0 < len(start) < 4 and (more := tap.read(4 - len(start))):
            start += more
    except OSError:
        tap.close()
        raise
    return start


class Pushed(io.RawIOBase):
    """A tap with its first bytes given back."""

    def __init__(self, start: bytes, tap: Tap) -> None:
        super().__init__()
        self._start = start
        self._tap = tap

    def readable(self) -> bool:
        """It is there to be read."""
        return True

    def readinto(self, buffer: memoryview, /) -> int:  # type: ignore[override]  # narrower than any buffer
        """See `ByteSource`."""
        if self._start:
            size = min(len(self._start), len(buffer))
            buffer[:size] = self._start[:size]
            self._start = self._start[size:]
            return size
        return self._tap.readinto(buffer)


class Gzip:
    """Reads gzip members (RFC 1952), one after the other."""

    def __init__(self, source: Pushed, name: str) -> None:
        self._source = source
        self._name = name
        self._member = zlib.decompressobj(wbits=31)
        self._packed = b""

    def read(self, size: int) -> bytes:
        """Up to `size` bytes; empty at the end; raises `CaptureError` on damage."""
        while True:
            if self._member.eof and not self._next_member():
                return b""
            ended = not self._packed and not self._refill()
            try:
                piece = self._member.decompress(self._packed, size)
            except zlib.error as error:
                raise CaptureError(
                    f"{self._name}: its gzip packing is damaged ({error})"
                ) from error
            self._packed = self._member.unconsumed_tail
            if piece:
                return piece
            if ended and not self._member.eof:
                raise CaptureError(f"{self._name}: its gzip packing is cut short")

    def _refill(self) -> bool:
        self._packed = self._source.read(CHUNK) or b""
        return bool(self._packed)

    def _next_member(self) -> bool:
        """Go on to the next member; False at the end; zeros are padding (RFC 1952 errata)."""
        self._packed = self._member.unused_data.lstrip(b"\0")
        while not self._packed:
            if not self._refill():
                return False
            self._packed = self._packed.lstrip(b"\0")
        self._member = zlib.decompressobj(wbits=31)
        return True


def _unzstd(source: Pushed, name: str) -> Callable[[int], bytes]:
    """A reader of zstd frames (RFC 8878), one after the other; windows of at most 128 MiB."""
    import zstandard  # noqa: PLC0415  # only where one is met

    reader = zstandard.ZstdDecompressor(max_window_size=1 << 27).stream_reader(
        cast("IO[bytes]", source), read_across_frames=True, closefd=False
    )

    def read(size: int) -> bytes:
        try:
            return bytes(reader.read(min(size, ZSTD_PIECE)))
        except zstandard.ZstdError as error:
            raise CaptureError(f"{name}: its zstd packing is damaged ({error})") from error

    return read
