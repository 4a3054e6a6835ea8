"""Flow keys -> community-id v1 with seed 0 (Corelight's specification), for a whole batch at once.

SHA-1 in NumPy, one block a flow: half a microsecond each, and nothing to compile.
"""

import numpy as np
from numpy.typing import NDArray

Words = NDArray[np.uint32]
Bytes = NDArray[np.uint8]

LENGTH = 30
"""Characters of an id: `1:` and 20 bytes as base64."""

ALPHABET = np.frombuffer(
    b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/", np.uint8
)
WITH_PORTS = (1, 6, 17, 58, 132)
"""ICMP, TCP, UDP, ICMPv6 and SCTP: the others have no ports in their id."""

START = (0x67452301, 0xEFCDAB89, 0x98BADCFE, 0x10325476, 0xC3D2E1F0)
ROUNDS = (0x5A827999, 0x6ED9EBA1, 0x8F1BBCDC, 0xCA62C1D6)
"""Constants of RFC 3174 sections 6.1 and 5."""


def community_texts(
    flows: NDArray[np.void], ports: tuple[NDArray[np.int64], NDArray[np.int64]], fixed: Bytes
) -> Bytes:
    """`LENGTH` characters a flow, one behind the other.

    `flows` are records of dtype `FLOW`, `ports` what stands for the ports of both ends; where
    `fixed`, the ends keep their order (ICMP messages that nothing answers).
    """
    texts = np.empty((len(flows), LENGTH), np.uint8)
    texts[:, 0], texts[:, 1] = ord("1"), ord(":")
    for version in (4, 6):
        mine = flows["ip_version"] == version
        if mine.any():
            blocks = _blocks(flows[mine], ports[0][mine], ports[1][mine], fixed[mine] != 0)
            texts[mine, 2:] = _base64(_sha1(blocks))
    return texts.reshape(-1)


def _blocks(
    flows: NDArray[np.void],
    a_port: NDArray[np.int64],
    b_port: NDArray[np.int64],
    fixed: NDArray[np.bool_],
) -> Bytes:
    """What is hashed, padded to one block of 64 bytes (RFC 3174 section 4)."""
    size = 4 if flows["ip_version"][0] == 4 else 16
    first, second = (
        _octets(flows["a_hi"], flows["a_lo"], size),
        _octets(flows["b_hi"], flows["b_lo"], size),
    )
    swapped = ~fixed & _is_after(flows, a_port, b_port)
    first[swapped], second[swapped] = second[swapped], first[swapped]
    ported = np.isin(flows["protocol"], WITH_PORTS)
    pair = np.where(swapped, b_port << 16 | a_port, a_port << 16 | b_port)
    blocks = np.zeros((len(flows), 64), np.uint8)
    blocks[:, 2 : 2 + size], blocks[:, 2 + size : 2 + 2 * size] = first, second
    at = 2 + 2 * size
    blocks[:, at] = flows["protocol"]
    blocks[:, at + 2 : at + 6] = np.where(ported[:, None], _big_end(pair.astype(np.uint32)), 0)
    length = np.where(ported, at + 6, at + 2)
    blocks[np.arange(len(flows)), length] = 0x80
    blocks[:, 62], blocks[:, 63] = length * 8 >> 8, length * 8 & 255
    return blocks


def _is_after(
    flows: NDArray[np.void], a_port: NDArray[np.int64], b_port: NDArray[np.int64]
) -> NDArray[np.bool_]:
    """Whether end a comes behind end b in the order of address, then port."""
    high, low = flows["a_hi"] == flows["b_hi"], flows["a_lo"] == flows["b_lo"]
    after: NDArray[np.bool_] = (
        (flows["a_hi"] > flows["b_hi"])
        | (high & (flows["a_lo"] > flows["b_lo"]))
        | (high & low & (a_port > b_port))
    )
    return after


def _octets(high: NDArray[np.uint64], low: NDArray[np.uint64], size: int) -> Bytes:
    both = np.column_stack([high, low]).astype(">u8").view(np.uint8)
    return np.ascontiguousarray(both[:, 16 - size :])


def _big_end(words: Words) -> Bytes:
    return words.astype(">u4").view(np.uint8).reshape(len(words), 4)


def _rotate(words: Words, count: int) -> Words:
    return words << np.uint32(count) | words >> np.uint32(32 - count)


def _sha1(blocks: Bytes) -> Bytes:
    """SHA-1 of blocks of 64 bytes: 20 bytes each (RFC 3174 section 6.1)."""
    words = list(np.ascontiguousarray(blocks).view(">u4").astype(np.uint32).T)
    for index in range(16, 80):
        mixed = words[index - 3] ^ words[index - 8] ^ words[index - 14] ^ words[index - 16]
        words.append(_rotate(mixed, 1))
    start = [np.full(len(blocks), word, np.uint32) for word in START]
    a, b, c, d, e = start
    for index, word in enumerate(words):
        if index < 20:
            chosen = d ^ (b & (c ^ d))
        elif 40 <= index < 60:
            chosen = (b & c) | (d & (b | c))
        else:
            chosen = b ^ c ^ d
        fresh = _rotate(a, 5) + chosen + e + np.uint32(ROUNDS[index // 20]) + word
        a, b, c, d, e = fresh, a, _rotate(b, 30), c, d
    sums = [word + end for word, end in zip(start, (a, b, c, d, e), strict=True)]
    return np.column_stack(sums).astype(">u4").view(np.uint8)


def _base64(digests: Bytes) -> Bytes:
    """20 bytes as 28 characters (RFC 4648 section 4)."""
    padded = np.zeros((len(digests), 21), np.uint32)
    padded[:, :20] = digests
    threes = padded[:, 0::3] << 16 | padded[:, 1::3] << 8 | padded[:, 2::3]
    sixes = threes[:, :, None] >> np.array([18, 12, 6, 0], np.uint32) & 63
    texts: Bytes = ALPHABET[sixes].reshape(len(digests), 28)
    texts[:, 27] = ord("=")
    return texts
