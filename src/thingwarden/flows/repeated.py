"""Messages that come again byte for byte: they are read once."""

from collections.abc import Callable
from hashlib import blake2b
from typing import Generic, TypeVar

REMEMBERED = 2_048
"""Messages that are remembered; then all are forgotten, so what repeats is soon known again."""
AS_THEY_ARE = 512
"""Longer messages are remembered by their hash, so that they take no more memory than that."""
TOO_LONG = 8_192
"""Longer ones are not remembered: few repeat, and what they hold may be large."""

Result = TypeVar("Result")


class Repeated(Generic[Result]):
    """A function of bytes that raises `ValueError`, with memory for its results and its errors."""

    def __init__(self, read: Callable[[bytes], Result]) -> None:
        self._read = read
        self._known: dict[bytes, tuple[Result | None, str]] = {}

    def __call__(self, data: bytes) -> Result:
        """What the function makes of `data`, or made of it before."""
        if len(data) > TOO_LONG:
            return self._read(data)
        key = data if len(data) <= AS_THEY_ARE else blake2b(data, digest_size=32).digest()
        known = self._known.get(key)
        if known is None:
            known = self._learn(key, data)
        result, reason = known
        if result is None:
            raise ValueError(reason)
        return result

    def _learn(self, key: bytes, data: bytes) -> tuple[Result | None, str]:
        if len(self._known) >= REMEMBERED:
            self._known.clear()
        try:
            known: tuple[Result | None, str] = (self._read(data), "")
        except ValueError as error:
            known = (None, str(error))
        self._known[key] = known
        return known
