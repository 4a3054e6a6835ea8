"""Is the software on it sound, current, hardened? -> CHECKS."""

from thingwarden.checks.check import Check

CHECKS: tuple[Check, ...] = ()
