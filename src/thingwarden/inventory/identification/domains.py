"""Domain names -> the parts that all devices of one kind have in common."""

import re
from functools import cache, lru_cache
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from publicsuffixlist import PublicSuffixList

DIGITS = re.compile(r"\d+")

LONG_NUMBERS = re.compile(r"\d{4,}")
"""In what is registered: a name that a hoster made up."""

LOCAL = frozenset({"local", "lan", "home", "arpa", "internal", "localdomain", "invalid", "test"})
"""Ends of names that mean something in one network only (RFC 6761, RFC 6762, RFC 8375)."""

LONGEST_WORD = 24
"""Characters of a label; longer ones are made for one device or one session."""


@lru_cache(maxsize=65_536)
def stable_part(name: str) -> str:
    """The registered domain and two labels before it, numbers masked; empty for local names."""
    labels = name.rstrip(".").split(".")
    registered = registered_domain(name)
    if not registered:
        return ""
    before = labels[: len(labels) - registered.count(".") - 1]
    return ".".join([*map(_mask, before[-2:]), LONG_NUMBERS.sub("#", registered)])


@lru_cache(maxsize=65_536)
def registered_domain(name: str) -> str:
    """What somebody registered, such as `example.co.uk`; empty for local names and addresses."""
    labels = name.rstrip(".").split(".")
    if len(labels) < 2 or labels[-1] in LOCAL or labels[-1].isdigit() or not all(labels):
        return ""
    return _suffixes().privatesuffix(".".join(labels)) or ""


def _mask(label: str) -> str:
    digits = sum(letter.isdigit() for letter in label)
    if len(label) > LONGEST_WORD or digits > 4 or digits * 2 > len(label) > 3:
        return "*"
    return DIGITS.sub("#", label)


@cache
def _suffixes() -> "PublicSuffixList":
    from publicsuffixlist import PublicSuffixList  # noqa: PLC0415  # 30 ms

    return PublicSuffixList(accept_encoded_idn=False)  # to encode suffixes takes twice as long
