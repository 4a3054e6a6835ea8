"""Addresses -> a set of nftables, in a message of our own to the kernel.

The library of nftables reads all rules before it adds one address: 40 ms where 200 devices have rules, and a
capture may hold thousands of answers. A message needs 0.1 ms. Its form: linux/netfilter/nf_tables.h.
"""

import os
import socket
import struct
from collections.abc import Sequence
from typing import Self

from thingwarden.policy.gateway.names import TABLE

NETLINK_NETFILTER, FAMILY_BRIDGE, SUBSYSTEM = 12, 7, 10
BATCH_BEGIN, BATCH_END = 0x10, 0x11
ADD, DELETE = SUBSYSTEM << 8 | 12, SUBSYSTEM << 8 | 14
ERROR = 2
"""Type of an answer, whose number is 0 where all went well."""

REQUEST, ACKNOWLEDGE, CREATE = 0x1, 0x4, 0x400
NESTED = 0x8000
LIST_TABLE, LIST_SET, LIST_ELEMENTS = 1, 2, 3
ONE_OF_LIST, KEY, VALUE = 1, 1, 1

HEADER = struct.Struct("=IHHIIBBH")
"""Length, type, flags, sequence and port of a message; family, version and what it is about."""

MOST_ANSWER = 1 << 16


class Elements:
    """What speaks of elements to the kernel of the network namespace of now."""

    def __init__(self) -> None:
        self._socket = socket.socket(socket.AF_NETLINK, socket.SOCK_RAW, NETLINK_NETFILTER)
        self._socket.bind((0, 0))

    def __enter__(self) -> Self:
        """As it is."""
        return self

    def __exit__(self, *_: object) -> None:
        """Closes the socket."""
        self._socket.close()

    def add(self, name: str, addresses: Sequence[bytes]) -> None:
        """Puts addresses into a set, where they live as long as the set says; raises `ValueError`."""
        self._ask(ADD, CREATE, name, addresses)

    def delete(self, name: str, addresses: Sequence[bytes]) -> None:
        """Takes addresses out of a set that are all in it; raises `ValueError`, and takes none then."""
        self._ask(DELETE, 0, name, addresses)

    def _ask(self, kind: int, flags: int, name: str, addresses: Sequence[bytes]) -> None:
        if not addresses:
            return
        self._socket.send(
            _message(BATCH_BEGIN, REQUEST, SUBSYSTEM)
            + _message(kind, REQUEST | ACKNOWLEDGE | flags, 0, _list(name, addresses))
            + _message(BATCH_END, REQUEST, SUBSYSTEM)
        )
        answer = self._socket.recv(MOST_ANSWER)
        _, found = struct.unpack_from("=IH", answer)
        (error,) = struct.unpack_from("=i", answer, 16)
        if found != ERROR or error:
            raise ValueError(f"{name}: {os.strerror(-error)}")


def _message(kind: int, flags: int, about: int, body: bytes = b"") -> bytes:
    family = FAMILY_BRIDGE if body else socket.AF_UNSPEC
    size = HEADER.size + len(body)
    return HEADER.pack(size, kind, flags, 0, 0, family, 0, socket.htons(about)) + body


def _list(name: str, addresses: Sequence[bytes]) -> bytes:
    elements = b"".join(
        _part(ONE_OF_LIST | NESTED, _part(KEY | NESTED, _part(VALUE, address)))
        for address in addresses
    )
    return (
        _part(LIST_TABLE, TABLE.encode() + b"\0")
        + _part(LIST_SET, name.encode() + b"\0")
        + _part(LIST_ELEMENTS | NESTED, elements)
    )


def _part(kind: int, body: bytes) -> bytes:
    """An attribute, filled up to a multiple of four bytes (netlink(7))."""
    return struct.pack("=HH", 4 + len(body), kind) + body + bytes(-len(body) % 4)
