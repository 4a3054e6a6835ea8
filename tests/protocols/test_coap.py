import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from thingwarden.protocols.coap import READER

from tests.protocols.hostile import read_anything

HEAD = bytes((0x42, 1, 0x30, 0x39)) + b"tk"  # confirmable GET, number 12345, token of 2 bytes


def option(delta, value):
    """One option in the long form of RFC 7252 section 3.1 where it must be."""
    heads = [_nibble(delta), _nibble(len(value))]
    first = bytes((heads[0][0] << 4 | heads[1][0],))
    return first + heads[0][1] + heads[1][1] + value


def _nibble(number):
    if number < 13:
        return number, b""
    if number < 269:
        return 13, bytes((number - 13,))
    return 14, (number - 269).to_bytes(2, "big")


GET = HEAD + option(3, b"lamp.home") + option(3, b"\5") + option(5, b"sensors") + option(0, b"heat")


def read(data):
    (row,) = READER.start()(data)
    return row


def test_a_request_tells_host_path_and_that_it_observes():
    assert read(GET) == ("confirmable", "GET", 12345, "lamp.home", "sensors/heat", 5, 0)


def test_a_query_is_not_kept():
    secret = GET + option(4, b"token=abc") + option(20, b"coap://u:p@host/")

    assert read(secret) == read(GET)


def test_an_answer_tells_its_code_and_how_much_it_carries():
    answer = bytes((0x60, 0x45, 0, 9)) + option(12, b"") + b"\xff" + b"21.5 C"

    assert read(answer) == ("acknowledgement", "2.05", 9, None, None, None, 6)


@pytest.mark.parametrize(
    ("first", "code", "kind", "text"),
    [
        (0x50, 0x02, "non-confirmable", "POST"),
        (0x40, 0x04, "confirmable", "DELETE"),
        (0x40, 0x84, "confirmable", "4.04"),
        (0x50, 0x08, "non-confirmable", "0.08"),
        (0x60, 0x00, "acknowledgement", "empty"),
        (0x70, 0x00, "reset", "empty"),
    ],
)
def test_kinds_and_codes(first, code, kind, text):
    assert read(bytes((first, code, 0, 1))) == (kind, text, 1, None, None, None, 0)


def test_options_with_large_numbers_and_lengths_are_passed_over():
    long_value = option(2048, b"x" * 300)

    assert read(GET + long_value + b"\xffpayload") == (*read(GET)[:-1], 7)


def test_a_path_ends_somewhere_and_hides_keys():
    assert len(read(HEAD + option(11, b"x" * 255) + option(0, b"y" * 255))[4]) <= 255
    key = b"b6589fc6ab0dc82cf12099d1c2d40ab994e8410c"
    assert read(HEAD + option(11, key) + option(0, b"state?pin=1"))[4] == "*/state"


@pytest.mark.parametrize(
    ("data", "reason"),
    [
        (b"", "shorter"),
        (b"\x40\1\0", "shorter"),
        (b"\x80\1\0\1", "version"),
        (b"\x49\1\0\1" + bytes(9), "version"),
        (b"\x40\x20\0\1", "reserved"),
        (b"\x40\xe1\0\1", "reserved"),
        (b"\x40\0\0\1x", "not empty"),
        (b"\x44\1\0\1abc", "token is cut"),
        (HEAD + b"\xb5abcd", "option is cut"),
        (HEAD + b"\xd0", "head is cut"),
        (HEAD + b"\xf0", "reserved"),
        (HEAD + b"\x0f", "reserved"),
        (HEAD + b"\xff", "absent"),
        (HEAD + option(65000, b"") + option(65000, b""), "too large"),
    ],
)
def test_what_cannot_be_is_refused(data, reason):
    with pytest.raises(ValueError, match=reason):
        READER.start()(data)


def test_every_truncation_is_refused_but_between_options():
    between_options = {6, 16, 18, 26}
    for size in range(len(GET)):
        assert bool(read_anything(READER, GET[:size])) == (size in between_options)


@settings(max_examples=150)
@given(st.sampled_from((b"", b"\x40\1\0\1", HEAD, GET)), st.binary())
def test_any_bytes_fit_the_table_or_are_refused(start, rest):
    read_anything(READER, start + rest)


def test_more_options_than_anybody_sends_are_refused():
    assert read_anything(READER, HEAD + b"\x01b" * 200)
    with pytest.raises(ValueError, match="too many"):
        read(HEAD + b"\x01b" * 300)
