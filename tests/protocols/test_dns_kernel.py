import struct

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from thingwarden.protocols import dns_kernel as kernel

from tests.messages import dns_answer, mdns_announcement
from tests.protocols.kernels import Guarded

BEFORE, AFTER = b"\xc0" * 40, b"\xc0" * 64
KITCHEN = mdns_announcement("Küche", "_hap._tcp.local", "lamp.local", "192.168.1.20")
OPTIONS = [0, kernel.STREAM, kernel.KEEP_UTF8, kernel.STREAM | kernel.KEEP_UTF8]

run_plain = kernel.read_messages.plain


def memory():
    third = kernel.ROOM + 2000
    return {
        "progress": np.array([0, 0, 0, 0, 0, third, 2 * third], np.int64),
        "reasons": np.zeros(1, np.uint8),
        "messages": np.zeros((kernel.MAX_QUESTIONS + 20) * kernel.MESSAGE_WIDTH, np.int32),
        "records": np.zeros((kernel.MAX_RECORDS + 60) * kernel.RECORD_WIDTH, np.int32),
        "pool": np.zeros(3 * third, np.uint8),
        "names_seen": np.zeros(kernel.REMEMBERED, np.int64),
    }


def check(message, options):
    """Plain code may touch nothing but the message and its room, and must do what the kernel does."""
    data = np.frombuffer(BEFORE + message + AFTER, np.uint8)
    start = np.array([len(BEFORE)], np.int64)
    end = start + len(message)
    guarded, compiled = memory(), memory()

    done = run_plain(
        Guarded(data, int(start[0]), int(end[0])),
        *(Guarded(start), Guarded(end), options),
        *map(Guarded, guarded.values()),
    )

    assert done == kernel.read_messages(data, start, end, options, *compiled.values())
    for name, values in guarded.items():
        assert np.array_equal(values, compiled[name]), name
    bytes(guarded["pool"]).decode("utf-8" if options & kernel.KEEP_UTF8 else "ascii")


@pytest.mark.parametrize("options", OPTIONS)
@pytest.mark.parametrize("message", [KITCHEN, dns_answer("a.test", ["10.0.0.1", "fe80::1"])])
def test_no_truncation_reads_past_its_end(message, options):
    framed = struct.pack("!H", len(message)) + message if options & kernel.STREAM else message

    for size in range(len(framed) + 1):
        check(framed[:size], options)


@settings(max_examples=100, deadline=None)
@given(st.binary(max_size=60), st.sampled_from(OPTIONS))
def test_any_bytes_stay_inside(message, options):
    check(message, options)


@settings(max_examples=150, deadline=None)
@given(
    st.lists(
        st.one_of(
            st.binary(max_size=12),
            st.sampled_from([b"\xc0\x0c", b"\xc0\x17", b"\1a\0", b"\3\xc3\xbcb", b"\0\0\x29"]),
            st.tuples(st.sampled_from([1, 5, 12, 15, 16, 28, 33, 41, 65]), st.integers(0, 40)).map(
                lambda pair: struct.pack("!HHIH", pair[0], 1, 9, pair[1])
            ),
        ),
        max_size=12,
    ),
    st.tuples(*[st.integers(0, 3)] * 4),
    st.sampled_from(OPTIONS),
)
def test_any_records_stay_inside(parts, counts, options):
    message = struct.pack("!6H", 1, 0x8180, *counts) + b"".join(parts)

    check(struct.pack("!H", len(message)) * (options & kernel.STREAM) + message, options)


@pytest.mark.parametrize("options", [0, kernel.KEEP_UTF8])
def test_the_longest_names_fit_their_room(options):
    name = b"".join(b"\x3f" + b"\xff" * 63 for _ in range(3)) + b"\x3d" + b"\xff" * 61 + b"\0"
    record = b"\xc0\x0c" + struct.pack("!HHIH", 33, 1, 60, 8) + b"\0" * 4 + b"\xff\xff\xc0\x0c"

    check(struct.pack("!6H", 1, 0x8000, 1, 60, 0, 0) + name + b"\0\1\0\1" + record * 60, options)
