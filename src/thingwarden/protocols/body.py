"""Body of an HTTP message as it was sent -> its content, unchunked and inflated within bounds."""

import re
import zlib

MAX_CONTENT_BYTES = 256 * 1024  # far above any device page; a gzip bomb ends here

_CHUNK_SIZE = re.compile(rb"([0-9A-Fa-f]{1,8})[^\n]{0,256}\n")
_ANY_HEADER = 47  # zlib: 32 tells gzip from zlib by itself, 15 is the largest window


def read_content(fields: dict[bytes, bytes], body: bytes) -> bytes:
    """Content of a body under the header `fields`, as far as it is there.

    Empty if the coding is not known or the bytes are not in it.
    """
    if b"chunked" in fields.get(b"transfer-encoding", b"").lower():
        body = _join_chunks(body)
    coding = fields.get(b"content-encoding", b"").strip().lower()
    if coding in {b"", b"identity"}:
        return body[:MAX_CONTENT_BYTES]
    if coding in {b"gzip", b"x-gzip", b"deflate"}:
        return _inflate(body)
    return b""


def _join_chunks(body: bytes) -> bytes:
    """RFC 9112 section 7.1; a last chunk that is cut counts."""
    chunks = []
    at = 0
    while head := _CHUNK_SIZE.match(body, at):
        size = int(head[1], 16)
        if not size:
            break
        chunks.append(body[head.end() : head.end() + size])
        at = head.end() + size + 2  # the chunk ends in CRLF
    return b"".join(chunks)


def _inflate(body: bytes) -> bytes:
    try:
        return zlib.decompressobj(_ANY_HEADER).decompress(body, MAX_CONTENT_BYTES)
    except zlib.error:
        pass
    try:  # many servers send deflate without the zlib header that RFC 9110 section 8.4.1.2 asks for
        return zlib.decompressobj(-zlib.MAX_WBITS).decompress(body, MAX_CONTENT_BYTES)
    except zlib.error:
        return b""
