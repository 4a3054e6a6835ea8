"""Byte strings -> `Payloads`, and rows of a `Readings` as tuples, for tests of column readers."""

from collections.abc import Sequence

import numpy as np

from thingwarden.protocols.reader import Payloads, Readings


def payloads(messages: Sequence[bytes], hint: int = 0) -> Payloads:
    """Payloads one after the other, followed by the 64 bytes that are promised."""
    size = np.array([len(message) for message in messages], np.int64)
    end = np.cumsum(size)
    return Payloads(
        data=np.frombuffer(b"".join(messages) + b"\xa5" * 64, np.uint8),
        start=end - size,
        end=end,
        hint=np.full(len(messages), hint, np.uint8),
    )


def rows(readings: Readings) -> list[tuple[object, ...]]:
    """The rows of the only table; checks that columns fit it and that each payload is told once."""
    (records,) = readings.records
    own = records.table.schema.names[10:]
    assert len(own) == len(records.columns)
    for name, column in zip(own, records.columns, strict=True):
        column.validate(full=True)
        assert column.type == records.table.schema.field(name).type
        assert len(column) == len(records.source)
    told = [*records.source.tolist(), *[index for index, _ in readings.unread]]
    assert len(told) == len(set(told))
    assert records.source.tolist() == sorted(records.source.tolist())
    return list(zip(*[column.to_pylist() for column in records.columns], strict=True))
