"""How far the rules of a gateway go: they count, stop what leaves the site, or stop all."""

from enum import Enum


class Step(Enum):
    """What becomes of a packet that no entry allows; each step stops more than the one before."""

    LOG = "log"
    """It is counted and logged, and passes."""
    INTERNET = "internet"
    """It is stopped where its other end is outside the site, and passes inside."""
    ALL = "all"
    """It is stopped."""
