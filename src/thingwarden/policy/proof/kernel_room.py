"""Questions on stdin -> answers on stdout: the part of the kernel judge that runs in a namespace.

`python -m thingwarden.policy.proof.kernel_room`, inside `unshare -n`. A message is a letter, the length
of what follows, and that. The first answer comes without a question: ready, or what is missing.

Two bridges stand ready, each in a network namespace of its own: one with the rules, one bare. What the
rules did not let pass is shown to the bare one, so that what no bridge forwards is not called stopped.
"""

import json
import os
import sys
from typing import IO

import numpy as np
from numpy.typing import NDArray

from thingwarden.policy.proof.kernel_bridge import Rules, build_wire, leave_network
from thingwarden.policy.proof.kernel_bursts import LEAST_FRAME, MOST_FRAME, Sizes, Wire
from thingwarden.policy.proof.kernel_elements import Elements

CHANGE, FRAMES, COUNTERS, TELL, FORGET = b"C", b"F", b"N", b"T", b"G"
"""Questions."""

DONE, REFUSED, BROKEN = b"D", b"R", b"B"
"""Answers: done, not done for a reason in words, and no further questions."""

STOPPED, PASSED, TOO_SHORT, TOO_LONG, NOT_FORWARDED = range(5)
"""What became of a frame."""

LENGTH_BYTES = 4


class Room:
    """Two bridges, and the rules of one."""

    def __init__(self) -> None:
        """Raises `OSError` with what is missing."""
        stay_on_one_core()
        self._bare = build_wire()
        leave_network()
        self._ruled = build_wire()
        self._rules = Rules()
        self._rules.change("add table bridge probe\ndelete table bridge probe\n")
        self._elements = Elements()

    def answer(self, question: bytes, given: bytes) -> bytes:
        """What the answer to a question holds; raises `ValueError` with the reason of a refusal."""
        if question == CHANGE:
            self._rules.change(given.decode())
            return b""
        if question == FRAMES:
            return self._judge(given)
        if question in (TELL, FORGET):
            name, addresses = json.loads(given)
            act = self._elements.add if question == TELL else self._elements.delete
            act(name, [bytes.fromhex(address) for address in addresses])
            return b""
        return json.dumps(self._rules.counters()).encode()

    def _judge(self, given: bytes) -> bytes:
        count = int.from_bytes(given[:LENGTH_BYTES], "little")
        sizes = np.frombuffer(given, np.uint32, count, LENGTH_BYTES).astype(np.int64)
        data = np.frombuffer(given, np.uint8, offset=LENGTH_BYTES * (count + 1))
        return judge_frames(data, sizes, self._ruled, self._bare).tobytes()


def stay_on_one_core() -> None:
    """Where each frame follows the one before: a kernel keeps order only for what one core sends."""
    cores = sorted(os.sched_getaffinity(0))
    os.sched_setaffinity(0, {cores[os.getpid() % len(cores)]})


def judge_frames(
    data: NDArray[np.uint8], sizes: Sizes, ruled: Wire, bare: Wire
) -> NDArray[np.uint8]:
    """What became of each frame of `data`, which lie one behind the other."""
    became = np.full(len(sizes), STOPPED, np.uint8)
    became[sizes < LEAST_FRAME] = TOO_SHORT
    became[sizes > MOST_FRAME] = TOO_LONG
    for wire, out, code in ((ruled, True, PASSED), (bare, False, NOT_FORWARDED)):
        asked = np.flatnonzero(became == STOPPED)
        passed = wire.passed(_pick(data, sizes, asked), sizes[asked])
        became[asked[passed == out]] = code
    return became


def _pick(data: NDArray[np.uint8], sizes: Sizes, chosen: NDArray[np.intp]) -> NDArray[np.uint8]:
    if len(chosen) == len(sizes):
        return data
    kept = np.zeros(len(sizes), np.bool_)
    kept[chosen] = True
    return data[np.repeat(kept, sizes)]


def read_message(stream: IO[bytes]) -> tuple[bytes, bytes] | None:
    """The next letter and what came with it; None at the end, or where it is cut."""
    head = stream.read(1 + LENGTH_BYTES)
    if len(head) < 1 + LENGTH_BYTES:
        return None
    size = int.from_bytes(head[1:], "little")
    given = stream.read(size)
    return (head[:1], given) if len(given) == size else None


def write_message(stream: IO[bytes], letter: bytes, *parts: bytes | memoryview) -> None:
    """One message, with all parts behind each other."""
    size = sum(len(part) for part in parts)
    stream.write(letter + size.to_bytes(LENGTH_BYTES, "little"))
    for part in parts:
        stream.write(part)
    stream.flush()


def main() -> None:
    """Answers until the questions end."""
    asked, told = sys.stdin.buffer, sys.stdout.buffer
    try:
        room = Room()
        write_message(told, DONE)
        while message := read_message(asked):
            try:
                write_message(told, DONE, room.answer(*message))
            except ValueError as error:
                write_message(told, REFUSED, str(error).encode())
    except (OSError, ValueError) as error:
        write_message(told, BROKEN, str(error).encode())


if __name__ == "__main__":
    main()
