"""A capture -> pieces of an hour each, so that a policy can be learnt on what came before."""

from collections import defaultdict
from collections.abc import Iterator, Sequence
from pathlib import Path

import numpy as np

from thingwarden.capture.read import CaptureStream
from thingwarden.capture.sources import find_captures, open_capture
from thingwarden.flows.compiling import use_kept_kernels

from tests import frames
from tools.wrapping.behaviours import HOUR_US


def cut_by_hour(path: Path, folder: Path) -> list[Path]:
    """Write a capture of Ethernet frames to `folder`, a file for each hour of it; in order of time."""
    pieces: dict[int, list[bytes]] = defaultdict(list)
    for time_us, frame, wire in _frames(path):
        pieces[time_us // HOUR_US].append(frames.pcap_record(time_us, frame, wire))
    written = []
    for hour in sorted(pieces):
        piece = folder / f"{path.name.partition('.')[0]}-{hour}.pcap"
        piece.write_bytes(frames.pcap_header() + b"".join(pieces[hour]))
        written.append(piece)
    return written


def read_frames(path: Path) -> list[tuple[int, bytes]]:
    """Time and bytes of every frame of a capture."""
    return [(time_us, frame) for time_us, frame, _ in _frames(path)]


def in_order(paths: Sequence[Path]) -> list[Path]:
    """Captures by the time of their first packet."""
    use_kept_kernels(lambda _: None)
    from thingwarden.flows.observe import order_by_time  # noqa: PLC0415  # kernels first

    return [file.path for file in order_by_time(find_captures(paths))]


def first_hour(path: Path) -> int:
    """The hour since 1970 in which a capture begins."""
    use_kept_kernels(lambda _: None)
    return next((time_us for time_us, *_ in _frames(path)), 0) // HOUR_US


def _frames(path: Path) -> Iterator[tuple[int, bytes, int]]:
    use_kept_kernels(lambda _: None)
    [file] = find_captures([path])
    tap, source = open_capture(file, hashed=False)
    try:
        for packets in CaptureStream(source, file.name, lambda *_: None).batches():
            rows = packets.rows
            columns = (rows[each].astype(np.int64) for each in ("time_us", "frame_at"))
            sizes = (rows[each].astype(np.int64) for each in ("captured", "wire"))
            for time_us, start, captured, wire in zip(
                *(each.tolist() for each in (*columns, *sizes)), strict=True
            ):
                yield time_us, packets.data[start : start + captured].tobytes(), wire
    finally:
        tap.close()
