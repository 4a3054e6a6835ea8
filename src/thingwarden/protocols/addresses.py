"""Raw addresses -> text: one at a time for messages, whole columns for batches of packets."""

import socket

import numpy as np
import pyarrow as pa
from numpy.typing import NDArray

MAX_LISTED = 32
"""Addresses kept of one list in a message; honest lists are far shorter."""

_DOTTED = np.array([f"{octet}." for octet in range(256)], "S4").view(np.uint32)
_LAST = np.array([f"{octet}" for octet in range(256)], "S4").view(np.uint32)
_HEX = np.array([f"{octet:02x}:" for octet in range(256)], "S3")


def ipv4_text(raw: bytes) -> str:
    """The 4 bytes of `raw` as dotted text; raises `ValueError` if they are not 4."""
    if len(raw) != 4:
        raise ValueError("IPv4 address is not 4 bytes long")
    return socket.inet_ntoa(raw)


def ipv6_text(raw: bytes) -> str:
    """The 16 bytes of `raw` as in RFC 5952; raises `ValueError` if they are not 16."""
    if len(raw) != 16:
        raise ValueError("IPv6 address is not 16 bytes long")
    return socket.inet_ntop(socket.AF_INET6, raw)


def mac_text(raw: bytes) -> str:
    """The 6 bytes of `raw` in lower case with colons; raises `ValueError` if they are not 6."""
    if len(raw) != 6:
        raise ValueError("hardware address is not 6 bytes long")
    return raw.hex(":")


def ipv4_list(raw: bytes) -> tuple[str, ...]:
    """The whole IPv4 addresses that `raw` holds one after the other, at most `MAX_LISTED`."""
    stop = min(len(raw), 4 * MAX_LISTED) - 3
    return tuple(socket.inet_ntoa(raw[at : at + 4]) for at in range(0, stop, 4))


def ipv6_list(raw: bytes) -> tuple[str, ...]:
    """The whole IPv6 addresses that `raw` holds one after the other, at most `MAX_LISTED`."""
    stop = min(len(raw), 16 * MAX_LISTED) - 15
    return tuple(socket.inet_ntop(socket.AF_INET6, raw[at : at + 16]) for at in range(0, stop, 16))


def prefix_text(raw: bytes, bits: int) -> str:
    """The IPv6 prefix of `bits` bits, such as 2001:db8::/64; bits behind it count as zero."""
    if bits > 128:
        raise ValueError("prefix is longer than 128 bits")
    number = int.from_bytes(raw, "big") >> (128 - bits) << (128 - bits)
    return f"{ipv6_text(number.to_bytes(16, 'big'))}/{bits}"


def ipv4_texts(words: NDArray[np.uint32], null: NDArray[np.bool_] | None = None) -> pa.StringArray:
    """Each word (first octet most significant) as dotted text; null where `null` is True."""
    octets = words.astype(">u4").view(np.uint8).reshape(-1, 4)
    quads = _DOTTED[octets]  # four characters each, shorter numbers are filled up with NUL
    quads[:, 3] = _LAST[octets[:, 3]]
    characters = quads.view(np.uint8)
    used = characters != 0
    offsets = np.zeros(len(words) + 1, np.int32)
    np.cumsum(np.count_nonzero(used, axis=1), out=offsets[1:])
    return _texts(offsets, characters[used], null)


def ipv6_texts(rows: NDArray[np.uint8], null: NDArray[np.bool_] | None = None) -> pa.StringArray:
    """Each row of 16 bytes as in RFC 5952; null where `null` is True."""
    if not len(rows):
        return pa.array([], pa.string())  # without what follows, which takes 80 ms to import
    buffers = [_validity(null), pa.py_buffer(np.ascontiguousarray(rows))]
    distinct = pa.Array.from_buffers(pa.binary(16), len(rows), buffers).dictionary_encode()
    texts = [ipv6_text(address) for address in distinct.dictionary.to_pylist()]
    return pa.array(texts, pa.string()).take(distinct.indices)


def mac_texts(
    macs: NDArray[np.uint8] | NDArray[np.uint64], null: NDArray[np.bool_] | None = None
) -> pa.StringArray:
    """Each MAC in lower case with colons; null where `null` is True.

    `macs` are rows of 6 bytes, or numbers below 2**48 with the first octet most significant.
    """
    octets = macs if macs.ndim == 2 else macs.astype(">u8").view(np.uint8).reshape(-1, 8)[:, 2:]
    characters = _HEX[octets].view(np.uint8).reshape(-1, 18)[:, :17]
    offsets = np.arange(len(macs) + 1, dtype=np.int32) * 17
    return _texts(offsets, np.ascontiguousarray(characters), null)


def _texts(
    offsets: NDArray[np.int32], characters: NDArray[np.uint8], null: NDArray[np.bool_] | None
) -> pa.StringArray:
    buffers = pa.py_buffer(offsets), pa.py_buffer(characters)
    return pa.StringArray.from_buffers(len(offsets) - 1, *buffers, _validity(null))


def _validity(null: NDArray[np.bool_] | None) -> pa.Buffer | None:
    """An Arrow validity bitmap: bit i is set where value i is known."""
    if null is None:
        return None
    return pa.py_buffer(np.packbits(~null, bitorder="little"))
