import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from thingwarden.protocols import tls
from thingwarden.protocols import tls_kernel as kernel

from tests.protocols import hellos
from tests.protocols.kernels import Guarded

CLIENT, SERVER = tls.READER.read_client, tls.READER.read_server
KEY_SHARE, TICKET = 51, 35

run_plain = kernel.blank_flights.plain


def blanked(flight):
    """The flight behind others' bytes, as the kernel leaves it; plain code must do the same."""
    data = np.frombuffer(b"\x16" * 9 + flight + b"\x03" * 9, np.uint8).copy()
    start, end = np.array([9]), np.array([9 + len(flight)])
    guarded = Guarded(bytearray(data.tobytes()), 9, 9 + len(flight))
    run_plain(guarded, Guarded(start), Guarded(end))
    kernel.blank_flights(data, start, end)
    assert bytes(guarded.values) == data.tobytes()
    assert (data[:9] == 0x16).all()
    assert (data[9 + len(flight) :] == 3).all()
    return data[9 : 9 + len(flight)].tobytes()


def outcome(read, data):
    try:
        return read(data)
    except ValueError as error:
        return str(error)


def check(read, flight):
    assert outcome(read, blanked(flight)) == outcome(read, flight)


def hello(random, session, share):
    """A client hello as a record, with what each connection has of its own."""
    extensions = (*hellos.USUAL, (KEY_SHARE, share), (TICKET, share))
    whole = hellos.client_hello(extensions)
    return hellos.record(
        whole.replace(b"random".ljust(32, b"\0"), random).replace(
            b"session".ljust(32, b"\0"), session
        )
    )


def flight(random):
    """A server's flight of TLS 1.2: hello, certificate, key exchange, then what is encrypted."""
    chosen = hellos.server_hello().replace(b"random".ljust(32, b"\0"), random)
    chain = hellos.message(11, b"\0\0\x07\0\0\x04cert")
    exchange = hellos.message(12, random * 3)
    return (
        hellos.record(chosen + chain + exchange)
        + b"\x14\x03\x03\0\x01\x01"
        + b"\x16\x03\x03\0\x20"
        + random
    )


def test_two_hellos_that_differ_in_what_is_random_become_one():
    first, second = (hello(*(bytes([k]) * 32 for k in keys)) for keys in ((1, 2, 3), (4, 5, 6)))

    assert first != second
    assert blanked(first) == blanked(second)
    assert CLIENT(blanked(first)) == CLIENT(second)
    assert CLIENT(second)[0] == "hub.example.com"


def test_two_flights_of_a_server_become_one():
    first, second = flight(b"a" * 32), flight(b"b" * 32)

    assert blanked(first) == blanked(second)
    assert outcome(SERVER, blanked(first)) == outcome(SERVER, second)


@pytest.mark.parametrize(
    "other", [hellos.sni("other.example"), hellos.alpn(b"h2"), hellos.versions(0x0303)]
)
def test_hellos_that_ask_for_something_else_stay_apart(other):
    usual = tuple(each for each in hellos.USUAL if each[0] != other[0])

    assert blanked(hellos.record(hellos.client_hello())) != blanked(
        hellos.record(hellos.client_hello((*usual, other)))
    )


@pytest.mark.parametrize("whole", [hello(b"r" * 32, b"s" * 32, b"k" * 36), flight(b"r" * 32)])
@pytest.mark.parametrize("read", [CLIENT, SERVER])
def test_every_truncation_reads_as_before(whole, read):
    for size in range(len(whole)):
        check(read, whole[:size])


@settings(max_examples=200, deadline=None)
@given(
    st.sampled_from([hello(b"r" * 32, b"s" * 32, b"k" * 36), flight(b"r" * 32)]),
    st.lists(st.tuples(st.integers(0, 300), st.integers(0, 255)), min_size=1, max_size=4),
    st.sampled_from([CLIENT, SERVER]),
)
def test_any_changed_bytes_read_as_before(whole, changes, read):
    changed = bytearray(whole)
    for place, value in changes:
        changed[place % len(changed)] = value
    check(read, bytes(changed))


@settings(max_examples=200, deadline=None)
@given(st.binary(max_size=90), st.sampled_from([CLIENT, SERVER]))
def test_any_bytes_read_as_before(data, read):
    check(read, data)


@settings(max_examples=100, deadline=None)
@given(st.integers(1, 200), st.sampled_from([CLIENT, SERVER]))
def test_a_flight_over_several_records_reads_as_before(size, read):
    message = hellos.client_hello() if read is CLIENT else hellos.server_hello()
    check(
        read,
        b"".join(hellos.record(message[at : at + size]) for at in range(0, len(message), size)),
    )
