"""Captures and a policy -> what would pass and what would be stopped, each frame judged twice where it can be."""

import contextlib
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from functools import partial
from hashlib import sha256
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from thingwarden.capture.packets import Packets
from thingwarden.capture.read import CaptureStream
from thingwarden.capture.sources import CaptureFile, open_capture
from thingwarden.model import Policy
from thingwarden.policy.files import write_policy
from thingwarden.policy.proof.answers import find_answers
from thingwarden.policy.proof.headers import ETHERNET, Frames, Headers, read_headers
from thingwarden.policy.proof.judge import Judge, Verdicts
from thingwarden.policy.proof.kernel import WHY_UNTESTED, KernelJudge
from thingwarden.policy.proof.names import Told, say_address
from thingwarden.policy.proof.tally import Tallies

ETHERNET_LINK = 1
"""The link type of Ethernet in captures."""

OTHER_LINK = "not captured on Ethernet"
TOO_SHORT = "shorter than an Ethernet header"

Progress = Callable[[CaptureFile, int, int], None]


@dataclass(frozen=True, slots=True, kw_only=True)
class Judged:
    """A capture that was judged."""

    name: str
    sha256: str
    frames: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Difference:
    """A frame on which the two judges do not agree."""

    capture: str
    frame: int
    kernel_passes: bool


@dataclass(slots=True, kw_only=True)
class Proof:
    """What was judged, by whom, and what it came to."""

    policy_sha256: str
    tallies: Tallies = field(default_factory=Tallies)
    captures: list[Judged] = field(default_factory=list)
    kernel: str = ""
    """Why the kernel did not judge; empty: it did."""
    confirmed: int = 0
    """Frames on which the kernel and Python say the same."""
    unconfirmed: dict[str, int] = field(default_factory=dict)
    """Frames that the kernel could not judge, by the reason."""
    differences: list[Difference] = field(default_factory=list)
    differing: int = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class Batch:
    """Frames of a capture that were judged; valid until the next."""

    frames: Frames
    headers: Headers
    times: NDArray[np.int64]
    """Microseconds since 1970."""
    verdicts: Verdicts
    passes: NDArray[np.bool_]
    numbers: NDArray[np.int64]
    """Which frame of the capture each is, the first is 1."""


Confirm = Callable[[Batch], NDArray[np.bool_]]

MOST_DIFFERENCES = 100


def prove(
    policy: Policy,
    files: Sequence[CaptureFile],
    *,
    kernel: str | None = None,
    progress: Progress = lambda *_: None,
) -> Proof:
    """Judges all frames in order; `kernel` None: by the kernel too, else why not.

    Raises `CaptureError` and `GatewayError`.
    """
    proof = Proof(policy_sha256=hash_policy(policy), kernel=kernel or "")
    judge = Judge(policy)
    with contextlib.ExitStack() as stack:
        room = stack.enter_context(KernelJudge(policy)) if kernel is None else None
        for file in files:
            _prove_file(file, judge, room, proof, progress)
    return proof


def hash_policy(policy: Policy) -> str:
    """SHA-256 of its file."""
    return sha256(write_policy(policy)).hexdigest()


def judge_file(
    file: CaptureFile,
    judge: Judge,
    tallies: Tallies,
    *,
    hashed: bool = False,
    confirm: Confirm | None = None,
    progress: Progress = lambda *_: None,
) -> Iterator[Batch | str]:
    """Batches of a capture with their verdicts; last its hash, empty without `hashed`.

    `confirm` tells of which frames of a batch the kernel says the same.
    """
    tap, source = open_capture(file, hashed=hashed)
    try:
        stream = CaptureStream(source, file.name, lambda *_: None)
        for packets in stream.batches():
            if stream.link_types != {ETHERNET_LINK}:
                tallies.leave_out(OTHER_LINK, len(packets.rows))
                continue
            batch = _judge_batch(packets, judge, tallies)
            if batch:
                same = confirm(batch) if confirm else None
                tallies.add(judge, batch.headers, batch.verdicts.outcome, batch.times, same)
                yield batch
            progress(file, tap.consumed, stream.packets_seen)
        yield tap.finish() or ""
    finally:
        tap.close()


def _judge_batch(packets: Packets, judge: Judge, tallies: Tallies) -> Batch | None:
    long_enough = packets.rows["wire"] >= ETHERNET
    tallies.leave_out(TOO_SHORT, int(np.count_nonzero(~long_enough)))
    rows = packets.rows[long_enough]
    if not len(rows):
        return None
    frames = Frames(
        data=packets.data,
        starts=rows["frame_at"].astype(np.int64),
        captured=rows["captured"].astype(np.int64),
        wire=rows["wire"].astype(np.int64),
    )
    headers, times = read_headers(frames), rows["time_us"].copy()
    chosen = Packets(data=packets.data, rows=rows, first_frame=packets.first_frame)
    answers = find_answers(chosen, headers, judge.resolvers)
    verdicts = judge.judge(headers, times, answers)
    passing = np.array([outcome.passes for outcome in judge.outcomes])
    return Batch(
        frames=frames,
        headers=headers,
        times=times,
        verdicts=verdicts,
        passes=passing[verdicts.outcome],
        numbers=np.flatnonzero(long_enough) + packets.first_frame,
    )


def _prove_file(
    file: CaptureFile,
    judge: Judge,
    room: KernelJudge | None,
    proof: Proof,
    progress: Progress,
) -> None:
    frames, digest = 0, ""
    confirm = partial(_confirm, file, room, proof) if room else None
    batches = judge_file(
        file, judge, proof.tallies, hashed=True, confirm=confirm, progress=progress
    )
    for batch in batches:
        if isinstance(batch, str):
            digest = batch
        else:
            frames += len(batch.numbers)
    proof.captures.append(Judged(name=file.name, sha256=digest, frames=frames))


def _confirm(file: CaptureFile, room: KernelJudge, proof: Proof, batch: Batch) -> NDArray[np.bool_]:
    """The kernel judges the same frames, and is told of names where Python was."""
    first, same = 0, np.zeros(len(batch.numbers), bool)
    for last, told in (*_changes(batch.verdicts), (len(batch.numbers), ())):
        if last > first:
            part = slice(first, last)
            same[part] = _compare(file, batch, part, room, proof)
        for one in told:
            _tell(room, one)
        first = last
    return same


def _changes(verdicts: Verdicts) -> Iterator[tuple[int, list[Told]]]:
    """Rows before which names change, with how."""
    together: dict[int, list[Told]] = {}
    for row, told in verdicts.told:
        together.setdefault(row, []).append(told)
    yield from sorted(together.items())


def _tell(room: KernelJudge, told: Told) -> None:
    tell = room.tell if told.here else room.forget
    tell(told.name, [say_address(told.address)])


def _compare(
    file: CaptureFile, batch: Batch, part: slice, room: KernelJudge, proof: Proof
) -> NDArray[np.bool_]:
    """Of which frames of a part the kernel says the same."""
    sizes = batch.frames.wire[part]
    verdicts = room.judge_packed(_wire_bytes(batch.frames, part), sizes.astype(np.uint32))
    tested = verdicts.untested == 0
    for code, count in zip(*np.unique(verdicts.untested[~tested], return_counts=True), strict=True):
        reason = WHY_UNTESTED[int(code)]
        proof.unconfirmed[reason] = proof.unconfirmed.get(reason, 0) + int(count)
    agrees = verdicts.passed == batch.passes[part]
    wrong = np.flatnonzero(tested & ~agrees)
    proof.confirmed += int(np.count_nonzero(tested & agrees))
    proof.differing += len(wrong)
    for row in wrong[: MOST_DIFFERENCES - len(proof.differences)].tolist():
        proof.differences.append(
            Difference(
                capture=file.name,
                frame=int(batch.numbers[part][row]),
                kernel_passes=bool(verdicts.passed[row]),
            )
        )
    same: NDArray[np.bool_] = tested & agrees
    return same


def _wire_bytes(frames: Frames, part: slice) -> bytes:
    """Frames one behind the other; what was not captured is zero, so that lengths are right."""
    data, pieces = frames.data, []
    for start, captured, wire in zip(
        frames.starts[part].tolist(),
        frames.captured[part].tolist(),
        frames.wire[part].tolist(),
        strict=True,
    ):
        size = min(captured, wire)
        pieces.append(data[start : start + size].tobytes() + bytes(wire - size))
    return b"".join(pieces)


def open_files(paths: Sequence[Path]) -> Sequence[CaptureFile]:
    """The captures at `paths` in time order; raises `CaptureError`."""
    from thingwarden.capture.sources import find_captures  # noqa: PLC0415
    from thingwarden.flows.observe import order_by_time  # noqa: PLC0415  # kernels first

    return order_by_time(find_captures(paths))
