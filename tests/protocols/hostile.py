"""Bytes that nobody meant -> a reader must give rows that fit its table, or a short `ValueError`."""

import pyarrow as pa

from thingwarden.protocols.reader import MessageReader, Row

LONGEST_TEXT = 1024
MOST_LISTED = 64


def read_anything(reader: MessageReader, message: bytes) -> list[Row]:
    """The rows of `message`, none if it is refused; fails if they do not fit the table."""
    try:
        rows = list(reader.start()(message))
    except ValueError as error:
        rows, reason = [], str(error)
    else:
        reason = "none"
    assert 0 < len(reason) < 80
    for row in rows:
        assert_fits(reader, row)
    return rows


def assert_fits(reader: MessageReader, row: Row) -> None:
    """Every value must go into its column, be of sane length and hold no control character."""
    columns = reader.table.columns[-reader.width :]
    assert len(row) == reader.width
    for column, value in zip(columns, row, strict=True):
        pa.array([value], column.type)
        listed = value if isinstance(value, tuple) else (value,)
        assert len(listed) <= MOST_LISTED
        for text in listed:
            if isinstance(text, str):
                assert len(text) <= LONGEST_TEXT
                assert text.isprintable()
