import pytest

from thingwarden.flows.repeated import REMEMBERED, TOO_LONG, Repeated


class Read:
    """Reads any bytes but an empty message, and counts."""

    def __init__(self):
        self.calls = 0

    def __call__(self, data):
        self.calls += 1
        if not data:
            raise ValueError("empty")
        return data[::-1]


@pytest.mark.parametrize("data", [b"short", bytes(range(200)) * 10])
def test_equal_messages_are_read_once(data):
    read = Read()
    repeated = Repeated(read)

    assert [repeated(data), repeated(bytes(data))] == [data[::-1]] * 2
    assert read.calls == 1


def test_what_cannot_be_read_says_so_each_time():
    read = Read()
    repeated = Repeated(read)

    for _ in range(2):
        with pytest.raises(ValueError, match="empty"):
            repeated(b"")
    assert read.calls == 1


def test_messages_that_are_longer_than_what_is_kept_are_told_apart():
    repeated = Repeated(Read())

    assert repeated(b"a" * 600) != repeated(b"a" * 599 + b"b")


def test_very_long_messages_are_read_each_time():
    read = Read()
    repeated = Repeated(read)

    assert repeated(bytes(TOO_LONG + 1)) == repeated(bytes(TOO_LONG + 1))
    assert read.calls == 2


def test_all_is_forgotten_when_there_is_too_much():
    read = Read()
    repeated = Repeated(read)

    for number in range(REMEMBERED + 1):
        repeated(number.to_bytes(4))
    repeated((0).to_bytes(4))

    assert read.calls == REMEMBERED + 2
