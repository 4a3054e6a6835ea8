"""Compiled kernels -> the same code as plain Python over memory that notices every wrong place."""

import sys
from collections.abc import Callable
from types import FunctionType, ModuleType
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


def plain(module: ModuleType, name: str) -> Callable[..., Any]:
    """The kernel `name` of `module` with all that it calls, not compiled."""
    scope: dict[str, Any] = {}
    _gather(module, scope, set())
    for key, value in list(scope.items()):
        if hasattr(value, "py_func"):
            function = value.py_func
            scope[key] = FunctionType(function.__code__, scope, key, function.__defaults__)
    return scope[name]


def _gather(module: ModuleType, scope: dict[str, Any], seen: set[str]) -> None:
    """All names of `module` and of the modules that its kernels come from."""
    seen.add(module.__name__)
    scope.update(vars(module))
    for value in list(vars(module).values()):
        origin = value.py_func.__module__ if hasattr(value, "py_func") else module.__name__
        if origin not in seen:
            _gather(sys.modules[origin], scope, seen)


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
