"""Names of the DNS -> where one owner's names end and strangers' begin.

The Public Suffix List (with its private section) knows most shared domains; `data/tenants.csv` those that
it does not, each with its source. Below a shared domain a neighbour's name is somebody else's.
"""

import csv
import re
from functools import cache
from importlib import resources

from thingwarden.inventory.identification.domains import registered_domain

POOL = "pool.ntp.org"
"""Volunteers' time servers, asked by numbered names (https://www.ntppool.org/en/use.html)."""

NUMBERED = re.compile(
    r"\d+|(?=.*\d)[0-9a-f]{6,}|.*(?:^|-)(?:\d{3,}|(?=[a-f]*\d)[0-9a-f]{6,})(?:-.*)?"
)
"""Labels made of a number or hexadecimal digits: of one host, session or shard."""


def is_shared(domain: str) -> bool:
    """Whether names below `domain` may belong to others: no pattern may stand there."""
    labels = domain.split(".")
    ends = {".".join(labels[at:]) for at in range(len(labels))}
    return bool(ends & _tenants()) or not registered_domain(domain)


def is_numbered(label: str) -> bool:
    """Whether a label is one of many that a machine made."""
    return NUMBERED.fullmatch(label) is not None


def pool_of(name: str) -> str | None:
    """The part of the NTP pool that a numbered name belongs to, such as `irobot.pool.ntp.org`."""
    label, _, rest = name.partition(".")
    inside = rest == POOL or rest.endswith(f".{POOL}")
    return rest if inside and label.isdecimal() else None


@cache
def _tenants() -> frozenset[str]:
    path = resources.files("thingwarden") / "data" / "tenants.csv"
    with path.open(encoding="utf-8") as lines:
        return frozenset(row["domain"] for row in csv.DictReader(lines))
