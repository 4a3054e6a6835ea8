"""User name and password -> whether makers ship that pair, and nothing else of them.

What is asked here is forgotten at once: the answer is a boolean, and no error tells of the bytes.
"""

import binascii
import csv
from collections.abc import Sequence
from functools import cache
from importlib import resources

from thingwarden.protocols.text import Parameter

MOST_BASIC_BYTES = 256
"""Far above any pair that makers ship, which have less than 30."""

_USER_NAMES = frozenset(
    (b"user", b"username", b"usr", b"login", b"loginname", b"loginuser", b"account", b"userid")
)
_PASSWORD_NAMES = frozenset(
    (b"password", b"pass", b"passwd", b"pwd", b"psw", b"userpass", b"loginpass", b"loginpassword")
)


def is_default(user: bytes, password: bytes) -> bool:
    """Whether the pair is one of `data/default_logins.csv`, upper and lower case told apart."""
    return (user, password) in _read_pairs()


def is_default_basic(authorization: bytes) -> bool | None:
    """The same of an Authorization field; None if no pair can be read in it (RFC 7617 section 2)."""
    scheme, _, secret = authorization.strip().partition(b" ")
    if scheme.lower() != b"basic" or len(secret) > MOST_BASIC_BYTES:
        return None
    try:
        user, colon, password = binascii.a2b_base64(secret.strip()).partition(b":")
    except binascii.Error:
        return None
    return is_default(user, password) if colon else None


def is_default_form(parameters: Sequence[Parameter]) -> bool | None:
    """The same of a form's first user name and first password; None if one of them is not there."""
    user = _first(parameters, _USER_NAMES)
    password = _first(parameters, _PASSWORD_NAMES)
    return None if user is None or password is None else is_default(user, password)


def _first(parameters: Sequence[Parameter], names: frozenset[bytes]) -> bytes | None:
    return next((value for name, value in parameters if name in names), None)


@cache
def _read_pairs() -> frozenset[tuple[bytes, bytes]]:
    path = resources.files("thingwarden") / "data" / "default_logins.csv"
    with path.open(encoding="ascii") as file:
        rows = csv.DictReader(file)
        return frozenset((row["user"].encode(), row["password"].encode()) for row in rows)
