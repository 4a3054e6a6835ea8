"""What a device can be: a maker, a family, a model, a category; each may be unknown."""

from typing import NamedTuple

LEVELS = ("vendor", "family", "model")
"""From what is told first to what is told last; the category is an axis of its own."""


class Kind(NamedTuple):
    """A leaf of what things can be; an empty name is one that is not known or none that is known."""

    vendor: str = ""
    family: str = ""
    model: str = ""
    category: str = ""

    def at(self, level: str) -> str:
        """What this kind is at a level; empty if that is not known."""
        return str(getattr(self, level))
