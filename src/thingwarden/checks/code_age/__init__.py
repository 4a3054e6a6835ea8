"""Is it maintained code, or legacy? -> CHECKS."""

from thingwarden.checks.check import Check

CHECKS: tuple[Check, ...] = ()
