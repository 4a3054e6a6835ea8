"""A policy and frames -> which of them the kernel lets pass, by the very rules that a gateway would load.

The rules stand in a network namespace of a process of its own, on a bridge with two ends: nothing of the
machine's own network is touched or seen. Every verdict is observed, none is inferred: a frame passed if
it came out, and was stopped if it came out of a bare bridge and did not come out of this one.
"""

import os
import subprocess
import sys
from collections.abc import Iterable, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass
from functools import cache
from ipaddress import ip_address
from types import TracebackType
from typing import Self

import msgspec
import numpy as np
from numpy.typing import NDArray

from thingwarden.errors import GatewayError
from thingwarden.model import Policy
from thingwarden.policy.gateway.chains import Counter
from thingwarden.policy.gateway.ground import BRIDGE
from thingwarden.policy.gateway.names import read_address, read_name, set_name
from thingwarden.policy.gateway.rules import counters_of, write_rules
from thingwarden.policy.gateway.steps import Step
from thingwarden.policy.proof.kernel_room import (
    CHANGE,
    COUNTERS,
    DONE,
    FORGET,
    FRAMES,
    NOT_FORWARDED,
    PASSED,
    REFUSED,
    TELL,
    TOO_LONG,
    TOO_SHORT,
    read_message,
    write_message,
)

WHY_UNTESTED = {
    TOO_SHORT: "shorter than an Ethernet header",
    TOO_LONG: "longer than 65,549 bytes, which no virtual port sends",
    NOT_FORWARDED: "forwarded by no bridge: a link-local group, or a source that is a group",
}
"""What is said of frames that say nothing about the rules."""

SETTLED_SECONDS = 10
"""Until a process that was told to end has ended; it has nothing left to do."""

MOST_BYTES = 64 << 20
"""Of frames in one question: what both processes hold at once."""


@dataclass(frozen=True, slots=True, kw_only=True)
class KernelVerdicts:
    """What the kernel did with some frames, in their order."""

    passed: NDArray[np.bool_]
    untested: NDArray[np.uint8]
    """0 where it was tested, else a key of `WHY_UNTESTED`; `passed` is False there, and means nothing."""


@cache
def kernel_ability() -> str | None:
    """None where the kernel can judge here; else one sentence that says what is missing."""
    try:
        with _Process():
            return None
    except GatewayError as error:
        return str(error)


class KernelJudge:
    """The rules of a policy in a kernel, for as long as the `with` block lasts."""

    def __init__(self, policy: Policy, *, step: Step = Step.ALL) -> None:
        self._policy = policy
        self._step = step
        self._process = _Process()

    def __enter__(self) -> Self:
        """Loads the rules; raises `GatewayError` where that cannot be done."""
        self._process.__enter__()
        try:
            self.load(self._policy)
        except GatewayError:
            self._process.end()
            raise
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        """Takes down all that was built."""
        self._process.end()

    def load(self, policy: Policy) -> None:
        """Puts the rules of `policy` where others were, with counters at zero; takes some milliseconds."""
        self.change(write_rules(policy, self._step, families=(BRIDGE,)))
        self._policy = policy

    def judge(self, frames: Sequence[bytes]) -> KernelVerdicts:
        """What becomes of each frame, sent in this order; each from its Ethernet header on."""
        sizes = np.fromiter(map(len, frames), np.uint32, len(frames))
        return self.judge_packed(b"".join(frames), sizes)

    def judge_packed(self, data: bytes, sizes: NDArray[np.uint32]) -> KernelVerdicts:
        """The same for frames that lie in `data` one behind the other."""
        ends = np.cumsum(sizes, dtype=np.int64)
        became = [np.zeros(0, np.uint8)]
        first = 0
        while first < len(sizes):
            start = int(ends[first] - sizes[first])
            last = max(first + 1, int(np.searchsorted(ends, start + MOST_BYTES, side="right")))
            some = memoryview(data)[start : ends[last - 1]]
            became.append(self._ask_frames(some, sizes[first:last].astype(np.uint32)))
            first = last
        codes = np.concatenate(became)
        return KernelVerdicts(passed=codes == PASSED, untested=np.where(codes > PASSED, codes, 0))

    def change(self, text: str) -> None:
        """Does what a file of nftables says, all or nothing; raises `GatewayError` with nft's words."""
        self._process.ask(CHANGE, text.encode())

    def tell(self, name: str, addresses: Iterable[str]) -> None:
        """Adds addresses to a name or pattern of the policy, as an answer of the resolver would."""
        self._speak_of(TELL, name, addresses)

    def forget(self, name: str, addresses: Iterable[str]) -> None:
        """Takes addresses that a name has from it, as time would; raises `GatewayError` if it has not all."""
        self._speak_of(FORGET, name, addresses)

    def counters(self) -> Mapping[str, int]:
        """Packets that each counter of the rules has counted so far, by its name."""
        return msgspec.json.decode(self._process.ask(COUNTERS), type=dict[str, int])

    def counted(self) -> Mapping[Counter, int]:
        """The same by device, rule and way, without what is counted for several devices at once."""
        counters = self.counters()
        return {what: counters.get(name, 0) for name, what in counters_of(self._policy).items()}

    def _speak_of(self, question: bytes, name: str, addresses: Iterable[str]) -> None:
        sound, read = read_name(name), [one for one in map(read_address, addresses) if one]
        for version in (4, 6) if sound else ():
            packed = [one.packed.hex() for one in map(ip_address, read) if one.version == version]
            if sound and packed:
                given = msgspec.json.encode((set_name(sound, version), packed))
                self._process.ask(question, given)

    def _ask_frames(self, data: memoryview, sizes: NDArray[np.uint32]) -> NDArray[np.uint8]:
        count = len(sizes).to_bytes(4, "little")
        return np.frombuffer(self._process.ask(FRAMES, count, sizes.tobytes(), data), np.uint8)


class _Process:
    """The process in the namespace, from its start on."""

    def __init__(self) -> None:
        self._child: subprocess.Popen[bytes] | None = None

    def __enter__(self) -> Self:
        """Starts it; raises `GatewayError` with what is missing."""
        room = "thingwarden.policy.proof.kernel_room"
        try:
            self._child = subprocess.Popen(  # noqa: S603  # nothing of it is given by others
                ["unshare", _flags(), sys.executable, "-m", room],  # noqa: S607  # util-linux
                stdin=subprocess.PIPE,
                stdout=subprocess.PIPE,
                stderr=subprocess.PIPE,
                env=os.environ | {"PYTHONPATH": os.pathsep.join(filter(None, sys.path))},
            )
        except FileNotFoundError as error:
            raise GatewayError("the program `unshare` of util-linux is missing") from error
        try:
            self._answer()
        except GatewayError:
            self.end()
            raise
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        """Ends it."""
        self.end()

    def ask(self, letter: bytes, *parts: bytes | memoryview) -> bytes:
        """What it answers; raises `GatewayError` where it refuses, or has ended."""
        child = self._child
        if child is None or child.stdin is None:
            raise GatewayError("the kernel judge has not been started, or has ended")
        with suppress(BrokenPipeError):  # what it said before it ended is read next
            write_message(child.stdin, letter, *parts)
        return self._answer()

    def end(self) -> None:
        """Ends it, and with it all that it built."""
        child, self._child = self._child, None
        if child is None:
            return
        for stream in (child.stdin, child.stdout, child.stderr):
            with suppress(BrokenPipeError):
                if stream:
                    stream.close()
        try:
            child.wait(SETTLED_SECONDS)
        except subprocess.TimeoutExpired:
            child.kill()
            child.wait()

    def _answer(self) -> bytes:
        child = self._child
        assert child is not None
        assert child.stdout is not None
        assert child.stderr is not None
        answer = read_message(child.stdout)
        if answer and answer[0] == DONE:
            return answer[1]
        if answer and answer[0] == REFUSED:
            raise GatewayError(f"the kernel judge's rules stay as they are: {answer[1].decode()}")
        said = answer[1].decode() if answer else _last_line(child.stderr.read())
        self.end()
        raise GatewayError(f"the kernel judge cannot run: {said}")


def _flags() -> str:
    """Root needs no user namespace, and without one may hand nft's larger files to the kernel at once."""
    return "-n" if os.geteuid() == 0 else "-rn"


def _last_line(said: bytes) -> str:
    lines = said.decode(errors="replace").split("\n")
    return next(
        (line.strip() for line in reversed(lines) if line.strip()), "it ended without a word"
    )
