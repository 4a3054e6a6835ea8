"""A capture file -> rows of facts: reads it once, front to back."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field

import pyarrow as pa

from thingwarden.capture.links import link_name
from thingwarden.capture.packets import Packets
from thingwarden.capture.read import CaptureStream
from thingwarden.capture.sources import STANDARD_INPUT, CaptureFile, open_capture
from thingwarden.errors import CaptureError
from thingwarden.flows.collect import Emit
from thingwarden.flows.events import READER_TABLES, Events
from thingwarden.flows.links import Links
from thingwarden.flows.stacks import Stacks
from thingwarden.flows.track import FlowTracker
from thingwarden.model import CaptureFacts
from thingwarden.tables import CAPTURES, ETHERNET, FLOWS, PROBLEMS, STACKS, Table

TABLES: tuple[Table, ...] = (CAPTURES, FLOWS, ETHERNET, STACKS, PROBLEMS, *READER_TABLES)
"""Every fact table, in the order of the documentation."""

MOST_PROBLEMS = 1_000
"""Kinds of problems told apart in a capture."""

Progress = Callable[[int, int], None]
"""Called with bytes of the file consumed and packets read, once a batch."""


def order_by_time(files: Sequence[CaptureFile]) -> list[CaptureFile]:
    """Captures by the time of their first packet; what cannot be read keeps its place at the end."""
    if len(files) == 1:
        return list(files)
    return sorted(files, key=lambda file: (_first_us(file), file.name))


def _first_us(file: CaptureFile) -> int:
    if file.path == STANDARD_INPUT:
        return 0
    try:
        tap, source = open_capture(file, hashed=False)
        try:
            stream = CaptureStream(source, file.name, lambda *_: None, buffer_bytes=1 << 16)
            next(stream.batches(), None)
        finally:
            tap.close()
    except CaptureError:
        return 1 << 62
    return stream.first_us if stream.first_us is not None else 1 << 62


@dataclass(slots=True)
class Trouble:
    """What could not be read, told once per kind, with the first frame and how often."""

    seen: dict[tuple[str, str], list[int | None]] = field(default_factory=dict)

    def note(self, frame: int | None, part: str, problem: str, count: int) -> None:
        """Count a problem."""
        known = self.seen.get((part, problem))
        if known is not None:
            known[1] = (known[1] or 0) + count
        elif len(self.seen) < MOST_PROBLEMS:
            self.seen[part, problem] = [frame, count]

    def rows(self, capture: int) -> pa.RecordBatch:
        """Everything noted, as a batch of `PROBLEMS`."""
        rows = [
            {"capture": capture, "frame": frame, "part": part, "problem": problem, "count": count}
            for (part, problem), (frame, count) in self.seen.items()
        ]
        return pa.RecordBatch.from_pylist(rows, schema=PROBLEMS.schema)


class Observer:
    """Reads the captures of a site, one after the other; remembers who began which connection."""

    def __init__(self) -> None:
        self._emit: Emit = _nowhere
        self._trouble = Trouble()
        self._events = Events(self._give, self._note)
        self._tracker = FlowTracker(self._events)

    def read(
        self, file: CaptureFile, number: int, *, emit: Emit, hashed: bool, progress: Progress
    ) -> CaptureFacts:
        """Read a capture into rows for `emit`; raises `CaptureError` if it is none.

        `number` is the capture's in its site. Without `hashed` its SHA-256 is left empty.
        """
        self._emit, self._trouble, links, stacks = emit, Trouble(), Links(), Stacks()
        tap, source = open_capture(file, hashed=hashed)
        try:
            stream = CaptureStream(source, file.name, self._note_file)
            self._tracker.begin(number)
            self._events.begin(number)
            for packets in stream.batches():
                self._take(packets, links, stacks)
                progress(tap.consumed, stream.packets_seen)
            self._tracker.finish()
            self._events.flush()
            sha256 = tap.finish()
        except OSError as error:
            raise CaptureError(f"{file.path}: cannot be read ({error.strerror})") from error
        finally:
            tap.close()
        emit(ETHERNET, links.rows(number))
        emit(STACKS, stacks.rows(number))
        emit(PROBLEMS, self._trouble.rows(number))
        facts = _capture_facts(file, number, stream, sha256)
        emit(CAPTURES, _capture_row(facts, stream))
        return facts

    def _take(self, packets: Packets, links: Links, stacks: Stacks) -> None:
        self._tracker.add(packets)
        self._events.packets(packets)
        links.add(packets)
        stacks.add(packets)

    def _give(self, table: Table, rows: pa.RecordBatch) -> None:
        self._emit(table, rows)

    def _note(self, frame: int | None, part: str, problem: str, count: int) -> None:
        self._trouble.note(frame, part, problem, count)

    def _note_file(self, frame: int | None, problem: str, count: int) -> None:
        self._trouble.note(frame, "capture", problem, count)


def _nowhere(table: Table, rows: pa.RecordBatch) -> None:
    """Before a capture is read there is nothing to emit."""


def _capture_facts(
    file: CaptureFile, number: int, stream: CaptureStream, sha256: str | None
) -> CaptureFacts:
    return CaptureFacts(
        number=number,
        sha256=sha256 or "",
        file=file.name,
        packets=stream.packets_seen,
        bytes=stream.wire_bytes,
        first_us=stream.first_us,
        last_us=stream.last_us,
    )


def _capture_row(facts: CaptureFacts, stream: CaptureStream) -> pa.RecordBatch:
    row = {
        "capture": facts.number,
        "sha256": facts.sha256 or None,
        "file": facts.file,
        "packets": facts.packets,
        "bytes": facts.bytes,
        "first_us": facts.first_us,
        "last_us": facts.last_us,
        "link_types": sorted(link_name(link) for link in stream.link_types),
    }
    return pa.RecordBatch.from_pylist([row], schema=CAPTURES.schema)
