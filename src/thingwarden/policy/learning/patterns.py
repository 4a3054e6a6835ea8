"""Names under one service -> the fewest rules that describe them: names, or patterns where they change.

A pattern is taken where it makes the description shorter (minimum description length), an owner's names
end above it, three and more stand below it, and new ones still come.
"""

import math
from collections import defaultdict
from collections.abc import Mapping
from dataclasses import dataclass

from thingwarden.policy.learning.suffixes import is_numbered, is_shared

CHILDREN = 3
"""Different labels under a domain, below which it is not known that they change."""

NEW = 0.05
"""Share of sightings that were the first and only of their name (Good and Turing): below, names that
were not seen are less than one in twenty."""

RULE_BITS = 24.0
"""What any rule costs: protocol, port and side."""

LETTER_BITS = 5.2
"""Of 37 letters that a name may have."""

EXPOSURE_BITS = 8.0
"""What it costs that a pattern opens names that nobody saw; once more where it opens all of an owner."""


@dataclass(slots=True)
class _Node:
    """A domain with what stands below it."""

    labels: set[str]
    names: set[str]


def find_patterns(hours: Mapping[str, int]) -> Mapping[str, str]:
    """Names that a pattern stands for, each with its pattern; the rest stay as they are.

    `hours`: in how many hours each name was seen, under one protocol and port.
    """
    taken: dict[str, str] = {}
    nodes = _domains(hours)
    for domain in sorted(nodes, key=lambda each: (-each.count("."), each)):
        if _changes(nodes[domain], hours) and _is_shorter(domain, nodes[domain], taken):
            taken |= dict.fromkeys(nodes[domain].names, f"*.{domain}")
    return taken


def _domains(names: Mapping[str, int]) -> Mapping[str, _Node]:
    """Domains above the names that belong to one owner."""
    nodes: dict[str, _Node] = defaultdict(lambda: _Node(set(), set()))
    for name in names:
        labels = name.split(".")
        for at in range(1, len(labels) - 1):
            domain = ".".join(labels[at:])
            nodes[domain].labels.add(labels[at - 1])
            nodes[domain].names.add(name)
    return {
        domain: node
        for domain, node in nodes.items()
        if len(node.labels) >= CHILDREN and not is_shared(domain)
    }


def _changes(node: _Node, hours: Mapping[str, int]) -> bool:
    """Whether names that were not seen yet are to be expected."""
    numbered = sum(map(is_numbered, node.labels))
    if numbered >= CHILDREN:
        return True
    once = sum(hours[name] == 1 for name in node.names)
    return once / max(sum(hours[name] for name in node.names), 1) > NEW


def _is_shorter(domain: str, node: _Node, taken: Mapping[str, str]) -> bool:
    """Whether one pattern describes the names in fewer bits than what is there, exposure included."""
    now = {taken.get(name, name) for name in node.names}
    apart = sum(RULE_BITS + LETTER_BITS * (len(each) - len(domain)) for each in now)
    which = len(node.names) * math.log2(len(node.names) + 1)
    exposed = EXPOSURE_BITS * (2 if domain.count(".") <= 1 else 1)
    return RULE_BITS + which + exposed < apart
