"""Frames -> a bridge -> which of them came out: exact, since each frame carries its number as a mark.

A frame goes in at one end of a bridge by `sendmmsg`, with a mark beside it that the kernel hands to whoever
receives the frame at the other end. Behind each burst goes a frame that no rule stops: when it has come
out, all that will ever come out has. Sends and receives some 200,000 small frames a second on one core.
"""

import ctypes
import os
import select
import socket
import struct
from collections.abc import Iterator

import numpy as np
from numpy.typing import NDArray

MOST_FRAME = 65535 + 14
"""Bytes of the largest frame that a pair of virtual ports takes: its largest MTU and an Ethernet header."""

LEAST_FRAME = 14
"""Bytes of a frame that is its header alone: no socket sends less."""

MOST_BURST = 512
"""Frames sent before any is received: half of what a kernel keeps for a core (`netdev_max_backlog`)."""

FRAME_OVERHEAD = 1024
"""Bytes that the kernel counts for a frame beside its own, at most some 800."""

WANTED_BUFFER = 32 << 20
FIRST_END = 1 << 31
"""Marks from here on stand behind bursts, each another, so that no late one ends the next burst."""

END_FRAME = bytes.fromhex("0aed0f0b0a5e0abe9177100588b5") + bytes(46)
"""Of an experimental protocol (IEEE 802, 88-B5), from and to addresses that nobody has."""

PATIENCE_MS = 5000

SO_MARK, SO_RCVMARK, SO_RCVBUFFORCE = 36, 75, 33
SOL_PACKET, PACKET_STATISTICS = 263, 6
ETH_P_ALL = 3

IO_VECTOR = np.dtype([("data", np.uintp), ("size", np.uintp)], align=True)
MARK = np.dtype(
    [("size", np.uintp), ("level", np.int32), ("type", np.int32), ("mark", np.uint32)], align=True
)
HEADER = np.dtype(
    [
        ("name", np.uintp),
        ("name_size", np.uint32),
        ("vectors", np.uintp),
        ("vector_count", np.uintp),
        ("control", np.uintp),
        ("control_size", np.uintp),
        ("flags", np.int32),
    ],
    align=True,
)
MARK_BYTES = MARK.fields["mark"][1] + 4 if MARK.fields else 0
MESSAGE = np.dtype([("header", HEADER), ("size", np.uint32)], align=True)
"""`struct mmsghdr` and what it points at, as recvmmsg(2) and cmsg(3) have them."""

Sizes = NDArray[np.int64]
Passed = NDArray[np.bool_]


class Messages:
    """What `sendmmsg` or `recvmmsg` is given, with all that it points at."""

    def __init__(self, count: int) -> None:
        """Messages without bytes, with room for a mark each."""
        self.headers = np.zeros(count, MESSAGE)
        self.marks = np.zeros(count, MARK)
        self._vectors = np.zeros(count, IO_VECTOR)
        self._data = np.zeros(0, np.uint8)
        header = self.headers["header"]
        header["control"] = self.marks.ctypes.data + np.arange(count) * MARK.itemsize
        header["control_size"] = MARK.itemsize

    def carry(self, data: NDArray[np.uint8], sizes: Sizes) -> None:
        """Frames of `data`, one behind the other, become what is sent, marked from 1 on."""
        self._data = np.ascontiguousarray(data)
        self._vectors["data"] = self._data.ctypes.data + np.cumsum(sizes) - sizes
        self._vectors["size"] = sizes
        places = np.arange(len(sizes)) * IO_VECTOR.itemsize
        self.headers["header"]["vectors"] = self._vectors.ctypes.data + places
        self.headers["header"]["vector_count"] = 1
        self.marks["size"] = MARK_BYTES
        self.marks["level"], self.marks["type"] = socket.SOL_SOCKET, SO_MARK
        self.marks["mark"] = np.arange(1, len(sizes) + 1)


class Wire:
    """Both ends of a bridge: what is sent in at one, and what comes out at the other."""

    def __init__(self, near: str, far: str) -> None:
        """Opens the sockets in the network namespace of now; they stay in it. Raises `OSError`."""
        self._libc = ctypes.CDLL(None, use_errno=True)
        self._near = socket.socket(socket.AF_PACKET, socket.SOCK_RAW, 0)
        self._near.bind((near, 0))
        self._far = socket.socket(socket.AF_PACKET, socket.SOCK_RAW, 0)
        self._ask_for_marks()
        self._room = _widen(self._far)
        self._far.bind((far, ETH_P_ALL))
        self._inbox = Messages(MOST_BURST)
        self._poll = select.poll()
        self._poll.register(self._far, select.POLLIN)
        self._end = FIRST_END

    def reaches(self, patience_ms: int) -> bool:
        """Whether a frame that no rule stops comes out in time."""
        self._send_end()
        return bool((self._take(patience_ms) >= FIRST_END).any())

    def passed(self, data: NDArray[np.uint8], sizes: Sizes) -> Passed:
        """Which frames of `data`, which lie one behind the other, came out.

        All sizes lie between `LEAST_FRAME` and `MOST_FRAME`. Raises `OSError` where the kernel does not
        forward what no rule stops.
        """
        out = np.zeros(len(sizes), np.bool_)
        ends = np.cumsum(sizes)
        for first, last in self._bursts(sizes):
            start = ends[first] - sizes[first]
            out[first:last] = self._burst(data[start : ends[last - 1]], sizes[first:last])
        return out

    def _ask_for_marks(self) -> None:
        try:
            self._far.setsockopt(socket.SOL_SOCKET, SO_RCVMARK, 1)
        except OSError as error:
            said = "the kernel hands over no marks (SO_RCVMARK, from Linux 5.19 on)"
            raise OSError(said) from error

    def _bursts(self, sizes: Sizes) -> Iterator[tuple[int, int]]:
        """Parts that surely fit what the receiver may hold, though at least one frame each."""
        cost = np.cumsum(sizes * 2 + FRAME_OVERHEAD)
        first = 0
        while first < len(sizes):
            spent = cost[first - 1] if first else 0
            last = int(np.searchsorted(cost, spent + self._room, side="right"))
            last = min(max(last, first + 1), first + MOST_BURST, len(sizes))
            yield first, last
            first = last

    def _burst(self, data: NDArray[np.uint8], sizes: Sizes) -> Passed:
        messages = Messages(len(sizes))
        messages.carry(data, sizes)
        self._send(messages)
        self._send_end()
        passed = np.zeros(len(sizes) + 1, np.bool_)
        for marks in self._until_end():
            passed[marks[marks <= len(sizes)]] = True
        return passed[1:]

    def _send_end(self) -> None:
        self._end = self._end + 1 if self._end < 2 * FIRST_END - 1 else FIRST_END
        mark = [(socket.SOL_SOCKET, SO_MARK, struct.pack("=I", self._end))]
        self._near.sendmsg([END_FRAME], mark)

    def _send(self, messages: Messages) -> None:
        done = 0
        while done < len(messages.headers):
            rest = messages.headers[done:]
            place = ctypes.c_void_p(rest.ctypes.data)
            sent = self._libc.sendmmsg(self._near.fileno(), place, len(rest), 0)
            if sent < 1:
                raise OSError(ctypes.get_errno(), os.strerror(ctypes.get_errno()))
            done += sent

    def _until_end(self) -> Iterator[NDArray[np.uint32]]:
        """Marks of what came out, up to the frame that ends a burst."""
        while True:
            marks = self._take(PATIENCE_MS)
            if not len(marks):
                raise OSError("a bridge did not forward a frame that no rule stops")
            yield marks
            if self._end in marks:
                self._check_loss()
                return

    def _take(self, patience_ms: int) -> NDArray[np.uint32]:
        """Marks of frames that arrived, waiting for the first; 0 for those that are not ours."""
        inbox, place = self._inbox, ctypes.c_void_p(self._inbox.headers.ctypes.data)
        inbox.marks["mark"] = 0
        inbox.headers["header"]["control_size"] = MARK.itemsize
        waited = self._poll.poll(patience_ms)
        if not waited:
            return inbox.marks["mark"][:0]
        number = self._far.fileno()
        count = self._libc.recvmmsg(number, place, MOST_BURST, socket.MSG_DONTWAIT, None)
        return inbox.marks["mark"][: max(count, 0)]

    def _check_loss(self) -> None:
        counted = self._far.getsockopt(SOL_PACKET, PACKET_STATISTICS, 8)
        _, lost = struct.unpack("=II", counted)
        if lost:
            raise OSError(f"the kernel lost {lost} frames that came out")


def _widen(far: socket.socket) -> int:
    """Bytes that the receiver may hold, after asking for many."""
    try:
        far.setsockopt(socket.SOL_SOCKET, SO_RCVBUFFORCE, WANTED_BUFFER)
    except OSError:
        far.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, WANTED_BUFFER)
    return far.getsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF) // 2
