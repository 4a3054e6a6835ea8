"""For kernels run as plain Python: memory that notices every wrong place; rows of what they read."""

from typing import Any

from thingwarden.protocols.reader import Records


class Guarded:
    """A list of numbers that may only be read and written from `first` to before `last`."""

    def __init__(self, values: Any, first: int = 0, last: int | None = None) -> None:
        self.values = values
        self.first = first
        self.last = len(values) if last is None else last
        self.size = len(values)

    def __getitem__(self, at: int) -> int:
        assert self.first <= at < self.last
        return int(self.values[at])

    def __setitem__(self, at: int, value: int) -> None:
        assert self.first <= at < self.last
        self.values[at] = int(value)


def table_rows(records: Records) -> list[dict[str, Any]]:
    """Rows as dictionaries with their payload as `source`; checks that they fit the table."""
    own = records.table.schema.names[10:]
    assert len(own) == len(records.columns)
    for name, column in zip(own, records.columns, strict=True):
        column.validate(full=True)
        assert column.type == records.table.schema.field(name).type
        assert len(column) == len(records.source)
    assert records.source.tolist() == sorted(records.source.tolist())
    values = [records.source.tolist(), *[column.to_pylist() for column in records.columns]]
    return [dict(zip(["source", *own], row, strict=True)) for row in zip(*values, strict=True)]
