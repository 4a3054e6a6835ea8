import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from thingwarden.protocols import mqtt_kernel as kernel

from tests.messages import mqtt_connect, mqtt_packet, mqtt_publish, mqtt_text
from tests.protocols.kernels import Guarded

BEFORE, AFTER = b"\x30" * 40, b"\x30" * 64

run_plain = kernel.read_packets.plain


def memory():
    third = kernel.MAX_TEXT + 100
    return {
        "progress": np.array([0, 0, 0, 0, 0, 0, third, 2 * third], np.int64),
        "reasons": np.zeros(1, np.uint8),
        "rows": np.zeros(20 * kernel.WIDTH, np.int32),
        "pool": np.zeros(3 * third, np.uint8),
    }


def check(message, level):
    """Plain code may touch nothing but the message and its room, and must do what the kernel does."""
    data = np.frombuffer(BEFORE + message + AFTER, np.uint8)
    start = np.array([len(BEFORE)], np.int64)
    end = start + len(message)
    levels = np.array([level], np.uint8)
    guarded, compiled = memory(), memory()

    done = run_plain(
        Guarded(data, int(start[0]), int(end[0])),
        *map(Guarded, (start, end, levels, *guarded.values())),
    )

    assert done == kernel.read_packets(data, start, end, levels, *compiled.values())
    for name, values in guarded.items():
        assert np.array_equal(values, compiled[name]), name
    bytes(guarded["pool"]).decode()


@pytest.mark.parametrize("level", [0, 3, 4, 5])
def test_no_truncation_reads_past_its_end(level):
    message = (
        mqtt_connect("hub", user="u", password="p", level=level or 4)
        + mqtt_packet(0x82, b"\0\1\0" + mqtt_text("home/#") + b"\1" + mqtt_text("ü") + b"\0")
        + mqtt_publish("a/b", b"\0\0")
    )

    for size in range(len(message) + 1):
        check(message[:size], level)


@settings(max_examples=100, deadline=None)
@given(st.binary(max_size=60), st.sampled_from([0, 3, 4, 5]))
def test_any_bytes_stay_inside(message, level):
    check(message, level)


@settings(max_examples=150, deadline=None)
@given(
    st.lists(
        st.tuples(
            st.sampled_from([0x10, 0x20, 0x30, 0x33, 0x35, 0x82, 0xA2, 0xC0, 0xE0, 0xF0]),
            st.lists(
                st.one_of(
                    st.binary(max_size=5),
                    st.text(max_size=4).map(mqtt_text),
                    st.just(mqtt_text("MQTT") + b"\5\xc6\0\0"),
                    st.just(mqtt_text("MQIsdp") + b"\3\x06\0\0"),
                ),
                max_size=5,
            ).map(b"".join),
        ),
        max_size=4,
    ),
    st.integers(0, 6),
    st.sampled_from([0, 3, 4, 5]),
)
def test_any_packets_stay_inside(packets, cut, level):
    message = b"".join(mqtt_packet(first, body) for first, body in packets)

    check(message[: max(0, len(message) - cut)], level)
