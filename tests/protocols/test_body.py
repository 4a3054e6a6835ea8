"""Bodies are unchunked and inflated, never without bound."""

import gzip
import zlib

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from thingwarden.protocols.body import MAX_CONTENT_BYTES, read_content

CHUNKED = {b"transfer-encoding": b"Chunked"}
GZIP = {b"content-encoding": b"gzip"}


def test_a_plain_body_is_its_content():
    assert read_content({}, b"abc") == b"abc"
    assert read_content({b"content-encoding": b"identity"}, b"abc") == b"abc"


def test_chunks_are_joined():
    body = b"3\r\nabc\r\n0004;name=value\r\ndefg\r\n0\r\n\r\nafter"

    assert read_content(CHUNKED, body) == b"abcdefg"


def test_a_cut_chunk_counts_as_far_as_it_goes():
    assert read_content(CHUNKED, b"3\r\nabc\r\nff\r\nde") == b"abcde"
    assert read_content(CHUNKED, b"-3\r\nabc") == b""


def test_gzip_and_both_kinds_of_deflate_are_inflated():
    raw = zlib.compressobj(wbits=-15)
    bare = raw.compress(b"page") + raw.flush()

    assert read_content(GZIP, gzip.compress(b"page")) == b"page"
    assert read_content({b"content-encoding": b"deflate"}, zlib.compress(b"page")) == b"page"
    assert read_content({b"content-encoding": b"deflate"}, bare) == b"page"


def test_cut_gzip_gives_what_is_there():
    text = bytes(range(256)) * 4
    whole = gzip.compress(text)

    assert text.startswith(read_content(GZIP, whole[:200]))
    assert read_content(GZIP, whole[:200])


def test_a_gzip_bomb_ends_at_the_bound():
    assert len(read_content(GZIP, gzip.compress(bytes(10_000_000)))) == MAX_CONTENT_BYTES


@pytest.mark.parametrize("fields", [GZIP, {b"content-encoding": b"br"}])
def test_an_unreadable_coding_gives_nothing(fields):
    assert read_content(fields, b"\xff\xff\xff") == b""


@given(st.binary(max_size=200))
@settings(max_examples=100)
def test_any_bytes_give_bounded_content(data):
    for fields in ({}, CHUNKED, GZIP, CHUNKED | GZIP):
        assert len(read_content(fields, data)) <= MAX_CONTENT_BYTES
